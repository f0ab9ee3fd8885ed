"""Advice as it came in, decisions as they were signed, and what was published of a round."""

from __future__ import annotations

import json
from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.decision import Kind
from grants.errors import Sentence
from grants.store.applications import Application
from grants.store.funds import Round
from grants.store.people import Person

KINDS = ", ".join(f"'{kind.value}'" for kind in Kind)
GIVING = f"'{Kind.GRANTED.value}', '{Kind.PARTLY.value}'"


class Advice(Model):
    """What the deciding body handed over: the public record of its count, as canonical text."""

    id = fields.IntField(primary_key=True)
    round: fields.OneToOneRelation[Round] = fields.OneToOneField(
        "grants.Round", related_name="advice", on_delete=fields.RESTRICT
    )
    round_id: int
    record = fields.TextField()
    record_hash = fields.CharField(max_length=64)
    left_over = fields.TextField()
    advisers = fields.JSONField[list[int]]()
    criteria = fields.JSONField[list[str]]()
    received_at = fields.DatetimeField()

    class Meta:
        table = "advice"


class ProposalRow(Model):
    """The advice on one application."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="proposal", on_delete=fields.RESTRICT
    )
    application_id: int
    kind = fields.CharField(max_length=16)
    cents = fields.BigIntField()
    explanation = fields.TextField()
    reasons = fields.TextField()

    class Meta:
        table = "proposal"
        constraints = (
            CheckConstraint(check=f"kind IN ({KINDS})", name="proposal_kind"),
            CheckConstraint(
                check=f"(kind IN ({GIVING})) = (cents > 0) AND cents >= 0", name="proposal_cents"
            ),
        )


class Decision(Model):
    """One signed decision. From the moment it is announced no one can change or delete it."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="decision", on_delete=fields.RESTRICT
    )
    application_id: int
    kind = fields.CharField(max_length=16)
    cents = fields.BigIntField()
    followed = fields.BooleanField()
    deviation = fields.TextField(default="")
    explanation = fields.TextField()
    reasons = fields.TextField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="decisions", on_delete=fields.RESTRICT, null=True
    )
    decided_by_id: int | None
    decided_at = fields.DatetimeField()
    announced_at = fields.DatetimeField(null=True)
    objection_until = fields.DateField(null=True)

    class Meta:
        table = "decision"
        constraints = (
            CheckConstraint(check=f"kind IN ({KINDS})", name="decision_kind"),
            CheckConstraint(
                check=f"(kind IN ({GIVING})) = (cents > 0) AND cents >= 0", name="decision_cents"
            ),
            CheckConstraint(check="followed OR deviation <> ''", name="decision_deviation_has_reason"),
            CheckConstraint(check="explanation <> ''", name="decision_explained"),
            CheckConstraint(
                check="(announced_at IS NULL) = (objection_until IS NULL)", name="decision_objection_date"
            ),
        )

    @property
    def said(self) -> Sentence:
        return Sentence.from_json(json.loads(self.explanation))

    @property
    def reasons_by_criterion(self) -> dict[str, str]:
        return dict(json.loads(self.reasons))


class Publication(Model):
    """What was published of a round: one document that has passed the gate, with a version for caches."""

    id = fields.IntField(primary_key=True)
    round: fields.OneToOneRelation[Round] = fields.OneToOneField(
        "grants.Round", related_name="publication", on_delete=fields.RESTRICT
    )
    round_id: int
    document = fields.TextField()
    published_at = fields.DatetimeField()

    class Meta:
        table = "publication"

    @property
    def content(self) -> dict[str, Any]:
        return dict(json.loads(self.document))


async def proposal_of(application_id: int) -> ProposalRow | None:
    return await ProposalRow.get_or_none(application_id=application_id)
