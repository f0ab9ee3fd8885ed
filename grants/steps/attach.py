"""Adding a file or what was said aloud to an answer, and taking it out again.

The bytes lie in their place before the step begins (`grants.store.files.catch`); a step only names them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from grants import form, limit, upload
from grants.access import Actor
from grants.companion import Right
from grants.errors import NotFound
from grants.steps.draft import note_writer, writable
from grants.store import limits
from grants.store.applications import Answer, Application, lock_own
from grants.store.files import KEPT_UNNAMED, Caught
from grants.store.uploads import Upload, forget_removed
from grants.upload import Wanted


async def check_may_add(actor: Actor, public_id: str, key: str, now: datetime) -> None:
    """Refused where no file can be added now; else a try is counted, as taking in a picture is much work."""
    async with in_transaction():
        await _open_to(actor, public_id, key, now)
        await limits.count(limit.UPLOAD, now, "person", actor.person_id or 0)


async def attach(actor: Actor, public_id: str, key: str, caught: Caught, now: datetime) -> Upload:
    """Make a caught file part of the answer to a question, and return its row.

    The same bytes a second time are the same file: the row then has another path than what was caught.
    """
    async with in_transaction():
        application, wanted = await _open_to(actor, public_id, key, now)
        there = await _there(application, wanted)
        same = next((row for row in there if row.sha256 == caught.sha256), None)
        if same is not None:
            return same
        if len(there) >= wanted.most:
            raise upload.too_many(wanted)
        row = await put_in(actor, application, wanted, caught, now)
        await _rewrite(actor, application, wanted, [*there, row], now)
        return row


async def remove(actor: Actor, public_id: str, key: str, file_id: str, now: datetime) -> None:
    """Take a file out of an answer; doing it twice changes nothing. What was sent in stays with that version."""
    async with in_transaction():
        application, wanted = await _open_to(actor, public_id, key, now)
        there = await _there(application, wanted)
        gone = next((row for row in there if row.public_id == file_id), None)
        if gone is None:
            return
        gone.removed_at = now
        await gone.save(update_fields=["removed_at"])
        await _rewrite(actor, application, wanted, [row for row in there if row is not gone], now)


async def put_in(
    actor: Actor, application: Application, wanted: Wanted, caught: Caught, now: datetime
) -> Upload:
    """The row of a caught file, in the caller's transaction."""
    return await Upload.create(
        public_id=secrets.token_hex(16),
        application_id=application.id,
        question=wanted.field,
        by_id=actor.person_id,
        at=now,
        **caught._asdict(),
    )


async def forget(now: datetime) -> int:
    """Drop the rows of what was taken out a day ago and never sent in; the sweep takes their bytes along."""
    async with in_transaction():
        return await forget_removed(now - KEPT_UNNAMED)


async def _open_to(actor: Actor, public_id: str, key: str, now: datetime) -> tuple[Application, Wanted]:
    """The application, locked, and what its question takes; refused where it cannot be answered now."""
    application = await lock_own(actor, public_id, Right.WRITE)
    wanted = form.wanted(await writable(application, key, now))
    if wanted is None:
        raise NotFound("Bij deze vraag kan geen bestand.")
    return application, wanted


async def _there(application: Application, wanted: Wanted) -> list[Upload]:
    rows = Upload.filter(application_id=application.id, question=wanted.field, removed_at=None)
    return await rows.order_by("id")


async def _rewrite(
    actor: Actor, application: Application, wanted: Wanted, rows: Sequence[Upload], now: datetime
) -> None:
    """The answer names these files; without any it is not there."""
    before = await Answer.get_or_none(application_id=application.id, question=wanted.field)
    await note_writer(actor, application, wanted.field, before, now)
    if rows:
        value = json.dumps([row.entry for row in rows], ensure_ascii=False)
        await Answer.update_or_create(
            application_id=application.id,
            question=wanted.field,
            defaults={"value": value, "saved_at": now, "by_id": actor.person_id},
        )
    elif before is not None:
        await before.delete()
    application.changed_at = now
    await application.save(update_fields=["changed_at"])
