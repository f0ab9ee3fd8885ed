"""Another account for money that was granted: asked for, checked by one person, taken over by another.

Nobody can lead money away alone: the old contact is told at once, nothing is paid meanwhile, and two people of
the municipality look at it (four eyes).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from grants import sealed
from grants.access import ACTS, Actor, require
from grants.companion import Right
from grants.errors import NotFound, Refusal
from grants.limit import NOTICE
from grants.notice import MAX_NAME, Kind
from grants.payment import check_four_eyes, masked, read_iban
from grants.screening import fitting, require_reason
from grants.steps.answer import check_not_theirs, check_open, close
from grants.steps.hand_in import Message, note, own_key, take_in, write
from grants.steps.pay import granted
from grants.store import limits
from grants.store.applications import lock_own
from grants.store.notices import AccountChange, AddressChange, Notice, lock_notice, open_account_change
from grants.store.payments import PayoutAccount
from grants.store.people import Person
from grants.text import clean

WARNED_FOR = timedelta(days=60)
"""A mail address that was left within this time is still told of a new account: it may have been stolen."""

TAKEN = "Overgenomen"


async def ask_account(
    actor: Actor, public_id: str, holder: str, iban: str, field_key: str, form_key: str, now: datetime
) -> Notice | None:
    """Ask for another account. None where it is the account that we have; twice the same is one request."""
    number, holder = read_iban(iban), " ".join(clean(holder).split())
    if not holder:
        raise Refusal("Vul in op welke naam de rekening staat.", field="holder")
    fitting(holder, MAX_NAME, "holder")
    async with in_transaction():
        person = await Person.filter(id=actor.person_id).select_for_update().get()
        application = await lock_own(actor, public_id, Right.OWN)
        await granted(application)
        message = Message(Kind.PAYOUT, person.name or holder, f"{holder}\n{masked(number[-4:])}")
        known = await Notice.get_or_none(form_key=own_key(person, form_key, message, public_id))
        if known is not None:
            return known
        account = await PayoutAccount.get_or_none(application_id=application.id)
        if account is None:
            raise NotFound("Er is nog geen rekening om te wijzigen.")
        if (account.holder, sealed.unseal(field_key, account.iban_sealed)) == (holder, number):
            return None
        waiting = await open_account_change(application.id)
        if waiting is not None:
            return _same(waiting, holder, number, field_key)
        await limits.count(NOTICE, now, "person", person.id)
        made = await take_in(person, message, application, form_key, now)
        await _ask(actor, made, person, holder, number, field_key, now)
        return made


def _same(waiting: AccountChange, holder: str, number: str, field_key: str) -> Notice:
    """What waits already, if it is what is asked for again."""
    if (waiting.holder, sealed.unseal(field_key, waiting.iban_sealed)) == (holder, number):
        return waiting.notice
    raise Refusal(
        "Wij kijken al naar een nieuwe rekening. Trek die eerst in. Daarna kunt u een andere opgeven."
    )


async def _ask(
    actor: Actor, made: Notice, person: Person, holder: str, number: str, field_key: str, now: datetime
) -> None:
    """The account that goes with the message, and everybody told."""
    sealed_iban = sealed.seal(field_key, number)
    await AccountChange.create(notice_id=made.id, holder=holder, iban_sealed=sealed_iban, last4=number[-4:])
    await write(made, "notice_receipt", now, *await _left_addresses(person, now))
    await note(actor, made, "sent", now)


async def _left_addresses(person: Person, now: datetime) -> list[str]:
    """The mail addresses that this person, or somebody in their name, left a short time ago."""
    left = AddressChange.filter(person_id=person.id, used_at__gt=now - WARNED_FOR)
    return [change.old_email for change in await left if change.old_email]


async def check_account(actor: Actor, public_id: str, how: str, now: datetime) -> None:
    """One person wrote down how they made sure that the request is the recipient's own. Twice is once."""
    require(actor, "payment.prepare")
    said = require_reason(clean(how), "how")
    async with in_transaction():
        found = await lock_notice(public_id)
        change = await _change(found)
        await check_not_theirs(actor, found)
        if (change.checked_by_id, change.how_checked) == (actor.person_id, said):
            return
        check_open(found)
        if change.checked_by_id is not None:
            raise Refusal("Een collega keek dit al na: “{how}”.", how=change.how_checked)
        change.checked_by_id, change.checked_at, change.how_checked = actor.person_id, now, said
        await change.save(update_fields=["checked_by_id", "checked_at", "how_checked"])
        await note(actor, found, "checked", now, actor.role_for(ACTS["payment.prepare"]))


async def take_over(actor: Actor, public_id: str, now: datetime) -> None:
    """Another person lets the new account hold from now on, and the recipient is told. Twice is once."""
    require(actor, "payment.approve")
    async with in_transaction():
        found = await lock_notice(public_id)
        change = await _change(found)
        await check_not_theirs(actor, found)
        if change.taken_by_id is not None:
            return
        check_open(found)
        if change.checked_by_id is None:
            raise Refusal("Eerst kijkt een collega de rekening na. Daarna kunt u hem overnemen.")
        check_four_eyes(change.checked_by_id, actor.person_id)
        await PayoutAccount.filter(application_id=found.application_id).update(
            holder=change.holder, iban_sealed=change.iban_sealed, last4=change.last4, changed_at=now
        )
        change.taken_by_id, change.taken_at = actor.person_id, now
        await change.save(update_fields=["taken_by_id", "taken_at"])
        await close(found, actor, TAKEN, now)


async def look_at_new_account(actor: Actor, public_id: str, field_key: str, now: datetime) -> str:
    """The whole number that was asked for, for who is to take it over; the journal keeps who looked."""
    require(actor, "payment.approve")
    async with in_transaction():
        found = await lock_notice(public_id)
        change = await _change(found)
        await check_not_theirs(actor, found)
        check_open(found)
        await note(actor, found, "seen", now, actor.role_for(ACTS["payment.approve"]))
        return sealed.unseal(field_key, change.iban_sealed)


async def _change(found: Notice) -> AccountChange:
    change = await AccountChange.get_or_none(notice_id=found.id)
    if change is None:
        raise NotFound("Bij dit bericht hoort geen rekening.")
    return change
