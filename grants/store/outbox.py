"""Letters waiting to be posted, and tasks for people where no mail can be delivered."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants import letter
from grants.errors import Sentence


class LetterRow(Model):
    """One letter to one person. `key` and address make it unique, `message_id` is fixed when it is queued."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    key = fields.CharField(max_length=120)
    email = fields.CharField(max_length=254)
    kind = fields.CharField(max_length=24)
    language = fields.CharField(max_length=12)
    person_id = fields.IntField(null=True)
    application_id = fields.IntField(null=True, db_index=True)
    params = fields.TextField()
    message_id = fields.CharField(max_length=40, unique=True)
    state = fields.CharField(max_length=8, default="queued")
    attempts = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    last_error = fields.TextField(default="")
    queued_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "letter"
        unique_together = (("key", "email"),)
        indexes = (("state", "due_at"),)
        constraints = (
            CheckConstraint(check="state IN ('queued', 'sent', 'failed')", name="letter_state"),
            CheckConstraint(check="attempts >= 0", name="letter_attempts"),
            CheckConstraint(check="(state = 'sent') = (sent_at IS NOT NULL)", name="letter_sent"),
        )

    @property
    def values(self) -> dict[str, Any]:
        return dict(json.loads(self.params))

    @property
    def trouble(self) -> Sentence | None:
        """Why it was not taken at the last try."""
        return Sentence.from_json(json.loads(self.last_error)) if self.last_error else None


class Task(Model):
    """Something a person must do: phone, post a paper letter, look at a bounce."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    letter: fields.OneToOneNullableRelation[LetterRow] = fields.OneToOneField(
        "grants.LetterRow", related_name="task", on_delete=fields.RESTRICT, null=True
    )
    letter_id: int | None
    kind = fields.CharField(max_length=24)
    note = fields.TextField()
    made_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    done_by = fields.IntField(null=True)
    outcome = fields.TextField(default="")

    class Meta:
        table = "task"
        constraints = (CheckConstraint(check="(done_at IS NULL) OR outcome <> ''", name="task_outcome"),)

    @property
    def trouble(self) -> Sentence:
        """Why it takes a person."""
        return Sentence.from_json(json.loads(self.note))


async def queue(letters: list[letter.Letter], now: datetime) -> int:
    """Put letters in the outbox, in the caller's transaction; one that is there already stays as it is.

    Returns how many are new.
    """
    new = 0
    for one in letters:
        if await LetterRow.exists(key=one.key, email=one.email):
            continue
        await LetterRow.create(
            public_id=secrets.token_hex(16),
            key=one.key,
            email=one.email,
            kind=one.kind,
            language=one.language,
            person_id=one.person_id,
            application_id=one.application_id,
            params=json.dumps(one.params, ensure_ascii=False, sort_keys=True),
            message_id=letter.message_id(one.key, one.email),
            due_at=now,
            queued_at=now,
        )
        new += 1
    return new


async def counts() -> dict[str, int]:
    """How many letters are queued, sent and failed, and how many tasks wait for a person."""
    found = {"queued": 0, "sent": 0, "failed": 0}
    for state in await LetterRow.all().values_list("state", flat=True):
        found[str(state)] += 1
    return {**found, "waiting": await Task.filter(done_at=None).count()}
