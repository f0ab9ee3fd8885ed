"""Talking about an application: a message from either side, and saying that one has read what the other wrote."""

from __future__ import annotations

from datetime import date, datetime

from tortoise.transactions import in_transaction

from grants import calendar, limit, sealed
from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.companion import Right
from grants.errors import NotFound, Refusal
from grants.letter import Letter
from grants.message import Side, check_due, check_text
from grants.store import journal, limits, outbox
from grants.store.applications import Application, check_stranger, lock_application, lock_own
from grants.store.companions import recipients
from grants.store.messages import Message, note_read


async def write_to_municipality(actor: Actor, public_id: str, text: str, key: str, now: datetime) -> Message:
    """A message from the applicant, or who writes along. `key` comes from the form: sent twice it is one message."""
    said = check_text(text)
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.WRITE)
        if application.at is Stage.DRAFT:
            raise Refusal("Verstuur eerst uw aanvraag. Heeft u nu al een vraag? Bel ons.")
        return await _write(actor, application, application.part, Side.APPLICANT, said, None, key, now)


async def write_to_applicant(
    actor: Actor, public_id: str, text: str, due_on: date | None, key: str, now: datetime
) -> Message:
    """A message or question from the municipality. The applicant gets a letter that says so, and not what it says."""
    require(actor, "message.write")
    said = check_text(text)
    check_due(due_on, calendar.local(now).date())
    async with in_transaction():
        application = await _sent(actor, public_id)
        role = actor.role_for(ACTS["message.write"])
        made = await _write(actor, application, role, Side.MUNICIPALITY, said, due_on, key, now)
        await _tell(application, made, now)
        return made


async def note_read_by_applicant(actor: Actor, public_id: str, last_id: int, now: datetime) -> None:
    """The applicant's side has read what the municipality wrote, up to and with this message."""
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.WRITE)
        await _read(actor, application, application.part, Side.APPLICANT, last_id, now)


async def note_read_by_municipality(actor: Actor, public_id: str, last_id: int, now: datetime) -> None:
    """An officer read what the applicant wrote, and it needs no answer."""
    require(actor, "message.write")
    async with in_transaction():
        application = await _sent(actor, public_id)
        role = actor.role_for(ACTS["message.write"])
        await _read(actor, application, role, Side.MUNICIPALITY, last_id, now)


async def _sent(actor: Actor, public_id: str) -> Application:
    """The application, locked, for an officer who has nothing to do with it; a draft is nobody else's."""
    application = await lock_application(public_id)
    if application.at is Stage.DRAFT:
        raise NotFound("Deze aanvraag is er niet.")
    await check_stranger(actor, application)
    return application


async def _write(
    actor: Actor, application: Application, role: str, side: Side, text: str, due_on: date | None, key: str,
    now: datetime,
) -> Message:  # fmt: skip
    """Keep a message; whoever answers has read what was there."""
    form_key = _form_key(actor, application, key, text, due_on)
    known = await Message.get_or_none(key=form_key)
    if known is not None:
        return known
    await limits.count(limit.MESSAGE, now, "person", actor.person_id or 0)
    before = await _last_of(application, side.other)
    made = await Message.create(
        application_id=application.id, side=side.value, author_id=actor.person_id, text=text, due_on=due_on,
        at=now, key=form_key,
    )  # fmt: skip
    if before is not None and actor.person_id is not None:
        await note_read(side, before, actor.person_id, now)
    await journal.note(
        actor, "message.written", now, role=role, round_id=application.round_id,
        application_id=application.id, message=made.id,
    )  # fmt: skip
    return made


def _form_key(actor: Actor, application: Application, key: str, text: str, due_on: date | None) -> str:
    """The key of a message as it was sent: who goes back in the browser and writes something else, writes anew."""
    return sealed.fingerprint(f"{actor.person_id}:{application.id}:{due_on}:{key}:{text}")


async def _last_of(application: Application, side: Side) -> Message | None:
    return await Message.filter(application_id=application.id, side=side.value).order_by("-id").first()


async def _read(
    actor: Actor, application: Application, role: str, side: Side, last_id: int, now: datetime
) -> None:
    last = await Message.get_or_none(id=last_id, application_id=application.id, side=side.other.value)
    if last is None:
        raise NotFound("Dit bericht is er niet.")
    if actor.person_id is not None and await note_read(side, last, actor.person_id, now):
        await journal.note(
            actor, "message.read", now, role=role, round_id=application.round_id,
            application_id=application.id, message=last.id,
        )  # fmt: skip


async def _tell(application: Application, made: Message, now: datetime) -> None:
    """One letter for each who gets letters about this application; what was written stays on the page."""
    key = f"message:{application.public_id}:{made.id}"
    letters = [
        Letter("message", key, person.email, person.language, person.id, application.id, {"message": made.id})
        for person in await recipients(application)
    ]
    await outbox.queue(letters, now)
