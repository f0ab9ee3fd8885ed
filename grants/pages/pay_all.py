"""Paying many at once: every first payment of a round prepared by one person, several approved by another.

Law: Awb 4:87 (within six weeks), 4:52-4:55 (payment in parts).
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants import round as rules_of
from grants.access import FINANCE, OFFICER, Actor
from grants.application import check_not_own
from grants.errors import Refusal, Sentence
from grants.pages.bulk import Row, do_each, done, posted, refused, shown
from grants.pages.rounds import round_of
from grants.payment import NO_ACCOUNT, check_four_eyes, masked, next_part
from grants.steps.pay import PAYABLE, approve, prepare
from grants.store.applications import Application
from grants.store.companions import who_wrote_along
from grants.store.funds import Round
from grants.store.payments import Payment
from grants.web.forms import Form
from grants.web.guard import PageRoute, page_route
from grants.web.session import actor_of

TO_ACCOUNT = Sentence("naar {account} van {holder}")
PREPARED = Sentence("termijn {instalment}, {to}. Klaargezet door {name}")


async def preview_prepare(request: Request) -> Response:
    """The first payment of every grant of the round that has none yet."""
    return await _show_prepare(request, await round_of(request), Form())


async def prepare_all(request: Request) -> Response:
    """Prepare each payment that was shown, for the amount that was shown."""
    round_ = await round_of(request)
    form = await posted(request)
    actor, now = actor_of(request), request.app.state.clock()

    async def one(key: str) -> None:
        public_id, _, cents = key.partition(".")
        if not (cents.isascii() and cents.isdigit() and len(cents) < 12):
            raise Refusal("Deze betaling klopt niet. Ververs de pagina.")
        await prepare(actor, public_id, int(cents), now, instalment=1)

    await do_each(form, await _unprepared(round_, actor), one)
    return await _show_prepare(request, round_, form) if form.problems else done(request.url.path)


async def _show_prepare(request: Request, round_: Round, form: Form) -> Response:
    actor = actor_of(request)
    context = {"round": round_, "may": actor.has(OFFICER, FINANCE)}
    rows = await _unprepared(round_, actor)
    return shown(request, "grants/payment/prepare_all.html", form, rows, context)


async def _unprepared(round_: Round, actor: Actor) -> list[Row]:
    """The grants of a round without any payment, by number, each with its first part: two queries."""
    found = await Application.filter(
        round_id=round_.id, stage__in=[stage.value for stage in PAYABLE], decision__cents__gt=0,
        payments__id__isnull=True,
    ).order_by("number").values(
        "id", "public_id", "number", "title", "person_id", "decision__cents", "determination__cents",
        "account__holder", "account__last4",
    )  # fmt: skip
    along = await who_wrote_along([row["id"] for row in found])
    rows = []
    for row in found:
        granted, final = row["decision__cents"], row["determination__cents"]
        parts = rules_of.regime_for(round_.frozen, granted).instalments
        cents = next_part(granted, parts, 1, granted if final is None else final)
        account = _account(row["account__last4"], row["account__holder"])
        why = refused(check_not_own, actor.person_id, {row["person_id"]} | along[row["id"]])
        if cents:
            key, path = f"{row['public_id']}.{cents}", f"/gemeente/aanvragen/{row['public_id']}/geld"
            why = why or (None if account else NO_ACCOUNT)
            rows.append(Row(key, row["number"], row["title"], path, cents, account or NO_ACCOUNT, why))
    return rows


def _account(last4: str | None, holder: str) -> Sentence | None:
    return Sentence(TO_ACCOUNT.text, {"account": masked(last4), "holder": holder}) if last4 else None


async def preview_approve(request: Request) -> Response:
    """Every payment that waits for a second pair of eyes."""
    return await _show_approve(request, Form())


async def approve_all(request: Request) -> Response:
    """Record that each payment that was shown was made on the day that was filled in."""
    form = await posted(request, "paid_on")
    actor, now = actor_of(request), request.app.state.clock()
    paid_on = form.day("paid_on", Sentence("Op welke dag is dit betaald?"))
    if paid_on is not None:
        one = partial(approve, actor, paid_on=paid_on, now=now)
        await do_each(form, await _waiting(actor), one, fields=("paid_on",))
    return await _show_approve(request, form) if form.problems else done(request.url.path)


async def _show_approve(request: Request, form: Form) -> Response:
    actor = actor_of(request)
    context = {
        "may": actor.has(FINANCE),
        "today": calendar.local(request.app.state.clock()).date(),
    }
    return shown(request, "grants/payment/approve_all.html", form, await _waiting(actor), context)


async def _waiting(actor: Actor) -> list[Row]:
    """What was prepared and not made, what lapses first on top: two queries."""
    found = await Payment.filter(paid_on=None).order_by("due_on", "id").values(
        "public_id", "instalment", "cents", "prepared_by_id", "prepared_by__name", "application_id",
        "application__number",
        "application__title", "application__person_id", "application__account__holder",
        "application__account__last4",
    )  # fmt: skip
    along = await who_wrote_along([row["application_id"] for row in found])
    rows = []
    for row in found:
        involved = {row["application__person_id"]} | along[row["application_id"]]
        to = _account(row["application__account__last4"], row["application__account__holder"]) or NO_ACCOUNT
        values = {"instalment": row["instalment"], "to": to, "name": row["prepared_by__name"]}
        rows.append(
            Row(
                row["public_id"], row["application__number"], row["application__title"],
                f"/gemeente/betalingen/{row['public_id']}", row["cents"], Sentence(PREPARED.text, values),
                refused(check_not_own, actor.person_id, involved)
                or refused(check_four_eyes, row["prepared_by_id"], actor.person_id),
            )
        )  # fmt: skip
    return rows


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        "/gemeente/rondes/{id}/uitbetalen", "payment.read", name="prepare_all",
        get=preview_prepare, post=prepare_all, post_act="payment.prepare",
    ),
    page_route(
        "/gemeente/betalingen/goedkeuren", "payment.read", name="approve_all",
        get=preview_approve, post=approve_all, post_act="payment.approve",
    ),
)  # fmt: skip
