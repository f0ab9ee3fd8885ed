"""Drawing a committee: every panel that meets the plan has exactly the same chance, and anybody can draw it again.

People with the same features stand in one cell. How many panels there are is counted over the cells, never by
listing them; one number from public randomness then picks the panel (counting and unranking). This is the
distribution that MaxEntropy samples, here exact: integers only, so that any machine gives the same answer.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import comb

from committee.sortition import lot_order
from grants.errors import Refusal, Sentence

Person = Mapping[str, str]
"""What is known of somebody in the pool: feature to value."""

State = tuple[int, ...]
MOST_STATES = 60_000
RESERVES = "reserves"
TOO_MANY = Sentence(
    "Dit plan heeft te veel kenmerken tegelijk om precies te tellen. Haal een kenmerk weg. "
    "Of laat een ander programma een lijst van commissies maken, en trek daar een uit."
)


@dataclass(frozen=True)
class Quota:
    """How many of a panel have this value of this feature: from `least` up to and including `most`."""

    feature: str
    value: str
    least: int
    most: int

    @property
    def said(self) -> Sentence:
        return Sentence("{feature}: {value}", {"feature": self.feature, "value": self.value})


@dataclass(frozen=True)
class Plan:
    """How many seats, and which quotas. A value without a quota may fill any number of seats."""

    seats: int
    quotas: tuple[Quota, ...]

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(quota.feature for quota in self.quotas))

    def met_by(self, people: Collection[Person]) -> bool:
        return len(people) == self.seats and all(
            quota.least <= sum(person[quota.feature] == quota.value for person in people) <= quota.most
            for quota in self.quotas
        )


@dataclass(frozen=True)
class Cell:
    """The people who are alike in every feature of the plan, by id as text; `marks` are their quotas' places."""

    ids: tuple[str, ...]
    marks: tuple[int, ...]


class NoPanel(Refusal):
    """No panel meets the plan; `which_to_relax` says what would help."""


class Panels:
    """All panels of a pool that meet a plan: how many there are, and which is the n-th.

    `pool` is id to features; the order in which people come in never matters. NoPanel where none meets the plan;
    refused where the features cross so much that counting would take too long:
    then let a tool for large assemblies make a list of panels, and draw one of those (`pick`).
    """

    def __init__(self, plan: Plan, pool: Mapping[str, Person]) -> None:
        self.plan, self.pool = plan, pool
        self._cells = _cells(plan, pool)
        self._reached = self._forward()
        self._ways = self._backward()
        if not self.count:
            raise NoPanel("Geen enkele commissie past in dit plan.")

    @property
    def count(self) -> int:
        """How many panels meet the plan."""
        return self._ways[0].get(self._start, 0)

    def panel(self, number: int) -> list[str]:
        """The panel with this number, from 0; IndexError past the last."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        chosen: list[str] = []
        state = self._start
        for place, cell in enumerate(self._cells):
            for taken, after in self._choices(cell, state):
                rest = self._ways[place + 1].get(after, 0)
                block = comb(len(cell.ids), taken) * rest
                if number < block:
                    subset, number = divmod(number, rest)
                    chosen += _subset(cell.ids, taken, subset)
                    state = after
                    break
                number -= block
        return sorted(chosen)

    @cached_property
    def chances(self) -> dict[str, Fraction]:
        """For everybody in the pool the exact chance to be drawn. They add up to the number of seats."""
        chances: dict[str, Fraction] = {}
        for place, cell in enumerate(self._cells):
            seats = sum(
                taken * ways * comb(len(cell.ids), taken) * self._ways[place + 1].get(after, 0)
                for state, ways in self._reached[place].items()
                for taken, after in self._choices(cell, state)
            )
            chances |= dict.fromkeys(cell.ids, Fraction(seats, self.count * len(cell.ids)))
        return chances

    @property
    def _start(self) -> State:
        return (0,) * (len(self.plan.quotas) + 1)

    def _choices(self, cell: Cell, state: State) -> Iterator[tuple[int, State]]:
        """How many of this cell can be taken from here, each with where that leads; the seats come first."""
        room = [quota.most for quota in self.plan.quotas]
        most = min(
            len(cell.ids), self.plan.seats - state[0], *(room[mark] - state[mark + 1] for mark in cell.marks)
        )
        for taken in range(most + 1):
            after = list(state)
            after[0] += taken
            for mark in cell.marks:
                after[mark + 1] += taken
            yield taken, tuple(after)

    def _forward(self) -> list[dict[State, int]]:
        """Before each cell, and at the end: in how many ways each state can be reached."""
        reached: list[dict[State, int]] = [{self._start: 1}]
        left = _people_left(self.plan, self._cells)
        for place, cell in enumerate(self._cells):
            following: dict[State, int] = defaultdict(int)
            for state, ways in reached[-1].items():
                for taken, after in self._choices(cell, state):
                    if self._hopeful(after, left[place + 1]):
                        following[after] += ways * comb(len(cell.ids), taken)
                if len(following) > MOST_STATES:
                    raise Refusal(TOO_MANY.text)
            reached.append(dict(following))
        return reached

    def _hopeful(self, state: State, left: State) -> bool:
        """Can what is left of the pool still fill the seats and every quota from here?"""
        if state[0] + left[0] < self.plan.seats:
            return False
        return all(
            state[place] + left[place] >= quota.least for place, quota in enumerate(self.plan.quotas, 1)
        )

    def _backward(self) -> list[dict[State, int]]:
        """Before each cell, and at the end: in how many ways a panel can be finished from each state."""
        ways: list[dict[State, int]] = [
            {state: int(state[0] == self.plan.seats) for state in self._reached[-1]}
        ]
        for place in reversed(range(len(self._cells))):
            cell, after_this = self._cells[place], ways[-1]
            ways.append(
                {
                    state: sum(
                        comb(len(cell.ids), taken) * after_this.get(after, 0)
                        for taken, after in self._choices(cell, state)
                    )
                    for state in self._reached[place]
                }
            )
        return ways[::-1]


def _cells(plan: Plan, pool: Mapping[str, Person]) -> list[Cell]:
    """Everybody by what the plan looks at, cells and people in a fixed order."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id_ in sorted(pool):
        alike[tuple(pool[id_][feature] for feature in plan.features)].append(id_)
    place_of = {(quota.feature, quota.value): place for place, quota in enumerate(plan.quotas)}
    return [
        Cell(
            tuple(ids),
            tuple(place_of[named] for named in zip(plan.features, values, strict=True) if named in place_of),
        )
        for values, ids in sorted(alike.items())
    ]


def _people_left(plan: Plan, cells: Sequence[Cell]) -> list[State]:
    """Before each cell, and at the end: how many people are still to come, in all and for each quota."""
    left = [(0,) * (len(plan.quotas) + 1)]
    for cell in reversed(cells):
        counts = list(left[-1])
        for place in (0, *(mark + 1 for mark in cell.marks)):
            counts[place] += len(cell.ids)
        left.append(tuple(counts))
    return left[::-1]


def _subset(ids: Sequence[str], size: int, number: int) -> Iterator[str]:
    """The subset of this size with this number, in the order of the words that the ids make."""
    for place, id_ in enumerate(ids):
        if not size:
            return
        with_it = comb(len(ids) - place - 1, size - 1)
        if number < with_it:
            yield id_
            size -= 1
        else:
            number -= with_it


def pick(count: int, seed: str, label: str = "") -> int:
    """A number from 0 up to, not including, `count`, from public randomness; every number as likely.

    The shape is that of RFC 3797 with SHA-256: hash a counter, the seed and the counter again, as many times
    as the number needs bits. A number that is too high is thrown again, so that there is no bias.
    """
    text = (f"{seed}{label}/" if label else seed).encode()
    bits = (count - 1).bit_length()
    blocks = -(-bits // 256)
    turn = 0
    while blocks:
        drawn = b""
        for _ in range(blocks):
            place = turn.to_bytes(4, "big")
            drawn += hashlib.sha256(place + text + place).digest()
            turn += 1
        number = int.from_bytes(drawn, "big") >> (256 * blocks - bits)
        if number < count:
            return number
    return 0


def reserves(panel: Collection[str], pool: Collection[str], seed: str) -> list[str]:
    """Everybody who was not drawn, in the order of the lot."""
    return lot_order(set(pool) - set(panel), seed, RESERVES)


def replacement(
    plan: Plan, pool: Mapping[str, Person], panel: Sequence[str], leaves: str, waiting: Sequence[str]
) -> str | None:
    """Who takes the seat of somebody who leaves: the first of the reserves with whom the plan is still met."""
    stay = [pool[id_] for id_ in panel if id_ != leaves]
    return next((id_ for id_ in waiting if plan.met_by([*stay, pool[id_]])), None)


def which_to_relax(plan: Plan, pool: Mapping[str, Person]) -> list[Quota]:
    """Quotas of which one alone, moved just enough, lets a panel meet the plan: each as it would have to be.

    Empty where no single quota helps: the pool is too small, or several stand in the way.
    """
    wider = []
    for place, quota in enumerate(plan.quotas):
        for changed in _wider(quota, plan.seats):
            quotas = (*plan.quotas[:place], changed, *plan.quotas[place + 1 :])
            if _possible(replace(plan, quotas=quotas), pool):
                wider.append(changed)
                break
    return wider


def _wider(quota: Quota, seats: int) -> Iterator[Quota]:
    """This quota ever wider, on one side at a time."""
    for more in range(1, seats + 1):
        if quota.least - more >= 0:
            yield replace(quota, least=quota.least - more)
        if quota.most + more <= seats:
            yield replace(quota, most=quota.most + more)


def _possible(plan: Plan, pool: Mapping[str, Person]) -> bool:
    try:
        Panels(plan, pool)
    except NoPanel:
        return False
    return True


def shortest(plan: Plan, pool: Mapping[str, Person]) -> list[tuple[Quota, int]]:
    """The quotas for which the pool itself has too few people, each with how many it has."""
    there = Counter((feature, person[feature]) for person in pool.values() for feature in plan.features)
    return [
        (quota, there[quota.feature, quota.value])
        for quota in plan.quotas
        if there[quota.feature, quota.value] < quota.least
    ]
