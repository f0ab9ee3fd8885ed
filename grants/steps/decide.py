"""Deciding: advice comes in as values, an officer signs, the money is set apart in the same transaction.

Law: Awb 3:49-3:50 (following or leaving advice), 4:25(2) (never past the ceiling).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import ACTS, Actor, require
from grants.application import COMMITTEE, Stage
from grants.decision import Kind, Proposal, check_decision, check_reasons
from grants.errors import Invalid, NotFound, Refusal, Sentence
from grants.ledger import Kind as Line
from grants.store import journal, ledger
from grants.store.applications import Application, check_stranger, in_stage, lock_application, move
from grants.store.decisions import Advice, Decision, ProposalRow, proposal_of
from grants.store.funds import Round
from grants.store.ledger import Basis, LedgerEntry, Pot

OTHER_GROUND = Sentence(
    "De gemeente neemt een ander besluit dan de commissie adviseert. De reden staat hieronder."
)


async def receive_advice(  # noqa: PLR0913, PLR0917 - all that one body hands to the other
    round_id: int,
    proposals: Sequence[Proposal],
    record: str,
    record_hash: str,
    left_over: Sentence,
    criteria: Sequence[str],
    advisers: Sequence[int],
    actor: Actor,
    now: datetime,
) -> None:
    """Take in what the deciding body advises, with the public record of its count.

    Every application that was voted on must have a proposal with a reason for each of `criteria`, and no
    other may have one. `advisers` are the people who hear of deviations. Called inside the deciding body's
    own step, so that count and advice stand or fall together.
    """
    async with in_transaction():
        round_ = await Round.filter(id=round_id).select_for_update().get()
        if round_.advised_at is not None:
            raise Refusal("Het advies over deze ronde is er al.")
        voted = {a.public_id: a for a in await in_stage(round_id, Stage.REVIEWED)}
        if set(voted) != {p.application for p in proposals} or len(voted) != len(proposals):
            raise Refusal("Het advies gaat niet over precies de aanvragen van deze ronde.")
        await Advice.create(
            round_id=round_id,
            record=record,
            record_hash=record_hash,
            left_over=json.dumps(left_over.as_json(), ensure_ascii=False),
            advisers=list(advisers),
            criteria=list(criteria),
            received_at=now,
        )
        for proposal in proposals:
            check_reasons(list(criteria), proposal.reasons)
            application = voted[proposal.application]
            await ProposalRow.create(
                application_id=application.id,
                kind=proposal.kind.value,
                cents=proposal.cents,
                explanation=json.dumps(proposal.explanation.as_json(), ensure_ascii=False),
                reasons=json.dumps(proposal.reasons, ensure_ascii=False),
            )
            await move(application, Stage.ALLOCATED, actor, now, role=COMMITTEE)
        round_.advised_at = now
        await round_.save(update_fields=["advised_at"])
        await journal.note(actor, "round.advised", now, round_id=round_id, record=record_hash)


async def decide(
    actor: Actor, public_id: str, kind: Kind, cents: int, deviation: str, now: datetime
) -> Decision:
    """Sign a decision on one application, or sign it anew as long as it has not been announced.

    Without a deviation it must equal the advice. What is granted is set apart from the pot at once.
    """
    require(actor, "decision.make")
    async with in_transaction():
        pot, round_ = await _lock_pot_of(public_id)
        application = await lock_application(public_id)
        decision = await _sign(pot, application, kind, cents, deviation.strip(), actor, now)
        await _note_round_decided(round_, now)
        return decision


async def adopt_all(actor: Actor, round_id: int, now: datetime) -> int:
    """Sign every open decision of a round as the committee advises; returns how many were signed."""
    require(actor, "decision.make")
    async with in_transaction():
        round_ = await Round.get(id=round_id)
        pot = await ledger.lock_pot(round_.fund_id, round_.year)
        open_ = await in_stage(round_id, Stage.ALLOCATED)
        for application in open_:
            advice = await proposal_of(application.id)
            if advice is None:
                raise Refusal("Bij aanvraag {number} is nog geen advies.", number=application.number)
            await _sign(pot, application, Kind(advice.kind), advice.cents, "", actor, now)
        await _note_round_decided(round_, now)
        return len(open_)


async def _lock_pot_of(public_id: str) -> tuple[Pot, Round]:
    found = await Application.get_or_none(public_id=public_id).select_related("round")
    if found is None:
        raise NotFound("Deze aanvraag is er niet.")
    return await ledger.lock_pot(found.round.fund_id, found.round.year), found.round


async def _sign(
    pot: Pot, application: Application, kind: Kind, cents: int, deviation: str, actor: Actor, now: datetime
) -> Decision:
    await check_stranger(actor, application)
    advice = await proposal_of(application.id)
    if kind is Kind.NOT_HANDLED:
        raise Refusal("Niet behandelen kan alleen bij de controle, na een kans om aan te vullen (Awb 4:5).")
    if advice is None or application.at not in (Stage.ALLOCATED, Stage.DECIDED):
        raise Refusal("Over deze aanvraag kan nu geen besluit worden genomen. Ververs de pagina.")
    if problems := check_decision(
        kind=kind,
        cents=cents,
        asked_cents=application.asked_cents,
        advised=(Kind(advice.kind), advice.cents),
        deviation=deviation,
    ):
        raise Invalid(problems)
    followed = (advice.kind, advice.cents) == (kind.value, cents)
    said = advice.explanation if followed else json.dumps(OTHER_GROUND.as_json(), ensure_ascii=False)
    await _set_apart(pot, application, cents, actor, now)
    values = {
        "kind": kind.value,
        "cents": cents,
        "followed": followed,
        "deviation": "" if followed else deviation,
        "explanation": said,
        "reasons": advice.reasons,
        "decided_by_id": actor.person_id,
        "decided_at": now,
    }
    decision, new = await Decision.get_or_create(application_id=application.id, defaults=values)
    role = actor.role_for(ACTS["decision.make"])
    if new:
        await move(
            application, Stage.DECIDED, actor, now, role=role, ground=deviation, kind=kind.value, cents=cents
        )
    else:
        await decision.update_from_dict(values).save()
        await journal.note(
            actor,
            "decision.changed",
            now,
            role=role,
            round_id=application.round_id,
            application_id=application.id,
            ground=deviation,
            kind=kind.value,
            cents=cents,
        )
    return decision


async def _set_apart(pot: Pot, application: Application, cents: int, actor: Actor, now: datetime) -> None:
    """Reserve `cents`, after taking back what an earlier signature reserved."""
    lines = await LedgerEntry.filter(application_id=application.id).order_by("id")
    earlier = lines[-1] if lines and lines[-1].reverses_id is None else None
    if earlier is not None and earlier.cents == cents:
        return
    basis = Basis("decide", f"besluit {application.number}", actor, now, application.round_id, application.id)
    if earlier is not None:
        await ledger.post(pot, Line.RESERVE, earlier.cents, f"undo:{earlier.key}", basis, reverses=earlier)
    if cents:
        key = f"reserve:{application.public_id}:{len(lines)}"
        await ledger.post(pot, Line.RESERVE, cents, key, basis)


async def _note_round_decided(round_: Round, now: datetime) -> None:
    if round_.decided_at is None and not await in_stage(round_.id, Stage.ALLOCATED):
        await Round.filter(id=round_.id).update(decided_at=now)
