"""Accounts, payments, reports and determinations: what happens to granted money."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.store.applications import Application
from grants.store.people import Person


class PayoutAccount(Model):
    """Where the money goes. The IBAN is sealed with the field key; only its end is readable."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="account", on_delete=fields.RESTRICT
    )
    application_id: int
    holder = fields.CharField(max_length=120)
    iban_sealed = fields.TextField()
    last4 = fields.CharField(max_length=4)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "payout_account"


class Payment(Model):
    """One instalment: prepared by one person, recorded as paid by another."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="payments", on_delete=fields.RESTRICT
    )
    application_id: int
    instalment = fields.IntField()
    cents = fields.BigIntField()
    due_on = fields.DateField()
    prepared_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="payments_prepared", on_delete=fields.RESTRICT
    )
    prepared_by_id: int
    prepared_at = fields.DatetimeField()
    approved_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="payments_approved", on_delete=fields.RESTRICT, null=True
    )
    approved_by_id: int | None
    paid_on = fields.DateField(null=True)

    class Meta:
        table = "payment"
        unique_together = (("application", "instalment"),)
        constraints = (
            CheckConstraint(check="cents > 0", name="payment_cents"),
            CheckConstraint(check="instalment > 0", name="payment_instalment"),
            CheckConstraint(
                check="approved_by_id IS NULL OR approved_by_id <> prepared_by_id", name="payment_four_eyes"
            ),
            CheckConstraint(
                check="(approved_by_id IS NULL) = (paid_on IS NULL)", name="payment_paid_by_someone"
            ),
        )


class Report(Model):
    """How it went, in the recipient's own words."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="report", on_delete=fields.RESTRICT
    )
    application_id: int
    text = fields.TextField()
    spent_cents = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "report"
        constraints = (CheckConstraint(check="spent_cents >= 0", name="report_spent"),)


class Determination(Model):
    """The final amount of a grant (Awb 4:42-4:47)."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="determination", on_delete=fields.RESTRICT
    )
    application_id: int
    cents = fields.BigIntField()
    released_cents = fields.BigIntField()
    reason = fields.TextField(default="")
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="determinations", on_delete=fields.RESTRICT, null=True
    )
    by_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "determination"
        constraints = (
            CheckConstraint(check="cents >= 0 AND released_cents >= 0", name="determination_cents"),
            CheckConstraint(check="released_cents = 0 OR reason <> ''", name="determination_reason"),
        )
