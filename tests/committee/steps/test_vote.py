"""Voting: opening the poll, handing in, changing, the exact second of closing, and tries past the rules."""

import asyncio
import json
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from committee.conflict import NONE
from committee.election import LOT_LABEL
from committee.sortition import lot_order
from committee.steps.recuse import declare
from committee.steps.review import save_review
from committee.steps.vote import cast, open_poll
from committee.store.ballots import (
    Ballot,
    Box,
    Mark,
    Poll,
    PollItem,
    ballot_in_box,
    counting_ballots,
    items_of,
)
from committee.store.members import Seat
from grants.access import Actor
from grants.application import Stage
from grants.errors import Forbidden, NotFound, Refusal
from grants.steps.submit import withdraw
from grants.store import journal
from grants.store.applications import Application
from grants.store.journal import JournalEntry
from tests.committee.scene import SEED, Scene, scene
from tests.factories import AFTER_VOTE, OPERATOR, REVIEW, VOTING, member, submitted

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)


async def opened(plans: int = 2) -> tuple[Scene, Poll]:
    """Three voters are free and done with every plan, and the poll is open."""
    made = await scene(plans)
    await made.judge_all(made.ada, made.bo, made.chair)
    return made, await made.poll()


async def own_ballot(poll: Poll, actor: Actor) -> tuple[set[str], bool] | None:
    seat = await Seat.get(person_id=actor.person_id)
    found = await ballot_in_box(poll.id, seat.id)
    return None if found is None else (set(found.marks), found.abstains)


async def test_opening_publishes_the_lot_and_moves_everything_on(database: TortoiseContext) -> None:
    made, poll = await opened(3)
    assert (poll.budget_cents, poll.seed, poll.closes_at) == (10_000_000, SEED, made.round.ballot_closes_at)
    items = await items_of(poll.id)
    numbers = [str(plan.number) for plan in made.plans]
    assert [item.application.number for item in items] == lot_order(numbers, SEED, LOT_LABEL)
    assert {item.application.at for item in items} == {Stage.REVIEWED}
    assert {item.passed for item in items} == {True}
    again = await open_poll(made.chair, made.round.public_id, "andere cijfers", VOTING)
    assert (again.id, again.seed) == (poll.id, SEED)


async def test_the_gate_stops_what_too_few_judged_or_scored_too_low(database: TortoiseContext) -> None:
    made = await scene(4)
    fine, unread, low, objected = made.plans
    await made.free(made.ada, made.bo, made.chair)
    for actor in (made.ada, made.bo, made.chair):
        await made.judge(actor, fine, 3)
        await made.judge(actor, low, 2 if actor is not made.ada else 5)
        await made.judge(actor, objected, 4)
    await made.judge(made.ada, unread, 5)
    await made.judge(made.bo, unread, 5, done=False)
    poll = await made.poll()
    gates = {item.application_id: json.loads(item.gate) for item in await items_of(poll.id)}
    passed = {item.application_id for item in await items_of(poll.id) if item.passed}
    assert passed == {fine.id, objected.id}
    assert (gates[unread.id]["judged"], gates[unread.id]["needed"], gates[low.id]["median"]) == (1, 2, "2")
    with pytest.raises(Refusal, match="niet in deze stemming"):
        await cast(made.ada, made.round.public_id, [low.public_id], False, VOTING)


async def test_who_stands_aside_or_applied_is_left_out_of_the_quorum(database: TortoiseContext) -> None:
    made = await scene(1)
    await member(made.round, "Tom Aanvrager")
    await declare(made.bo, made.ids[0], "family", REVIEW)
    await made.judge_all(made.ada, made.chair)
    poll = await made.poll()
    gate = json.loads((await PollItem.get(poll_id=poll.id)).gate)
    assert (gate["judged"], gate["eligible"], gate["needed"]) == (2, 2, 2)


async def test_who_left_before_the_vote_or_came_after_it_began_is_not_counted(
    database: TortoiseContext,
) -> None:
    made = await scene(1)
    gone = await member(made.round, "Lid Weg")
    for actor, value in ((made.ada, 2), (made.bo, 4), (made.chair, 4), (gone, 1)):
        await declare(actor, made.ids[0], NONE, REVIEW)
        await save_review(actor, made.ids[0], made.judged(value), "Dit kan niet.", REVIEW, done=True)
    await Seat.filter(person_id=gone.person_id).update(until=REVIEW)
    poll = await made.poll()
    gate = json.loads((await PollItem.get(poll_id=poll.id)).gate)
    assert (gate["judged"], gate["eligible"], gate["median"], gate["objections"]) == (3, 3, "4", 3)


async def test_the_poll_opens_within_its_window_for_the_chair_of_this_fund(database: TortoiseContext) -> None:
    made = await scene(1)
    opens, closes = made.round.ballot_opens_at, made.round.ballot_closes_at
    for moment in (opens - TICK, REVIEW):
        with pytest.raises(Refusal, match="kan open vanaf"):
            await made.poll(moment)
    with pytest.raises(Refusal, match="cijfers"):
        await open_poll(made.chair, made.round.public_id, " ", opens)
    with pytest.raises(NotFound):
        await open_poll(made.chair, "0" * 32, SEED, opens)
    elsewhere = replace(made.officer, roles=frozenset({"chair"}))
    member_here = replace(made.ada, roles=frozenset({"member", "chair"}))
    for actor in (made.ada, made.secretary, made.officer, elsewhere, member_here):
        with pytest.raises(Forbidden):
            await open_poll(actor, made.round.public_id, SEED, opens)
    assert await Poll.all().count() == 0
    poll = await made.poll(opens)
    assert (poll.opened_at, poll.closes_at) == (opens, closes)


async def test_a_poll_that_opens_too_late_is_open_for_as_long_as_was_planned(
    database: TortoiseContext,
) -> None:
    made = await scene(1)
    opens, closes = made.round.ballot_opens_at, made.round.ballot_closes_at
    assert (await made.poll(closes)).closes_at == closes + (closes - opens)


async def test_the_poll_waits_for_screening_and_for_something_to_vote_on(database: TortoiseContext) -> None:
    made = await scene(0)
    with pytest.raises(Refusal, match="geen aanvragen"):
        await made.poll()
    await submitted(made.applicant, made.round)
    with pytest.raises(Refusal, match="nog niet klaar met aanvraag"):
        await open_poll(OPERATOR, made.round.public_id, SEED, VOTING)


async def test_the_last_ballot_counts_and_the_earlier_stay_as_they_were(database: TortoiseContext) -> None:
    made, poll = await opened()
    for marks, abstains in ((made.ids[:1], False), ([], True), (made.ids, False)):
        await cast(made.ada, made.round.public_id, marks, abstains, VOTING)
        assert await own_ballot(poll, made.ada) == (set(marks), abstains)
    assert (await Box.all().count(), await Ballot.all().count()) == (1, 3)
    assert [len(ballot.marks) for ballot in await counting_ballots(poll.id)] == [2]
    voted = await JournalEntry.filter(act="committee.voted")
    assert [(entry.person_id, entry.detail) for entry in voted] == [(made.ada.person_id, "{}")] * 3
    assert await journal.broken_place() is None


async def test_the_clock_of_the_request_closes_the_poll(database: TortoiseContext) -> None:
    made, poll = await opened()
    round_id = made.round.public_id
    for moment in (poll.opened_at - TICK, poll.closes_at, AFTER_VOTE):
        with pytest.raises(Refusal, match="Stemmen kon tot"):
            await cast(made.ada, round_id, made.ids, False, moment)
    assert await own_ballot(poll, made.ada) is None
    await cast(made.ada, round_id, made.ids, False, poll.closes_at - TICK)
    await cast(made.bo, round_id, made.ids, False, poll.opened_at)
    await Poll.filter(id=poll.id).update(counted_at=VOTING)
    with pytest.raises(Refusal, match="gesloten"):
        await cast(made.chair, round_id, made.ids, False, VOTING)


async def test_a_ballot_that_is_not_right_is_refused_whole(database: TortoiseContext) -> None:
    made, poll = await opened()
    first = made.ids[0]
    wrong: list[tuple[list[str], bool, str]] = [
        ([], False, "ten minste"),
        ([first, first], False, "twee keer"),
        ([first, "0" * 32], False, "niet in deze stemming"),
        ([first], True, "Niet allebei"),
    ]
    for marks, abstains, said in wrong:
        with pytest.raises(Refusal, match=said):
            await cast(made.ada, made.round.public_id, marks, abstains, VOTING)
    with pytest.raises(NotFound):
        await cast(made.ada, "0" * 32, [first], False, VOTING)
    assert (await own_ballot(poll, made.ada), await Ballot.all().count(), await Mark.all().count()) == (
        None,
        0,
        0,
    )


async def test_nobody_marks_what_they_stand_aside_from_or_did_not_declare_on(
    database: TortoiseContext,
) -> None:
    made = await scene(3)
    await made.judge_all(made.bo, made.chair)
    tom = await member(made.round, "Tom Aanvrager")
    aside, undeclared, free = made.ids
    await declare(made.ada, aside, "family", REVIEW)
    await declare(made.ada, free, NONE, REVIEW)
    await declare(tom, aside, NONE, REVIEW)
    poll = await made.poll()
    with pytest.raises(Refusal, match="U doet niet mee"):
        await cast(made.ada, made.round.public_id, [aside, free], False, VOTING)
    with pytest.raises(Refusal, match="zonder te zeggen"):
        await cast(made.ada, made.round.public_id, [undeclared, free], False, VOTING)
    with pytest.raises(Refusal, match="U doet niet mee"):
        await cast(tom, made.round.public_id, [aside], False, VOTING)
    await cast(made.ada, made.round.public_id, [free], False, VOTING)
    await declare(made.ada, undeclared, NONE, VOTING)
    await cast(made.ada, made.round.public_id, [undeclared, free], False, VOTING)
    assert await own_ballot(poll, made.ada) == ({undeclared, free}, False)


async def test_only_those_with_a_vote_at_the_opening_vote(database: TortoiseContext) -> None:
    made, poll = await opened()
    late = await Seat.get(person_id=made.bo.person_id)
    await Seat.filter(id=late.id).update(since=poll.opened_at + TICK)
    both = replace(made.secretary, roles=frozenset({"secretary", "member"}))
    elsewhere = replace(made.applicant, roles=frozenset({"member"}))
    for actor in (made.bo, made.secretary, both, elsewhere, made.officer, OPERATOR):
        with pytest.raises(Forbidden):
            await cast(actor, made.round.public_id, made.ids, False, VOTING)
    await Seat.filter(person_id=made.ada.person_id).update(until=VOTING)
    with pytest.raises(Forbidden):
        await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    assert await Box.all().count() == 0


async def test_what_was_withdrawn_leaves_the_ballot(database: TortoiseContext) -> None:
    made, poll = await opened()
    gone, stays = made.ids
    await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    await withdraw(made.applicant, gone, "", VOTING)
    assert (await Application.get(public_id=gone)).at is Stage.WITHDRAWN
    with pytest.raises(Refusal, match="niet in deze stemming"):
        await cast(made.bo, made.round.public_id, made.ids, False, VOTING)
    await cast(made.bo, made.round.public_id, [stays], False, VOTING)
    assert await own_ballot(poll, made.ada) == ({gone, stays}, False)


async def test_twelve_ballots_of_one_member_at_once_leave_one_in_the_box(database: TortoiseContext) -> None:
    made, poll = await opened()
    choices = [made.ids[:1], made.ids[1:], made.ids]
    await asyncio.gather(
        *(cast(made.ada, made.round.public_id, choices[n % 3], False, VOTING) for n in range(12))
    )
    assert (await Box.all().count(), await Ballot.all().count()) == (1, 12)
    found = await own_ballot(poll, made.ada)
    assert found is not None
    assert sorted(found[0]) in [sorted(choice) for choice in choices]
    assert await journal.broken_place() is None


async def test_voting_and_standing_aside_at_once_never_leave_both(database: TortoiseContext) -> None:
    made, poll = await opened()

    async def outcome(doing: Awaitable[object]) -> None:
        with suppress(Refusal):
            await doing

    await asyncio.gather(
        outcome(cast(made.ada, made.round.public_id, made.ids, False, VOTING)),
        outcome(declare(made.ada, made.ids[0], "family", VOTING)),
        outcome(cast(made.ada, made.round.public_id, made.ids, False, VOTING)),
    )
    found = await own_ballot(poll, made.ada)
    assert found is None or made.ids[0] not in found[0]
