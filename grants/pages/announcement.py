"""Letting people know: first the applicants by letter, then everybody; each after one look at what goes out.

Law: Awb 3:40-3:45 (no effect before it is announced), 6:7-6:8 (six weeks), Woo 3.3a (subsidy overview).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.application import Stage
from grants.decision import KIND_WORDS, Kind
from grants.errors import NotFound
from grants.pages.layout import form_page
from grants.pages.rounds import round_of
from grants.pages.words import KIND_TONES
from grants.steps.announce import announce
from grants.steps.publish import document, publish
from grants.store.applications import Application, check_none_own
from grants.store.decisions import Decision
from grants.store.funds import Round
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import redirect
from grants.web.session import actor_of


class Withheld(NamedTuple):
    """What the gate keeps back of one award, because it tells on somebody."""

    number: str
    title: bool
    reasons: list[str]
    deviation: bool


async def confirm_announce(request: Request) -> Response:
    """How many letters go out, with what outcome, and the last day to object that they will name."""
    return await _announce_page(request, await round_of(request), Form())


async def send(request: Request) -> Response:
    """Announce all decisions of the round; doing it again changes nothing."""
    round_ = await round_of(request)
    form = await read_form(request)
    with form.attempt():
        await announce(actor_of(request), round_.id, request.app.state.clock())
    if form.problems:
        return await _announce_page(request, round_, form)
    return redirect(f"/gemeente/rondes/{round_.public_id}")


async def _announce_page(request: Request, round_: Round, form: Form) -> Response:
    if round_.advised_at is None:
        raise NotFound("Er is nog geen advies over deze ronde.")
    await check_none_own(actor_of(request), round_.id)
    today = calendar.local(request.app.state.clock()).date()
    rows = await _decided(round_.id)
    ready = [row for row in rows if row["stage"] == Stage.DECIDED]
    kinds = [Kind(row["decision__kind"]) for row in ready]
    context = {
        "round": round_,
        "ready": ready,
        "kinds": KIND_WORDS,
        "tones": KIND_TONES,
        "letters": len(ready),
        "undecided": sum(row["stage"] == Stage.ALLOCATED for row in rows),
        "outcomes": [(KIND_WORDS[kind], kinds.count(kind)) for kind in Kind if kind in kinds],
        "cents": sum(row["decision__cents"] for row in ready),
        "deviations": [row for row in ready if not row["decision__followed"]],
        "last_day": calendar.objection_last_day(today),
        "pay_by": calendar.payment_due(today),
    }
    return form_page(request, "grants/decision/announce.html", form, context, fields=())


async def _decided(round_id: int) -> list[dict[str, Any]]:
    """The applications of a round that wait for a signature or for their letter: one query."""
    stages = [Stage.ALLOCATED.value, Stage.DECIDED.value]
    rows = await Application.filter(round_id=round_id, stage__in=stages).order_by("number").values(
        "public_id", "number", "title", "stage", "decision__kind", "decision__cents", "decision__followed"
    )  # fmt: skip
    return list(rows)


async def confirm_publish(request: Request) -> Response:
    """What everybody will read: exactly what has passed the gate, and what it keeps back."""
    return await _publish_page(request, await round_of(request), Form())


async def make_public(request: Request) -> Response:
    """Publish the round; doing it again changes nothing."""
    round_ = await round_of(request)
    form = await read_form(request)
    with form.attempt():
        await publish(actor_of(request), round_.id, request.app.state.clock())
    if form.problems:
        return await _publish_page(request, round_, form)
    return redirect(f"/gemeente/rondes/{round_.public_id}")


async def _publish_page(request: Request, round_: Round, form: Form) -> Response:
    if round_.announced_at is None:
        raise NotFound("De besluiten van deze ronde zijn nog niet verstuurd.")
    shown = await document(round_)
    context = {
        "round": round_,
        "shown": shown,
        "outcomes": [(KIND_WORDS[Kind(kind)], count) for kind, count in shown["totals"].items() if count],
        "withheld": await _withheld(round_, shown["awards"]),
    }
    return form_page(request, "grants/decision/publish.html", form, context, fields=())


async def _withheld(round_: Round, awards: list[dict[str, Any]]) -> list[Withheld]:
    """What of the awards stays behind: a title or reason that names or tells on somebody."""
    shown = {award["number"]: award for award in awards}
    decisions = await Decision.filter(application__round_id=round_.id, cents__gt=0).select_related(
        "application"
    )
    kept = []
    for decision in decisions:
        award = shown[decision.application.number]
        reasons = [label for label in decision.reasons_by_criterion if label not in award["reasons"]]
        deviation = not decision.followed and not award["deviation"]
        if reasons or deviation or not award["title"]:
            kept.append(Withheld(award["number"], not award["title"], reasons, deviation))
    return sorted(kept)


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        "/gemeente/rondes/{id}/bekendmaken", "desk.read", name="announce",
        get=confirm_announce, post=send, post_act="round.announce",
    ),
    page_route(
        "/gemeente/rondes/{id}/publiceren", "desk.read", name="publish",
        get=confirm_publish, post=make_public, post_act="round.publish",
    ),
)  # fmt: skip
