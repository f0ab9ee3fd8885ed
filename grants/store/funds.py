"""Funds and their rounds; a round's rules are frozen text with a hash from the moment it opens."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants.errors import NotFound
from grants.fund import Windows
from grants.round import Facts, Phase, phase


class Fund(Model):
    """A fund as its file describes it; `source` is the file as it was loaded."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=120)
    municipality = fields.CharField(max_length=120)
    purpose = fields.TextField()
    purpose_easy = fields.TextField(default="")
    contact = fields.JSONField[dict[str, str]]()
    source = fields.TextField()
    source_hash = fields.CharField(max_length=64)
    loaded_at = fields.DatetimeField()

    class Meta:
        table = "fund"


class Round(Model):
    """One year's round. Its times are facts: the phase is computed from them and the clock."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    fund: fields.ForeignKeyRelation[Fund] = fields.ForeignKeyField(
        "grants.Fund", related_name="rounds", on_delete=fields.RESTRICT
    )
    fund_id: int
    year = fields.IntField()
    title = fields.CharField(max_length=120)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    ballot_opens_at = fields.DatetimeField()
    ballot_closes_at = fields.DatetimeField()
    decide_by = fields.DateField()
    rules = fields.TextField(null=True)
    rules_hash = fields.CharField(max_length=64, null=True)
    opened_at = fields.DatetimeField(null=True)
    advised_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    announced_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    last_number = fields.IntField(default=0)

    class Meta:
        table = "round"
        unique_together = (("fund", "year"),)
        constraints = (
            CheckConstraint(check="year BETWEEN 2000 AND 2200", name="round_year"),
            CheckConstraint(
                check="opens_at < closes_at AND closes_at <= ballot_opens_at AND ballot_opens_at < ballot_closes_at",
                name="round_windows",
            ),
            CheckConstraint(
                check="opened_at IS NULL OR (rules IS NOT NULL AND rules_hash IS NOT NULL)",
                name="round_frozen",
            ),
        )

    @property
    def frozen(self) -> dict[str, Any]:
        """The rules as they were frozen at opening; empty before that."""
        return json.loads(self.rules) if self.rules else {}

    @property
    def windows(self) -> Windows:
        return Windows(
            self.opens_at, self.closes_at, self.ballot_opens_at, self.ballot_closes_at, self.decide_by
        )

    def phase(self, now: datetime) -> Phase:
        """Where the round stands by the clock and by what was done."""
        facts = Facts(
            self.opened_at,
            self.advised_at,
            self.decided_at,
            self.announced_at,
            self.published_at,
            self.closed_at,
        )
        return phase(self.windows, facts, now)


async def current_round(now: datetime) -> Round | None:
    """The round a visitor should see: the one open now, else the next to open, else the last."""
    rounds = await Round.filter(opened_at__isnull=False).order_by("-opens_at").select_related("fund")
    for round_ in rounds:
        if round_.opens_at <= now < round_.closes_at:
            return round_
    return rounds[0] if rounds else None


async def fund_by_slug(slug: str) -> Fund:
    """The fund with this name in its file; NotFound where none was loaded."""
    fund = await Fund.get_or_none(slug=slug)
    if fund is None:
        raise NotFound("Er is geen fonds met de naam “{slug}”. Laad eerst het fondsbestand.", slug=slug)
    return fund


async def round_by_public_id(public_id: str) -> Round | None:
    return await Round.get_or_none(public_id=public_id).select_related("fund")


def fund_facts(fund: Fund) -> dict[str, Any]:
    """Whose letter it is: name, municipality, and where to find help."""
    return {"name": fund.name, "municipality": fund.municipality, "contact": dict(fund.contact)}
