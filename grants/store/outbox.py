"""Letters waiting to be posted, and tasks for people where no mail can be delivered."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants import letter
from grants.errors import Sentence
from grants.letter import POST, Letter, Way
from grants.store.consents import agreed_by


class LetterRow(Model):
    """One letter to one person. `key` and address make it unique, `message_id` is fixed when it is queued.

    A letter on paper has no address; it stands on `to_post` until an officer has posted it.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    key = fields.CharField(max_length=120)
    channel = fields.CharField(max_length=8, default="mail")
    email = fields.CharField(max_length=254, null=True)
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
            CheckConstraint(check="state IN ('queued', 'to_post', 'sent', 'failed')", name="letter_state"),
            CheckConstraint(
                check="(channel = 'post' AND email IS NULL AND person_id IS NOT NULL AND state <> 'queued') "
                "OR (channel IN ('mail', 'helper') AND email IS NOT NULL AND state <> 'to_post')",
                name="letter_channel",
            ),
            UniqueConstraint(
                fields=("key", "person_id"), name="letter_post_once", condition="channel = 'post'"
            ),
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


async def queue(letters: list[Letter], now: datetime) -> int:
    """Put letters in the outbox, in the caller's transaction; one that is there already stays as it is.

    Each goes by the channels its receiver agreed to for this kind of message; on paper, and as a task for an
    officer, where there are none. Returns how many are new.
    """
    agreed = await agreed_by({one.person_id for one in letters if one.person_id is not None})
    new = 0
    for one in letters:
        for way in letter.ways(one, agreed.get(one.person_id or 0, [])):
            new += await _put(one, way, now)
    return new


async def _put(one: Letter, way: Way, now: datetime) -> bool:
    """Queue a letter by one way; False when it had been queued that way before."""
    receiver = {"email": way.email} if way.email else {"person_id": one.person_id, "channel": POST}
    if await LetterRow.exists(key=one.key, **receiver):
        return False
    row = await LetterRow.create(
        public_id=secrets.token_hex(16),
        key=one.key,
        channel=way.channel,
        email=way.email,
        kind=one.kind,
        language=one.language,
        person_id=one.person_id,
        application_id=one.application_id,
        params=json.dumps(one.params, ensure_ascii=False, sort_keys=True),
        message_id=letter.message_id(one.key, way.email or f"{POST} {one.person_id}"),
        state="to_post" if way.channel == POST else "queued",
        due_at=now,
        queued_at=now,
    )
    if way.channel == POST:
        note = json.dumps(way.why.as_json(), ensure_ascii=False)
        await Task.create(
            public_id=secrets.token_hex(16), letter_id=row.id, kind=POST, note=note, made_at=now
        )
    return True


async def call_back(application_id: int) -> None:
    """What did not go out about this application never will, and nobody need be reached about it any more."""
    rows = (
        await LetterRow.filter(application_id=application_id)
        .exclude(state="sent")
        .values_list("id", flat=True)
    )
    await Task.filter(letter_id__in=rows, done_at=None).delete()
    done = await Task.filter(letter_id__in=rows).values_list("letter_id", flat=True)
    await LetterRow.filter(id__in=set(rows) - set(done)).delete()


async def counts() -> dict[str, int]:
    """How many letters are queued, sent and failed, and how many tasks wait for a person."""
    found = {"queued": 0, "sent": 0, "failed": 0}
    for state in await LetterRow.exclude(state="to_post").values_list("state", flat=True):
        found[str(state)] += 1
    return {**found, "waiting": await Task.filter(done_at=None).count()}
