"""Asking for help with something one does not understand, and helping: whoever asks need not be known."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from tortoise.transactions import in_transaction

from grants import calendar, sealed
from grants.access import ACTS, Actor, require
from grants.errors import NotFound, Refusal, Stale
from grants.limit import HELP, HELP_OF_VISITORS
from grants.screening import fitting
from grants.store import journal, limits
from grants.store.help import HelpRequest
from grants.text import clean

MAX_TEXT = 2000
MAX_CONTACT = 200
MAX_PAGE = 200
HELPED_WITHIN = 2
"""Working days within which somebody who left an address hears from us."""

SAME_WITHIN = timedelta(hours=1)


async def ask_help(
    actor: Actor, browser_key: str, about: str, text: str, contact: str, language: str, now: datetime
) -> HelpRequest:
    """Note what somebody does not understand on the page `about`; the same words twice are one request."""
    require(actor, "help.ask")
    text = fitting(clean(text), MAX_TEXT, "text")
    contact = fitting(" ".join(clean(contact).split()), MAX_CONTACT, "contact")
    if not text:
        raise Refusal("Schrijf op wat u niet begrijpt. Een paar woorden is genoeg.", field="text")
    browser_hash = sealed.fingerprint(browser_key)
    async with in_transaction():
        whose = ("browser", browser_key) if actor.person_id is None else ("person", actor.person_id)
        await limits.hold(HELP, now, *whose)
        own = HelpRequest.filter(asked_at__gt=now - SAME_WITHIN, person_id=actor.person_id)
        own = own if actor.signed_in else own.filter(browser_hash=browser_hash)
        known = await own.filter(text=text, page=about[:MAX_PAGE], contact=contact, done_at=None).first()
        if known is not None:
            return known
        await limits.count(HELP, now, *whose)
        if not actor.signed_in:
            await limits.count(HELP_OF_VISITORS, now)
        made = await HelpRequest.create(
            public_id=secrets.token_hex(16),
            page=about[:MAX_PAGE],
            text=text,
            contact=contact,
            language=language,
            person_id=actor.person_id,
            browser_hash=browser_hash,
            asked_at=now,
            due_on=due_on(now),
        )
        await journal.note(actor, "help.asked", now, request=made.public_id)
        return made


def due_on(now: datetime) -> date:
    """The last day on which somebody who asks now should hear from us."""
    return calendar.workdays_after(calendar.local(now).date(), HELPED_WITHIN)


async def finish_help(actor: Actor, public_id: str, outcome: str, now: datetime) -> None:
    """Somebody was helped, or cannot be reached: what was done is kept, how to reach them is not.

    Stale if a colleague was first.
    """
    require(actor, "help.finish")
    said = fitting(clean(outcome), MAX_TEXT, "outcome")
    if not said:
        raise Refusal("Schrijf kort op wat u heeft gedaan, bijvoorbeeld: gebeld op 3 maart.", field="outcome")
    async with in_transaction():
        asked = await HelpRequest.filter(public_id=public_id).select_for_update().first()
        if asked is None:
            raise NotFound("Deze vraag om hulp is er niet.")
        if asked.done_at is not None and asked.outcome != said:
            raise Stale("Een collega heeft deze taak al afgemaakt: “{outcome}”.", outcome=asked.outcome)
        if asked.done_at is not None:
            return
        asked.done_at, asked.done_by, asked.outcome, asked.contact = now, actor.person_id, said, ""
        await asked.save()
        role = actor.role_for(ACTS["help.finish"])
        await journal.note(actor, "help.finished", now, role=role, request=public_id)
