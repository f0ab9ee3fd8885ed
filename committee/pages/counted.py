"""How a published round was counted: every payment in one table, what another rule would have done, the files."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee import record
from committee.allocation import SHARING, Outcome
from committee.election import Election
from committee.export import About, write_pb
from committee.otherwise import RULE_WORDS, more_supporters, others
from committee.payments import Payer, payers
from grants import calendar
from grants.errors import NotFound, Sentence
from grants.store.decisions import Advice, Publication
from grants.web.guard import PageRoute, page_route
from grants.web.render import page

MOST_VOTERS = 100
"""In a larger vote nobody reads a line for each ballot, and counting it all again takes a while."""


class Line(NamedTuple):
    """One application in the count; `more` is with how many further supporters it would have had money."""

    number: str
    supporters: int
    asked_cents: int
    cents: int
    more: int
    gate: Sentence | None


class Other(NamedTuple):
    """The same ballots under another rule: how many plans, how much money, and which plans change."""

    said: Sentence
    plans: int
    cents: int
    gains: list[str]
    loses: list[str]


class Story(NamedTuple):
    """All that the page tells of one count."""

    rule: Sentence
    election: Election
    outcome: Outcome
    lines: list[Line]
    payers: list[Payer]
    others: list[Other]


async def show(request: Request) -> Response:
    """The count of a published year; before publication there is nothing here, whoever asks."""
    published = await _published(request.path_params["year"])
    advice = await Advice.get(round_id=published.round_id)
    story = await asyncio.to_thread(_story, advice.record)
    context = {
        "round": published.round,
        "story": story,
        "titles": {award["number"]: award["title"] for award in published.content["awards"]},
        "funded": [line.number for line in story.lines if line.cents],
    }
    return page(request, "committee/counted.html", context)


async def as_pb(request: Request) -> Response:
    """The ballots of a published round as a `.pb` file, for tools of others."""
    found = await Publication.filter(round__public_id=request.path_params["id"]).select_related("round__fund")
    if not found or not await Advice.exists(round_id=found[0].round_id):
        raise NotFound("De telling van deze ronde is nog niet bekend.")
    round_ = found[0].round
    told = record.read(json.loads((await Advice.get(round_id=round_.id)).record))
    days = [
        calendar.local(at).strftime("%d.%m.%Y") for at in (round_.ballot_opens_at, round_.ballot_closes_at)
    ]
    about = About(round_.fund.municipality, str(round_.year), told.rule.name, *days)
    text = write_pb(told.election, told.outcome.grants, about)
    return Response(text, media_type="text/plain")


async def _published(year: str) -> Publication:
    found = None
    if year.isascii() and year.isdigit() and len(year) == 4:
        of_year = Publication.filter(round__year=int(year), round__advice__id__isnull=False)
        found = await of_year.select_related("round").order_by("-round__fund__loaded_at").first()
    if found is None:
        raise NotFound("De telling van {year} is nog niet bekend.", year=year[:4])
    return found


@lru_cache(maxsize=8)
def _story(text: str) -> Story:
    """Made from the public record alone, so that whoever has that can make it too."""
    told = record.read(json.loads(text))
    election, outcome = told.election, told.outcome
    small = election.voters <= MOST_VOTERS
    more = more_supporters(election, told.rule, outcome) if small else {}
    return Story(
        RULE_WORDS[told.rule.name],
        election,
        outcome,
        _lines(election, outcome, more),
        payers(election, outcome) if small and told.rule.name in SHARING else [],
        [_other(outcome, other) for other in others(election, told.rule)] if small else [],
    )


def _lines(election: Election, outcome: Outcome, more: dict[str, int]) -> list[Line]:
    """Every application, what got most on top."""
    lines = [
        Line(
            one.id, election.votes[place], one.ask_cents, outcome.grants.get(one.id, 0), more.get(one.id, 0),
            one.gate.said if one.gate and not one.gate.passed else None,
        )
        for place, one in enumerate(election.applications)
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.cents, line.number))


def _other(outcome: Outcome, other: Outcome) -> Other:
    return Other(
        RULE_WORDS[other.rule],
        len(other.grants),
        sum(other.grants.values()),
        sorted(other.grants.keys() - outcome.grants.keys()),
        sorted(outcome.grants.keys() - other.grants.keys()),
    )


ROUTES: tuple[PageRoute, ...] = (
    page_route("/resultaten/{year}/telling", "public.read", name="results.count", get=show),
    page_route("/open-data/rondes/{id}/telling.pb", "public.read", name="open_data.pb", get=as_pb),
)
