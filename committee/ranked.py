"""The ranked list (R1): best grade first by majority judgment, then walk down the list while money lasts.

Balinski & Laraki, "Majority Judgment" (MIT Press 2011): the grade is the lower median; equal grades are told
apart by taking one median away from both and looking again.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from committee.election import Election, Histogram
from committee.ties import Rival, Tie, TieOrder


class Ranked(NamedTuple):
    """One application in its turn: its rank from 1, its grade, what was left then, what it got."""

    place: int
    rank: int
    grade: Fraction
    left_cents: int
    cents: int
    tie: Tie | None


def walk_down(election: Election, ties: TieOrder, *, stop: bool = False) -> list[Ranked]:
    """The list from the top, with what each gets: the ask if it fits, else what is left if that is enough.

    What does not fit is skipped; with `stop` the walk ends there. An application with no score above nothing
    is not on the list.
    """
    listed: list[Ranked] = []
    left, ended = election.budget_cents, False
    for rival, grade, tie in ranking(election, ties):
        application = election.applications[rival.place]
        cents = min(application.ask_cents, left)
        if ended or cents < application.least_cents:
            cents, ended = 0, ended or stop
        listed.append(Ranked(rival.place, len(listed) + 1, grade, left, cents, tie))
        left -= cents
    return listed


def ranking(election: Election, ties: TieOrder) -> list[tuple[Rival, Fraction, Tie | None]]:
    """Best first, each with its grade; equal score multisets go by the tie order."""
    scores = histograms(election)
    codes = {
        score: code for code, score in enumerate(sorted({score for tally in scores for score, _ in tally}))
    }
    equal: dict[tuple[int, ...] | bytes, list[Rival]] = {}
    for place, application in enumerate(election.applications):
        if application.stands and scores[place] and scores[place][-1][0] > 0:
            medians = successive_medians(scores[place], codes)
            rival = Rival(place, application.ask_cents, election.votes[place])
            equal.setdefault(medians, []).append(rival)
    grades = sorted(codes)
    return [
        (rival, grades[medians[0]], tie)
        for medians in sorted(equal, reverse=True)
        for rival, tie in ties.ranked(equal[medians])
    ]


def histograms(election: Election) -> tuple[Histogram, ...]:
    """The scores by place; where there are only approvals, 1 for support and 0 for none."""
    if election.scores is not None:
        return election.scores
    total = election.votes
    tallies = (((Fraction(0), election.voters - votes), (Fraction(1), votes)) for votes in total)
    return tuple(tuple((score, count) for score, count in tally if count) for tally in tallies)


def successive_medians(scores: Histogram, codes: dict[Fraction, int]) -> tuple[int, ...] | bytes:
    """The lower medians that come up when each in turn is taken away, as codes that sort like the scores.

    They alternate from the middle outwards. Bytes where the codes fit: thousands of ballots compare at once.
    """
    ascending: list[int] = []
    for score, count in scores:
        ascending += [codes[score]] * count
    middle = (len(ascending) - 1) // 2
    down, up = ascending[middle::-1], ascending[middle + 1 :]
    medians = down[:1] * len(ascending)
    if len(ascending) % 2:
        medians[1::2], medians[2::2] = down[1:], up
    else:
        medians[0::2], medians[1::2] = down, up
    return bytes(medians) if len(codes) <= 256 else tuple(medians)
