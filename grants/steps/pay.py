"""Paying: the recipient names an account, one person prepares a payment, another records that it was made.

Law: Awb 4:87 (within six weeks of the announcement), 4:52-4:55 (payment in parts).
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from tortoise.transactions import in_transaction

from grants import calendar, sealed
from grants.access import ACTS, APPLICANT, Actor, require
from grants.application import Stage
from grants.companion import Right
from grants.decision import Kind
from grants.errors import NotFound, Refusal, Stale
from grants.ledger import Kind as Line
from grants.letter import Letter
from grants.payment import NO_ACCOUNT, check_four_eyes, read_iban
from grants.screening import fitting
from grants.store import journal, ledger, outbox
from grants.store.applications import Application, check_stranger, lock_application, lock_own
from grants.store.companions import recipients
from grants.store.decisions import Decision
from grants.store.ledger import Basis
from grants.store.notices import open_account_change
from grants.store.payments import Determination, Payment, PayoutAccount

PAYABLE = (Stage.ANNOUNCED, Stage.PUBLISHED, Stage.ACCOUNTED, Stage.DETERMINED)


async def name_account(
    actor: Actor, public_id: str, holder: str, iban: str, field_key: str, now: datetime
) -> None:
    """Keep where the money must go, sealed. Refused once another account is there: see `change_account`."""
    number = read_iban(iban)
    if not holder.strip():
        raise Refusal("Vul in op welke naam de rekening staat.", field="holder")
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.OWN)
        await granted(application)
        known = await PayoutAccount.get_or_none(application_id=application.id)
        if known is not None and sealed.unseal(field_key, known.iban_sealed) == number:
            return
        if known is not None:
            raise Stale("Er is al een rekening. Ververs de pagina. Daarna kunt u een andere opgeven.")
        await PayoutAccount.create(
            application_id=application.id,
            holder=fitting(holder.strip(), 120, "holder"),
            iban_sealed=sealed.seal(field_key, number),
            last4=number[-4:],
            changed_at=now,
        )
        await journal.note(
            actor,
            "account.named",
            now,
            role=APPLICANT,
            round_id=application.round_id,
            application_id=application.id,
        )


async def prepare(
    actor: Actor, public_id: str, cents: int, now: datetime, *, instalment: int | None = None
) -> Payment:
    """Prepare the next instalment. All together never pass what was granted or, later, what was determined.

    `instalment` is the number the form was made for: sending it twice gives the payment that is there, and
    it is refused when somebody else has prepared that instalment otherwise.
    """
    require(actor, "payment.prepare")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        decision = await granted(application)
        if not await PayoutAccount.exists(application_id=application.id):
            raise Refusal(NO_ACCOUNT.text)
        await check_account_stands(application.id)
        earlier = await Payment.filter(application_id=application.id).order_by("instalment")
        following = earlier[-1].instalment + 1 if earlier else 1
        if instalment not in (None, following):
            return _same(earlier, instalment, cents)
        fixed = await Determination.get_or_none(application_id=application.id)
        left = (fixed.cents if fixed else decision.cents) - sum(payment.cents for payment in earlier)
        if not 0 < cents <= left:
            raise Refusal(
                "Er is nog {left:euro} te betalen. Kies een bedrag tot en met {left:euro}.",
                field="cents",
                left=left,
            )
        made = await Payment.create(
            public_id=secrets.token_hex(16),
            application_id=application.id,
            instalment=following,
            cents=cents,
            due_on=calendar.payment_due(
                calendar.local(now if earlier else decision.announced_at or now).date()
            ),
            prepared_by_id=actor.person_id,
            prepared_at=now,
        )
        await journal.note(
            actor, "payment.prepared", now, role=actor.role_for(ACTS["payment.prepare"]),
            round_id=application.round_id, application_id=application.id, instalment=made.instalment, cents=cents,
        )  # fmt: skip
        return made


def _same(earlier: list[Payment], instalment: int | None, cents: int) -> Payment:
    """The payment that a form sent twice has made already, or a refusal."""
    for payment in earlier:
        if (payment.instalment, payment.cents) == (instalment, cents):
            return payment
    raise Stale("Een collega heeft intussen ook een betaling klaargezet. Kijk wat er nog te betalen is.")


async def look_at_account(actor: Actor, payment_id: str, field_key: str, now: datetime) -> str:
    """The whole account number behind a payment that waits, for who is to pay it; the journal keeps who looked."""
    require(actor, "payment.approve")
    async with in_transaction():
        payment = await Payment.get_or_none(public_id=payment_id).select_related("application")
        if payment is None:
            raise NotFound("Deze betaling is er niet.")
        if payment.paid_on is not None:
            raise Refusal("Deze betaling is al gedaan. Het hele nummer is dan niet meer nodig.")
        account = await PayoutAccount.get(application_id=payment.application_id)
        await journal.note(
            actor, "account.seen", now, role=actor.role_for(ACTS["payment.approve"]),
            round_id=payment.application.round_id, application_id=payment.application_id,
            instalment=payment.instalment,
        )  # fmt: skip
        return sealed.unseal(field_key, account.iban_sealed)


async def approve(actor: Actor, payment_id: str, paid_on: date, now: datetime) -> Payment:
    """Record that a prepared payment was made, by somebody else than who prepared it. Twice changes nothing."""
    require(actor, "payment.approve")
    if not date(2000, 1, 1) <= paid_on <= calendar.local(now).date():
        raise Refusal("De dag van betaling kan niet in de toekomst liggen.", field="paid_on")
    async with in_transaction():
        found = await Payment.get_or_none(public_id=payment_id).select_related("application__round")
        if found is None:
            raise NotFound("Deze betaling is er niet.")
        await check_stranger(actor, found.application)
        round_ = found.application.round
        pot = await ledger.lock_pot(round_.fund_id, round_.year)
        payment = await Payment.filter(id=found.id).select_for_update().get()
        if payment.paid_on is not None:
            return payment
        check_four_eyes(payment.prepared_by_id, actor.person_id)
        await check_account_stands(found.application_id)
        basis = Basis(
            "pay", f"besluit {found.application.number}", actor, now, round_.id, found.application_id
        )
        await ledger.post(pot, Line.PAY, payment.cents, f"pay:{payment.public_id}", basis)
        payment.approved_by_id, payment.paid_on = actor.person_id, paid_on
        await payment.save(update_fields=["approved_by_id", "paid_on"])
        await _tell(found.application, payment, now)
        await journal.note(
            actor, "payment.made", now, role=actor.role_for(ACTS["payment.approve"]), round_id=round_.id,
            application_id=found.application_id, instalment=payment.instalment, cents=payment.cents,
        )  # fmt: skip
        return payment


async def cancel(actor: Actor, payment_id: str, now: datetime) -> None:
    """Take back a payment that was prepared and not made."""
    require(actor, "payment.prepare")
    async with in_transaction():
        payment = await Payment.filter(public_id=payment_id).select_for_update().first()
        if payment is None:
            raise NotFound("Deze betaling is er niet.")
        if payment.paid_on is not None:
            raise Refusal("Deze betaling is al gedaan. Die kan niet meer worden ingetrokken.")
        await payment.delete()
        await journal.note(
            actor, "payment.cancelled", now, role=actor.role_for(ACTS["payment.prepare"]),
            application_id=payment.application_id, instalment=payment.instalment, cents=payment.cents,
        )  # fmt: skip


async def check_account_stands(application_id: int) -> None:
    """Refuse to pay while the recipient asks for another account."""
    if await open_account_change(application_id) is not None:
        raise Refusal("Er is een nieuwe rekening opgegeven. Kijk die eerst na bij “Ingekomen”.")


async def granted(application: Application) -> Decision:
    """The announced decision that gives this application money, or a refusal."""
    decision = await Decision.get_or_none(application_id=application.id)
    if decision is None or not Kind(decision.kind).gives_money or application.at not in PAYABLE:
        raise Refusal("Voor deze aanvraag is er nu geen geld om uit te betalen.")
    return decision


async def _tell(application: Application, payment: Payment, now: datetime) -> None:
    key, params = f"payment:{payment.public_id}", {"payment": payment.public_id}
    letters = [
        Letter("payment", key, person.email, person.language, person.id, application.id, params)
        for person in await recipients(application)
    ]
    await outbox.queue(letters, now)
