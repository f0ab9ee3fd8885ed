"""Greedy (R4), the baseline for comparison: most votes first, whole asks only, skip what does not fit."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from committee.election import Election
from committee.ties import Rival, Tie, TieOrder


class Turn(NamedTuple):
    """One application in its turn: its rank from 1, what was left then, what it got, the tie it was in."""

    place: int
    rank: int
    left_cents: int
    cents: int
    tie: Tie | None


def greedy(election: Election, ties: TieOrder, *, per_euro: bool = False) -> list[Turn]:
    """Every supported application that passed the gate, in order of votes, or of votes per euro asked."""
    turns: list[Turn] = []
    left = election.budget_cents
    votes = election.votes
    worth: dict[Fraction, list[Rival]] = {}
    for place, application in enumerate(election.applications):
        if votes[place] and application.stands:
            value = Fraction(votes[place], application.ask_cents if per_euro else 1)
            worth.setdefault(value, []).append(Rival(place, application.ask_cents, votes[place]))
    for value in sorted(worth, reverse=True):
        for rival, tie in ties.ranked(worth[value]):
            cents = rival.cents if rival.cents <= left else 0
            turns.append(Turn(rival.place, len(turns) + 1, left, cents, tie))
            left -= cents
    return turns
