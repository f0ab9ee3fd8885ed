"""How ties are broken: one published order for the whole count, never drawn anew at a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from committee.framework import MORE_SUPPORTERS, SMALLER, TIE_ORDER

LEX, REV = "lex", "rev"

Key = tuple[int, ...]


class Tie(NamedTuple):
    """A tie at a step: what decided it, and the applications (by place) that it decided between."""

    by: str
    between: tuple[int, ...]


class Rival(NamedTuple):
    """One thing in a tie: the application's place in the list, the amount at stake, and its supporters."""

    place: int
    cents: int
    supporters: int


@dataclass(frozen=True)
class TieOrder:
    """Criteria applied one after the other, the last of which (lot, lex, rev) leaves no tie.

    `last[i]` is the place of application i in that last order: the published lot, or the ids as text alone,
    first or last, as the reference results do ("lex", "rev").
    """

    criteria: tuple[str, ...]
    last: tuple[int, ...]

    @classmethod
    def by_lot(
        cls, ids: Sequence[str], lot: Sequence[str], criteria: tuple[str, ...] = TIE_ORDER
    ) -> TieOrder:
        """Our own order: by default smaller amount, then more supporters, then the published lot."""
        places = {drawn: place for place, drawn in enumerate(lot)}
        return cls(criteria, tuple(places[id_] for id_ in ids))

    @classmethod
    def by_id(cls, ids: Sequence[str], which: str) -> TieOrder:
        """The ids as text: `which` is "lex" (first wins) or "rev" (last wins)."""
        places = {id_: place for place, id_ in enumerate(sorted(ids, reverse=which == REV))}
        return cls((which,), tuple(places[id_] for id_ in ids))

    def key(self, rival: Rival) -> Key:
        """Sorts rivals: the lowest key wins."""
        return tuple(self._value(criterion, rival) for criterion in self.criteria)

    def winner(self, rivals: Sequence[Rival]) -> tuple[Rival, Tie]:
        """Who of two or more wins, and between whom the deciding criterion had to choose."""
        keyed = [(self.key(rival), rival) for rival in rivals]
        first = min(keyed)
        return first[1], self._tie(first[0], keyed)

    def ranked(self, rivals: Sequence[Rival]) -> list[tuple[Rival, Tie | None]]:
        """All of them, the winner first, each with the tie it was in if it was not alone."""
        if len(rivals) == 1:
            return [(rivals[0], None)]
        keyed = sorted((self.key(rival), rival) for rival in rivals)
        return [(rival, self._tie(key, keyed)) for key, rival in keyed]

    def _tie(self, mine: Key, keyed: Sequence[tuple[Key, Rival]]) -> Tie:
        """The last criterion that was needed to tell this one from all others, and whom it told it from."""
        level = max(_level(mine, other) for other, _ in keyed if other != mine)
        between = sorted(rival.place for other, rival in keyed if other[:level] == mine[:level])
        return Tie(self.criteria[level], tuple(between))

    def _value(self, criterion: str, rival: Rival) -> int:
        if criterion == SMALLER:
            return rival.cents
        if criterion == MORE_SUPPORTERS:
            return -rival.supporters
        return self.last[rival.place]


def _level(one: Key, other: Key) -> int:
    """How many criteria leave the two equal; the last never does."""
    level = 0
    while one[level] == other[level]:
        level += 1
    return level
