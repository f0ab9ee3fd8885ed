"""Initiatives: who applies, and who writes for them."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.initiative import Host, Kind
from grants.store.people import Person


class Initiative(Model):
    """An organisation, group or person that applies, kept by one person's account.

    `host_…` is who receives the money for a group, and when the applicant said that they agreed to that.
    """

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
    host_name = fields.CharField(max_length=120, default="")
    host_kvk = fields.CharField(max_length=8, default="")
    host_contact = fields.CharField(max_length=120, default="")
    host_agreed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "initiative"
        constraints = (
            CheckConstraint(
                check="(host_name = '' AND host_kvk = '' AND host_contact = '' AND host_agreed_at IS NULL) OR "
                "(host_name <> '' AND length(host_kvk) = 8 AND host_contact <> '' AND host_agreed_at IS NOT NULL)",
                name="initiative_host",
            ),
            CheckConstraint(check="kind IN ('', 'organisation', 'group', 'person')", name="initiative_kind"),
        )

    @property
    def said(self) -> tuple[str, str, str, str] | None:
        """What was said of who applies, in the order in which it is asked; None before anything was."""
        return (self.kind, self.name, self.kvk, self.phone) if self.kind else None

    @property
    def host(self) -> Host | None:
        """Who receives the money for this group; None where whoever applies receives it."""
        if self.kind != Kind.GROUP or not self.host_name:
            return None
        return Host(self.host_name, self.host_kvk, self.host_contact)
