"""Initiatives: who applies, and who writes for them."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.store.people import Person


class Initiative(Model):
    """An organisation, group or person that applies, kept by one person's account."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="initiatives", on_delete=fields.RESTRICT
    )
    person_id: int
    kind = fields.CharField(max_length=12)
    name = fields.CharField(max_length=120, default="")
    kvk = fields.CharField(max_length=8, default="")
    phone = fields.CharField(max_length=20, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "initiative"
        constraints = (
            CheckConstraint(check="kind IN ('', 'organisation', 'group', 'person')", name="initiative_kind"),
        )
