"""Equal Shares with cost utilities, and with least amounts (R2): all voters have an equal share to spend.

Peters, Pierczynski, Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021).
An item is the base of an application (its least amount) and, once that is bought, its divisible top-up; with
the whole ask as base it is their rule, with bases of nothing its fractional sister.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush, heapreplace
from typing import NamedTuple

from committee.election import Election
from committee.purses import Hand, Line, Purses
from committee.ties import Rival, Tie, TieOrder

UNIT_CENTS = 100  # every share is raised by whole units of the currency (pabutools' voter_budget_increment=1)


class Bid(NamedTuple):
    """What an item costs its supporters: `price` is 1 / effective support, (value + slope * raise) / parts.

    Exact at the step when it was made, and ever after a lower bound: money only goes down. `payers` pay the
    same, `hands` hold what each who has money at all can pay.
    """

    step: int
    price: Line
    parts: int
    payers: int
    hands: list[Hand]

    @property
    def low(self) -> float:
        """The price, correctly rounded: rounding never turns the order of two prices round."""
        return self.price[0] / self.parts


Entry = tuple[float, int, Bid]


class Step(NamedTuple):
    """One purchase: each of `payers` paid `amount` / `den` cents, and `poor` more paid what they had."""

    top_up: bool
    place: int
    amount: int
    den: int
    payers: int
    poor: int
    tie: Tie | None

    @property
    def each(self) -> Fraction:
        """What each of the payers paid, in cents."""
        return Fraction(self.amount, self.den)


@dataclass(frozen=True)
class Race:
    """What stays the same whatever the share: the vote, the asks and the bases by place, the tie order.

    `contenders` passed the gate and are supported by somebody: no other is ever funded.
    """

    election: Election
    asks: tuple[int, ...]
    leasts: tuple[int, ...]
    contenders: tuple[int, ...]
    ties: TieOrder

    @classmethod
    def of(cls, election: Election, ties: TieOrder, *, whole: bool) -> Race:
        """`whole` makes every ask its own base: all or nothing, as plain Equal Shares has it."""
        listed, votes = election.applications, election.votes
        asks = tuple(application.ask_cents for application in listed)
        leasts = asks if whole else tuple(application.least_cents for application in listed)
        contenders = tuple(p for p, application in enumerate(listed) if votes[p] and application.stands)
        return cls(election, asks, leasts, contenders, ties)


@dataclass
class Run:
    """Equal Shares at one share, step by step.

    `top_ups` holds what each funded application got on top of its base (value, slope, denominator), `full`
    those that have their whole ask. `looks_ahead` watches the lines for what a raise would change.
    """

    race: Race
    purses: Purses
    heap: list[Entry]
    steps: list[Step]
    top_ups: dict[int, tuple[int, int, int]]
    full: set[int]
    looks_ahead: bool = False

    @classmethod
    def start(cls, race: Race, raises: int = 0, *, looks_ahead: bool = False) -> Run:
        """Everybody has B/n, raised by so many units; nothing is bought yet."""
        vote = race.election
        den = max(1, vote.voters)
        share = vote.budget_cents + raises * UNIT_CENTS * den, UNIT_CENTS * den if looks_ahead else 0
        purses = Purses(vote.crowd, sum(vote.counts), share, den)
        heap = [
            (1 / v, place, Bid(-1, (1, 0), v, v, [])) for place in race.contenders if (v := vote.votes[place])
        ]
        heapify(heap)
        return cls(race, purses, heap, [], {}, set(), looks_ahead)

    def go(self) -> Run:
        """All steps until nothing can be bought."""
        while self.step():
            pass
        return self

    def step(self) -> bool:
        """Buy the item with the highest effective support; False when there is none."""
        cheapest = self._cheapest()
        if not cheapest:
            return False
        place, won, tie = self._winner(cheapest)
        if self.looks_ahead:
            self._watch_rivals(won)
        if place in self.top_ups:
            self._buy_top_up(place, won, tie)
        else:
            self._buy_base(place, won, tie)
        return True

    def grants(self) -> dict[int, int]:
        """Cents by place, rounded down; what is rounded off stays in the pot."""
        return {
            place: self.race.asks[place] if place in self.full else self.race.leasts[place] + value // den
            for place, (value, _, den) in self.top_ups.items()
        }

    def _cheapest(self) -> list[Entry]:
        """All items that share the lowest price, taken off the heap.

        Only an item whose last known price is not above the best fresh one is priced again. Equal floats are
        compared exactly.
        """
        heap, now = self.heap, len(self.steps)
        cheapest: list[Entry] = []
        while heap and (not cheapest or heap[0][0] <= cheapest[0][0]):
            _, place, bid = heap[0]
            if bid.step == now:
                cheapest.append(heappop(heap))
            elif fresh := self._bid(place):
                heapreplace(heap, (fresh.low, place, fresh))
            else:
                heappop(heap)
        return cheapest if len(cheapest) < 2 else self._exactly_cheapest(cheapest)

    def _exactly_cheapest(self, entries: list[Entry]) -> list[Entry]:
        """Of items with equal floats those with the lowest price; the others go back on the heap."""
        best, *rest = entries
        equal = [best]
        for entry in rest:
            above = entry[2].price[0] * best[2].parts - best[2].price[0] * entry[2].parts
            if above > 0:
                heappush(self.heap, entry)
            elif above == 0:
                equal.append(entry)
            else:
                for loser in equal:
                    heappush(self.heap, loser)
                best, equal = entry, [entry]
        return equal

    def _winner(self, cheapest: list[Entry]) -> tuple[int, Bid, Tie | None]:
        """The first by the tie order; the others go back on the heap."""
        if len(cheapest) == 1:
            return cheapest[0][1], cheapest[0][2], None
        winner, tie = self.race.ties.winner([self._rival(place) for _, place, _ in cheapest])
        for entry in cheapest:
            if entry[1] != winner.place:
                heappush(self.heap, entry)
        return winner.place, next(bid for _, place, bid in cheapest if place == winner.place), tie

    def _bid(self, place: int) -> Bid | None:
        """The price of the item now; None when its supporters together cannot pay for it."""
        purses, now = self.purses, len(self.steps)
        hands, payers = purses.hands(place)
        if place in self.top_ups:
            return Bid(now, (1, 0), payers, payers, hands) if payers else None
        least = self.race.leasts[place] * purses.den
        need, fall = least, 0
        for value, slope, voters, _ in hands:
            if value * payers >= need:
                return Bid(now, (need, fall), payers * least, payers, hands)
            need, fall, payers = need - value * voters, fall - slope * voters, payers - voters
        if fall < 0:
            purses.watch.falls(need, -fall)
        return None

    def _buy_base(self, place: int, bid: Bid, tie: Tie | None) -> None:
        """Everyone pays the price, or all they have left if that is less."""
        self._pay(place, bid, bid.price, bid.payers, tie)
        self.top_ups[place] = 0, 0, self.purses.den
        if self.race.leasts[place] == self.race.asks[place]:
            self.full.add(place)
        else:
            heappush(self.heap, (bid.low, place, bid))

    def _buy_top_up(self, place: int, bid: Bid, tie: Tie | None) -> None:
        """All solvent supporters pay the same until one is broke or the ask is met."""
        purses, payers = self.purses, bid.payers
        value, slope, den = self.top_ups[place]
        scale = purses.den // den
        size = (self.race.asks[place] - self.race.leasts[place]) * purses.den
        need = size - value * scale, -slope * scale
        poorest = bid.hands[0][0], bid.hands[0][1]
        over = poorest[0] * payers - need[0], poorest[1] * payers - need[1]
        purses.watch.sign(*over)
        if over[0] >= 0:
            self._pay(place, bid, need, payers, tie)
            self.full.add(place)
        else:
            self._pay(place, bid, poorest, 1, tie)
            self.top_ups[place] = size + over[0], over[1], purses.den
            heappush(self.heap, (bid.low, place, bid))

    def _pay(self, place: int, bid: Bid, payment: Line, parts: int, tie: Tie | None) -> None:
        poor = sum([voters for _, _, voters, _ in bid.hands]) - bid.payers
        step = Step(place in self.top_ups, place, payment[0], parts * self.purses.den, bid.payers, poor, tie)
        self.purses.pay(place, bid.hands, payment, parts)
        self.steps.append(step)

    def _rival(self, place: int) -> Rival:
        least = self.race.leasts[place]
        size = self.race.asks[place] - least if place in self.top_ups else least
        return Rival(place, size, self.race.election.votes[place])

    def _watch_rivals(self, won: Bid) -> None:
        """When, if every share goes up, does another item become cheaper than the one bought now?"""
        watch, (price, slope), parts = self.purses.watch, won.price, won.parts
        for _, _, bid in self.heap:
            if bid.price[1] or slope > 0:
                gain = bid.price[1] * parts - slope * bid.parts
                if gain < 0:
                    watch.falls(bid.price[0] * parts - price * bid.parts, -gain)
