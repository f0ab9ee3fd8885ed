"""What people uploaded: one row for each file; the bytes lie elsewhere, under a path that only the row knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants.store.applications import Application, Submission
from grants.store.people import Person
from grants.upload import KEPT

_TYPES = ", ".join(f"'{media_type}'" for media_type in KEPT)


class Upload(Model):
    """One file, as an answer to one question; `question` ends in ".spoken" for what was said aloud.

    `removed_at` is when it was taken out of the answer. The row goes a day later, unless the file was sent in.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="uploads", on_delete=fields.RESTRICT
    )
    application_id: int
    question = fields.CharField(max_length=48)
    name = fields.CharField(max_length=80)
    media_type = fields.CharField(max_length=20)
    bytes = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    path = fields.CharField(max_length=35, unique=True)
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="uploads", on_delete=fields.RESTRICT
    )
    by_id: int
    at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "upload"
        constraints = (
            CheckConstraint(check=f"media_type IN ({_TYPES})", name="upload_media_type"),
            CheckConstraint(check="bytes > 0", name="upload_bytes"),
            CheckConstraint(check="removed_at IS NULL OR removed_at >= at", name="upload_times"),
            UniqueConstraint(
                fields=("application", "question", "sha256"),
                name="upload_once",
                condition="removed_at IS NULL",
            ),
        )

    @property
    def entry(self) -> dict[str, Any]:
        """What stands in the answer."""
        return {
            "id": self.public_id,
            "name": self.name,
            "media_type": self.media_type,
            "bytes": self.bytes,
        }


async def upload_of(application_id: int, public_id: str) -> Upload | None:
    """One upload of one application, also when it was taken out of the answer."""
    return await Upload.get_or_none(application_id=application_id, public_id=public_id)


async def was_sent_in(upload: Upload) -> bool:
    """Does a version of the application that was sent in name this file?"""
    versions = Submission.filter(application_id=upload.application_id, content__contains=upload.public_id)
    return await versions.exists()


async def forget_removed(before: datetime) -> int:
    """Drop the rows of what was removed before this time and never sent in; returns how many."""
    gone = [row for row in await Upload.filter(removed_at__lt=before) if not await was_sent_in(row)]
    return await Upload.filter(id__in=[row.id for row in gone]).delete() if gone else 0
