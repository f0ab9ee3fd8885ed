"""How somebody hears from us: consent per kind of message, given and taken back, and where paper goes.

Law: Awb 2:8 and further (Wmebv): mail only to who agreed, per kind of message; whoever agrees can always go back.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from tortoise.transactions import in_transaction

from grants import sealed
from grants.access import ACTS, APPLICANT, Actor, require
from grants.entry import check_address
from grants.errors import Invalid, NotFound, Refusal
from grants.letter import HELPER, MAIL, MESSAGES, POST, Letter
from grants.steps.sign_in import read_address
from grants.store import journal, outbox
from grants.store.consents import Consent
from grants.store.people import Person
from grants.text import clean

CHANNELS = (MAIL, HELPER, POST)


async def choose(
    actor: Actor, person_id: str, wanted: Mapping[str, frozenset[str]], helper: str, now: datetime
) -> None:
    """From now on each kind of message goes by these channels; by none of them means on paper.

    A person chooses for themselves, an officer writes down what somebody asked. What does not change keeps its
    date; doing it twice changes nothing.
    """
    async with in_transaction():
        person = await _lock(actor, person_id)
        helper = _checked(person, wanted, helper)
        live = await Consent.filter(person_id=person.id, revoked_at=None)
        standing = {(one.message, one.channel, one.email): one for one in live}
        asked = {
            (message, channel, helper if channel == HELPER else None)
            for message in MESSAGES
            for channel in wanted.get(message, ())
        }
        gone = [row.id for key, row in standing.items() if key not in asked]
        new = sorted(asked - set(standing), key=str)
        if not gone and not new:
            return
        await Consent.filter(id__in=gone).update(revoked_at=now)
        for message, channel, email in new:
            await Consent.create(
                person_id=person.id, message=message, channel=channel, email=email, given_at=now,
                by_id=actor.person_id,
            )  # fmt: skip
        chosen = {message: sorted(wanted.get(message, ())) for message in MESSAGES}
        await journal.note(
            actor, "consent.changed", now, role=_role(actor, person), person=person.public_id, chosen=chosen
        )
        await tell(actor, person, "channels", now)


async def keep_address(actor: Actor, person_id: str, address: str, field_key: str, now: datetime) -> None:
    """Where letters on paper go; sealed, as it tells where somebody lives. An empty one is forgotten."""
    address = clean(address)
    if problems := check_address(address):
        raise Invalid(problems)
    async with in_transaction():
        person = await _lock(actor, person_id)
        if address == address_of(person, field_key):
            return
        before = person.address_sealed
        person.address_sealed = sealed.seal(field_key, address) if address else ""
        await person.save(update_fields=["address_sealed"])
        await journal.note(actor, "address.changed", now, role=_role(actor, person), person=person.public_id)
        await tell(actor, person, "address", now, before=before)


async def tell(actor: Actor, person: Person, what: str, now: datetime, *, before: str = "") -> None:
    """Tell a person, in the caller's transaction, what changed in how we reach them or what lets them in.

    It goes to their own mail address whatever they chose, and else on paper, to the sealed address `before`
    where there was one: so nobody is led away from their letters without hearing of it.
    """
    params = {"what": what, "themselves": actor.person_id == person.id, "before": before}
    key = f"contact_changed:{secrets.token_hex(16)}"
    letter = Letter("contact_changed", key, person.email, person.language, person.id, params=params)
    await outbox.queue([letter], now)


def address_of(person: Person, field_key: str) -> str:
    """The postal address; empty when we have none."""
    return sealed.unseal(field_key, person.address_sealed) if person.address_sealed else ""


async def _lock(actor: Actor, person_id: str) -> Person:
    """The person, locked: oneself, or anybody for an officer."""
    person = await Person.filter(public_id=person_id).select_for_update().first()
    if person is None or (person.id != actor.person_id and not actor.has(*ACTS["person.write"].roles)):
        raise NotFound("Deze persoon is er niet.")
    if person.id != actor.person_id:
        require(actor, "person.write")
    return person


def _role(actor: Actor, person: Person) -> str:
    return APPLICANT if person.id == actor.person_id else actor.role_for(ACTS["person.write"])


def _checked(person: Person, wanted: Mapping[str, frozenset[str]], helper: str) -> str:
    """The helper's address, if one is needed; a refusal where a channel cannot work."""
    channels = frozenset().union(*wanted.values()) if wanted else frozenset()
    if not channels <= set(CHANNELS):
        raise Refusal("Kies hoe wij u mogen schrijven.")
    if MAIL in channels and person.email is None:
        raise Refusal("Wij hebben geen e-mailadres van u. Kies post, of het adres van een helper.")
    if HELPER not in channels:
        return ""
    if not helper.strip():
        raise Refusal("Vul het e-mailadres van de helper in.", field="helper")
    try:
        return read_address(helper)
    except Refusal as refusal:
        raise Refusal(refusal.said.text, field="helper") from None
