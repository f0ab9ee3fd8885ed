"""Writing along: the applicant invites somebody by mail, who accepts, leaves, or is thanked.

The mailbox is the proof: only who signs in with the invited address can accept. Law: Awb 2:1 (help, and being
represented), 2:4 (who handled or judged an application cannot come to write along on it).
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from tortoise.transactions import in_transaction

from grants import sealed
from grants.access import APPLICANT, Actor
from grants.application import Stage
from grants.companion import MAX_COMPANIONS, VALID, Part, Right, check_invitation
from grants.errors import Invalid, NotFound, Refusal, Sentence
from grants.letter import Letter
from grants.limit import INVITE, INVITED, INVITED_BY_ALL
from grants.steps.sign_in import read_address
from grants.store import journal, limits, outbox
from grants.store.applications import NOT_THERE, Application, lock_application, lock_own
from grants.store.companions import Companion, invitation_key, live
from grants.store.people import Person
from grants.text import clean

NO_LONGER = Sentence("Deze uitnodiging werkt niet meer. Vraag de aanvrager om een nieuwe.")
OTHER_ADDRESS = Sentence(
    "Deze uitnodiging is voor een ander e-mailadres. Log uit. Open de link uit de mail daarna opnieuw."
)


class Invitation(NamedTuple):
    """Whom an applicant asks to write along, as what, and in whose name the mail comes."""

    email: str
    name: str
    from_name: str
    role: str
    authorised: bool


async def invite(
    actor: Actor, public_id: str, asked: Invitation, secret: str, now: datetime, *, language: str = "nl"
) -> Companion:
    """Ask somebody by mail to write along. Sending the same twice gives the invitation that is there."""
    asked = _read(asked)
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.OWN)
        if application.at is Stage.WITHDRAWN:
            raise Refusal("Deze aanvraag is ingetrokken. U kunt niemand meer uitnodigen.")
        if (await Person.get(id=application.person_id)).email == asked.email:
            raise Refusal("Dit is uw eigen adres. Vul het adres van de ander in.", field="email")
        known = await _known(application, asked, now)
        if known is not None:
            return known
        await _count(actor, asked.email, now)
        made = await _make(application, asked, secret, now)
        letter = Letter(
            "invitation", f"invitation:{made.public_id}", asked.email, language,
            application_id=application.id, params={"id": made.public_id},
        )  # fmt: skip
        await outbox.queue([letter], now)
        await _note(actor, "companion.invited", application, made, now)
        return made


async def _count(actor: Actor, email: str, now: datetime) -> None:
    """One invitation more: from this person, from them to this address, and to this address from anybody."""
    sender = actor.person_id or 0
    await limits.count(INVITE, now, "person", sender)
    await limits.count(INVITED, now, "person", sender, "address", email)
    await limits.count(INVITED_BY_ALL, now, "address", email)


def _read(asked: Invitation) -> Invitation:
    """What was typed, cleaned, or everything that is wrong with it."""
    name, from_name = (" ".join(clean(text).split()) for text in (asked.name, asked.from_name))
    problems = check_invitation(asked.role, name, from_name, authorised=asked.authorised)
    try:
        email = read_address(asked.email)
    except Refusal as refusal:
        raise Invalid(refusal.problems + problems) from None
    if problems:
        raise Invalid(problems)
    return asked._replace(email=email, name=name, from_name=from_name)


async def _known(application: Application, asked: Invitation, now: datetime) -> Companion | None:
    """The same invitation, where it is there already. One that nobody accepted in time makes room."""
    here = await live(application.id)
    for row in here:
        if row.accepted_at is None and not row.waiting(now):
            await Companion.filter(id=row.id).update(ended_at=now)
    here = [row for row in here if row.accepted_at is not None or row.waiting(now)]
    known = next((row for row in here if row.email == asked.email), None)
    if known is not None and (known.role, known.name) != (asked.role, asked.name):
        raise Refusal(
            "U vroeg deze persoon al. Haal de naam eerst weg als u iets wilt veranderen.", field="email"
        )
    if known is None and len(here) >= MAX_COMPANIONS:
        raise Refusal("Er doen al {max} mensen mee. Haal eerst iemand weg.", max=MAX_COMPANIONS)
    return known


async def _make(application: Application, asked: Invitation, secret: str, now: datetime) -> Companion:
    public_id = secrets.token_hex(16)
    return await Companion.create(
        public_id=public_id,
        application_id=application.id,
        role=asked.role,
        email=asked.email,
        name=asked.name,
        from_name=asked.from_name,
        key_hash=sealed.fingerprint(invitation_key(secret, public_id)),
        invited_at=now,
        expires_at=now + VALID,
        authorised_at=now if asked.role == Part.REPRESENTATIVE else None,
    )


async def invitation(token: str, now: datetime) -> Companion:
    """The invitation behind the link of a mail, with application and round. Refused when it is over."""
    found = await Companion.get_or_none(key_hash=sealed.fingerprint(token)).select_related(
        "application__round__fund"
    )
    if found is None or found.ended_at is not None or (found.accepted_at is None and not found.waiting(now)):
        raise NotFound(NO_LONGER.text)
    return found


async def accept(actor: Actor, token: str, now: datetime) -> Application:
    """Begin to write along. Doing it twice changes nothing; somebody else than the invited person is refused."""
    async with in_transaction():
        asked = await invitation(token, now)
        application = await lock_application(asked.application.public_id)
        found = await Companion.filter(id=asked.id).select_for_update().get()
        if found.person_id is not None and found.person_id == actor.person_id and found.ended_at is None:
            return application
        if not found.waiting(now):
            raise NotFound(NO_LONGER.text)
        await _check_may_join(actor, application, found)
        await Companion.filter(id=found.id).update(person_id=actor.person_id, accepted_at=now)
        await _note(actor, "companion.accepted", application, found, now)
        return application


async def _check_may_join(actor: Actor, application: Application, found: Companion) -> None:
    person = await Person.get(id=actor.person_id)
    if person.email != found.email:
        raise Refusal(OTHER_ADDRESS.text)
    if await Companion.exists(application_id=application.id, person_id=person.id, ended_at=None):
        raise Refusal("U schrijft al mee aan deze aanvraag.")
    if application.person_id == person.id:
        raise Refusal("Dit is uw eigen aanvraag. U hoeft zichzelf niet uit te nodigen.")
    if application.at is not Stage.DRAFT and actor.roles - {APPLICANT}:
        raise Refusal(
            "U werkt voor de gemeente of zit in de commissie. Meeschrijven kan dan alleen voor het versturen."
        )


async def end(actor: Actor, public_id: str, companion_id: str, now: datetime) -> None:
    """The applicant ends that somebody writes along, or takes an invitation back. Twice changes nothing."""
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.OWN)
        found = await Companion.get_or_none(public_id=companion_id, application_id=application.id)
        if found is None:
            raise NotFound("Deze persoon staat niet in de lijst. Ververs de pagina.")
        if await Companion.filter(id=found.id, ended_at=None).update(ended_at=now):
            await _note(actor, "companion.ended", application, found, now)


async def leave(actor: Actor, public_id: str, now: datetime) -> None:
    """Stop writing along oneself. Twice changes nothing."""
    async with in_transaction():
        try:
            application = await lock_own(actor, public_id, Right.READ)
        except NotFound:
            if await Companion.exists(application__public_id=public_id, person_id=actor.person_id):
                return
            raise
        if application.under is None:
            raise NotFound(NOT_THERE.text)
        await Companion.filter(id=application.under.id).update(ended_at=now)
        await _note(actor, "companion.left", application, application.under, now)


async def _note(actor: Actor, act: str, application: Application, who: Companion, now: datetime) -> None:
    """In the journal, without name or address: whoever reads it finds the person in the table."""
    own = actor.person_id == application.person_id
    await journal.note(
        actor, act, now, role=Part.APPLICANT if own else who.role, round_id=application.round_id,
        application_id=application.id, companion=who.public_id, part=who.role,
    )  # fmt: skip
