"""Files and sound that people add to an application."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    dependencies = [("grants", "0002_guards")]

    operations = [
        CreateTable(
            name="Upload",
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
                        related_name="uploads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("question", fields.CharField(max_length=48)),
                ("name", fields.CharField(max_length=80)),
                ("media_type", fields.CharField(max_length=20)),
                ("bytes", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("path", fields.CharField(unique=True, max_length=35)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uploads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "upload",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="media_type IN ('image/jpeg', 'application/pdf', 'audio/webm', 'audio/ogg', 'audio/mp4', "
                        "'audio/mpeg', 'audio/wav')",
                        name="upload_media_type",
                    ),
                    CheckConstraint(check="bytes > 0", name="upload_bytes"),
                    CheckConstraint(check="removed_at IS NULL OR removed_at >= at", name="upload_times"),
                    UniqueConstraint(
                        fields=("application", "question", "sha256"),
                        name="upload_once",
                        condition="removed_at IS NULL",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
