"""What applicants and the municipality write to each other about an application, and how far each side has read."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.message import Side
from grants.store.applications import Application
from grants.store.people import Person

SIDES = ", ".join(f"'{side.value}'" for side in Side)


class Message(Model):
    """One message, never changed. `key` is of the form with its words: both sent twice is one.

    A question may name a last day.
    """

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="messages", on_delete=fields.RESTRICT
    )
    application_id: int
    side = fields.CharField(max_length=12)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="messages", on_delete=fields.RESTRICT
    )
    author_id: int
    text = fields.TextField()
    due_on = fields.DateField(null=True)
    at = fields.DatetimeField()
    key = fields.CharField(max_length=64, unique=True)

    class Meta:
        table = "message"
        indexes = (("application_id", "id"),)
        constraints = (
            CheckConstraint(check=f"side IN ({SIDES})", name="message_side"),
            CheckConstraint(check="text <> ''", name="message_text"),
            CheckConstraint(check="due_on IS NULL OR side = 'municipality'", name="message_due"),
        )


class MessageRead(Model):
    """How far a side has read what the other wrote: up to and with this message; by answering or by a button."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="messages_read", on_delete=fields.RESTRICT
    )
    application_id: int
    side = fields.CharField(max_length=12)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField(
        "grants.Message", related_name="read", on_delete=fields.RESTRICT
    )
    message_id: int
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="messages_read", on_delete=fields.RESTRICT
    )
    by_id: int
    at = fields.DatetimeField()

    class Meta:
        table = "message_read"
        unique_together = (("application", "side"),)
        constraints = (CheckConstraint(check=f"side IN ({SIDES})", name="message_read_side"),)


async def thread(application_id: int) -> list[Message]:
    """Everything that was written about an application, with its authors, the first on top."""
    return await Message.filter(application_id=application_id).order_by("id").select_related("author")


async def unread(application_id: int, side: Side) -> list[Message]:
    """What the other side wrote since this side last answered, or said that it had read."""
    read = await MessageRead.get_or_none(application_id=application_id, side=side.value)
    after = Message.filter(application_id=application_id, side=side.other.value)
    return await after.filter(id__gt=read.message_id if read else 0).order_by("id")


async def note_read(side: Side, last: Message, by_id: int, at: datetime) -> bool:
    """This side has read up to and with `last`; False when it had already read so far."""
    known = await MessageRead.get_or_none(application_id=last.application_id, side=side.value)
    if known is not None and known.message_id >= last.id:
        return False
    await MessageRead.update_or_create(
        application_id=last.application_id,
        side=side.value,
        defaults={"message_id": last.id, "by_id": by_id, "at": at},
    )
    return True
