"""Objections, complaints and other papers that come in, and who looked at what."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations.constraints import CheckConstraint
from tortoise.migrations.operations import RunSQL

from grants.notice import Kind
from grants.store.schema import Additions, CreateTable, append_only, guard

SENT = (
    "public_id", "form_key", "kind", "number", "person_id", "application_id", "about", "name", "address", "text",
    "late_reason", "timing", "term_ends_on", "received_at",
)  # fmt: skip
CHANGED = " OR ".join(
    f"NEW.{column} <> OLD.{column} OR (NEW.{column} IS NULL) <> (OLD.{column} IS NULL)" for column in SENT
)


class Migration(Additions):
    dependencies = [("grants", "0006_talking")]

    operations = [
        CreateTable(
            name="NoticeCount",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(unique=True, max_length=12)),
                ("year", fields.IntField()),
                ("serial", fields.IntField()),
            ],
            options={
                "table": "notice_count",
                "app": "grants",
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Notice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("form_key", fields.CharField(unique=True, max_length=64)),
                ("kind", fields.CharField(max_length=12)),
                ("number", fields.CharField(unique=True, max_length=20)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("about", fields.CharField(default="", max_length=16)),
                ("name", fields.CharField(max_length=120)),
                ("address", fields.CharField(default="", max_length=300)),
                ("text", fields.TextField(unique=False)),
                ("late_reason", fields.TextField(default="", unique=False)),
                ("timing", fields.CharField(default="in_time", max_length=8)),
                ("term_ends_on", fields.DateField(null=True)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_on", fields.DateField()),
                ("advisers", fields.BooleanField(default=False)),
                ("longer", fields.BooleanField(default=False)),
                ("longer_reason", fields.TextField(default="", unique=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "answered_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="notices_answered",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("outcome", fields.TextField(default="", unique=False)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="kind IN ('objection', 'default', 'complaint', 'contact', 'payout')",
                        name="notice_kind",
                    ),
                    CheckConstraint(check="timing IN ('in_time', 'late', 'early')", name="notice_timing"),
                    CheckConstraint(
                        check="about IN ('decision', 'determination', 'objection', '')", name="notice_about"
                    ),
                    CheckConstraint(check="text <> ''", name="notice_text"),
                    CheckConstraint(
                        check="(longer_reason <> '') = (advisers OR longer)", name="notice_longer_has_reason"
                    ),
                    CheckConstraint(
                        check="kind NOT IN ('objection', 'default', 'payout') OR application_id IS NOT NULL",
                        name="notice_application",
                    ),
                    CheckConstraint(check="(answered_at IS NULL) = (outcome = '')", name="notice_outcome"),
                    CheckConstraint(
                        check="(answered_at IS NULL OR kind = 'contact') = (answered_by_id IS NULL)",
                        name="notice_answered_by",
                    ),
                    CheckConstraint(
                        check="answered_at IS NULL OR withdrawn_at IS NULL", name="notice_one_end"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="AccountChange",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.OneToOneField(
                        "grants.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="account_change",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("holder", fields.CharField(max_length=120)),
                ("iban_sealed", fields.TextField(unique=False)),
                ("last4", fields.CharField(max_length=4)),
                (
                    "checked_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="checked_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accounts_checked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("checked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("how_checked", fields.TextField(default="", unique=False)),
                (
                    "taken_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="taken_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accounts_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("taken_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "account_change",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="(checked_by_id IS NULL) = (how_checked = '') AND (checked_by_id IS NULL) = (checked_at IS NULL)",
                        name="account_change_checked",
                    ),
                    CheckConstraint(
                        check="taken_by_id IS NULL OR (checked_by_id IS NOT NULL AND taken_by_id <> checked_by_id)",
                        name="account_change_four_eyes",
                    ),
                    CheckConstraint(
                        check="(taken_by_id IS NULL) = (taken_at IS NULL)", name="account_change_taken"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="AddressChange",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="address_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("old_email", fields.CharField(default="", max_length=254)),
                ("new_email", fields.CharField(max_length=254)),
                ("link_hash", fields.CharField(unique=True, max_length=64)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "address_change",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="new_email = lower(new_email)", name="address_change_email_lower"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Look",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="looks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="looks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=16)),
                ("purpose", fields.CharField(max_length=12)),
                ("day", fields.DateField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "look",
                "app": "grants",
                "unique_together": (("application", "person", "purpose", "day"),),
                "constraints": [
                    CheckConstraint(
                        check="purpose IN ('screen', 'decide', 'pay', 'answer', 'judge', 'audit')",
                        name="look_purpose",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        RunSQL(
            "INSERT INTO notice_count (kind, year, serial) VALUES "
            + ", ".join(f"('{kind.value}', 0, 0)" for kind in Kind),
            "DELETE FROM notice_count",
        ),
        guard(
            "notice_delete", "notice", "DELETE", when="(1 = 1)", says="an official message cannot be deleted"
        ),
        guard(
            "notice_sent",
            "notice",
            "UPDATE",
            when=f"({CHANGED})",
            says="what was sent officially cannot change",
        ),
        guard(
            "notice_ended",
            "notice",
            "UPDATE",
            when="OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL",
            says="an answered official message cannot change",
        ),
        guard(
            "account_change_taken_update",
            "account_change",
            "UPDATE",
            when="OLD.taken_at IS NOT NULL",
            says="a change of account that was taken over cannot change",
        ),
        guard(
            "account_change_delete",
            "account_change",
            "DELETE",
            when="(1 = 1)",
            says="a change of account cannot be deleted",
        ),
        *append_only("look"),
    ]
