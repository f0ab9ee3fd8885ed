"""How ties are broken: one published order for the whole count, never drawn anew at a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from committee.framework import LOT, MORE_SUPPORTERS, SMALLER, TIE_ORDER

LEX, REV = "lex", "rev"


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

    def key(self, rival: Rival) -> tuple[int, ...]:
        """Sorts rivals: the lowest key wins."""
        return tuple(self._value(criterion, rival) for criterion in self.criteria)

    def winner(self, rivals: Sequence[Rival]) -> tuple[Rival, Tie | None]:
        """Who wins, and between whom the deciding criterion had to choose; None when there was one rival."""
        if len(rivals) == 1:
            return rivals[0], None
        return self.ranked(rivals)[0]

    def ranked(self, rivals: Sequence[Rival]) -> list[tuple[Rival, Tie | None]]:
        """All of them, the winner first, each with the tie it was in."""
        keyed = sorted((self.key(rival), rival) for rival in rivals)
        if len(keyed) == 1:
            return [(rivals[0], None)]
        ranked = []
        for mine, rival in keyed:
            level = max(_level(mine, other) for other, _ in keyed if other != mine)
            between = sorted(rival.place for other, rival in keyed if other[:level] == mine[:level])
            ranked.append((rival, Tie(self.criteria[level], tuple(between))))
        return ranked

    def _value(self, criterion: str, rival: Rival) -> int:
        if criterion == SMALLER:
            return rival.cents
        if criterion == MORE_SUPPORTERS:
            return -rival.supporters
        return self.last[rival.place]


def _level(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many criteria leave the two equal."""
    for level, (mine, theirs) in enumerate(zip(one, other, strict=True)):
        if mine != theirs:
            return level
    raise ValueError("two applications share a place in the last tie order")
