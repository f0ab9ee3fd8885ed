"""How people want to hear from us, and what was entered for them."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    dependencies = [("grants", "0004_together")]

    operations = [
        CreateTable(
            name="Consent",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("message", fields.CharField(max_length=12)),
                ("channel", fields.CharField(max_length=8)),
                ("email", fields.CharField(null=True, max_length=254)),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("by_id", fields.IntField(null=True)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "consent",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="message IN ('application', 'decision', 'money')", name="consent_message"
                    ),
                    CheckConstraint(
                        check="channel IN ('mail', 'post', 'helper') "
                        "AND (channel = 'helper') = (email IS NOT NULL)",
                        name="consent_channel",
                    ),
                    CheckConstraint(
                        check="revoked_at IS NULL OR revoked_at >= given_at", name="consent_times"
                    ),
                    UniqueConstraint(
                        fields=("person", "message", "channel"),
                        name="consent_once",
                        condition="revoked_at IS NULL",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="PaperCode",
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
                        related_name="paper_codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("locator", fields.CharField(unique=True, max_length=8)),
                ("code_hash", fields.CharField(max_length=64)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("made_by", fields.IntField()),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(default=0)),
            ],
            options={
                "table": "paper_code",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="tries >= 0 AND tries <= 5", name="paper_code_tries"),
                    UniqueConstraint(fields=("person",), name="paper_code_one", condition="ended_at IS NULL"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Entry",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entry",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("channel", fields.CharField(max_length=12)),
                ("received_on", fields.DateField()),
                ("late_reason", fields.TextField(default="", unique=False)),
                (
                    "entered_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="entered_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("confirmed_how", fields.CharField(default="", max_length=8)),
                ("confirmed_on", fields.DateField(null=True)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("confirmed_by", fields.IntField(null=True)),
            ],
            options={
                "table": "entry",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="channel IN ('paper', 'telephone', 'visit')", name="entry_channel"),
                    CheckConstraint(
                        check="(confirmed_how = '' AND confirmed_at IS NULL AND confirmed_on IS NULL "
                        "AND confirmed_by IS NULL) "
                        "OR (confirmed_how IN ('online', 'paper') AND confirmed_at IS NOT NULL "
                        "AND confirmed_on IS NOT NULL AND confirmed_by IS NOT NULL)",
                        name="entry_confirmed",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
