"""The pots and their ledger: entries are only ever added, and the pot row is locked before it is read."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants import ledger
from grants.access import Actor
from grants.errors import NotFound
from grants.ledger import Account, Balance, Kind
from grants.store.applications import Application
from grants.store.funds import Fund, Round

ACCOUNTS = ", ".join(f"'{account.value}'" for account in Account)
KINDS = ", ".join(f"'{kind.value}'" for kind in Kind)


class Pot(Model):
    """The money of one fund in one year, in cents. The database itself keeps it from being overspent."""

    id = fields.IntField(primary_key=True)
    fund: fields.ForeignKeyRelation[Fund] = fields.ForeignKeyField(
        "grants.Fund", related_name="pots", on_delete=fields.RESTRICT
    )
    fund_id: int
    year = fields.IntField()
    ceiling_cents = fields.BigIntField(default=0)
    reserved_cents = fields.BigIntField(default=0)
    committed_cents = fields.BigIntField(default=0)
    paid_cents = fields.BigIntField(default=0)
    carried_cents = fields.BigIntField(default=0)
    closed_at = fields.DatetimeField(null=True)
    closing_decision = fields.CharField(max_length=120, default="")

    class Meta:
        table = "pot"
        unique_together = (("fund", "year"),)
        constraints = (
            CheckConstraint(
                check="committed_cents + reserved_cents + carried_cents <= ceiling_cents", name="pot_ceiling"
            ),
            CheckConstraint(check="paid_cents <= committed_cents", name="pot_paid"),
            CheckConstraint(
                check="reserved_cents >= 0 AND committed_cents >= 0 AND paid_cents >= 0 AND carried_cents >= 0",
                name="pot_positive",
            ),
        )

    @property
    def balance(self) -> Balance:
        return Balance(
            self.ceiling_cents, self.reserved_cents, self.committed_cents, self.paid_cents, self.carried_cents
        )


class LedgerEntry(Model):
    """One line: cents from one account to another, for a round, a step, an application and a decision."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=120, unique=True)
    pot: fields.ForeignKeyRelation[Pot] = fields.ForeignKeyField(
        "grants.Pot", related_name="entries", on_delete=fields.RESTRICT
    )
    pot_id: int
    kind = fields.CharField(max_length=12)
    source = fields.CharField(max_length=16)
    target = fields.CharField(max_length=16)
    cents = fields.BigIntField()
    round: fields.ForeignKeyNullableRelation[Round] = fields.ForeignKeyField(
        "grants.Round", related_name="entries", on_delete=fields.RESTRICT, null=True
    )
    round_id: int | None
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="entries", on_delete=fields.RESTRICT, null=True
    )
    application_id: int | None
    step = fields.CharField(max_length=40)
    decision_ref = fields.CharField(max_length=120)
    reverses: fields.ForeignKeyNullableRelation[LedgerEntry] = fields.ForeignKeyField(
        "grants.LedgerEntry", related_name="reversed_by", on_delete=fields.RESTRICT, null=True
    )
    reverses_id: int | None
    person_id = fields.IntField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "ledger_entry"
        constraints = (
            CheckConstraint(check="cents > 0", name="ledger_entry_cents"),
            CheckConstraint(check="source <> target", name="ledger_entry_accounts_differ"),
            CheckConstraint(
                check=f"source IN ({ACCOUNTS}) AND target IN ({ACCOUNTS})", name="ledger_entry_accounts"
            ),
            CheckConstraint(check=f"kind IN ({KINDS})", name="ledger_entry_kind"),
            CheckConstraint(check="decision_ref <> ''", name="ledger_entry_rests_on"),
            UniqueConstraint(fields=("reverses",), name="ledger_entry_reversed_once"),
        )


async def lock_pot(fund_id: int, year: int) -> Pot:
    """The pot of a year, locked until the end of the transaction."""
    pot = await Pot.filter(fund_id=fund_id, year=year).select_for_update().first()
    if pot is None:
        raise NotFound("Er is nog geen pot voor {year}. Open eerst de ronde.", year=year)
    return pot


class Basis(NamedTuple):
    """What a line rests on: the step that writes it, the decision behind it, who acts, and what it is about."""

    step: str
    decision_ref: str
    actor: Actor
    now: datetime
    round_id: int | None = None
    application_id: int | None = None


async def post(
    pot: Pot, kind: Kind, cents: int, key: str, basis: Basis, *, reverses: LedgerEntry | None = None
) -> LedgerEntry:
    """Write one line in a pot that is locked, and bring the pot's row along.

    `key` names the event: posting it again changes nothing and gives the line that is there.
    Refused when the pot cannot bear it.
    """
    if (known := await LedgerEntry.get_or_none(key=key)) is not None:
        return known
    before = pot.balance
    line = ledger.entry(kind, cents, reverse=reverses is not None)
    after = ledger.post(before, line)
    row = await LedgerEntry.create(
        key=key,
        pot_id=pot.id,
        kind=line.kind.value,
        source=line.source.value,
        target=line.target.value,
        cents=line.cents,
        round_id=basis.round_id,
        application_id=basis.application_id,
        step=basis.step,
        decision_ref=basis.decision_ref[:120],
        reverses_id=reverses.id if reverses else None,
        person_id=basis.actor.person_id,
        at=basis.now,
    )
    await Pot.filter(id=pot.id).update(
        ceiling_cents=F("ceiling_cents") + (after.ceiling - before.ceiling),
        reserved_cents=F("reserved_cents") + (after.reserved - before.reserved),
        committed_cents=F("committed_cents") + (after.committed - before.committed),
        paid_cents=F("paid_cents") + (after.paid - before.paid),
        carried_cents=F("carried_cents") + (after.carried - before.carried),
    )
    await pot.refresh_from_db()
    return row


async def entries_of(pot_id: int) -> list[ledger.Entry]:
    """A pot's lines as values, oldest first."""
    rows = (
        await LedgerEntry.filter(pot_id=pot_id)
        .order_by("id")
        .values_list("kind", "source", "target", "cents")
    )
    return [ledger.Entry(Kind(k), Account(s), Account(t), c) for k, s, t, c in rows]


async def cents_of(application_id: int, kind: Kind) -> int:
    """All cents of one kind that were booked for an application."""
    rows = await LedgerEntry.filter(application_id=application_id, kind=kind.value).values("cents")
    return sum(row["cents"] for row in rows)
