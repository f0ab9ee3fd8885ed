"""Applications that an officer entered for somebody: who wrote it down, how it came in, and who confirmed it.

Law: Awb 2:1(1) (appropriate support), 4:1-4:2 (an application is signed).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants import calendar
from grants.application import Stage
from grants.errors import Refusal
from grants.store.people import Person

if TYPE_CHECKING:
    from grants.store.applications import Application

DESK_STAGES = (Stage.DRAFT.value, Stage.SUBMITTED.value, Stage.COMPLETING.value)
"""As long as the officer who entered an application may write in it, and sees that it was sent."""


class Entry(Model):
    """How one application came in on paper, by telephone or in a talk. The applicant stands on the application.

    `received_on` is the day that counts; `late_reason` why it was taken all the same after the last day.
    """

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="entry", on_delete=fields.RESTRICT
    )
    application_id: int
    channel = fields.CharField(max_length=12)
    received_on = fields.DateField()
    late_reason = fields.TextField(default="")
    entered_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="entries", on_delete=fields.RESTRICT
    )
    entered_by_id: int
    entered_at = fields.DatetimeField()
    confirmed_how = fields.CharField(max_length=8, default="")
    confirmed_on = fields.DateField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by = fields.IntField(null=True)

    class Meta:
        table = "entry"
        constraints = (
            CheckConstraint(check="channel IN ('paper', 'telephone', 'visit')", name="entry_channel"),
            CheckConstraint(
                check="(confirmed_how = '' AND confirmed_at IS NULL AND confirmed_on IS NULL AND confirmed_by IS NULL) "
                "OR (confirmed_how IN ('online', 'paper') AND confirmed_at IS NOT NULL "
                "AND confirmed_on IS NOT NULL AND confirmed_by IS NOT NULL)",
                name="entry_confirmed",
            ),
        )


async def who_entered(application_ids: Collection[int]) -> dict[int, int]:
    """Who wrote down which of these applications in somebody's name."""
    rows = Entry.filter(application_id__in=application_ids)
    return dict(await rows.values_list("application_id", "entered_by_id"))


async def entered_by(application: Application, person_id: int | None) -> bool:
    """Does this officer write in somebody's name here, now?"""
    if application.stage not in DESK_STAGES:
        return False
    return await Entry.exists(application_id=application.id, entered_by_id=person_id)


async def received_at(application_id: int, now: datetime) -> datetime:
    """The moment at which an application counts as received: for paper the noon of its day, else now."""
    entry = await Entry.get_or_none(application_id=application_id)
    if entry is None:
        return now
    return min(now, calendar.from_local(datetime.combine(entry.received_on, time(12))))


async def check_confirmed(application_id: int) -> None:
    """Refuse as long as the applicant has not confirmed what an officer entered for them."""
    if await Entry.exists(application_id=application_id, confirmed_at=None):
        raise Refusal(
            "De aanvrager heeft nog niet bevestigd wat u invoerde. Noteer eerst de handtekening, of wacht daarop."
        )
