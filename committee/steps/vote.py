"""Voting: the poll opens with the lot order published, members hand in sealed ballots, the clock closes it.

A ballot names no member and no time. Who voted points to it in the box, one place for each member; voting
again points there anew, so that the last ballot counts.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from fractions import Fraction

from tortoise.transactions import in_transaction

from committee.access import ACTS
from committee.ballot import METHODS, Approval, check_marks
from committee.election import LOT_LABEL
from committee.framework import Framework, read_framework
from committee.scoring import GateResult, judge, weighted_total
from committee.sortition import lot_order
from committee.store.ballots import Ballot, Box, Mark, Poll, PollItem, items_of
from committee.store.conflicts import declared_by, standing_aside
from committee.store.members import lock_seat, voting_seats
from committee.store.reviews import objections, reviews_done
from grants.access import OPERATOR, Actor, require
from grants.application import COMMITTEE, Stage
from grants.errors import Forbidden, NotFound, Refusal
from grants.round import Phase
from grants.store import journal, ledger
from grants.store.applications import Application, in_stage, move
from grants.store.funds import Round


async def open_poll(actor: Actor, round_id: str, seed: str, now: datetime) -> Poll:
    """Open the vote: pass every screened application through the gate and publish the lot order of `seed`.

    A poll that opens too late is open for as long as was planned, counted from now: otherwise nobody could
    ever decide. The pot is what is free at this moment. Reviews close; every application moves on, also what the gate
    stopped, so that its applicant gets an answer. Opening twice changes nothing.
    """
    require(actor, "committee.open_poll", ACTS)
    if not seed.strip():
        raise Refusal("Vul de gegooide cijfers in. Daarmee loten wij bij gelijke stand.", field="seed")
    async with in_transaction():
        round_ = await Round.filter(public_id=round_id).select_for_update().first()
        if round_ is None:
            raise NotFound("Deze ronde is er niet.")
        if not actor.has(OPERATOR):
            await lock_seat(actor, round_.fund_id, ACTS["committee.open_poll"].roles)
        known = await Poll.get_or_none(round_id=round_.id)
        if known is not None:
            return known
        if round_.phase(now) not in (Phase.VOTING, Phase.COUNTING):
            raise Refusal(
                "De stemming kan open vanaf {opens:time}.", opens=round_.ballot_opens_at.isoformat()
            )
        applications = await _ready(round_)
        results = await gate_results(round_, applications)
        pot = await ledger.lock_pot(round_.fund_id, round_.year)
        return await make_poll(
            round_, applications, results, seed.strip()[:200], pot.balance.free, actor, now
        )


async def _ready(round_: Round) -> list[Application]:
    """The applications for the ballot; refused while one is still being screened, or when there is none."""
    if waiting := await in_stage(round_.id, Stage.SUBMITTED, Stage.COMPLETING):
        raise Refusal(
            "De gemeente is nog niet klaar met aanvraag {number}. Wacht daar even op.",
            number=waiting[0].number,
        )
    applications = await in_stage(round_.id, Stage.SCREENED)
    if not applications:
        raise Refusal("Er zijn geen aanvragen om over te stemmen.")
    return applications


async def gate_results(round_: Round, applications: list[Application]) -> dict[int, GateResult]:
    """What the gate says of each application, from the reviews that are in and count."""
    gate = read_framework(round_.frozen["committee"]).gate
    seats = await _judges(round_)
    aside = await standing_aside(round_.id)
    totals = await review_totals(round_)
    against = await objections(round_.id, seats)
    return {
        one.id: judge(
            gate, totals.get(one.id, []), len(seats - aside.get(one.id, set())), against.get(one.id, 0)
        )
        for one in applications
    }


async def review_totals(round_: Round) -> dict[int, list[Fraction]]:
    """The total score of each member who could judge it, by application."""
    criteria = read_framework(round_.frozen["committee"]).criteria
    weights = {criterion.key: criterion.weight for criterion in criteria}
    seats = await _judges(round_)
    totals: dict[int, list[Fraction]] = {}
    for review in await reviews_done(round_.id):
        if review.seat_id not in seats:
            continue
        total = weighted_total({score.criterion: score.value for score in review.scores}, weights)
        if total is not None:
            totals.setdefault(review.application_id, []).append(total)
    return totals


async def _judges(round_: Round) -> set[int]:
    """The seats whose judgement counts: those with a vote when the ballots may open."""
    return {seat.id for seat in await voting_seats(round_.fund_id, round_.ballot_opens_at)}


async def make_poll(
    round_: Round,
    applications: list[Application],
    results: dict[int, GateResult],
    seed: str,
    budget_cents: int,
    actor: Actor,
    now: datetime,
) -> Poll:
    """The poll with its items in lot order, in the caller's transaction."""
    in_time = now < round_.ballot_closes_at or not results
    planned = round_.ballot_closes_at - round_.ballot_opens_at
    poll = await Poll.create(
        round_id=round_.id,
        budget_cents=budget_cents,
        seed=seed,
        opened_at=now,
        closes_at=round_.ballot_closes_at if in_time else now + planned,
    )
    by_number = {str(application.number): application for application in applications}
    for place, number in enumerate(lot_order(by_number, seed, LOT_LABEL), 1):
        application = by_number[number]
        result = results.get(application.id)
        await PollItem.create(
            poll_id=poll.id,
            application_id=application.id,
            asked_cents=application.asked_cents,
            least_cents=application.least_cents,
            lot=place,
            passed=result is None or result.passed,
            gate=json.dumps(result.as_json() if result else {}),
        )
        await move(application, Stage.REVIEWED, actor, now, role=COMMITTEE)
    await journal.note(
        actor, "committee.poll_opened", now, round_id=round_.id, seed=seed, budget=budget_cents
    )
    return poll


async def cast(actor: Actor, round_id: str, supported: list[str], abstains: bool, now: datetime) -> None:
    """Hand in a ballot, which replaces this member's earlier one. The clock of the request decides.

    Refused with what is wrong: closed, not declared free to judge it, too few marks. The journal says that
    a ballot was handed in, not what is on it.
    """
    require(actor, "committee.vote", ACTS)
    async with in_transaction():
        poll = await _open_poll_of(round_id, now)
        round_ = poll.round
        seat = await lock_seat(actor, round_.fund_id, ACTS["committee.vote"].roles)
        if seat.since > poll.opened_at:
            raise Forbidden("U heeft geen stem in deze ronde.")
        items = {item.application.public_id: item.application_id for item in await on_ballot(poll.id)}
        declared = await declared_by(seat.id, round_.id)
        if not {items[one] for one in supported if one in items} <= declared.keys():
            raise Refusal(
                "U heeft een aanvraag aangekruist zonder te zeggen of u eerlijk kunt kiezen. Zeg dat eerst.",
                field="marks",
            )
        chosen = check_marks(
            ballot_method(read_framework(round_.frozen["committee"])),
            supported,
            items,
            [public_id for public_id, key in items.items() if declared.get(key, True)],
            abstains=abstains,
        )
        ballot = await Ballot.create(id=secrets.token_hex(16), poll_id=poll.id, abstains=chosen.abstains)
        await Mark.bulk_create(
            [
                Mark(id=secrets.token_hex(16), ballot_id=ballot.id, application_id=items[one])
                for one in sorted(chosen.marks)
            ]
        )
        if not await Box.filter(poll_id=poll.id, seat_id=seat.id).update(ballot_id=ballot.id):
            await Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=ballot.id)
        await journal.note(actor, "committee.voted", now, role=seat.role, round_id=round_.id)


async def on_ballot(poll_id: int) -> list[PollItem]:
    """What can be marked, in lot order: what passed the gate and was not withdrawn since."""
    return [item for item in await items_of(poll_id) if item.passed and item.application.at is Stage.REVIEWED]


def ballot_method(framework: Framework) -> Approval:
    """How this round votes."""
    return METHODS[framework.ballot.method](min_marks=framework.ballot.min_marks)


async def _open_poll_of(round_id: str, now: datetime) -> Poll:
    poll = await Poll.get_or_none(round__public_id=round_id).select_related("round")
    if poll is None:
        raise NotFound("De stemming is nog niet open.")
    if poll.counted_at is not None or not poll.opened_at <= now < poll.closes_at:
        raise Refusal(
            "De stemming is gesloten. Stemmen kon tot {closes:time}.", closes=poll.closes_at.isoformat()
        )
    return poll
