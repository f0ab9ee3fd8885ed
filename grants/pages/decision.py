"""Deciding: the advice taken over in one press, or left with a reason; one application, or a round at once.

Law: Awb 3:49-3:50 (following or leaving advice), 3:46 (reasons).
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants.access import OFFICER
from grants.application import Stage
from grants.decision import KIND_WORDS, Kind
from grants.errors import NotFound, Refusal, Sentence, Stale
from grants.look import Purpose
from grants.money import show as show_money
from grants.pages.dossier import application_of
from grants.pages.layout import form_page
from grants.pages.rounds import round_of
from grants.pages.words import KIND_TONES, STAGES
from grants.steps.decide import adopt_all, decide
from grants.store.applications import Application, check_none_own
from grants.store.decisions import Decision, ProposalRow, proposal_of
from grants.store.ledger import Pot
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, redirect
from grants.web.say import say
from grants.web.session import actor_of

FOLLOW = "volgen"
OTHERWISE = "afwijken"
CHOICES = (Kind.GRANTED, Kind.PARTLY, Kind.REFUSED_CEILING, Kind.REFUSED_OTHER)
"""Not handling is decided in screening alone, after a chance to complete (Awb 4:5)."""

OPEN = (Stage.ALLOCATED, Stage.DECIDED)

SIGNED_MEANWHILE = Sentence(
    "Een collega heeft intussen ook een besluit getekend. Kijk hieronder of u dat wilt veranderen."
)


async def show(request: Request) -> Response:
    """The advice with its reasons, and the decision once it is there."""
    application = await application_of(request, Purpose.DECIDE)
    decision = await _decision_of(application)
    return await _show(request, application, decision, _form_of(decision))


async def sign(request: Request) -> Response:
    """Sign as advised, or otherwise with a reason. What was signed already is signed once."""
    application = await application_of(request, Purpose.DECIDE)
    form = await read_form(request, "how", "kind", "cents", "deviation", "seen")
    advice, decision = await proposal_of(application.id), await _decision_of(application)
    with form.attempt():
        if advice is None:
            raise Refusal("Over deze aanvraag is nog geen advies.")
        kind, cents, deviation = _wanted(form, application, advice)
        if not _is_signed(decision, kind, cents, deviation):
            if form.text("seen") != _stamp(decision):
                raise Stale(SIGNED_MEANWHILE.text)
            await decide(
                actor_of(request), application.public_id, kind, cents, deviation, request.app.state.clock()
            )
    if form.problems:
        return await _show(request, application, decision, form)
    return redirect(f"/gemeente/aanvragen/{application.public_id}/besluit")


def _wanted(form: Form, application: Application, advice: ProposalRow) -> tuple[Kind, int, str]:
    """What the form asks to sign; Invalid with everything that is wrong with it."""
    if form.text("how") == FOLLOW:
        return Kind(advice.kind), advice.cents, ""
    if form.text("kind") not in CHOICES:
        form.add("kind", Sentence("Kies wat u besluit."))
        form.check()
    kind = Kind(form.text("kind"))
    cents = form.amount("cents", Sentence("Bedrag"), required=kind is Kind.PARTLY)
    form.check()
    if cents is None:
        cents = application.asked_cents if kind is Kind.GRANTED else 0
    return kind, cents, form.text("deviation")


def _is_signed(decision: Decision | None, kind: Kind, cents: int, deviation: str) -> bool:
    signed = decision and (decision.kind, decision.cents, decision.deviation)
    return signed == (kind.value, cents, deviation)


def _stamp(decision: Decision | None) -> str:
    """Which signature a form was made from."""
    return decision.decided_at.isoformat() if decision else ""


async def _decision_of(application: Application) -> Decision | None:
    return await Decision.get_or_none(application_id=application.id).select_related("decided_by")


def _form_of(decision: Decision | None) -> Form:
    """The deviation as it was signed; empty as long as the advice is followed."""
    if decision is None or decision.followed:
        return Form()
    cents = show_money(decision.cents, sign="") if decision.cents else ""
    return Form.of(kind=decision.kind, cents=cents, deviation=decision.deviation)


async def _show(
    request: Request, application: Application, decision: Decision | None, form: Form
) -> Response:
    language = language_of(request)
    officer = actor_of(request).has(OFFICER)
    still_open = application.at in OPEN
    advice = await proposal_of(application.id)
    if form.problems:
        decision = await _decision_of(application)
    context = {
        "application": application,
        "mark": STAGES[application.at],
        "advice": advice,
        "said": json.loads(advice.explanation) if advice else None,
        "reasons": json.loads(advice.reasons) if advice else {},
        "decision": decision,
        "kinds": KIND_WORDS,
        "tones": KIND_TONES,
        "options": [(kind.value, say(KIND_WORDS[kind], language)) for kind in CHOICES],
        "seen": _stamp(decision),
        "may_follow": officer and still_open and (decision is None or not decision.followed),
        "may_deviate": officer and (still_open or bool(form.problems)),
        "follow": FOLLOW,
        "otherwise": OTHERWISE,
    }
    return form_page(request, "grants/decision/decision.html", form, context)


async def confirm_adopt(request: Request) -> Response:
    """Every advice of the round that waits for a signature, with what it takes from the pot."""
    return await _adopt_page(request, Form())


async def adopt(request: Request) -> Response:
    """Sign all of them as advised. What was signed already stays as it is."""
    round_ = await round_of(request)
    form = await read_form(request)
    with form.attempt():
        await adopt_all(actor_of(request), round_.id, request.app.state.clock())
    if form.problems:
        return await _adopt_page(request, form)
    return redirect(f"/gemeente/rondes/{round_.public_id}")


async def _adopt_page(request: Request, form: Form) -> Response:
    round_ = await round_of(request)
    if round_.advised_at is None:
        raise NotFound("Er is nog geen advies over deze ronde.")
    await check_none_own(actor_of(request), round_.id)
    pot = await Pot.get(fund_id=round_.fund_id, year=round_.year)
    rows = await _advised(round_.id)
    waiting = [row for row in rows if row["stage"] == Stage.ALLOCATED]
    context = {
        "round": round_,
        "waiting": waiting,
        "signed": len(rows) - len(waiting),
        "asked_cents": sum(row["asked_cents"] for row in waiting),
        "advised_cents": sum(row["proposal__cents"] for row in waiting),
        "free_cents": pot.balance.free,
        "kinds": KIND_WORDS,
        "tones": KIND_TONES,
    }
    return form_page(request, "grants/decision/adopt.html", form, context, fields=())


async def _advised(round_id: int) -> list[dict[str, Any]]:
    """The applications of a round on which there is advice: one query."""
    rows = await Application.filter(round_id=round_id, proposal__id__isnull=False).order_by("number").values(
        "public_id", "number", "title", "stage", "asked_cents", "proposal__kind", "proposal__cents"
    )  # fmt: skip
    return list(rows)


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        "/gemeente/aanvragen/{id}/besluit",
        "desk.read",
        name="decision",
        get=show,
        post=sign,
        post_act="decision.make",
    ),
    page_route(
        "/gemeente/rondes/{id}/overnemen",
        "desk.read",
        name="adopt",
        get=confirm_adopt,
        post=adopt,
        post_act="decision.make",
    ),
)
