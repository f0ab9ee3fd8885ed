"""Announcing: the money becomes a debt, the term for objection begins, and every applicant gets a letter.

Law: Awb 3:40-3:45 (no effect before it is announced; the objection block), 6:7-6:8 (six weeks), 4:42
(a small grant is determined at once).
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants import calendar
from grants import round as rules_of
from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.decision import Kind, check_reasons
from grants.errors import Refusal
from grants.ledger import Kind as Line
from grants.letter import Letter
from grants.store import journal, ledger, outbox
from grants.store.applications import Application, in_stage, move
from grants.store.companions import recipients
from grants.store.decisions import Advice, Decision
from grants.store.funds import Round
from grants.store.ledger import Basis, Pot
from grants.store.payments import Determination
from grants.store.people import Person

# A round in which nothing came to a vote has no advice; then nothing at all may be waiting.
UNDECIDED = (Stage.SUBMITTED, Stage.COMPLETING, Stage.SCREENED, Stage.REVIEWED, Stage.ALLOCATED)


async def announce(actor: Actor, round_id: int, now: datetime) -> int:
    """Announce every decision of the round at once; returns how many. Doing it again changes nothing."""
    require(actor, "round.announce")
    async with in_transaction():
        round_ = await Round.get(id=round_id)
        pot = await ledger.lock_pot(round_.fund_id, round_.year)
        waiting = await in_stage(round_id, *(UNDECIDED if round_.advised_at is None else (Stage.ALLOCATED,)))
        if waiting or now < round_.closes_at:
            raise Refusal("Er zijn nog aanvragen zonder besluit. Neem die eerst.")
        decided = await in_stage(round_id, Stage.DECIDED)
        for application in decided:
            await announce_one(pot, round_, application, actor, now)
        if round_.announced_at is None:
            await Round.filter(id=round_id).update(announced_at=now)
            await _tell_advisers(round_, now)
            await journal.note(
                actor, "round.announced", now, role=actor.role_for(ACTS["round.announce"]), round_id=round_id
            )
        return len(decided)


async def announce_one(
    pot: Pot, round_: Round, application: Application, actor: Actor, now: datetime
) -> None:
    """Announce one decision, in the caller's transaction with the pot locked."""
    decision = await Decision.get(application_id=application.id)
    if Kind(decision.kind) is not Kind.NOT_HANDLED:
        advice = await Advice.get(round_id=round_.id)
        check_reasons(advice.criteria, decision.reasons_by_criterion)
    if decision.cents:
        basis = Basis("announce", f"besluit {application.number}", actor, now, round_.id, application.id)
        await ledger.post(pot, Line.COMMIT, decision.cents, f"commit:{application.public_id}", basis)
    decision.announced_at = now
    decision.objection_until = calendar.objection_last_day(calendar.local(now).date())
    await decision.save(update_fields=["announced_at", "objection_until"])
    await move(application, Stage.ANNOUNCED, actor, now, role=actor.role_for(ACTS["round.announce"]))
    if decision.cents and rules_of.regime_for(round_.frozen, decision.cents).mode == "direct":
        await _determine_at_once(application, decision.cents, actor, now)
    key = f"decision:{application.public_id}"
    letters = [
        Letter("decision", key, person.email, person.language, person.id, application.id)
        for person in await recipients(application)
    ]
    await outbox.queue(letters, now)


async def _determine_at_once(application: Application, cents: int, actor: Actor, now: datetime) -> None:
    """What is granted under a direct regime is the final amount; its decision letter says so (Awb 4:42)."""
    await Determination.create(
        application_id=application.id, cents=cents, released_cents=0, by_id=actor.person_id, at=now
    )
    await journal.note(
        actor, "determination.made", now, role=actor.role_for(ACTS["round.announce"]),
        round_id=application.round_id, application_id=application.id, cents=cents,
    )  # fmt: skip


async def _tell_advisers(round_: Round, now: datetime) -> None:
    """Who advised hears where the municipality decided otherwise, and why (Awb 3:43)."""
    deviated = await Decision.filter(application__round_id=round_.id, followed=False).exclude(
        kind=Kind.NOT_HANDLED.value
    )
    advice = await Advice.get_or_none(round_id=round_.id)
    if not deviated or advice is None:
        return
    people = await Person.filter(id__in=advice.advisers)
    await outbox.queue(
        [
            Letter(
                "deviation",
                f"deviation:{round_.public_id}",
                p.email,
                p.language,
                p.id,
                params={"round": round_.public_id},
            )
            for p in people
        ],
        now,
    )
