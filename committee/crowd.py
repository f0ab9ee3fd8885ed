"""Who supports what, the ballots turned round, for a count that asks over and over who of them has money.

Two ways to hold the same: plain lists, best for a committee, and arrays, for elections with many ballots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

MANY_MARKS = 150  # merged marks per application from which arrays win


class Crowd(Protocol):
    """The supporters of each application, by its place. A purse is a number; `of` has one for each ballot."""

    total: list[int]

    def start(self) -> Any:
        """Everybody in purse 1."""

    def held(self, of: Any, place: int) -> dict[int, int]:
        """How many supporters of an application hold each purse."""

    def move(self, of: Any, place: int, to: Mapping[int, int]) -> None:
        """Every supporter of an application goes from the purse they hold to the one it leads to."""


def crowd(ballots: Sequence[tuple[int, ...]], counts: Sequence[int], applications: int) -> Crowd:
    """The crowd behind merged ballots: sets of places, each with its number of voters."""
    if sum(map(len, ballots)) < MANY_MARKS * applications:
        return ListedCrowd(ballots, counts, applications)
    return ArrayCrowd(ballots, counts, applications)


class ListedCrowd:
    """For each application its ballots, each with its number of voters."""

    def __init__(self, ballots: Sequence[tuple[int, ...]], counts: Sequence[int], applications: int) -> None:
        self.ballots = len(ballots)
        self.supporters: list[list[tuple[int, int]]] = [[] for _ in range(applications)]
        for number, (marks, count) in enumerate(zip(ballots, counts, strict=True)):
            for place in marks:
                self.supporters[place].append((number, count))
        self.total = [sum(count for _, count in supporters) for supporters in self.supporters]

    def start(self) -> list[int]:
        return [1] * self.ballots

    def held(self, of: list[int], place: int) -> dict[int, int]:
        held: dict[int, int] = {}
        for ballot, count in self.supporters[place]:
            purse = of[ballot]
            held[purse] = held.get(purse, 0) + count
        return held

    def move(self, of: list[int], place: int, to: Mapping[int, int]) -> None:
        for ballot, _ in self.supporters[place]:
            of[ballot] = to[of[ballot]]


class ArrayCrowd:
    """For each application an array of ballots and one of their voters; sums below 2**53 are exact."""

    def __init__(self, ballots: Sequence[tuple[int, ...]], counts: Sequence[int], applications: int) -> None:
        import numpy as np  # noqa: PLC0415  a web worker that never counts a city saves its memory

        self.np = np
        self.ballots = len(ballots)
        small = np.int16 if applications < 1 << 15 else np.int32  # numpy sorts 16 bits in one pass
        places = np.fromiter(chain.from_iterable(ballots), dtype=small)
        numbers = np.repeat(np.arange(len(ballots), dtype=np.int32), np.fromiter(map(len, ballots), np.int32))
        ordered = np.argsort(places, kind="stable")
        cuts = np.searchsorted(places[ordered], np.arange(1, applications))
        self.supporters = np.split(numbers[ordered], cuts)
        voters = np.fromiter(counts, dtype=np.int64)
        self.voters = [voters[supporters] for supporters in self.supporters]
        self.total = [int(voters.sum()) for voters in self.voters]

    def start(self) -> Any:
        return self.np.ones(self.ballots, dtype=self.np.int32)

    def held(self, of: Any, place: int) -> dict[int, int]:
        held = self.np.bincount(of[self.supporters[place]], weights=self.voters[place])
        purses = self.np.flatnonzero(held)
        voters = held[purses].astype(self.np.int64).tolist()
        return dict(zip(purses.tolist(), voters, strict=True))

    def move(self, of: Any, place: int, to: Mapping[int, int]) -> None:
        table = self.np.zeros(max(to) + 1, dtype=self.np.int32)
        table[list(to.keys())] = list(to.values())
        of[self.supporters[place]] = table[of[self.supporters[place]]]
