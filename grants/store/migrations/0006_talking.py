"""Messages, and proposals to go a step further."""

import functools
from json import dumps, loads

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from grants.store.schema import Additions, CreateTable, append_only, guard


class Migration(Additions):
    dependencies = [("grants", "0005_channels")]

    operations = [
        CreateTable(
            name="Message",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("side", fields.CharField(max_length=12)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("due_on", fields.DateField(null=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("key", fields.CharField(unique=True, max_length=64)),
            ],
            options={
                "table": "message",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="side IN ('applicant', 'municipality')", name="message_side"),
                    CheckConstraint(check="text <> ''", name="message_text"),
                    CheckConstraint(check="due_on IS NULL OR side = 'municipality'", name="message_due"),
                ],
                "indexes": [Index(fields=["application_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="MessageRead",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages_read",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("side", fields.CharField(max_length=12)),
                (
                    "message",
                    fields.ForeignKeyField(
                        "grants.Message",
                        source_field="message_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="read",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages_read",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message_read",
                "app": "grants",
                "unique_together": (("application", "side"),),
                "constraints": [
                    CheckConstraint(check="side IN ('applicant', 'municipality')", name="message_read_side")
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Stretch",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stretches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField()),
                ("text", fields.TextField(unique=False)),
                (
                    "questions",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "proposed_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="proposed_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stretches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=10)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_on", fields.DateField()),
                ("answer", fields.CharField(null=True, max_length=8)),
                ("answered_by_id", fields.IntField(null=True)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("consent", fields.TextField(default="", unique=False)),
                ("led_to", fields.IntField(null=True)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stretch",
                "app": "grants",
                "unique_together": (("application", "version"),),
                "constraints": [
                    CheckConstraint(check="text <> ''", name="stretch_text"),
                    CheckConstraint(check="role IN ('chair', 'secretary')", name="stretch_role"),
                    CheckConstraint(
                        check="answer IS NULL OR answer IN ('accepted', 'changed', 'declined')",
                        name="stretch_answer",
                    ),
                    CheckConstraint(
                        check="(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
                        name="stretch_answered_by",
                    ),
                    CheckConstraint(
                        check="(consent <> '') = (answer IS NOT NULL AND answer <> 'declined')",
                        name="stretch_consent",
                    ),
                    CheckConstraint(check="led_to IS NULL OR led_to > version", name="stretch_led_to"),
                    CheckConstraint(check="(led_to IS NULL) = (sent_at IS NULL)", name="stretch_sent_at"),
                    CheckConstraint(check="led_to IS NULL OR consent <> ''", name="stretch_led_with_consent"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        *append_only("message"),
        guard(
            "stretch_sent",
            "stretch",
            "UPDATE",
            when="OLD.led_to IS NOT NULL",
            says="an idea that led to a plan cannot change",
        ),
        guard("stretch_kept", "stretch", "DELETE", when="(1 = 1)", says="an idea cannot be deleted"),
    ]
