"""Voting: the ballot of one member, sealed until the count, to be changed until the clock closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.framework import Framework, read_framework
from committee.pages.sight import Table, table_of
from committee.steps.vote import cast, on_ballot
from committee.store.ballots import PollItem, ballot_in_box
from committee.store.conflicts import declared_by
from committee.store.reviews import Score
from grants.errors import NotFound, Sentence
from grants.store.companions import who_wrote_along
from grants.store.journal import JournalEntry
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

PATH = "/commissie/rondes/{id}"
BLANK, ABSTAIN = "blanco", "onthouden"
NOTHING_MARKED = Sentence(
    "U heeft nog niets aangekruist. Wilt u niemand kiezen? Kijk dan onderaan deze pagina."
)


class Said(NamedTuple):
    """What this member said before of one criterion: the label, their word for it, and their sentence."""

    label: str
    word: str
    sentence: str


class Line(NamedTuple):
    """One application on the ballot of one member."""

    item: PollItem
    said: list[Said]

    @property
    def id(self) -> str:
        return self.item.application.public_id

    @property
    def title(self) -> str:
        return self.item.application.title


class Paper(NamedTuple):
    """The ballot as this member gets it, in the order of the lot; `undeclared` can't be marked yet."""

    lines: list[Line]
    undeclared: list[PollItem]
    framework: Framework

    @property
    def asked_cents(self) -> int:
        return sum(line.item.asked_cents for line in self.lines)

    @property
    def least(self) -> int:
        """How many marks this member must give, unless they abstain."""
        return min(self.framework.ballot.min_marks, len(self.lines))


async def ballot(request: Request) -> Response:
    """The ballot; what was handed in, when there is one; or why there is no voting now."""
    now, table = request.app.state.clock(), await _table(request)
    if table.poll is None or not table.voting(now) or not table.has_vote:
        return page(request, "committee/no_vote.html", {"table": table, "now": now})
    paper = await _paper(table)
    cast_before = await ballot_in_box(table.poll.id, table.seat.id)
    marks = sorted(cast_before.marks) if cast_before else []
    if cast_before is None or request.query_params.get("wijzigen"):
        return await _page(request, table, paper, Form.of(marks=marks), voted=cast_before is not None)
    context = {
        "table": table,
        "ballot": cast_before,
        "marked": [line for line in paper.lines if line.id in cast_before.marks],
        "at": await _voted_at(table),
    }
    return page(request, "committee/voted.html", context)


async def vote(request: Request) -> Response:
    """Hand in a ballot. The clock decides; what was marked comes back when it was refused."""
    table = await _table(request)
    form = await read_form(request, "marks", "keuze")
    choice = form.text("keuze")
    marks = [] if choice in (BLANK, ABSTAIN) else form.several("marks")
    if not marks and not choice:
        form.add("marks", NOTHING_MARKED)
    with form.attempt():
        form.check()
        await cast(
            actor_of(request), table.round.public_id, marks, choice == ABSTAIN, request.app.state.clock()
        )
        return redirect(f"{PATH.format(id=table.round.public_id)}/stemmen")
    return await _page(request, table, await _paper(table), form, voted=False)


async def _page(request: Request, table: Table, paper: Paper, form: Form, *, voted: bool) -> Response:
    context = {
        "table": table,
        "paper": paper,
        "form": form,
        "voted": voted,
        "blank": BLANK,
        "abstain": ABSTAIN,
        "open": table.voting(request.app.state.clock()),
    }
    return page(request, "committee/ballot.html", context, status=form.status if form.problems else 200)


async def _paper(table: Table) -> Paper:
    """What this member may mark, with their own words on it, without what they stand aside from."""
    if table.poll is None:
        raise NotFound("De stemming is nog niet open.")
    declared = await declared_by(table.seat.id, table.round.id)
    every = await on_ballot(table.poll.id)
    along = await who_wrote_along([item.application_id for item in every])
    items = [
        item
        for item in every
        if not declared.get(item.application_id)
        and table.seat.person_id not in {item.application.person_id} | along[item.application_id]
    ]
    framework = read_framework(table.round.frozen["committee"])
    said = await _said(table, framework)
    return Paper(
        [Line(item, said.get(item.application_id, [])) for item in items if item.application_id in declared],
        [item for item in items if item.application_id not in declared],
        framework,
    )


async def _said(table: Table, framework: Framework) -> dict[int, list[Said]]:
    """What this member wrote when judging, by application, in the order of the framework."""
    rows: list[dict[str, Any]] = await Score.filter(
        review__seat_id=table.seat.id,
        review__application__round_id=table.round.id,
        review__void_at=None,
        value__isnull=False,
    ).values("criterion", "value", "sentence", "review__application_id")
    found: dict[int, list[Said]] = {}
    for criterion in framework.criteria:
        for row in rows:
            if row["criterion"] == criterion.key:
                said = Said(criterion.label, criterion.scale[row["value"] - 1], row["sentence"])
                found.setdefault(row["review__application_id"], []).append(said)
    return found


async def _voted_at(table: Table) -> datetime | None:
    """When this member handed in their last ballot. The ballot itself has no time; the journal does."""
    entry = (
        await JournalEntry.filter(
            act="committee.voted", person_id=table.seat.person_id, round_id=table.round.id
        )
        .order_by("-place")
        .first()
    )
    return entry.at if entry else None


async def _table(request: Request) -> Table:
    return await table_of(actor_of(request), request.path_params["id"], "committee.vote")


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{PATH}/stemmen", "committee.vote", name="ballot", get=ballot, post=vote),
)
