"""Who still has how much in Equal Shares. Voters with the same history have the same money: one purse.

Every amount is a line, value + slope * raise, of integers over one common denominator: exact, and able to say
how far every share could be raised before anything that was compared comes out differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from committee.election import Support

Line = tuple[int, int]
BROKE = 0
NEVER = 1 << 62


@dataclass
class Watch:
    """The first whole raise, counted from now, at which a comparison made here must be made again."""

    due: int = NEVER

    def falls(self, value: int, fall: int) -> None:
        """A difference of `value` >= 0 shrinks by `fall` > 0 per raise: look again when it is gone."""
        raises = max(1, -(-value // fall))
        self.due = min(self.due, raises)

    def sign(self, value: int, slope: int) -> None:
        """A difference keeps its sign for as long as this line does."""
        if slope and (value >= 0 > slope or value <= 0 < slope):
            self.falls(abs(value), abs(slope))


@dataclass
class Purses:
    """The money of all voters who mark anything: `of` gives the purse of each merged ballot.

    `money` is the line of each purse over `den`, `size` the voters that hold it. Who has nothing left is in
    the purse BROKE, which has no line.
    """

    of: list[int]
    money: dict[int, Line]
    size: dict[int, int]
    den: int
    fresh: int = 2
    watch: Watch = field(default_factory=Watch)

    @classmethod
    def full(cls, ballots: int, voters: int, share: Line, den: int) -> Purses:
        """Everybody has the same share, and so the same purse."""
        return cls([1] * ballots, {1: share}, {1: voters}, den)

    def copy(self) -> Purses:
        return Purses(self.of.copy(), self.money.copy(), self.size.copy(), self.den, self.fresh)

    def raised(self, raises: int) -> Purses:
        """A copy in which every share is so many raises higher."""
        copied = self.copy()
        copied.money = {
            purse: (value + slope * raises, slope) for purse, (value, slope) in self.money.items()
        }
        return copied

    def held(self, support: Support, place: int) -> Mapping[int, int]:
        """The supporters of an application who have money: how many hold each purse."""
        if len(self.money) == 1 and self.fresh == 2:
            return {1: support.total[place]}
        held = Counter(map(self.of.__getitem__, support.ones[place]))
        for ballot, count in support.many[place]:
            held[self.of[ballot]] += count
        held.pop(BROKE, None)
        return held

    def total(self, held: Mapping[int, int]) -> Line:
        """All the money in these hands."""
        values = [(self.money[purse], voters) for purse, voters in held.items()]
        return sum(line[0] * voters for line, voters in values), sum(
            line[1] * voters for line, voters in values
        )

    def pay(self, support: Support, place: int, held: Mapping[int, int], payment: Line, parts: int) -> None:
        """Every supporter in `held` pays `payment` / `parts`, or all they have if that is less.

        `payment` is over `den`; afterwards `den` is `parts` times as large.
        """
        if parts > 1:
            self.den *= parts
            self.money = {purse: (v * parts, s * parts) for purse, (v, s) in self.money.items()}
        to = {BROKE: BROKE}
        for purse, voters in held.items():
            value, slope = self.money[purse]
            left = value - payment[0], slope - payment[1]
            self.watch.sign(*left)
            to[purse] = self._open(left, voters) if left[0] > 0 else BROKE
            self.size[purse] -= voters
            if not self.size[purse]:
                del self.money[purse], self.size[purse]
        of = self.of
        for ballot in support.ones[place]:
            of[ballot] = to[of[ballot]]
        for ballot, _ in support.many[place]:
            of[ballot] = to[of[ballot]]

    def _open(self, line: Line, voters: int) -> int:
        purse = self.fresh
        self.fresh += 1
        self.money[purse] = line
        self.size[purse] = voters
        return purse
