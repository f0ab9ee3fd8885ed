"""Declarations: may this member judge this application, or do they stand aside?"""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from committee.store.members import Seat
from grants.store.applications import Application


class Declaration(Model):
    """What a member declared before the text opened. Standing aside is final; the reverse may still change."""

    id = fields.IntField(primary_key=True)
    seat: fields.ForeignKeyRelation[Seat] = fields.ForeignKeyField(
        "committee.Seat", related_name="declarations", on_delete=fields.RESTRICT
    )
    seat_id: int
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="declarations", on_delete=fields.RESTRICT
    )
    application_id: int
    aside = fields.BooleanField()
    ground = fields.TextField(default="")
    at = fields.DatetimeField()

    class Meta:
        table = "declaration"
        unique_together = (("seat", "application"),)
        constraints = (CheckConstraint(check="NOT aside OR ground <> ''", name="declaration_ground"),)


async def standing_aside(round_id: int) -> dict[int, set[int]]:
    """For each application of the round, the seats that stand aside."""
    aside: dict[int, set[int]] = {}
    rows = await Declaration.filter(application__round_id=round_id, aside=True).values_list(
        "application_id", "seat_id"
    )
    for application_id, seat_id in rows:
        aside.setdefault(application_id, set()).add(seat_id)
    return aside


async def declaration_of(seat_id: int, application_id: int) -> Declaration | None:
    return await Declaration.get_or_none(seat_id=seat_id, application_id=application_id)
