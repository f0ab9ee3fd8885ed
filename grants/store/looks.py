"""Who read what: one row for each person, purpose and day on which somebody read an application that is not theirs.

Law: AVG 5(2) and 32 (to be able to show who saw what); the applicant reads the role, the purpose and the day.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.look import Purpose
from grants.store.applications import Application
from grants.store.people import Person

PURPOSES = ", ".join(f"'{purpose.value}'" for purpose in Purpose)


class Look(Model):
    """Somebody read an application on a day, in a role, for a purpose; `at` is the first time that day."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="looks", on_delete=fields.RESTRICT
    )
    application_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="looks", on_delete=fields.RESTRICT
    )
    person_id: int
    role = fields.CharField(max_length=16)
    purpose = fields.CharField(max_length=12)
    day = fields.DateField()
    at = fields.DatetimeField()

    class Meta:
        table = "look"
        unique_together = (("application", "person", "purpose", "day"),)
        constraints = (CheckConstraint(check=f"purpose IN ({PURPOSES})", name="look_purpose"),)


class Seen(NamedTuple):
    """What the applicant may know of a look: never who it was."""

    day: date
    role: str
    purpose: Purpose


async def note_look(look: Look) -> None:
    """Keep a look, unless it is there already."""
    if not await Look.exists(
        application_id=look.application_id, person_id=look.person_id, purpose=look.purpose, day=look.day
    ):
        await Look.bulk_create([look], ignore_conflicts=True)


async def seen_by(application_id: int) -> list[Seen]:
    """Who read this application, last day first; several people in one role are one line."""
    rows = Look.filter(application_id=application_id).distinct().values_list("day", "role", "purpose")
    found = {Seen(day, role, Purpose(purpose)) for day, role, purpose in await rows}
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.role, one.purpose))
