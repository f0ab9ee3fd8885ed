"""A vote as a `.pb` file (Pabulib), for whoever wants to count it again with other tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from committee.allocation import ADD1, EQUAL_SHARES, GREEDY
from committee.election import Election

RULES = {EQUAL_SHARES: "equalshares", ADD1: "equalshares/add1", GREEDY: "greedy"}
"""The names that Pabulib has for rules; every other one is "unknown" there."""

COMMENT = (
    "#1: Equal ballots stand together; ids of voters are numbers given afterwards. "
    "Applications that did not pass the committee's threshold and least useful amounts are not part of this format."
)


@dataclass(frozen=True)
class About:
    """What the file says of itself: town, year, rule by our name, and the days of the vote as dd.mm.yyyy."""

    unit: str
    instance: str
    rule: str
    begins: str
    ends: str
    country: str = "Netherlands"


def write_pb(election: Election, funded: Collection[str], about: About) -> str:
    """The approvals of this vote: only what passed the gate stands on the ballots. Amounts are in euros."""
    standing = [place for place, application in enumerate(election.applications) if application.stands]
    ballots = _ballots(election, set(standing))
    meta = {
        "description": f"Client committee of {about.unit}",
        "country": about.country,
        "unit": about.unit,
        "instance": about.instance,
        "num_projects": len(standing),
        "num_votes": election.voters,
        "budget": _euros(election.budget_cents),
        "vote_type": "approval",
        "rule": RULES.get(about.rule, "unknown"),
        "date_begin": about.begins,
        "date_end": about.ends,
        "language": "nl",
        "currency": "EUR",
        "comment": COMMENT,
    }
    votes = [sum(place in marks for marks in ballots) for place in range(len(election.applications))]
    projects = [
        (one.id, _euros(one.ask_cents), votes[place], one.name or one.id, int(one.id in funded))
        for place, one in enumerate(election.applications)
        if one.stands
    ]
    cast = (
        (number, ",".join(election.ids[place] for place in marks)) for number, marks in enumerate(ballots, 1)
    )
    return (
        _section("META", ("key", "value"), meta.items())
        + _section("PROJECTS", ("project_id", "cost", "votes", "name", "selected"), projects)
        + _section("VOTES", ("voter_id", "vote"), cast)
    )


def _ballots(election: Election, standing: Collection[int]) -> list[tuple[int, ...]]:
    """Every voter's marks, blank ballots first, then in the order of the public record."""
    cast: list[tuple[int, ...]] = [()] * (election.voters - sum(election.counts))
    for marks, voters in zip(election.ballots, election.counts, strict=True):
        cast += [tuple(place for place in marks if place in standing)] * voters
    return cast


def _section(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([title])
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}" if cents % 100 else str(cents // 100)
