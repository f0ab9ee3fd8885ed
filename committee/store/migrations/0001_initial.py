"""The first schema, with every constraint in the tables themselves."""

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    initial = True
    dependencies = [("grants", "0001_initial")]

    operations = [
        CreateTable(
            name="Poll",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "round",
                    fields.OneToOneField(
                        "grants.Round",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="poll",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("budget_cents", fields.BigIntField()),
                ("seed", fields.CharField(max_length=200)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("counted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "poll",
                "app": "committee",
                "constraints": [
                    CheckConstraint(check="budget_cents >= 0", name="poll_budget"),
                    CheckConstraint(check="seed <> ''", name="poll_seed"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Ballot",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "poll",
                    fields.ForeignKeyField(
                        "committee.Poll",
                        source_field="poll_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ballots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("abstains", fields.BooleanField(default=False)),
            ],
            options={"table": "ballot", "app": "committee", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="Mark",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "ballot",
                    fields.ForeignKeyField(
                        "committee.Ballot",
                        source_field="ballot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="marks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="marks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "mark",
                "app": "committee",
                "unique_together": (("ballot", "application"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="PollItem",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "poll",
                    fields.ForeignKeyField(
                        "committee.Poll",
                        source_field="poll_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="poll_item",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_cents", fields.BigIntField()),
                ("least_cents", fields.BigIntField()),
                ("lot", fields.IntField()),
                ("passed", fields.BooleanField()),
                ("gate", fields.TextField(default="{}", unique=False)),
            ],
            options={
                "table": "poll_item",
                "app": "committee",
                "unique_together": (("poll", "lot"),),
                "constraints": [
                    CheckConstraint(
                        check="least_cents > 0 AND least_cents <= asked_cents", name="poll_item_amounts"
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Seat",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "fund",
                    fields.ForeignKeyField(
                        "grants.Fund",
                        source_field="fund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="seats",
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
                        related_name="seats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=10)),
                ("alias", fields.CharField(default="", max_length=60)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "seat",
                "app": "committee",
                "constraints": [
                    CheckConstraint(check="role IN ('member', 'chair', 'secretary')", name="seat_role"),
                    UniqueConstraint(fields=("fund", "person"), name="seat_once", condition="until IS NULL"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Box",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "poll",
                    fields.ForeignKeyField(
                        "committee.Poll",
                        source_field="poll_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="box",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "committee.Seat",
                        source_field="seat_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="box",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "ballot",
                    fields.OneToOneField(
                        "committee.Ballot",
                        source_field="ballot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="box",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "box",
                "app": "committee",
                "unique_together": (("poll", "seat"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Declaration",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "committee.Seat",
                        source_field="seat_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declarations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declarations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("aside", fields.BooleanField()),
                ("ground", fields.TextField(default="", unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "declaration",
                "app": "committee",
                "unique_together": (("seat", "application"),),
                "constraints": [
                    CheckConstraint(check="NOT aside OR ground <> ''", name="declaration_ground")
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="JointReason",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="joint_reasons",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("criterion", fields.CharField(max_length=40)),
                ("text", fields.TextField(unique=False)),
                (
                    "written_by",
                    fields.ForeignKeyField(
                        "committee.Seat",
                        source_field="written_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="joint_reasons",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "joint_reason",
                "app": "committee",
                "unique_together": (("application", "criterion"),),
                "constraints": [CheckConstraint(check="text <> ''", name="joint_reason_text")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Review",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "committee.Seat",
                        source_field="seat_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reviews",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reviews",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField()),
                ("objection", fields.TextField(default="", unique=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("void_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "review",
                "app": "committee",
                "unique_together": (("seat", "application"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Score",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "review",
                    fields.ForeignKeyField(
                        "committee.Review",
                        source_field="review_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="scores",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("criterion", fields.CharField(max_length=40)),
                ("value", fields.IntField(null=True)),
                ("sentence", fields.TextField(default="", unique=False)),
                ("open", fields.BooleanField(default=False)),
            ],
            options={
                "table": "score",
                "app": "committee",
                "unique_together": (("review", "criterion"),),
                "constraints": [
                    CheckConstraint(check="value IS NULL OR value BETWEEN 1 AND 10", name="score_value"),
                    CheckConstraint(check="value IS NULL OR NOT open", name="score_open"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
