"""Opening a round: a fund file is loaded, its rules are frozen and hashed, the ceiling goes into the pot.

Law: Awb 4:25-4:27: ceiling and way of dividing are made known before the period begins.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from grants import round as rules_of
from grants.access import ACTS, Actor, require
from grants.errors import Problem
from grants.fund import RoundPlan, read_fund
from grants.ledger import Kind as Line
from grants.store import journal, ledger
from grants.store.funds import Fund, Round, fund_by_slug
from grants.store.ledger import Basis, Pot

CheckBody = Callable[[dict[str, Any]], list[Problem]]
"""Judges the part of a fund file that belongs to the deciding body."""


async def load_fund(actor: Actor, source: str, check_body: CheckBody, now: datetime) -> Fund:
    """Create or update a fund and its rounds from its file. Rounds that have opened stay as they are frozen."""
    require(actor, "round.open")
    plan = read_fund(source, check_body)
    values = {
        "name": plan.name,
        "municipality": plan.municipality,
        "purpose": plan.purpose,
        "purpose_easy": plan.purpose_easy,
        "contact": asdict(plan.contact),
        "source": source,
        "source_hash": hashlib.sha256(source.encode()).hexdigest(),
        "loaded_at": now,
    }
    async with in_transaction():
        fund, _ = await Fund.update_or_create(slug=plan.slug, defaults=values)
        for planned in plan.rounds:
            await _plan_round(fund, planned)
        await journal.note(
            actor,
            "fund.loaded",
            now,
            role=actor.role_for(ACTS["round.open"]),
            fund=plan.slug,
            source=fund.source_hash,
        )
        return fund


async def _plan_round(fund: Fund, plan: RoundPlan) -> None:
    values = {"title": plan.title, **asdict(plan.windows)}
    round_ = await Round.get_or_none(fund_id=fund.id, year=plan.year)
    if round_ is None:
        await Round.create(fund_id=fund.id, year=plan.year, public_id=secrets.token_hex(16), **values)
    elif round_.opened_at is None:
        await round_.update_from_dict(values).save()


async def open_round(actor: Actor, slug: str, year: int, check_body: CheckBody, now: datetime) -> Round:
    """Freeze and hash the rules of one year's round and put its ceiling in the pot. Twice changes nothing."""
    require(actor, "round.open")
    async with in_transaction():
        fund = await fund_by_slug(slug)
        frozen = rules_of.freeze(read_fund(fund.source, check_body), year)
        round_ = await Round.filter(fund_id=fund.id, year=year).select_for_update().get()
        if round_.opened_at is not None:
            return round_
        rules_of.check_can_open(frozen, now)
        await freeze_and_fund(round_, frozen, actor, now)
        return round_


async def freeze_and_fund(round_: Round, frozen: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Bind a round to its rules and put the ceiling in the pot, in the caller's transaction."""
    round_.rules = rules_of.canonical(frozen).decode()
    round_.rules_hash = rules_of.rules_hash(frozen)
    round_.opened_at = now
    await round_.save(update_fields=["rules", "rules_hash", "opened_at"])
    await Pot.get_or_create(fund_id=round_.fund_id, year=round_.year)
    pot = await ledger.lock_pot(round_.fund_id, round_.year)
    ground = frozen["ceiling"]["published_in"] or frozen["legal_basis"]
    basis = Basis("open_round", ground, actor, now, round_.id)
    await ledger.post(pot, Line.CEILING, frozen["ceiling"]["cents"], f"ceiling:{round_.public_id}", basis)
    await journal.note(
        actor,
        "round.opened",
        now,
        role=actor.role_for(ACTS["round.open"]),
        round_id=round_.id,
        rules=round_.rules_hash,
    )
