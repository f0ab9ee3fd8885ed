"""Another name, telephone number or mail address: kept at once, with a receipt; an address only once it is proved."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from grants import notice, sealed
from grants.access import Actor, require
from grants.errors import NotFound, Refusal
from grants.letter import Letter
from grants.limit import NOTICE
from grants.notice import NAME_NEEDED, Kind
from grants.screening import fitting
from grants.steps.hand_in import Message, note, own_key, take_in, write
from grants.steps.sign_in import keep_address, read_address
from grants.store import limits, outbox
from grants.store.consents import agree_to_mail
from grants.store.notices import AddressChange, Notice, address_key
from grants.store.people import Person
from grants.text import clean

VALID = timedelta(days=2)
"""How long the link to a new address works: somebody may read that mail only tomorrow."""

MAX_PHONE = 20
DONE = "Verwerkt"
IN_USE = "Dit adres is al in gebruik om in te loggen. Bel ons. Dan lossen wij het samen op."


async def save_contact(actor: Actor, name: str, phone: str, form_key: str, now: datetime) -> Notice | None:
    """Keep another name and telephone number, at once; None where nothing is new."""
    require(actor, "notice.send")
    name, phone = " ".join(clean(name).split()), " ".join(clean(phone).split())
    if not name:
        raise Refusal(NAME_NEEDED.text, field="name")
    fitting(name, notice.MAX_NAME, "name")
    fitting(phone, MAX_PHONE, "phone")
    async with in_transaction():
        person = await Person.filter(id=actor.person_id).select_for_update().get()
        message = Message(Kind.CONTACT, name, f"{name}\n{phone}".strip())
        known = await Notice.get_or_none(form_key=own_key(person, form_key, message, None))
        if known is not None or (person.name, person.phone) == (name, phone):
            return known
        await limits.count(NOTICE, now, "person", person.id)
        person.name, person.phone = name, phone
        await person.save(update_fields=["name", "phone"])
        return await _done(actor, person, message, form_key, now)


async def _done(
    actor: Actor, person: Person, message: Message, form_key: str, now: datetime, *also: str
) -> Notice:
    """The receipt of a change that holds at once."""
    made = await take_in(person, message, None, form_key, now, answered_at=now, outcome=DONE)
    await write(made, "notice_receipt", now, *also)
    await note(actor, made, "sent", now)
    return made


async def ask_address(actor: Actor, email: str, secret: str, now: datetime) -> AddressChange:
    """Send a link to another mail address of this person. The answer never tells whether it is known here."""
    require(actor, "notice.send")
    address = read_address(email)
    public_id = secrets.token_hex(16)
    async with in_transaction():
        person = await Person.filter(id=actor.person_id).select_for_update().get()
        if person.email == address:
            raise Refusal("Dit is al uw e-mailadres.", field="email")
        asked = AddressChange.filter(person_id=person.id, new_email=address, used_at=None)
        known = await asked.filter(asked_at__gt=now - timedelta(minutes=5)).first()
        if known is not None:
            return known
        await limits.count(NOTICE, now, "person", person.id)
        made = await AddressChange.create(
            public_id=public_id,
            person_id=person.id,
            old_email=person.email or "",
            new_email=address,
            link_hash=sealed.fingerprint(address_key(secret, public_id)),
            asked_at=now,
            expires_at=now + VALID,
        )
        key = f"new_address:{public_id}"
        await outbox.queue(
            [Letter("new_address", key, address, person.language, params={"id": public_id})], now
        )
        return made


async def confirm_address(actor: Actor, token: str, now: datetime) -> None:
    """The new address holds, and both addresses are told. Only for who asked for it, signed in; twice is once."""
    require(actor, "notice.send")
    async with in_transaction():
        change = await pending(actor, token, lock=True)
        person = await Person.filter(id=actor.person_id).select_for_update().get()
        if change.used_at is not None:
            return
        if change.expires_at <= now:
            raise Refusal("Deze link is te oud. Vraag bij “Mijn instellingen” een nieuwe aan.")
        change.used_at, change.old_email, person.email = now, person.email or "", change.new_email
        await keep_address(person, Refusal(IN_USE))
        await change.save(update_fields=["used_at", "old_email"])
        await agree_to_mail(person.id, person.id, now)
        message = Message(Kind.CONTACT, person.name or change.new_email, change.new_email)
        await _done(actor, person, message, f"address:{change.public_id}", now, change.old_email)


async def pending(actor: Actor, token: str, *, lock: bool = False) -> AddressChange:
    """The change of address behind this link, if it is the actor's own."""
    found = AddressChange.filter(link_hash=sealed.fingerprint(token), person_id=actor.person_id)
    change = await (found.select_for_update() if lock else found).first()
    if change is None:
        raise NotFound("Deze link werkt niet. Log in met uw oude adres en vraag een nieuwe link aan.")
    return change
