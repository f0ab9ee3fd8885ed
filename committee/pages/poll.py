"""Around the vote: the chair opens the poll and has it counted, and the committee reads the outcome."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.access import CHAIR, SECRETARY
from committee.pages.ballot import PATH
from committee.pages.sight import Table, table_of
from committee.scoring import GateResult
from committee.steps.allocate import allocate
from committee.steps.vote import gate_results, open_poll
from committee.store.ballots import Box
from committee.store.conflicts import declared_by
from committee.store.members import voting_seats
from committee.store.reviews import Review, joint_reasons
from grants.application import Stage
from grants.decision import KIND_WORDS, Kind
from grants.errors import Sentence
from grants.round import Phase
from grants.store.applications import Application, in_stage
from grants.store.companions import who_wrote_along
from grants.store.decisions import Advice, ProposalRow
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

MOST_SEED = 200


class Preview(NamedTuple):
    """How the gate would decide now: what would stop and why, and how many go on.

    Of the `unjudged`, which the chair did not judge yet, nothing is shown, or it would steer them.
    """

    stopped: list[tuple[Application, GateResult]]
    passing: int
    unjudged: int


async def opening(request: Request) -> Response:
    """What happens when the poll opens, and the field for the dice."""
    return await _opening_page(request, await _table(request, "committee.open_poll"), Form())


async def open_here(request: Request) -> Response:
    """Open the poll with the numbers that were thrown."""
    table = await _table(request, "committee.open_poll")
    form = await read_form(request, "seed", "zeker")
    if len(form.text("seed")) > MOST_SEED:
        said = Sentence("Dit zijn te veel cijfers. Gebruik hoogstens {most} tekens.", {"most": MOST_SEED})
        form.add("seed", said)
    form.need("seed", Sentence("Vul de cijfers in die zijn gegooid. Daarmee loten wij bij gelijke stand."))
    form.need(
        "zeker", Sentence("Zet een kruisje als de stemming nu open mag. Daarna kan niemand meer oordelen.")
    )
    with form.attempt():
        form.check()
        await open_poll(
            actor_of(request), table.round.public_id, form.text("seed"), request.app.state.clock()
        )
        return redirect("/commissie?gezegd=open")
    return await _opening_page(request, table, form)


async def _opening_page(request: Request, table: Table, form: Form) -> Response:
    now = request.app.state.clock()
    ready = table.poll is None and table.round.phase(now) is Phase.VOTING
    context = {
        "table": table,
        "form": form,
        "ready": ready,
        "waiting": len(await in_stage(table.round.id, Stage.SUBMITTED, Stage.COMPLETING)) if ready else 0,
        "preview": await _preview(table) if ready else None,
        "source": table.round.frozen["committee"]["ties"]["seed_source"],
    }
    return page(request, "committee/open.html", context, status=form.status if form.problems else 200)


async def _preview(table: Table) -> Preview:
    applications = await in_stage(table.round.id, Stage.SCREENED)
    results = await gate_results(table.round, applications)
    judged = {
        key
        for (key,) in await Review.filter(
            seat_id=table.seat.id,
            application__round_id=table.round.id,
            done_at__isnull=False,
            void_at=None,
        ).values_list("application_id")
    }
    aside = await _not_mine(table, applications)
    mine = [application for application in applications if application.id not in aside]
    own = [application for application in mine if application.id in judged]
    stopped = [
        (application, results[application.id]) for application in own if not results[application.id].passed
    ]
    return Preview(stopped, len(own) - len(stopped), len(mine) - len(own))


async def _not_mine(table: Table, applications: list[Application]) -> set[int]:
    """The applications of which this seat sees nothing: declared to stand aside, their own, or written along on."""
    aside = {
        key
        for key, stands_aside in (await declared_by(table.seat.id, table.round.id)).items()
        if stands_aside
    }
    along = await who_wrote_along([application.id for application in applications])
    person_id = table.seat.person_id
    return aside | {one.id for one in applications if person_id in {one.person_id} | along[one.id]}


async def counting(request: Request) -> Response:
    """Who waits for what; for the chair after closing the button, with the reasons that are still missing."""
    return await _counting_page(request, await _table(request, "committee.read"), Form())


async def count_here(request: Request) -> Response:
    """Count, and hand the advice to the municipality."""
    table = await _table(request, "committee.advise")
    form = await read_form(request)
    with form.attempt():
        await allocate(actor_of(request), table.round.public_id, request.app.state.clock())
        return redirect(f"{PATH.format(id=table.round.public_id)}/uitslag")
    return await _counting_page(request, table, form)


async def _counting_page(request: Request, table: Table, form: Form) -> Response:
    now: datetime = request.app.state.clock()
    poll = table.poll
    if poll is not None and poll.counted_at is not None:
        return redirect(f"{PATH.format(id=table.round.public_id)}/uitslag")
    leads = table.seat.role in (CHAIR, SECRETARY) and poll is not None
    context: dict[str, Any] = {
        "table": table,
        "form": form,
        "open": table.voting(now),
        "leads": leads,
        "counts": table.seat.role == CHAIR,
        "handed_in": await Box.filter(poll_id=poll.id).count() if leads and poll else None,
        "voters": len(await voting_seats(table.round.fund_id, poll.opened_at)) if leads and poll else None,
        "unwritten": await _unwritten(table) if leads else Unwritten([], False),
    }
    return page(request, "committee/count.html", context, status=form.status if form.problems else 200)


class Unwritten(NamedTuple):
    """The applications that lack a joint reason; `elsewhere`: so does one of which this seat sees nothing."""

    here: list[Application]
    elsewhere: bool


async def _unwritten(table: Table) -> Unwritten:
    applications = await in_stage(table.round.id, Stage.REVIEWED)
    written = await joint_reasons(table.round.id)
    keys = {criterion["key"] for criterion in table.round.frozen["committee"].get("criteria", ())}
    lacking = [one for one in applications if keys - written.get(one.id, {}).keys()]
    aside = await _not_mine(table, applications)
    here = [one for one in lacking if one.id not in aside]
    return Unwritten(here, len(here) < len(lacking))


class Advised(NamedTuple):
    """What the count says of one application."""

    number: str
    title: str
    asked_cents: int
    cents: int
    word: Sentence
    explanation: Sentence


async def outcome(request: Request) -> Response:
    """The outcome, without what this member stands aside from; then without totals, which would tell it."""
    table = await _table(request, "committee.read")
    if table.poll is None or table.poll.counted_at is None:
        return redirect(f"{PATH.format(id=table.round.public_id)}/tellen")
    advice = await Advice.get(round_id=table.round.id)
    applications = await Application.filter(round_id=table.round.id, proposal__id__isnull=False)
    aside = await _not_mine(table, applications)
    fields = ("number", "title", "asked_cents")
    rows = (
        await ProposalRow.filter(application__round_id=table.round.id)
        .exclude(application_id__in=list(aside))
        .order_by("-cents", "application__number")
        .values("kind", "cents", "explanation", *(f"application__{name}" for name in fields))
    )
    whole = len(rows) == len(applications) or table.round.published_at is not None
    result = json.loads(advice.record)["result"]
    context = {
        "table": table,
        "rows": [_advised(row) for row in rows],
        "whole": whole,
        "left_cents": result["left_cents"],
        "left_over": Sentence.from_json(json.loads(advice.left_over)),
        "ties": _ties(result["trace"], rows),
    }
    return page(request, "committee/outcome.html", context)


def _advised(row: dict[str, Any]) -> Advised:
    return Advised(
        row["application__number"],
        row["application__title"],
        row["application__asked_cents"],
        row["cents"],
        KIND_WORDS[Kind(row["kind"])],
        Sentence.from_json(json.loads(row["explanation"])),
    )


def _ties(trace: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What decided each tie on the way, and between which plans; only ties between plans that are shown."""
    titles = {row["application__number"]: row["application__title"] for row in rows}
    ties = dict.fromkeys((step["tie"]["by"], tuple(step["tie"]["ids"])) for step in trace if "tie" in step)
    return [(by, [titles[number] for number in ids]) for by, ids in ties if set(ids) <= titles.keys()]


async def _table(request: Request, act: str) -> Table:
    return await table_of(actor_of(request), request.path_params["id"], act)


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{PATH}/openen", "committee.open_poll", name="open_poll", get=opening, post=open_here),
    page_route(
        f"{PATH}/tellen",
        "committee.read",
        name="count",
        get=counting,
        post=count_here,
        post_act="committee.advise",
    ),
    page_route(f"{PATH}/uitslag", "committee.read", name="outcome", get=outcome),
)
