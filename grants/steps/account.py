"""Looking back: the recipient tells how it went, the municipality determines the amount, the rest goes back.

Law: Awb 4:42-4:47 (determination), 4:57 (what was paid too much is asked back).
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.companion import Right
from grants.errors import Refusal, Stale
from grants.ledger import Kind as Line
from grants.payment import check_spent
from grants.screening import fitting, require_reason
from grants.steps.close_year import carry_on
from grants.steps.pay import granted
from grants.steps.submit import write_applicant
from grants.store import journal, ledger
from grants.store.applications import Application, check_stranger, lock_application, lock_own, move
from grants.store.ledger import Basis, LedgerEntry, Pot
from grants.store.payments import Determination, Payment, Report

MAX_REPORT = 10_000


async def report(actor: Actor, public_id: str, text: str, spent_cents: int, now: datetime) -> Report:
    """Take in how it went, in the recipient's own words. Sending it twice gives the one that is there.

    Refused where the grant was determined at once: then no report is asked.
    """
    if not text.strip():
        raise Refusal("Schrijf in een paar zinnen hoe het ging. Gewone woorden zijn genoeg.", field="text")
    if len(text) > MAX_REPORT:
        raise Refusal("Uw tekst is te lang. Gebruik hoogstens {max} tekens.", field="text", max=MAX_REPORT)
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        known = await Report.get_or_none(application_id=application.id)
        if known is not None and (known.text, known.spent_cents) != (text.strip(), spent_cents):
            raise Stale("U heeft al verteld hoe het ging. Wilt u iets veranderen? Bel ons dan.")
        if known is not None:
            return known
        decision = await granted(application)
        if await Determination.exists(application_id=application.id):
            raise Refusal("U hoeft geen verslag te sturen. Het bedrag dat u kreeg, staat al vast.")
        check_spent(spent_cents, decision.cents)
        made = await Report.create(
            application_id=application.id, text=text.strip(), spent_cents=spent_cents, at=now
        )
        moved = await move(application, Stage.ACCOUNTED, actor, now, role=application.part)
        await write_applicant(moved.letter, application, now)
        return made


async def determine(actor: Actor, public_id: str, cents: int, reason: str, now: datetime) -> Determination:
    """Fix the final amount. What was granted and is not used goes back to the pot, and on to the next year's
    pot when the year has been closed. What was paid too much stays owed until it comes back.
    """
    require(actor, "determination.make")
    async with in_transaction():
        pot = await _lock_pot_of(public_id)
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        if application.at is not Stage.ACCOUNTED:
            raise Refusal("Vaststellen kan pas als de aanvrager heeft verteld hoe het ging.")
        decision = await granted(application)
        if check_spent(cents, decision.cents):
            reason = require_reason(reason)
        await _drop_open_payments(application, cents)
        released = min(decision.cents - cents, decision.cents - await _paid(application))
        if released:
            await _release(pot, application, released, actor, now)
        made = await Determination.create(
            application_id=application.id,
            cents=cents,
            released_cents=released,
            reason=reason.strip(),
            by_id=actor.person_id,
            at=now,
        )
        moved = await move(
            application,
            Stage.DETERMINED,
            actor,
            now,
            role="officer",
            ground=reason,
            cents=cents,
            released=released,
        )
        await write_applicant(moved.letter, application, now)
        return made


async def recover(actor: Actor, public_id: str, cents: int, reference: str, now: datetime) -> None:
    """Record that money paid too much has come back; `reference` is the bank's, and is booked once."""
    require(actor, "payment.approve")
    if not reference.strip():
        raise Refusal("Vul het kenmerk van de bank in.", field="reference")
    fitting(reference.strip(), 60, "reference")
    async with in_transaction():
        pot = await _lock_pot_of(public_id)
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        key = f"recover:{public_id}:{reference.strip()}"
        known = await LedgerEntry.get_or_none(key=key)
        if known is not None and known.cents == cents:
            return
        fixed = await Determination.get_or_none(application_id=application.id)
        too_much = (
            await _paid(application) - fixed.cents - await ledger.cents_of(application.id, Line.RECOVER)
            if fixed
            else 0
        )
        if not 0 < cents <= too_much:
            raise Refusal(
                "Er moet nog {open:euro} terugkomen. Vul dat bedrag in, of minder.",
                field="cents",
                open=max(too_much, 0),
            )
        if known is not None:
            raise Refusal(
                "Onder dit kenmerk is al een ander bedrag geboekt. Kijk het kenmerk na.", field="reference"
            )
        await ledger.post(pot, Line.RECOVER, cents, key, _basis(application, actor, now))
        await carry_on(pot, cents, key, actor, now)
        await journal.note(
            actor, "payment.recovered", now, role=actor.role_for(ACTS["payment.approve"]),
            round_id=application.round_id, application_id=application.id, cents=cents,
        )  # fmt: skip


async def _lock_pot_of(public_id: str) -> Pot:
    found = await Application.get_or_none(public_id=public_id).select_related("round")
    if found is None:
        raise Refusal("Deze aanvraag is er niet.")
    return await ledger.lock_pot(found.round.fund_id, found.round.year)


async def _release(pot: Pot, application: Application, cents: int, actor: Actor, now: datetime) -> None:
    key = f"release:{application.public_id}"
    await ledger.post(pot, Line.RELEASE, cents, key, _basis(application, actor, now))
    await carry_on(pot, cents, key, actor, now)


def _basis(application: Application, actor: Actor, now: datetime) -> Basis:
    return Basis(
        "account", f"vaststelling {application.number}", actor, now, application.round_id, application.id
    )


async def _drop_open_payments(application: Application, cents: int) -> None:
    """A prepared payment that would pass the final amount is not made any more."""
    total = await _paid(application)
    for payment in await Payment.filter(application_id=application.id, paid_on=None).order_by("instalment"):
        total += payment.cents
        if total > cents:
            await payment.delete()


async def _paid(application: Application) -> int:
    rows = await Payment.filter(application_id=application.id, paid_on__isnull=False).values("cents")
    return sum(row["cents"] for row in rows)
