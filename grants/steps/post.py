"""Posting letters: leasing what is due, noting what became of it, handing what fails to a person.

The worker sends between `lease` and `note_sent`, outside any transaction. A lease carries the number of
the attempt: a worker that slept past its lease can no longer write.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from grants.access import ACTS, Actor, require
from grants.errors import NotFound, Refusal, Sentence, Stale
from grants.letter import retry_after
from grants.screening import fitting
from grants.store import journal
from grants.store.outbox import LetterRow, Task

LEASE = timedelta(minutes=2)
SIGN_IN = "sign_in"
"""The one letter nobody need be reached about another way: whoever wants in asks again."""


async def lease(now: datetime, limit: int = 20) -> list[LetterRow]:
    """Take letters that are due, for two minutes; nobody else gets them meanwhile."""
    async with in_transaction():
        rows = (
            await LetterRow.filter(state="queued", due_at__lte=now)
            .order_by("due_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        for row in rows:
            row.attempts += 1
            row.leased_until = now + LEASE
            row.due_at = now + LEASE
            await row.save(update_fields=["attempts", "leased_until", "due_at"])
        return rows


async def note_sent(row: LetterRow, now: datetime) -> bool:
    """The server took it. False when another worker has taken the letter over meanwhile."""
    held = LetterRow.filter(id=row.id, state="queued", attempts=row.attempts)
    return bool(await held.update(state="sent", sent_at=now, leased_until=None, last_error=""))


async def note_failed(row: LetterRow, said: Sentence, now: datetime, *, for_good: bool) -> None:
    """It was not taken, and `said` tells why: try again later, or make a task of it.

    A task it becomes when the answer is final or patience is up.
    """
    wait = None if for_good else retry_after(row.attempts)
    error = json.dumps(said.as_json(), ensure_ascii=False)
    async with in_transaction():
        held = LetterRow.filter(id=row.id, state="queued", attempts=row.attempts)
        if wait is not None:
            await held.update(due_at=now + wait, leased_until=None, last_error=error)
        elif not await held.update(state="failed", leased_until=None, last_error=error):
            return
        elif row.kind != SIGN_IN:
            await Task.create(
                public_id=secrets.token_hex(16),
                letter_id=row.id,
                kind="undeliverable",
                note=error,
                made_at=now,
            )


async def finish_task(actor: Actor, public_id: str, outcome: str, now: datetime) -> None:
    """A letter was posted, or the person was reached another way; what was done is written down.

    Stale if a colleague was first.
    """
    require(actor, "mail.task")
    said = fitting(outcome.strip(), 2000, "outcome")
    if not said:
        raise Refusal("Schrijf kort op wat u heeft gedaan, bijvoorbeeld: gebeld op 3 maart.", field="outcome")
    async with in_transaction():
        task = await Task.filter(public_id=public_id).select_for_update().first()
        if task is None:
            raise NotFound("Deze taak is er niet.")
        if task.done_at is not None and task.outcome != said:
            raise Stale("Een collega heeft deze taak al afgemaakt: “{outcome}”.", outcome=task.outcome)
        if task.done_at is not None:
            return
        task.done_at, task.done_by, task.outcome = now, actor.person_id, said
        await task.save()
        await LetterRow.filter(id=task.letter_id, state="to_post").update(state="sent", sent_at=now)
        await journal.note(
            actor, "mail.task_done", now, role=actor.role_for(ACTS["mail.task"]), task=public_id
        )
