"""Spending on: raise every share by units until what is left buys nothing, or the next unit overspends.

The outcome is that of trying every raise in turn (pabutools' add1: it starts at B/n exactly and stops at the
first outcome that is exhaustive, or at the last before one that costs too much). Most raises change nothing:
the lines of a run tell at which raise a comparison comes out differently, and only from that step on is it
run again.
"""

from __future__ import annotations

from heapq import heapify

from committee.equal_shares import Race, Run
from committee.purses import NEVER, Watch


def raises(race: Race) -> int:
    """By how many units of the currency every share is raised."""
    ahead = LookAhead(race)
    while True:
        due = min(ahead.dues)
        stop = ahead.stops_before(due)
        if stop is not None:
            return stop
        if due >= NEVER:  # nothing that is still to be had would ever be bought
            return ahead.at
        ahead.jump(due)


class LookAhead:
    """A run at the share raised `at` times, with a copy from before every step.

    `dues` says for each step (the last one finds nothing to buy) from which raise on it may go differently.
    """

    def __init__(self, race: Race) -> None:
        self.at = 0
        self.run = Run.start(race, looks_ahead=True)
        self.before: list[tuple[int, Run]] = []
        self.dues: list[int] = []
        self.bought = True
        self._go()

    def jump(self, at: int) -> None:
        """Go to the raise `at`: back to the first step that may differ there, and on from it."""
        first = next(step for step, due in enumerate(self.dues) if due <= at)
        then, run = self.before[first]
        self.run, self.at = copied(run, at - then), at
        del self.before[first + 1 :], self.dues[first:]
        self._step()
        self._go()

    def stops_before(self, due: int) -> int | None:
        """The raise at which spending on ends, if before `due`: until there the steps stay the same."""
        lines = self._partial()
        for raise_ in self._candidates(lines, due - self.at):
            left = self._left(lines, raise_)
            if left < 0:
                return self.at + raise_ - 1
            if self._exhausted(left, bool(lines)):
                return self.at + raise_
        return None

    def _go(self) -> None:
        while self.bought:
            self.before.append((self.at, copied(self.run)))
            self._step()

    def _step(self) -> None:
        self.run.purses.watch = Watch()
        self.bought = self.run.step()
        self.dues.append(self.at + self.run.purses.watch.due)

    def _partial(self) -> list[tuple[int, int, int]]:
        return [line for place, line in self.run.top_ups.items() if place not in self.run.full]

    def _candidates(self, lines: list[tuple[int, int, int]], span: int) -> range:
        """The raises worth looking at: all that could spend the pot, before rounding down."""
        if not any(slope for _, slope, _ in lines):
            return range(1)
        den = self.run.purses.den
        slope = sum(slope * (den // over) for _, slope, over in lines)
        short = self._left([], 0) * den - sum(value * (den // over) for value, _, over in lines)
        if slope > 0:
            return range(max(0, -(-short // slope)), span)
        return range(span if short <= 0 else 0)

    def _left(self, lines: list[tuple[int, int, int]], raise_: int) -> int:
        """Cents left in the pot with the partial grants on these lines, rounded down."""
        race, run = self.run.race, self.run
        whole = sum(race.asks[place] if place in run.full else race.leasts[place] for place in run.top_ups)
        partial = sum((value + slope * raise_) // den for value, slope, den in lines)
        return race.election.budget_cents - whole - partial

    def _exhausted(self, left: int, partial: bool) -> bool:
        """Would nothing that is supported and not fully funded fit in what is left?"""
        race, run = self.run.race, self.run
        if partial:
            return left == 0
        return all(race.leasts[place] > left for place in race.contenders if place not in run.top_ups)


def copied(run: Run, raises: int = 0) -> Run:
    """The same run, every line moved on by so many raises."""
    heap, top_ups = run.heap.copy(), run.top_ups.copy()
    if raises:
        for at, (_, place, bid) in enumerate(heap):
            if bid.price[1]:
                moved = bid._replace(price=(bid.price[0] + bid.price[1] * raises, bid.price[1]))
                heap[at] = moved.low, place, moved
        heapify(heap)
        top_ups = {place: (v + s * raises, s, den) for place, (v, s, den) in top_ups.items()}
    return Run(
        run.race, run.purses.copy(raises), heap, run.steps.copy(), top_ups, run.full.copy(), looks_ahead=True
    )
