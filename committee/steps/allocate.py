"""Allocating: after the ballots close they are counted, the public record is kept, the advice handed over."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from typing import Any

from tortoise.transactions import in_transaction

from committee import explain, record
from committee.access import ACTS
from committee.allocation import RANKED, Outcome, Rule, count
from committee.ballot import Ballot
from committee.election import Application as Candidate
from committee.election import Election, election
from committee.framework import read_framework
from committee.scoring import GateResult
from committee.steps.vote import review_totals
from committee.store.ballots import Poll, PollItem, counting_ballots, items_of
from committee.store.conflicts import standing_aside
from committee.store.members import lock_seat, voting_seats
from committee.store.reviews import joint_reasons
from grants.access import OPERATOR, Actor, require
from grants.application import Stage
from grants.decision import Kind, Proposal, kind_for
from grants.errors import NotFound, Refusal, Sentence
from grants.steps.decide import receive_advice
from grants.store import journal
from grants.store.funds import Round


async def allocate(actor: Actor, round_id: str, now: datetime, *, rule: str | None = None) -> Outcome:
    """Count a closed poll by the frozen rule and hand every outcome to the municipality as advice.

    Refused before the ballots close, a second time, and while a criterion still lacks its joint reason.
    `rule` may be named only for a round that was imported from an election's file; anywhere else the
    frozen rule holds.
    """
    require(actor, "committee.advise", ACTS)
    async with in_transaction():
        poll = await _closed_poll(round_id, now)
        round_ = poll.round
        if not actor.has(OPERATOR):
            await lock_seat(actor, round_.fund_id, ACTS["committee.advise"].roles)
        items = await items_of(poll.id)
        frozen = round_.frozen
        chosen = frozen_rule(frozen, rule)
        scores = await _scores(round_, items) if chosen.name == RANKED and not imported(frozen) else None
        vote = _election(poll, items, await counting_ballots(poll.id), scores)
        outcome = count(vote, chosen)
        public = record.make(vote, chosen, outcome, seed=poll.seed, frozen=frozen)
        await Poll.filter(id=poll.id).update(counted_at=now)
        await receive_advice(
            round_.id,
            await _proposals(round_, items, vote, outcome),
            record.canonical(public).decode(),
            record.digest(public),
            explain.leftover(vote, outcome),
            [criterion["label"] for criterion in frozen["committee"]["criteria"]],
            await _advisers(poll),
            actor,
            now,
        )
        await journal.note(
            actor,
            "committee.counted",
            now,
            round_id=round_.id,
            rule=chosen.name,
            record=record.digest(public),
        )
        return outcome


async def _advisers(poll: Poll) -> list[int]:
    """Who hears of deviations: the voting members who stood aside from nothing in this round."""
    aside = {seat for seats in (await standing_aside(poll.round_id)).values() for seat in seats}
    seats = await voting_seats(poll.round.fund_id, poll.opened_at)
    return [seat.person_id for seat in seats if seat.id not in aside]


async def _closed_poll(round_id: str, now: datetime) -> Poll:
    poll = await Poll.filter(round__public_id=round_id).select_for_update().first()
    if poll is None:
        raise NotFound("Voor deze ronde is geen stemming geopend.")
    await poll.fetch_related("round")
    if now < poll.closes_at:
        raise Refusal(
            "Tellen kan vanaf {closes:time}. Tot dan kan er worden gestemd.",
            closes=poll.closes_at.isoformat(),
        )
    if poll.counted_at is not None:
        raise Refusal("De stemmen van deze ronde zijn al geteld.")
    return poll


def imported(frozen: dict[str, Any]) -> bool:
    """Did the round come from an election's file? Then nobody reviewed and no framework judged it here."""
    return "imported" in frozen


def frozen_rule(frozen: dict[str, Any], named: str | None) -> Rule:
    """The rule that was frozen with the round; another one may be named for an imported election only."""
    table = frozen["committee"]
    if imported(frozen):
        return Rule(named or table["allocation"]["rule"])
    framework = read_framework(table)
    if named is not None and named != framework.allocation.rule:
        raise Refusal(
            "De verdeelregel van deze ronde ligt vast: {rule}.", field="rule", rule=framework.allocation.rule
        )
    return Rule(framework.allocation.rule, spend_on=framework.allocation.spend_on, ties=framework.ties.order)


async def _scores(round_: Round, items: list[PollItem]) -> dict[str, list[Fraction]]:
    """The members' total scores by number, for the ranked list."""
    totals = await review_totals(round_)
    return {
        str(item.application.number): totals.get(item.application_id, [])
        for item in items
        if item.application.at is not Stage.WITHDRAWN
    }


def _election(
    poll: Poll, items: list[PollItem], ballots: list[Ballot], scores: dict[str, list[Fraction]] | None
) -> Election:
    """The vote as values; who withdrew meanwhile stays on the list and can get nothing."""
    gone = {item.application.number for item in items if item.application.at is Stage.WITHDRAWN}
    candidates = [
        Candidate(
            str(item.application.number),
            "",
            item.asked_cents,
            item.least_cents,
            GateResult.from_json(json.loads(item.gate)) if item.gate != "{}" else None,
        )
        for item in items
    ]
    kept = [Ballot(ballot.marks - gone, ballot.abstains) for ballot in ballots]
    return election(poll.budget_cents, candidates, kept, seed=poll.seed, scores=scores)


async def _proposals(
    round_: Round, items: list[PollItem], vote: Election, outcome: Outcome
) -> list[Proposal]:
    said: dict[str, Sentence] = explain.explain(vote, outcome)
    labels = {c["key"]: c["label"] for c in round_.frozen["committee"]["criteria"]}
    reasons = await joint_reasons(round_.id)
    proposals = []
    for item in items:
        if item.application.at is not Stage.REVIEWED:
            continue
        number = str(item.application.number)
        cents = outcome.grants.get(number, 0)
        refused = Kind.REFUSED_CEILING if item.passed else Kind.REFUSED_OTHER
        written = reasons.get(item.application_id, {})
        proposals.append(
            Proposal(
                item.application.public_id,
                kind_for(cents, item.asked_cents, refused=refused),
                cents,
                said[number],
                {label: written[key] for key, label in labels.items() if key in written},
            )
        )
    return proposals
