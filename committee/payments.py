"""Who paid what for what, from the trace of an Equal Shares outcome: one table that sums by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from committee.allocation import Outcome
from committee.certificate import exact_cents
from committee.election import Election


@dataclass(frozen=True)
class Payer:
    """All who handed in the same ballot: how many they are, what each of them paid by id, and has left, in cents."""

    marks: tuple[str, ...]
    voters: int
    paid: Mapping[str, Fraction]
    left: Fraction


def payers(election: Election, outcome: Outcome) -> list[Payer]:
    """Every distinct ballot, blank ones first, as in the public record.

    What all pay for an application is its grant, before that is rounded down to a cent. ValueError where the
    rule has no shares.
    """
    if not outcome.trace or outcome.trace[0]["step"] != "share":
        raise ValueError(f"{outcome.rule} has no shares")
    share = exact_cents(outcome.trace[0]["cents"])
    found = []
    for marks, voters in _ballots(election):
        paid: dict[str, Fraction] = {}
        left = share
        for step in outcome.trace[1:]:
            if step["step"] != "short" and step["id"] in marks:
                cents = min(left, exact_cents(step["each"]))
                paid[step["id"]] = paid.get(step["id"], Fraction(0)) + cents
                left -= cents
        found.append(Payer(marks, voters, {id_: cents for id_, cents in paid.items() if cents}, left))
    return found


def _ballots(election: Election) -> list[tuple[tuple[str, ...], int]]:
    blank = election.voters - sum(election.counts)
    named = [tuple(election.ids[place] for place in marks) for marks in election.ballots]
    return [*([((), blank)] if blank else []), *zip(named, election.counts, strict=True)]
