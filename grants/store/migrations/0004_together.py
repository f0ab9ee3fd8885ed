"""People who write along on an application."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    dependencies = [("grants", "0003_uploads")]

    operations = [
        CreateTable(
            name="Companion",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="companions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=16)),
                ("email", fields.CharField(max_length=254)),
                ("name", fields.CharField(max_length=120)),
                ("from_name", fields.CharField(max_length=120)),
                ("key_hash", fields.CharField(unique=True, max_length=64)),
                ("invited_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("authorised_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accompanies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("accepted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "companion",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="role IN ('helper', 'coapplicant', 'representative')", name="companion_role"
                    ),
                    CheckConstraint(
                        check="email = lower(email) AND email <> ''", name="companion_email_lower"
                    ),
                    CheckConstraint(check="name <> '' AND from_name <> ''", name="companion_names"),
                    CheckConstraint(check="expires_at > invited_at", name="companion_expires"),
                    CheckConstraint(
                        check="(accepted_at IS NULL) = (person_id IS NULL)", name="companion_accepted_by"
                    ),
                    CheckConstraint(
                        check="accepted_at IS NULL OR (accepted_at >= invited_at AND accepted_at < expires_at)",
                        name="companion_accepted_in_time",
                    ),
                    CheckConstraint(
                        check="ended_at IS NULL OR ended_at >= invited_at", name="companion_ended"
                    ),
                    CheckConstraint(
                        check="(authorised_at IS NOT NULL) = (role = 'representative')",
                        name="companion_authorised",
                    ),
                    UniqueConstraint(
                        fields=("application", "email"),
                        name="companion_address_once",
                        condition="ended_at IS NULL",
                    ),
                    UniqueConstraint(
                        fields=("application", "person"),
                        name="companion_person_once",
                        condition="ended_at IS NULL",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
