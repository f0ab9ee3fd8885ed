"""The first schema, with every constraint in the tables themselves."""

import functools
from json import dumps, loads

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from grants.store.schema import Additions, CreateTable


class Migration(Additions):
    initial = True

    operations = [
        CreateTable(
            name="Fund",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("slug", fields.CharField(unique=True, max_length=60)),
                ("name", fields.CharField(max_length=120)),
                ("municipality", fields.CharField(max_length=120)),
                ("purpose", fields.TextField(unique=False)),
                ("purpose_easy", fields.TextField(default="", unique=False)),
                (
                    "contact",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("source", fields.TextField(unique=False)),
                ("source_hash", fields.CharField(max_length=64)),
                ("loaded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "fund", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="JournalEntry",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("place", fields.IntField(unique=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("person_id", fields.IntField(null=True)),
                ("role", fields.CharField(max_length=16)),
                ("act", fields.CharField(max_length=40)),
                ("round_id", fields.IntField(null=True, db_index=True)),
                ("application_id", fields.IntField(null=True, db_index=True)),
                ("ground", fields.TextField(default="", unique=False)),
                ("detail", fields.TextField(default="{}", unique=False)),
                ("previous_hash", fields.CharField(max_length=64)),
                ("entry_hash", fields.CharField(unique=True, max_length=64)),
            ],
            options={"table": "journal_entry", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="JournalHead",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("place", fields.IntField()),
                ("entry_hash", fields.CharField(max_length=64)),
            ],
            options={"table": "journal_head", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="LetterRow",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("key", fields.CharField(max_length=120)),
                ("channel", fields.CharField(default="mail", max_length=8)),
                ("email", fields.CharField(null=True, max_length=254)),
                ("kind", fields.CharField(max_length=24)),
                ("language", fields.CharField(max_length=12)),
                ("person_id", fields.IntField(null=True)),
                ("application_id", fields.IntField(null=True, db_index=True)),
                ("params", fields.TextField(unique=False)),
                ("message_id", fields.CharField(unique=True, max_length=40)),
                ("state", fields.CharField(default="queued", max_length=8)),
                ("attempts", fields.IntField(default=0)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_error", fields.TextField(default="", unique=False)),
                ("queued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "letter",
                "app": "grants",
                "unique_together": (("key", "email"),),
                "constraints": [
                    CheckConstraint(
                        check="state IN ('queued', 'to_post', 'sent', 'failed')", name="letter_state"
                    ),
                    CheckConstraint(
                        check="(channel = 'post' AND email IS NULL AND person_id IS NOT NULL AND state <> 'queued') "
                        "OR (channel IN ('mail', 'helper') AND email IS NOT NULL AND state <> 'to_post')",
                        name="letter_channel",
                    ),
                    UniqueConstraint(
                        fields=("key", "person_id"), name="letter_post_once", condition="channel = 'post'"
                    ),
                    CheckConstraint(check="attempts >= 0", name="letter_attempts"),
                    CheckConstraint(check="(state = 'sent') = (sent_at IS NOT NULL)", name="letter_sent"),
                ],
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Person",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("email", fields.CharField(null=True, unique=True, max_length=254)),
                ("address_sealed", fields.TextField(default="", unique=False)),
                ("name", fields.CharField(default="", max_length=120)),
                ("phone", fields.CharField(default="", max_length=20)),
                ("language", fields.CharField(default="nl", max_length=12)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "person",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="email = lower(email)", name="person_email_lower"),
                    CheckConstraint(
                        check="language = lower(language) AND length(language) > 1", name="person_language"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Initiative",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="initiatives",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=12)),
                ("name", fields.CharField(default="", max_length=120)),
                ("kvk", fields.CharField(default="", max_length=8)),
                ("phone", fields.CharField(default="", max_length=20)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("host_name", fields.CharField(default="", max_length=120)),
                ("host_kvk", fields.CharField(default="", max_length=8)),
                ("host_contact", fields.CharField(default="", max_length=120)),
                ("host_agreed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "initiative",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="(host_name = '' AND host_kvk = '' AND host_contact = '' AND host_agreed_at IS NULL) OR "
                        "(host_name <> '' AND length(host_kvk) = 8 AND host_contact <> '' AND host_agreed_at IS NOT NULL)",
                        name="initiative_host",
                    ),
                    CheckConstraint(
                        check="kind IN ('', 'organisation', 'group', 'person')", name="initiative_kind"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Pot",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "fund",
                    fields.ForeignKeyField(
                        "grants.Fund",
                        source_field="fund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                ("ceiling_cents", fields.BigIntField(default=0)),
                ("reserved_cents", fields.BigIntField(default=0)),
                ("committed_cents", fields.BigIntField(default=0)),
                ("paid_cents", fields.BigIntField(default=0)),
                ("carried_cents", fields.BigIntField(default=0)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closing_decision", fields.CharField(default="", max_length=120)),
            ],
            options={
                "table": "pot",
                "app": "grants",
                "unique_together": (("fund", "year"),),
                "constraints": [
                    CheckConstraint(
                        check="committed_cents + reserved_cents + carried_cents <= ceiling_cents",
                        name="pot_ceiling",
                    ),
                    CheckConstraint(check="paid_cents <= committed_cents", name="pot_paid"),
                    CheckConstraint(
                        check="reserved_cents >= 0 AND committed_cents >= 0 AND paid_cents >= 0 AND carried_cents >= 0",
                        name="pot_positive",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="RoleHeld",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roles",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=12)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "role_held",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="role IN ('applicant', 'officer', 'finance', 'auditor')", name="role_held_role"
                    ),
                    UniqueConstraint(
                        fields=("person", "role"), name="role_held_once", condition="until IS NULL"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Round",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                (
                    "fund",
                    fields.ForeignKeyField(
                        "grants.Fund",
                        source_field="fund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rounds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                ("title", fields.CharField(max_length=120)),
                ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ballot_opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ballot_closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decide_by", fields.DateField()),
                ("rules", fields.TextField(null=True, unique=False)),
                ("rules_hash", fields.CharField(null=True, max_length=64)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("advised_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("announced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_number", fields.IntField(default=0)),
            ],
            options={
                "table": "round",
                "app": "grants",
                "unique_together": (("fund", "year"),),
                "constraints": [
                    CheckConstraint(check="year BETWEEN 2000 AND 2200", name="round_year"),
                    CheckConstraint(
                        check="opens_at < closes_at AND closes_at <= ballot_opens_at AND ballot_opens_at < ballot_closes_at",
                        name="round_windows",
                    ),
                    CheckConstraint(
                        check="opened_at IS NULL OR (rules IS NOT NULL AND rules_hash IS NOT NULL)",
                        name="round_frozen",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Advice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "round",
                    fields.OneToOneField(
                        "grants.Round",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="advice",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("record", fields.TextField(unique=False)),
                ("record_hash", fields.CharField(max_length=64)),
                ("left_over", fields.TextField(unique=False)),
                (
                    "advisers",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "criteria",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "advice", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="Application",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("begin_key", fields.CharField(unique=True, max_length=64)),
                (
                    "round",
                    fields.ForeignKeyField(
                        "grants.Round",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="applications",
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
                        related_name="applications",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "initiative",
                    fields.ForeignKeyField(
                        "grants.Initiative",
                        source_field="initiative_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="applications",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("stage", fields.CharField(default="draft", max_length=12)),
                ("number", fields.CharField(null=True, max_length=40)),
                ("title", fields.CharField(default="", max_length=200)),
                ("asked_cents", fields.BigIntField(default=0)),
                ("least_cents", fields.BigIntField(default=0)),
                ("version", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "application",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="stage IN ('draft', 'submitted', 'completing', 'screened', 'reviewed', 'allocated', 'decided', 'announced', 'published', 'accounted', 'determined', 'withdrawn')",
                        name="application_stage",
                    ),
                    CheckConstraint(
                        check="least_cents >= 0 AND least_cents <= asked_cents", name="application_amounts"
                    ),
                    CheckConstraint(
                        check="stage = 'draft' OR (number IS NOT NULL AND submitted_at IS NOT NULL AND asked_cents > 0)",
                        name="application_submitted",
                    ),
                    UniqueConstraint(fields=("round", "number"), name="application_number"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Answer",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("question", fields.CharField(max_length=48)),
                ("value", fields.TextField(unique=False)),
                ("saved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answers_written",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "answer",
                "app": "grants",
                "unique_together": (("application", "question"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Completion",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="completions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "questions",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("text", fields.TextField(unique=False)),
                ("due_on", fields.DateField()),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "completion",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="answered_at IS NULL OR answered_at >= asked_at", name="completion_times"
                    ),
                    UniqueConstraint(
                        fields=("application",), name="completion_open", condition="answered_at IS NULL"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Decision",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="decision",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("cents", fields.BigIntField()),
                ("followed", fields.BooleanField()),
                ("deviation", fields.TextField(default="", unique=False)),
                ("explanation", fields.TextField(unique=False)),
                ("reasons", fields.TextField(unique=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decisions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("announced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("objection_until", fields.DateField(null=True)),
            ],
            options={
                "table": "decision",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="kind IN ('granted', 'partly', 'refused_ceiling', 'refused_other', 'not_handled')",
                        name="decision_kind",
                    ),
                    CheckConstraint(
                        check="(kind IN ('granted', 'partly')) = (cents > 0) AND cents >= 0",
                        name="decision_cents",
                    ),
                    CheckConstraint(
                        check="followed OR deviation <> ''", name="decision_deviation_has_reason"
                    ),
                    CheckConstraint(check="explanation <> ''", name="decision_explained"),
                    CheckConstraint(
                        check="(announced_at IS NULL) = (objection_until IS NULL)",
                        name="decision_objection_date",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Determination",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="determination",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.BigIntField()),
                ("released_cents", fields.BigIntField()),
                ("reason", fields.TextField(default="", unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="determinations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "determination",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="cents >= 0 AND released_cents >= 0", name="determination_cents"),
                    CheckConstraint(check="released_cents = 0 OR reason <> ''", name="determination_reason"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="LedgerEntry",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=120)),
                (
                    "pot",
                    fields.ForeignKeyField(
                        "grants.Pot",
                        source_field="pot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=12)),
                ("source", fields.CharField(max_length=16)),
                ("target", fields.CharField(max_length=16)),
                ("cents", fields.BigIntField()),
                (
                    "round",
                    fields.ForeignKeyField(
                        "grants.Round",
                        source_field="round_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
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
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("step", fields.CharField(max_length=40)),
                ("decision_ref", fields.CharField(max_length=120)),
                (
                    "reverses",
                    fields.ForeignKeyField(
                        "grants.LedgerEntry",
                        source_field="reverses_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reversed_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("person_id", fields.IntField(null=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ledger_entry",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="cents > 0", name="ledger_entry_cents"),
                    CheckConstraint(check="source <> target", name="ledger_entry_accounts_differ"),
                    CheckConstraint(
                        check="source IN ('municipality', 'previous_year', 'free', 'reserved', 'owed', 'paid', 'next_year') AND target IN ('municipality', 'previous_year', 'free', 'reserved', 'owed', 'paid', 'next_year')",
                        name="ledger_entry_accounts",
                    ),
                    CheckConstraint(
                        check="kind IN ('ceiling', 'carry_over', 'raise', 'lower', 'reserve', 'commit', 'release', 'pay', 'recover', 'carry_out')",
                        name="ledger_entry_kind",
                    ),
                    CheckConstraint(check="decision_ref <> ''", name="ledger_entry_rests_on"),
                    UniqueConstraint(fields=("reverses",), name="ledger_entry_reversed_once"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Payment",
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
                        related_name="payments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("instalment", fields.IntField()),
                ("cents", fields.BigIntField()),
                ("due_on", fields.DateField()),
                (
                    "prepared_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="prepared_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="payments_prepared",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("prepared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "approved_by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="approved_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payments_approved",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("paid_on", fields.DateField(null=True)),
            ],
            options={
                "table": "payment",
                "app": "grants",
                "unique_together": (("application", "instalment"),),
                "constraints": [
                    CheckConstraint(check="cents > 0", name="payment_cents"),
                    CheckConstraint(check="instalment > 0", name="payment_instalment"),
                    CheckConstraint(
                        check="approved_by_id IS NULL OR approved_by_id <> prepared_by_id",
                        name="payment_four_eyes",
                    ),
                    CheckConstraint(
                        check="(approved_by_id IS NULL) = (paid_on IS NULL)", name="payment_paid_by_someone"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="PayoutAccount",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="account",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("holder", fields.CharField(max_length=120)),
                ("iban_sealed", fields.TextField(unique=False)),
                ("last4", fields.CharField(max_length=4)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "payout_account", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="ProposalRow",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="proposal",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("cents", fields.BigIntField()),
                ("explanation", fields.TextField(unique=False)),
                ("reasons", fields.TextField(unique=False)),
            ],
            options={
                "table": "proposal",
                "app": "grants",
                "constraints": [
                    CheckConstraint(
                        check="kind IN ('granted', 'partly', 'refused_ceiling', 'refused_other', 'not_handled')",
                        name="proposal_kind",
                    ),
                    CheckConstraint(
                        check="(kind IN ('granted', 'partly')) = (cents > 0) AND cents >= 0",
                        name="proposal_cents",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Publication",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "round",
                    fields.OneToOneField(
                        "grants.Round",
                        source_field="round_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="publication",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("document", fields.TextField(unique=False)),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "publication", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="Report",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.OneToOneField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="report",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("spent_cents", fields.BigIntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "report",
                "app": "grants",
                "constraints": [CheckConstraint(check="spent_cents >= 0", name="report_spent")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="SavedFilter",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="saved_filters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=40)),
                ("query", fields.CharField(max_length=600)),
            ],
            options={
                "table": "saved_filter",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="name <> '' AND query <> ''", name="saved_filter_filled"),
                    UniqueConstraint(fields=("person", "name"), name="saved_filter_name"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="ScreeningCheck",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="checks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("check_key", fields.CharField(max_length=40)),
                ("verdict", fields.CharField(max_length=8)),
                ("note", fields.TextField(default="", unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="checks_done",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "screening_check",
                "app": "grants",
                "unique_together": (("application", "check_key"),),
                "constraints": [
                    CheckConstraint(
                        check="verdict IN ('good', 'missing', 'not_met')", name="screening_check_verdict"
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Session",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "grants.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("browser", fields.CharField(default="", max_length=80)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "session", "app": "grants", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateTable(
            name="SignIn",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("email", fields.CharField(db_index=True, max_length=254)),
                ("browser_hash", fields.CharField(max_length=64)),
                ("link_hash", fields.CharField(unique=True, max_length=64)),
                ("code_hash", fields.CharField(max_length=64)),
                ("next_path", fields.CharField(default="", max_length=200)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(default=0)),
            ],
            options={
                "table": "sign_in",
                "app": "grants",
                "constraints": [CheckConstraint(check="tries >= 0 AND tries <= 5", name="sign_in_tries")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Submission",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "grants.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="submissions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField()),
                ("content", fields.TextField(unique=False)),
                ("content_hash", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "submission",
                "app": "grants",
                "unique_together": (("application", "version"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="HelpRequest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                ("page", fields.CharField(default="", max_length=200)),
                ("text", fields.TextField(unique=False)),
                ("contact", fields.CharField(default="", max_length=200)),
                ("language", fields.CharField(max_length=12)),
                ("person_id", fields.IntField(null=True)),
                ("browser_hash", fields.CharField(max_length=64)),
                ("asked_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("due_on", fields.DateField()),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("done_by", fields.IntField(null=True)),
                ("outcome", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "help_request",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="text <> ''", name="help_request_text"),
                    CheckConstraint(check="(done_at IS NULL) = (outcome = '')", name="help_request_outcome"),
                    CheckConstraint(check="(done_at IS NULL) OR contact = ''", name="help_request_wiped"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Task",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=32)),
                (
                    "letter",
                    fields.OneToOneField(
                        "grants.LetterRow",
                        source_field="letter_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="task",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=24)),
                ("note", fields.TextField(unique=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("done_by", fields.IntField(null=True)),
                ("outcome", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "task",
                "app": "grants",
                "constraints": [
                    CheckConstraint(check="(done_at IS NULL) OR outcome <> ''", name="task_outcome")
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
