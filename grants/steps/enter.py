"""Entering an application for somebody who did not use the website, and its confirmation by the applicant.

Law: Awb 2:1(1) (appropriate support), 4:1-4:2 (in writing, signed). Both people stand in the journal.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import NamedTuple

from tortoise.transactions import in_transaction

from grants import calendar, sealed
from grants.access import ACTS, APPLICANT, Actor, require
from grants.application import Stage, check_not_own
from grants.companion import Part, Right
from grants.entry import ON_PAPER, ONLINE, SCAN, Channel, check_person, check_received
from grants.errors import Invalid, NotFound, Problem, Refusal, Sentence
from grants.round import Phase
from grants.screening import fitting
from grants.steps.attach import put_in
from grants.steps.sign_in import keep_address, read_address
from grants.store import journal
from grants.store.applications import Application, check_stranger, lock_application, lock_own
from grants.store.consents import agree_to_mail
from grants.store.entries import Entry
from grants.store.files import Caught
from grants.store.funds import Round
from grants.store.initiatives import Initiative
from grants.store.people import Person, RoleHeld, person_by_email
from grants.store.uploads import Upload
from grants.text import clean
from grants.upload import too_many

NOT_ENTERED = "Deze aanvraag is niet door de gemeente ingevoerd."
KNOWN_ADDRESS = "Wij kennen dit e-mailadres al. Vul het in bij “Iemand die wij kennen”."


class Who(NamedTuple):
    """Who applies: somebody we know, by mail address or the number of an application, or somebody new."""

    known: str = ""
    name: str = ""
    email: str = ""
    address: str = ""
    phone: str = ""
    by_mail: bool = False


class Came(NamedTuple):
    """How and when an application came in; `late_reason` says why it is taken after the last day."""

    channel: str
    received_on: date
    late_reason: str = ""


async def enter(
    actor: Actor, round_id: str, key: str, who: Who, came: Came, field_key: str, now: datetime
) -> Application:
    """A draft in somebody's name, which the officer then fills in. `key` makes that twice gives the same one."""
    require(actor, "entry.make")
    begin_key = f"{actor.person_id}:{key[:40]}"
    async with in_transaction():
        await Person.filter(id=actor.person_id).select_for_update().get()  # two forms of one officer in turn
        begun = await Application.get_or_none(begin_key=begin_key)
        if begun is not None:
            return begun
        round_ = await _round(round_id, now)
        _check_came(came, round_, now)
        person = await _person(actor, who, round_, field_key, now)
        check_not_own(actor.person_id, frozenset({person.id}))
        phone = fitting(clean(who.phone), 20, "phone")
        initiative = await Initiative.create(person_id=person.id, kind="", phone=phone, created_at=now)
        application = await Application.create(
            public_id=secrets.token_hex(16), begin_key=begin_key, round_id=round_.id, person_id=person.id,
            initiative_id=initiative.id, created_at=now, changed_at=now,
        )  # fmt: skip
        await Entry.create(
            application_id=application.id, channel=came.channel, received_on=came.received_on,
            late_reason=fitting(clean(came.late_reason), 2000, "late"), entered_by_id=actor.person_id,
            entered_at=now,
        )  # fmt: skip
        await _note(actor, application, "entry.made", now, came.late_reason, channel=came.channel,
                    received=came.received_on.isoformat(), person=person.public_id)  # fmt: skip
        return application


async def add_scan(actor: Actor, public_id: str, caught: Caught, now: datetime) -> Upload:
    """Keep a scan of the paper with what was entered from it; the same bytes a second time are the same file."""
    require(actor, "entry.make")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        if not await Entry.exists(application_id=application.id):
            raise NotFound(NOT_ENTERED)
        there = await scans_of(application.id)
        same = next((row for row in there if row.sha256 == caught.sha256), None)
        if same is not None:
            return same
        if len(there) >= SCAN.most:
            raise too_many(SCAN)
        row = await put_in(actor, application, SCAN, caught, now)
        await _note(actor, application, "entry.scanned", now, file=row.public_id)
        return row


async def scans_of(application_id: int) -> list[Upload]:
    """The scans of the paper, in the order in which they were added."""
    return await Upload.filter(application_id=application_id, question=SCAN.field, removed_at=None).order_by(
        "id"
    )


async def confirm(actor: Actor, public_id: str, now: datetime) -> None:
    """The applicant, or who may act for them, says that what was entered is right. Twice changes nothing."""
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        if application.part is Part.DESK:
            raise Refusal("Bevestigen doet de aanvrager zelf. Op papier kan ook.")
        today = calendar.local(now).date()
        if await _confirm(application, ONLINE, today, actor, now):
            await _note(actor, application, "entry.confirmed", now, role=str(application.part), how=ONLINE)


async def confirm_on_paper(actor: Actor, public_id: str, signed_on: date, now: datetime) -> None:
    """An officer notes the day on which the paper with the signature came in. Twice changes nothing.

    Who entered the application adds the scan first, or leaves it to a colleague.
    """
    require(actor, "entry.make")
    if signed_on > calendar.local(now).date():
        raise Refusal("Deze dag moet nog komen. Vul in wanneer het papier binnenkwam.", field="signed")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        await _check_seen(actor, application)
        if await _confirm(application, ON_PAPER, signed_on, actor, now):
            await _note(actor, application, "entry.confirmed", now, how=ON_PAPER, on=signed_on.isoformat())


async def _check_seen(actor: Actor, application: Application) -> None:
    """Refuse that whoever entered it says alone, without a scan to show for it, that it was signed."""
    mine = await Entry.exists(application_id=application.id, entered_by_id=actor.person_id)
    if mine and not await scans_of(application.id):
        raise Refusal(
            "U voerde dit zelf in. Voeg eerst een scan toe, of vraag het een collega.", field="signed"
        )


async def _confirm(application: Application, how: str, on: date, actor: Actor, now: datetime) -> bool:
    """Write down the confirmation; False when it stood there already."""
    if application.at is Stage.DRAFT:
        raise Refusal("Deze aanvraag is nog niet verstuurd. Bevestigen kan daarna.")
    entry = await Entry.get_or_none(application_id=application.id)
    if entry is None:
        raise NotFound(NOT_ENTERED)
    if entry.confirmed_at is not None:
        return False
    entry.confirmed_how, entry.confirmed_on, entry.confirmed_at = how, on, now
    entry.confirmed_by = actor.person_id
    await entry.save()
    return True


async def _round(round_id: str, now: datetime) -> Round:
    """A round that has opened and whose outcome has not been sent: what came in late may still be entered."""
    round_ = await Round.get_or_none(public_id=round_id)
    if round_ is None:
        raise NotFound("Deze ronde is er niet.")
    if round_.phase(now) is Phase.UPCOMING:
        raise Refusal("Deze ronde is nog niet open.", field="round")
    if round_.announced_at is not None:
        raise Refusal("De besluiten van deze ronde zijn al verstuurd. Kies een andere ronde.", field="round")
    return round_


def _check_came(came: Came, round_: Round, now: datetime) -> None:
    last_day, today = calendar.local(round_.closes_at).date(), calendar.local(now).date()
    problems = check_received(came.received_on, last_day, today, came.late_reason)
    if came.channel not in set(Channel):
        problems.append(Problem("channel", Sentence("Kies hoe de aanvraag binnenkwam.")))
    if problems:
        raise Invalid(problems)


async def _person(actor: Actor, who: Who, round_: Round, field_key: str, now: datetime) -> Person:
    if who.known.strip():
        return await _known(who.known.strip(), round_)
    address = clean(who.address)
    if problems := check_person(clean(who.name), address):
        raise Invalid(problems)
    email = read_address(who.email) if who.email.strip() else None
    if who.by_mail and email is None:
        raise Refusal("Vul het e-mailadres in, of kies voor brieven op papier.", field="email")
    if email and await person_by_email(email):
        raise Refusal(KNOWN_ADDRESS, field="known")
    person = Person(
        public_id=secrets.token_hex(16), email=email, name=clean(who.name), created_at=now,
        address_sealed=sealed.seal(field_key, address) if address else "",
    )  # fmt: skip
    await keep_address(person, Refusal(KNOWN_ADDRESS, field="known"))
    await RoleHeld.create(person_id=person.id, role=APPLICANT, since=now)
    if who.by_mail:
        await agree_to_mail(person.id, actor.person_id, now)
    return person


async def _known(said: str, round_: Round) -> Person:
    """Somebody by mail address, or by the number of an application of theirs."""
    if person := await person_by_email(said):
        return person
    found = await _numbered(said, round_)
    if not found:
        raise Refusal("Wij vonden niemand. Kijk het adres of het nummer na.", field="known")
    if len(found) > 1:
        raise Refusal(
            "Meer mensen hebben een aanvraag met dit nummer. Vul het e-mailadres in.", field="known"
        )
    return await Person.get(id=found.pop())


async def _numbered(number: str, round_: Round) -> set[int]:
    """Whose applications bear this number: in the fund of this round, or anywhere when it has none of them."""
    rows = await Application.filter(number=number).values_list("person_id", "round__fund_id")
    here = {person_id for person_id, fund_id in rows if fund_id == round_.fund_id}
    return here or {person_id for person_id, _ in rows}


async def _note(
    actor: Actor, application: Application, act: str, now: datetime, ground: str = "", *, role: str = "",
    **detail: str,
) -> None:  # fmt: skip
    await journal.note(
        actor, act, now, role=role or actor.role_for(ACTS["entry.make"]), round_id=application.round_id,
        application_id=application.id, ground=ground, **detail,
    )  # fmt: skip
