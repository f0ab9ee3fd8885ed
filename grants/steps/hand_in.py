"""Taking in an official message: it gets a number, a last day to answer, and a receipt with a copy.

Law: Awb 2:13 and following (receipt and copy), 6:4-6:11 (objection; lateness is judged by a person), 4:17, 9:4.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, NamedTuple

from tortoise.transactions import in_transaction

from grants import calendar, notice, sealed
from grants.access import Actor, require
from grants.application import Stage
from grants.companion import Right
from grants.errors import Invalid, Problem, Refusal
from grants.letter import Letter
from grants.limit import NOTICE
from grants.notice import About, Kind
from grants.store import journal, limits, outbox
from grants.store.applications import Application, lock_own
from grants.store.companions import recipients
from grants.store.notices import Notice, next_serial
from grants.store.people import Person
from grants.store.terms import Waited, objectable, waited_for
from grants.text import clean


class Message(NamedTuple):
    """What somebody writes: who they are, what they say, and about what where they could choose."""

    kind: Kind
    name: str
    text: str
    address: str = ""
    late_reason: str = ""
    about: About = About.NOTHING

    def cleaned(self) -> Message:
        return self._replace(
            name=" ".join(clean(self.name).split()),
            text=clean(self.text),
            address=clean(self.address),
            late_reason=clean(self.late_reason),
        )


async def hand_in(
    actor: Actor, message: Message, form_key: str, now: datetime, application_id: str | None = None
) -> Notice:
    """Take in an objection, a notice of default or a complaint; the same words sent twice give the same receipt.

    What comes late or early is taken in and marked so. Refused is only what lacks a name or a text.
    """
    require(actor, "notice.send")
    message = message.cleaned()
    if problems := _problems(message):
        raise Invalid(problems)
    async with in_transaction():
        person = await Person.filter(id=actor.person_id).select_for_update().get()
        known = await Notice.get_or_none(form_key=own_key(person, form_key, message, application_id))
        if known is not None:
            return known
        await limits.count(NOTICE, now, "person", person.id)
        application = await _lock_sent(actor, application_id) if application_id else None
        term = await _term(message, application, now)
        made = await take_in(person, message, application, form_key, now, term=term)
        await write(made, "notice_receipt", now)
        await note(actor, made, "sent", now)
        return made


def _problems(message: Message) -> list[Problem]:
    given = (message.name, message.address, message.text, message.late_reason)
    return notice.problems(message.kind, *given)


async def _lock_sent(actor: Actor, public_id: str) -> Application:
    application = await lock_own(actor, public_id, Right.SPEAK)
    if application.at is Stage.DRAFT:
        raise Refusal("Deze aanvraag is nog niet verstuurd. Verstuur hem eerst.")
    return application


async def _term(message: Message, application: Application | None, now: datetime) -> Waited | None:
    """What it is about, and the last day that counts for it."""
    if application is None or message.kind is Kind.COMPLAINT:
        return None
    if message.kind is Kind.DEFAULT:
        return await waited_for(application, calendar.local(now).date())
    ends = await objectable(application.id)
    about = message.about if message.about in ends else next(iter(ends), About.DECISION)
    return Waited(about, ends.get(about))


async def take_in(
    person: Person,
    message: Message,
    application: Application | None,
    form_key: str,
    now: datetime,
    *,
    term: Waited | None = None,
    **values: Any,
) -> Notice:
    """Keep the message under the next number of its kind, in the caller's transaction."""
    today = calendar.local(now).date()
    about, ends_on = term or (About.NOTHING, None)
    return await Notice.create(
        public_id=secrets.token_hex(16),
        form_key=own_key(person, form_key, message, application.public_id if application else None),
        kind=message.kind.value,
        number=notice.number(message.kind, today.year, await next_serial(message.kind, today.year)),
        person_id=person.id,
        application_id=application.id if application else None,
        about=about.value,
        name=message.name,
        address=message.address,
        text=message.text,
        late_reason=message.late_reason,
        timing=notice.timing(message.kind, today, ends_on).value,
        term_ends_on=ends_on,
        received_at=now,
        due_on=notice.answer_by(message.kind, today, ends_on),
        **values,
    )


def own_key(person: Person, form_key: str, message: Message, application_id: str | None) -> str:
    """The key of what this person sent by a form. Other words, or about another application, are another message."""
    return sealed.fingerprint("\0".join((str(person.id), form_key, application_id or "", *message)))


async def write(made: Notice, kind: str, now: datetime, *also: str) -> None:
    """Queue a letter about the message to who may act in its application now, or else to who sent it.

    `also` are addresses beside.
    """
    sender = await Person.get(id=made.person_id)
    people = [sender]
    if made.application_id is not None:
        people = await recipients(await Application.get(id=made.application_id))
    key, params = f"{kind}:{made.public_id}", {"notice": made.public_id}
    if kind == "notice_longer":
        key += f":{made.due_on}"
    letters = [
        Letter(kind, key, one.email, one.language, one.id, made.application_id, params) for one in people
    ]
    letters += [Letter(kind, key, email, sender.language, params=params) for email in also if email]
    await outbox.queue(letters, now)


async def note(actor: Actor, made: Notice, did: str, now: datetime, role: str = "", **detail: Any) -> None:
    """The journal row of something that was done with the message."""
    await journal.note(
        actor, f"notice.{did}", now, role=role or next(iter(sorted(actor.roles)), ""),
        application_id=made.application_id, notice=made.number, **detail,
    )  # fmt: skip
