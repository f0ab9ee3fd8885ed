"""After the decision: reading it, naming an account for the money, telling how it went."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants import round as rules_of
from grants.companion import Right
from grants.decision import KIND_WORDS, Kind
from grants.errors import NotFound, Sentence
from grants.initiative import Kind as Shape
from grants.pages.application import OWN, base, own
from grants.steps.account import MAX_REPORT
from grants.steps.account import report as tell
from grants.steps.change_account import ask_account
from grants.steps.pay import name_account
from grants.store.applications import Application
from grants.store.decisions import Decision
from grants.store.notices import open_account_change
from grants.store.payments import Determination, PayoutAccount, Report
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

SPENT = Sentence("Hoeveel geld heeft u gebruikt?")


async def announced(application: Application) -> Decision:
    """The decision, from the moment the applicant was told; before that it is as if there were none."""
    found = await Decision.get_or_none(application_id=application.id, announced_at__isnull=False)
    if found is None:
        raise NotFound("Er is nog geen besluit over deze aanvraag. U krijgt een brief zodra het er is.")
    return found


async def granted(application: Application) -> Decision:
    """The same, where it gives money."""
    found = await announced(application)
    if not Kind(found.kind).gives_money:
        raise NotFound("Voor deze aanvraag is er geen geld toegekend. Deze pagina hoort er dus niet bij.")
    return found


async def decision(request: Request) -> Response:
    """The decision: outcome, amount, why, and how to object (Awb 3:45-3:47)."""
    application = await own(request, Right.OUTCOME)
    made = await announced(application)
    gives = Kind(made.kind).gives_money
    context = {
        "application": application,
        "base": base(application),
        "decision": made,
        "word": KIND_WORDS[Kind(made.kind)],
        "gives": gives,
        "regime": rules_of.regime_for(application.round.frozen, made.cents) if gives else None,
        "pay_by": _pay_by(made) if gives else None,
        "account": await PayoutAccount.get_or_none(application_id=application.id),
        "objection": application.round.frozen["objection"],
        "legal_basis": application.round.frozen["legal_basis"],
    }
    return page(request, "grants/application/decision.html", context)


def _pay_by(made: Decision) -> date | None:
    return calendar.payment_due(calendar.local(made.announced_at).date()) if made.announced_at else None


async def account(request: Request) -> Response:
    """On which account the money may come."""
    application = await own(request, Right.OWN)
    await granted(application)
    known = await PayoutAccount.get_or_none(application_id=application.id)
    host = application.initiative.host
    holder = known.holder if known else host.name if host else application.initiative.name
    form = Form.of(holder=holder, sleutel=secrets.token_hex(16))
    return await _account_page(request, application, form)


async def save_account(request: Request) -> Response:
    """Keep the account. Another one than we have is asked for: two people look at it first."""
    application = await own(request, Right.OWN)
    form = await read_form(request, "holder", "iban", "sleutel")
    state = request.app.state
    given = (
        actor_of(request),
        application.public_id,
        form.text("holder"),
        form.text("iban"),
        state.field_key,
    )
    with form.attempt():
        form.check()
        if not await PayoutAccount.exists(application_id=application.id):
            await name_account(*given, state.clock())
            return redirect(base(application))
        asked = await ask_account(*given, form.text("sleutel"), state.clock())
        return redirect(f"/mijn/gestuurd/{asked.public_id}" if asked else base(application))
    return await _account_page(request, application, form)


async def _account_page(request: Request, application: Application, form: Form) -> Response:
    context = {
        "form": form,
        "application": application,
        "base": base(application),
        "account": await PayoutAccount.get_or_none(application_id=application.id),
        "change": await open_account_change(application.id),
        "host": application.initiative.host,
        "group": application.initiative.kind == Shape.GROUP,
    }
    status = form.status if form.problems else 200
    return page(request, "grants/application/account.html", context, status=status)


async def report(request: Request) -> Response:
    """How it went: to be told, or as it was told."""
    return await _report_page(request, await own(request, Right.SEND), Form())


async def save_report(request: Request) -> Response:
    """Take in how it went; sending it twice keeps the first."""
    application = await own(request, Right.SEND)
    form = await read_form(request, "text", "cents")
    with form.attempt():
        spent = form.amount("cents", SPENT)
        form.check()
        await tell(
            actor_of(request), application.public_id, form.text("text"), spent or 0, request.app.state.clock()
        )
        return redirect(f"{base(application)}/verslag")
    return await _report_page(request, application, form)


async def _report_page(request: Request, application: Application, form: Form) -> Response:
    made = await granted(application)
    context: dict[str, Any] = {
        "form": form,
        "application": application,
        "base": base(application),
        "decision": made,
        "regime": rules_of.regime_for(application.round.frozen, made.cents),
        "most": MAX_REPORT,
        "report": await Report.get_or_none(application_id=application.id),
        "determination": await Determination.get_or_none(application_id=application.id),
    }
    status = form.status if form.problems else 200
    return page(request, "grants/application/report.html", context, status=status)


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{OWN}/besluit", "application.own", name="application.decision", get=decision),
    page_route(
        f"{OWN}/rekening", "application.own", name="application.account",
        get=account, post=save_account, post_act="application.write",
    ),
    page_route(
        f"{OWN}/verslag", "application.own", name="application.report",
        get=report, post=save_report, post_act="application.write",
    ),
)  # fmt: skip
