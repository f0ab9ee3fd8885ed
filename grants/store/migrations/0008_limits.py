"""How often something may be tried."""

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    dependencies = [("grants", "0007_notices")]

    operations = [
        CreateTable(
            name="Used",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("purpose", fields.CharField(max_length=24)),
                ("key_hash", fields.CharField(max_length=64)),
                ("free_at", fields.DatetimeField(auto_now=False, auto_now_add=False, db_index=True)),
            ],
            options={
                "table": "limit_used",
                "app": "grants",
                "unique_together": (("purpose", "key_hash"),),
                "constraints": [
                    CheckConstraint(check="purpose <> ''", name="limit_used_purpose"),
                    CheckConstraint(check="length(key_hash) = 64", name="limit_used_key"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
