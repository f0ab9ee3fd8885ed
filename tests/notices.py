"""Official messages to test with: each kind, in every way in which it can come and end."""

from __future__ import annotations

from datetime import datetime, timedelta

from grants.access import Actor
from grants.notice import Kind, Longer
from grants.steps.answer import answer, take_back, take_longer
from grants.steps.change_account import ask_account, check_account, take_over
from grants.steps.change_contact import ask_address, confirm_address
from grants.steps.hand_in import Message, hand_in
from grants.store.applications import Application
from grants.store.notices import address_key
from tests.factories import DECIDING, REVIEW, person

LATER = DECIDING + timedelta(days=60)


async def every_notice(
    applicant: Actor, officer: Actor, plan: Application, waiting: Application, secret: str
) -> None:
    """Official messages of each kind: in time, late and early; answered, put off, taken back; a new account."""

    async def send(kind: Kind, key: str, at: datetime, about: Application | None, reason: str = "") -> str:
        message = Message(kind, applicant.name, "Dit klopt niet.", late_reason=reason)
        made = await hand_in(applicant, message, key, at, about.public_id if about else None)
        return made.public_id

    await send(Kind.DEFAULT, "e", REVIEW, waiting)
    objection = await send(Kind.OBJECTION, "a", LATER, plan)
    await take_longer(officer, objection, Longer.ADVISERS, "Zij zijn er volgende maand.", LATER)
    await answer(officer, objection, "U krijgt gelijk.", LATER)
    await send(Kind.OBJECTION, "d", LATER, waiting)
    await take_back(applicant, await send(Kind.COMPLAINT, "g", LATER, None), LATER)
    await answer(officer, await send(Kind.COMPLAINT, "h", LATER, None), "Dat spijt ons.", LATER)
    await _new_account(applicant, officer, plan, secret)
    change = await ask_address(applicant, "nieuw@voorbeeld.example", secret, LATER)
    await confirm_address(applicant, address_key(secret, change.public_id), LATER)
    long_after = LATER + timedelta(weeks=30)
    await send(Kind.OBJECTION, "b", long_after, plan)
    await send(Kind.OBJECTION, "c", long_after, plan, "Ik was ziek.")
    await answer(officer, await send(Kind.DEFAULT, "f", long_after, waiting), "Het is klaar.", long_after)


async def _new_account(applicant: Actor, officer: Actor, plan: Application, secret: str) -> None:
    """One that is not taken over, and one that is."""
    finance = await person("Gerda Geld", "finance")
    given = (applicant, plan.public_id, "Nieuw", "NL02ABNA0123456789", secret)
    refused = await ask_account(*given, "i", LATER)
    assert refused is not None
    await answer(officer, refused.public_id, "U vroeg dit niet zelf.", LATER)
    taken = await ask_account(*given, "j", LATER)
    assert taken is not None
    await check_account(officer, taken.public_id, "Gebeld.", LATER)
    await take_over(finance, taken.public_id, LATER)
