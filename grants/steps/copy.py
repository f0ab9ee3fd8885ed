"""Taking a copy of everything about oneself: only that it was done is written down."""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import PERSON, Actor, require
from grants.limit import NOTICE
from grants.store import journal, limits


async def take_copy(actor: Actor, now: datetime) -> None:
    """Note that this person took a copy; refused when it is done over and over."""
    require(actor, "notice.send")
    async with in_transaction():
        await limits.count(NOTICE._replace(purpose="copy"), now, "person", actor.person_id or 0)
        await journal.note(actor, "person.copied", now, role=PERSON)
