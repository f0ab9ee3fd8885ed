"""Money that was granted: what is to be prepared, what waits for a second pair of eyes, what was paid.

Law: Awb 4:52-4:55 (payment in parts), 4:87 (within six weeks).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from grants import calendar
from grants.access import FINANCE, OFFICER
from grants.errors import NotFound, Sentence
from grants.look import Purpose
from grants.pages.layout import form_page, paging
from grants.payment import masked
from grants.steps.look import looked
from grants.steps.pay import PAYABLE, approve, cancel, look_at_account
from grants.store.applications import Application
from grants.store.initiatives import Initiative
from grants.store.payments import Payment, PayoutAccount
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of


async def payments(request: Request) -> Response:
    """Three lists: to prepare, to approve, and what was paid, the last in pieces."""
    actor = actor_of(request)
    done = Payment.filter(paid_on__isnull=False)
    part = paging(request, await done.count())
    paid = done.order_by("-paid_on", "-id").offset(part.offset).limit(part.size)
    to_prepare = await _to_prepare()
    context = {
        "to_prepare": to_prepare,
        "to_begin": _to_begin(to_prepare),
        "waiting": await Payment.filter(paid_on=None)
        .order_by("due_on", "id")
        .select_related("application", "prepared_by"),
        "paid": await paid.select_related("application", "prepared_by", "approved_by"),
        "paging": part,
        "today": calendar.local(request.app.state.clock()).date(),
        "may_prepare": actor.has(OFFICER, FINANCE),
        "may_approve": actor.has(FINANCE),
    }
    return page(request, "grants/payment/payments.html", context)


async def _to_prepare() -> list[dict[str, Any]]:
    """Grants of which a part has not been prepared, the oldest letter first: one query."""
    rows = await Application.filter(
        Q(determination__id__isnull=True) | Q(determination__cents__gt=0),
        stage__in=[stage.value for stage in PAYABLE],
        decision__cents__gt=0,
    ).values(
        "id", "public_id", "number", "title", "decision__cents", "decision__announced_at",
        "determination__cents", "account__last4", "payments__cents", "round__public_id", "round__title",
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        final = row["determination__cents"]
        granted = row["decision__cents"] if final is None else final
        one = found.setdefault(row["id"], row | {"granted": granted, "left": granted})
        one["left"] -= row["payments__cents"] or 0
    open_ = [one for one in found.values() if one["left"] > 0]
    for one in open_:
        one["due_on"] = calendar.payment_due(calendar.local(one["decision__announced_at"]).date())
    return sorted(open_, key=lambda one: (one["due_on"], one["number"]))


def _to_begin(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The rounds in which more than one first payment can be prepared now, by their address and title."""
    counts = Counter(
        (row["round__public_id"], row["round__title"])
        for row in rows
        if row["account__last4"] and row["left"] == row["granted"]
    )
    return [round_ for round_, count in counts.items() if count > 1]


async def payment_of(request: Request) -> Payment:
    """The payment in the address, with what it is for, or NotFound."""
    found = await Payment.get_or_none(public_id=request.path_params["id"]).select_related(
        "application", "prepared_by", "approved_by"
    )
    if found is None:
        raise NotFound("Deze betaling is er niet.")
    return found


async def show(request: Request) -> Response:
    """One payment, for whoever is to make it."""
    return await _show(request, await payment_of(request), Form())


async def look(request: Request) -> Response:
    """Show the whole account number, once, and write down that it was looked at."""
    payment = await payment_of(request)
    form = await read_form(request)
    iban = ""
    with form.attempt():
        iban = await look_at_account(
            actor_of(request), payment.public_id, request.app.state.field_key, request.app.state.clock()
        )
    return await _show(request, payment, form, iban)


async def pay(request: Request) -> Response:
    """Record that the payment was made, by another than who prepared it."""
    payment = await payment_of(request)
    form = await read_form(request, "paid_on")
    with form.attempt():
        paid_on = form.day("paid_on", Sentence("Op welke dag is dit betaald?"))
        form.check()
        await approve(actor_of(request), payment.public_id, paid_on or date.max, request.app.state.clock())
    if form.problems:
        return await _show(request, await payment_of(request), form)
    return redirect("/gemeente/betalingen")


async def _show(request: Request, payment: Payment, form: Form, iban: str = "") -> Response:
    """`iban` is empty unless it was asked for: it never stands in a page by itself."""
    actor = actor_of(request)
    await looked(actor, payment.application_id, Purpose.PAY, request.app.state.clock())
    account = await PayoutAccount.get(application_id=payment.application_id)
    own = payment.prepared_by_id == actor.person_id
    context = {
        "payment": payment,
        "application": payment.application,
        "holder": account.holder,
        "host": (await Initiative.get(id=payment.application.initiative_id)).host,
        "masked": masked(account.last4),
        "iban": " ".join(iban[place : place + 4] for place in range(0, len(iban), 4)),
        "today": calendar.local(request.app.state.clock()).date(),
        "own": own,
        "may_approve": actor.has(FINANCE) and payment.paid_on is None and not own,
        "may_cancel": actor.has(OFFICER, FINANCE) and payment.paid_on is None,
    }
    return form_page(request, "grants/payment/payment.html", form, context, fields=("paid_on",))


async def take_back(request: Request) -> Response:
    """Take back a payment that was prepared and not made; one that is gone already is taken back."""
    payment = await Payment.get_or_none(public_id=request.path_params["id"]).select_related("application")
    if payment is None:
        return redirect("/gemeente/betalingen")
    await cancel(actor_of(request), payment.public_id, request.app.state.clock())
    return redirect(f"/gemeente/aanvragen/{payment.application.public_id}/geld")


_PATH = "/gemeente/betalingen/{id}"
ROUTES: tuple[PageRoute, ...] = (
    page_route("/gemeente/betalingen", "payment.read", name="payments", get=payments),
    page_route(_PATH, "payment.read", name="payment", get=show, post=pay, post_act="payment.approve"),
    page_route(f"{_PATH}/rekening", "payment.approve", name="payment_account", post=look),
    page_route(f"{_PATH}/intrekken", "payment.prepare", name="payment_cancel", post=take_back),
)
