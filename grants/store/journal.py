"""The journal: who did what, when, in what role, on what ground. Append-only and hash-chained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from grants.access import Actor

GENESIS = "0" * 64


class JournalEntry(Model):
    """One thing that happened. `entry_hash` covers the row and the hash of the row before it."""

    id = fields.IntField(primary_key=True)
    place = fields.IntField(unique=True)
    at = fields.DatetimeField()
    person_id = fields.IntField(null=True)
    role = fields.CharField(max_length=16)
    act = fields.CharField(max_length=40)
    round_id = fields.IntField(null=True, db_index=True)
    application_id = fields.IntField(null=True, db_index=True)
    ground = fields.TextField(default="")
    detail = fields.TextField(default="{}")
    previous_hash = fields.CharField(max_length=64)
    entry_hash = fields.CharField(max_length=64, unique=True)

    class Meta:
        table = "journal_entry"


class JournalHead(Model):
    """The last place in the journal: one row, locked by whoever writes next."""

    id = fields.IntField(primary_key=True)
    place = fields.IntField()
    entry_hash = fields.CharField(max_length=64)

    class Meta:
        table = "journal_head"


async def note(
    actor: Actor,
    act: str,
    now: datetime,
    *,
    role: str = "",
    round_id: int | None = None,
    application_id: int | None = None,
    ground: str = "",
    **detail: Any,
) -> None:
    """Write one journal row at the end of the chain; to be called last in a step's transaction."""
    head = await JournalHead.select_for_update().get(id=1)
    row = JournalEntry(
        place=head.place + 1,
        at=now.astimezone(UTC).replace(microsecond=0),
        person_id=actor.person_id,
        role=role or next(iter(sorted(actor.roles)), "visitor"),
        act=act,
        round_id=round_id,
        application_id=application_id,
        ground=ground,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False),
        previous_hash=head.entry_hash,
    )
    row.entry_hash = chain_hash(row)
    await row.save()
    await JournalHead.filter(id=1).update(place=row.place, entry_hash=row.entry_hash)


def chain_hash(row: JournalEntry) -> str:
    """SHA-256 over everything the row says and the hash before it."""
    said = [
        row.place, row.at.astimezone(UTC).isoformat(), row.person_id, row.role, row.act, row.round_id,
        row.application_id, row.ground, row.detail, row.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


async def broken_place() -> int | None:
    """The first place where the chain does not hold, or None. A cut tail shows at the head."""
    place, previous = 0, GENESIS
    async for row in _in_order():
        place += 1
        if row.place != place or row.previous_hash != previous or row.entry_hash != chain_hash(row):
            return place
        previous = row.entry_hash
    head = await JournalHead.get(id=1)
    return None if (head.place, head.entry_hash) == (place, previous) else place + 1


async def _in_order(page: int = 1000) -> AsyncIterator[JournalEntry]:
    after = 0
    while rows := await JournalEntry.filter(place__gt=after).order_by("place").limit(page):
        for row in rows:
            yield row
        after = rows[-1].place


async def about_application(application_id: int) -> list[JournalEntry]:
    return await JournalEntry.filter(application_id=application_id).order_by("place")
