"""Who still has how much in Equal Shares. Voters with the same history have the same money: one purse.

Every amount is a line, value + slope * raise, of integers over one common denominator: exact, and able to say
how far every share could be raised before anything that was compared comes out differently.
"""

from __future__ import annotations

from typing import Any

from committee.crowd import Crowd

Line = tuple[int, int]
NEVER = 1 << 62
BROKE = 0  # the purse of who has nothing left


class Watch:
    """The first whole raise, counted from now, at which a comparison made here must be made again."""

    def __init__(self) -> None:
        self.due = NEVER

    def falls(self, value: int, fall: int) -> None:
        """A difference of `value` >= 0 shrinks by `fall` > 0 per raise: look again when it is gone."""
        raises = -(-value // fall) or 1
        self.due = min(self.due, raises)

    def sign(self, value: int, slope: int) -> None:
        """A difference keeps its sign for as long as this line does."""
        if value >= 0 > slope or value <= 0 < slope:
            self.falls(abs(value), abs(slope))


Hand = tuple[int, int, int, int]
"""What the supporters have who hold the same purse: value and slope for each, their number, the purse."""


class Purses:
    """The money of all voters who mark anything. `of` gives the purse of each merged ballot.

    `money` holds of each purse its line and the denominator that the line is over: what nobody looks at is
    not brought up to date. `size` says how many voters hold a purse. The broke are in purse BROKE.
    """

    def __init__(self, crowd: Crowd, voters: int, share: Line, den: int) -> None:
        self.crowd, self.den, self.watch = crowd, den, Watch()
        self.of: Any = crowd.start()
        self.money: dict[int, tuple[int, int, int]] = {1: (*share, den)}
        self.size = {1: voters}
        self.last = 1
        self.untouched = True

    def copy(self, raises: int = 0) -> Purses:
        """The same purses, with every share so many raises higher."""
        copied = Purses.__new__(Purses)
        copied.crowd, copied.den, copied.watch = self.crowd, self.den, Watch()
        copied.last, copied.untouched = self.last, self.untouched
        copied.of, copied.size = self.of.copy(), self.size.copy()
        if raises:
            copied.money = {purse: (v + s * raises, s, den) for purse, (v, s, den) in self.money.items()}
        else:
            copied.money = self.money.copy()
        return copied

    def hands(self, place: int) -> tuple[list[Hand], int]:
        """The supporters of an application who have money, the poorest first, and how many they are."""
        den, money = self.den, self.money
        held = self._held(place)
        broke = held.pop(BROKE, 0)
        hands = []
        for purse, voters in held.items():
            value, slope, over = money[purse]
            if over != den:
                scale = den // over
                value, slope = value * scale, slope * scale
                money[purse] = value, slope, den
            hands.append((value, slope, voters, purse))
        hands.sort()
        return hands, self.crowd.total[place] - broke

    def pay(self, place: int, hands: list[Hand], payment: Line, parts: int) -> None:
        """Each of these supporters pays `payment` / `parts`, or all they have if that is less.

        `hands` and `payment` are over `den`; afterwards `den` is `parts` times as large.
        """
        self.den *= parts
        self.untouched = False
        to = {BROKE: BROKE}
        for value, slope, voters, purse in hands:
            left, lasting = value * parts - payment[0], slope * parts - payment[1]
            if lasting:
                self.watch.sign(left, lasting)
            self.size[purse] -= voters
            if not self.size[purse]:
                del self.money[purse], self.size[purse]
            if left > 0:
                to[purse] = self.last = self.last + 1
                self.money[self.last], self.size[self.last] = (left, lasting, self.den), voters
            else:
                to[purse] = BROKE
        self.crowd.move(self.of, place, to)

    def _held(self, place: int) -> dict[int, int]:
        if self.untouched:
            return {1: self.crowd.total[place]}
        return self.crowd.held(self.of, place)
