"""Closing a year: what is free goes to next year's pot, by two entries that name the decision.

Law: Awb 4:22, 4:25-4:28: a ceiling belongs to a period; carrying over rests on a decision, never on arithmetic.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.errors import NotFound, Refusal
from grants.ledger import Kind as Line
from grants.screening import fitting
from grants.store import journal, ledger
from grants.store.applications import in_stage
from grants.store.funds import Round
from grants.store.ledger import Basis, Pot

UNFINISHED = (
    Stage.SUBMITTED,
    Stage.COMPLETING,
    Stage.SCREENED,
    Stage.REVIEWED,
    Stage.ALLOCATED,
    Stage.DECIDED,
)


async def close_year(
    actor: Actor, year: int, decision_ref: str, now: datetime, *, fund_id: int | None = None
) -> dict[int, int]:
    """Close the pots of a year, of one fund or of all; returns the cents carried over by fund.

    A pot that is closed already stays as it is and reports what it carried then.
    """
    require(actor, "year.close")
    if not decision_ref.strip():
        raise Refusal(
            "Noem het besluit waarop het doorschuiven rust, bijvoorbeeld: B&W 12 januari 2027.",
            field="decision",
        )
    pots = await Pot.filter(year=year, **({} if fund_id is None else {"fund_id": fund_id})).order_by(
        "fund_id"
    )
    if not pots:
        raise NotFound("Er is geen pot voor {year}.", year=year)
    async with in_transaction():
        return {
            pot.fund_id: await _close(pot, fitting(decision_ref.strip(), 120, "decision"), actor, now)
            for pot in pots
        }


async def _close(known: Pot, decision_ref: str, actor: Actor, now: datetime) -> int:
    pot = await ledger.lock_pot(known.fund_id, known.year)
    if pot.closed_at is not None:
        return int(pot.carried_cents)
    round_ = await Round.get_or_none(fund_id=pot.fund_id, year=pot.year)
    if round_ is not None and round_.opened_at is not None and now < round_.closes_at:
        raise Refusal(
            "De ronde van {year} is nog open tot {closes:time}. Sluit het jaar daarna.",
            year=pot.year,
            closes=round_.closes_at.isoformat(),
        )
    if pot.reserved_cents or (round_ and await in_stage(round_.id, *UNFINISHED)):
        raise Refusal("Er lopen nog aanvragen in {year}. Rond die eerst af.", year=pot.year)
    await Pot.filter(id=pot.id).update(closed_at=now, closing_decision=decision_ref)
    pot.closed_at, pot.closing_decision = now, decision_ref
    free: int = pot.balance.free
    if free:
        await carry_on(pot, free, f"close:{pot.id}", actor, now)
    if round_ is not None:
        await Round.filter(id=round_.id).update(closed_at=now)
    await journal.note(
        actor, "year.closed", now, role=actor.role_for(ACTS["year.close"]), round_id=round_.id if round_ else None,
        ground=decision_ref, year=pot.year, carried=free,
    )  # fmt: skip
    return free


async def carry_on(pot: Pot, cents: int, key: str, actor: Actor, now: datetime) -> None:
    """Take free money of a closed, locked pot to the next year's, under the decision that closed it.

    In a year that is still open the money simply stays in the pot. Pots are locked in the order of years.
    """
    if pot.closed_at is None:
        return
    await Pot.get_or_create(fund_id=pot.fund_id, year=pot.year + 1)
    target = await ledger.lock_pot(pot.fund_id, pot.year + 1)
    basis = Basis("close_year", pot.closing_decision, actor, now)
    for where, kind in ((pot, Line.CARRY_OUT), (target, Line.CARRY_OVER)):
        await ledger.post(where, kind, cents, f"{kind.value}:{key}", basis)
    await carry_on(target, cents, key=f"{key}:{target.year}", actor=actor, now=now)
