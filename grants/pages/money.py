"""The money of one application: account, instalments, report, the final amount, and what must come back.

Law: Awb 4:42-4:47 (determination), 4:52-4:57 (payment in parts, asking back).
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants import round as rules_of
from grants.access import FINANCE, OFFICER
from grants.application import Stage
from grants.decision import Kind
from grants.errors import NotFound, Problem, Sentence
from grants.fund import Regime
from grants.ledger import Kind as Line
from grants.look import Purpose
from grants.money import show as show_money
from grants.pages.dossier import application_of
from grants.pages.layout import form_page
from grants.pages.rules import MODES
from grants.pages.words import STAGES
from grants.payment import check_spent, masked, next_part
from grants.screening import require_reason
from grants.steps.account import determine, recover
from grants.steps.pay import PAYABLE, prepare
from grants.store import ledger
from grants.store.applications import Application
from grants.store.decisions import Decision
from grants.store.payments import Determination, Payment, PayoutAccount, Report
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import redirect
from grants.web.session import actor_of

CONFIRMED = "ja"


class Money(NamedTuple):
    """Everything about the money of one application, in cents."""

    decision: Decision
    regime: Regime
    account: PayoutAccount | None
    payments: list[Payment]
    report: Report | None
    final: Determination | None
    recovered: int

    @property
    def paid(self) -> int:
        return sum(payment.cents for payment in self.payments if payment.paid_on)

    @property
    def left(self) -> int:
        """What may still be prepared."""
        most: int = self.final.cents if self.final else self.decision.cents
        prepared: int = sum(payment.cents for payment in self.payments)
        return max(most - prepared, 0)

    @property
    def following(self) -> int:
        """The number of the next instalment."""
        return max((payment.instalment for payment in self.payments), default=0) + 1

    @property
    def suggested(self) -> int:
        """What the rules of the round would pay next."""
        return next_part(self.decision.cents, self.regime.instalments, self.following, self.left)

    @property
    def too_much(self) -> int:
        """What was paid over the final amount and has not come back."""
        return max(self.paid - self.final.cents - self.recovered, 0) if self.final else 0

    def effect(self, cents: int) -> dict[str, int]:
        """What determining at `cents` does: back to the pot at once, still to pay, and to be asked back."""
        return {
            "released": self.decision.cents - max(cents, self.paid),
            "still": max(cents - self.paid, 0),
            "back": max(self.paid - cents, 0),
        }


async def money_of(application: Application) -> Money:
    """The money of an application whose decision gives any and has been sent, or NotFound."""
    decision = await Decision.get_or_none(application_id=application.id)
    if decision is None or not Kind(decision.kind).gives_money or application.at not in PAYABLE:
        raise NotFound("Bij deze aanvraag is er nu geen geld om uit te betalen.")
    payments = Payment.filter(application_id=application.id).order_by("instalment")
    return Money(
        decision,
        rules_of.regime_for(application.round.frozen, decision.cents),
        await PayoutAccount.get_or_none(application_id=application.id),
        await payments.select_related("prepared_by", "approved_by"),
        await Report.get_or_none(application_id=application.id),
        await Determination.get_or_none(application_id=application.id).select_related("by"),
        await ledger.cents_of(application.id, Line.RECOVER),
    )


async def show(request: Request) -> Response:
    """How the money of an application stands, with the next thing to do ready."""
    application = await application_of(request, Purpose.PAY)
    money = await money_of(application)
    form = Form.of(cents=show_money(money.suggested, sign="") if money.suggested else "")
    return _show(request, application, money, form)


async def prepare_next(request: Request) -> Response:
    """Prepare the next instalment; the same form sent twice prepares one."""
    application = await application_of(request, Purpose.PAY)
    form = await read_form(request, "cents", "instalment")
    with form.attempt():
        cents = form.amount("cents", Sentence("Bedrag"))
        instalment = form.number("instalment", Sentence("Termijn"))
        form.check()
        now = request.app.state.clock()
        await prepare(actor_of(request), application.public_id, cents or 0, now, instalment=instalment)
    if form.problems:
        return _show(request, application, await money_of(application), form)
    return redirect(_path(application))


async def take_in(request: Request) -> Response:
    """Record that money came back; one reference of the bank is booked once."""
    application = await application_of(request, Purpose.PAY)
    form = await read_form(request, "back", "reference")
    with form.attempt():
        cents = form.amount("back", Sentence("Teruggekomen bedrag"))
        form.check()
        now = request.app.state.clock()
        await recover(actor_of(request), application.public_id, cents or 0, form.text("reference"), now)
    form.problems = [
        Problem("back" if one.field == "cents" else one.field, one.said) for one in form.problems
    ]
    if form.problems:
        return _show(request, application, await money_of(application), form)
    return redirect(_path(application))


def _show(request: Request, application: Application, money: Money, form: Form) -> Response:
    actor = actor_of(request)
    context = {
        "application": application,
        "mark": STAGES[application.at],
        "money": money,
        "host": application.initiative.host,
        "mode": MODES[money.regime.mode],
        "masked": masked(money.account.last4) if money.account else "",
        "due_on": calendar.payment_due(calendar.local(money.decision.announced_at).date())
        if money.decision.announced_at
        else None,
        "today": calendar.local(request.app.state.clock()).date(),
        "may_prepare": actor.has(OFFICER, FINANCE) and bool(money.account) and money.left > 0,
        "may_determine": actor.has(OFFICER) and application.at is Stage.ACCOUNTED,
        "may_recover": actor.has(FINANCE) and money.too_much > 0,
        "base": _path(application),
    }
    return form_page(request, "grants/payment/money.html", form, context)


async def determine_form(request: Request) -> Response:
    """The final amount to fill in; it starts with what the recipient says was spent."""
    application = await application_of(request, Purpose.PAY)
    money = await money_of(application)
    form = Form.of(cents=show_money(money.report.spent_cents, sign="")) if money.report else Form()
    return _determine_page(request, application, money, form)


async def fix(request: Request) -> Response:
    """First show what the amount would do; with a yes, fix it. What is fixed already in this way is done."""
    application = await application_of(request, Purpose.PAY)
    form = await read_form(request, "cents", "reason", "confirmed")
    money = await money_of(application)
    cents = form.amount("cents", Sentence("Eindbedrag"))
    reason = form.text("reason")
    if money.final and (money.final.cents, money.final.reason) == (cents, reason):
        return redirect(_path(application))
    with form.attempt():
        form.check()
        _check_amount(cents or 0, reason, money)
        if form.text("confirmed") == CONFIRMED:
            await determine(
                actor_of(request), application.public_id, cents or 0, reason, request.app.state.clock()
            )
            return redirect(_path(application))
    return _determine_page(request, application, money, form, None if form.problems else cents)


def _check_amount(cents: int, reason: str, money: Money) -> None:
    """What the step would refuse as well, said before the preview."""
    if check_spent(cents, money.decision.cents):
        require_reason(reason)


def _determine_page(
    request: Request, application: Application, money: Money, form: Form, cents: int | None = None
) -> Response:
    lack = NOT_ACCOUNTED if money.final is None else ALREADY_FIXED
    context = {
        "application": application,
        "money": money,
        "lack": Sentence("") if application.at is Stage.ACCOUNTED else lack,
        "cents": cents,
        "effect": money.effect(cents) if cents is not None else None,
        "dropped": _dropped(money, cents) if cents is not None else 0,
        "confirmed": CONFIRMED,
    }
    return form_page(request, "grants/payment/determine.html", form, context)


NOT_ACCOUNTED = Sentence("Vaststellen kan als de aanvrager heeft verteld hoe het ging, en maar één keer.")
ALREADY_FIXED = Sentence("Het eindbedrag staat al vast. Vaststellen kan maar één keer.")


def _dropped(money: Money, cents: int) -> int:
    """How many prepared payments would pass the final amount, and so are taken back."""
    total, dropped = money.paid, 0
    for payment in money.payments:
        if payment.paid_on is None:
            total += payment.cents
            dropped += total > cents
    return dropped


def _path(application: Application) -> str:
    return f"/gemeente/aanvragen/{application.public_id}/geld"


_PATH = "/gemeente/aanvragen/{id}/geld"
ROUTES: tuple[PageRoute, ...] = (
    page_route(_PATH, "account.read", name="money", get=show, post=prepare_next, post_act="payment.prepare"),
    page_route(f"{_PATH}/vaststellen", "determination.make", name="determine", get=determine_form, post=fix),
    page_route(f"{_PATH}/terug", "payment.approve", name="recover", post=take_in),
)
