"""What the committee's tables hold themselves: one bad row for each rule, on both engines."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise.context import TortoiseContext
from tortoise.models import Model

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.steps.vote import cast
from committee.store.ballots import Ballot, Box, Mark, Poll, PollItem
from committee.store.conflicts import Declaration
from committee.store.members import Seat
from committee.store.reviews import JointReason, Review, Score
from grants.access import Actor
from grants.store.applications import Application
from tests.committee.scene import Scene, scene
from tests.factories import AFTER_VOTE, OPEN, REVIEW, VOTING, opened_round
from tests.grants.store.test_guards import again, altered, declared_rules, refuses

pytestmark = pytest.mark.anyio

Change = Callable[[], Awaitable[Any]]

INDEX_COLUMNS = {"seat_once": "seat.fund_id"}
"""SQLite names the columns of a unique index where PostgreSQL names the index."""

ASIDE = "no declaration, or this member stands aside"


async def seat_of(actor: Actor) -> Seat:
    return await Seat.get(person_id=actor.person_id)


async def voted(made: Scene) -> Poll:
    """Everybody is free and has judged; the poll is open and Ada supports both plans."""
    await made.judge_all(made.ada, made.bo, made.chair)
    poll = await made.poll()
    await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    return poll


async def blank(poll: Poll, *marks: Application) -> Ballot:
    """A ballot that lies nowhere yet, with these marks."""
    made = await Ballot.create(id=secrets.token_hex(16), poll_id=poll.id)
    for plan in marks:
        await Mark.create(id=secrets.token_hex(16), ballot_id=made.id, application_id=plan.id)
    return made


async def rows() -> dict[str, Model]:
    """One good row in every table that has a rule."""
    made = await scene(1)
    await made.reasons()
    poll = await voted(made)
    return {
        "seat": await seat_of(made.ada),
        "declaration": await Declaration.filter(seat__person_id=made.ada.person_id).get(),
        "score": await Score.filter(review__seat__person_id=made.ada.person_id).order_by("id").first(),
        "joint_reason": await JointReason.all().order_by("id").first(),
        "poll": poll,
        "poll_item": await PollItem.get(poll_id=poll.id),
    }


def bad_rows(good: dict[str, Model]) -> dict[str, Change]:
    """For each rule in a table, a change that breaks it and nothing else."""
    of = good.__getitem__
    return {
        "seat_role": altered(of("seat"), role="koning"),
        "seat_once": again(of("seat")),
        "declaration_ground": altered(of("declaration"), aside=True),
        "score_value": altered(of("score"), value=11),
        "score_open": altered(of("score"), open=True),
        "joint_reason_text": altered(of("joint_reason"), text=""),
        "poll_budget": altered(of("poll"), budget_cents=-1),
        "poll_seed": altered(of("poll"), seed=""),
        "poll_item_amounts": altered(of("poll_item"), least_cents=0),
    }


async def test_every_rule_of_the_tables_refuses_a_bad_row(database: TortoiseContext) -> None:
    good = await rows()
    await Box.all().delete()
    found = bad_rows(good)
    assert set(found) == declared_rules("committee")
    for name, change in found.items():
        await refuses(change, name, INDEX_COLUMNS.get(name, name))


async def test_there_is_one_of_each_for_a_member(database: TortoiseContext) -> None:
    made = await scene(1)
    await made.reasons()
    poll = await voted(made)
    other = await blank(poll)
    seat = await seat_of(made.ada)
    unique = ("UNIQUE", "unique")
    await refuses(lambda: Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=other.id), *unique)
    for table in (Declaration, Review, Score, JointReason, Poll, PollItem):
        row = await table.all().order_by("id").first()
        assert row is not None
        await refuses(again(row), *unique)
    mark = await Mark.all().order_by("id").first()
    assert mark is not None
    await Box.all().delete()
    await refuses(again(mark, id="x"), *unique)


async def test_ballots_and_marks_stay_as_they_are(database: TortoiseContext) -> None:
    made = await scene(2)
    poll = await voted(made)
    ballot, mark = await Ballot.all().first(), await Mark.all().first()
    assert ballot is not None
    assert mark is not None
    await refuses(altered(ballot, abstains=True), "ballot is append-only")
    await refuses(Ballot.filter(id=ballot.id).delete, "ballot is append-only")
    await refuses(altered(mark, application_id=made.plans[0].id), "mark is append-only")
    await refuses(Mark.filter(id=mark.id).delete, "mark is append-only")
    cast_one = await blank(poll, made.plans[0])
    await Box.create(poll_id=poll.id, seat_id=(await seat_of(made.bo)).id, ballot_id=cast_one.id)
    await refuses(
        lambda: Mark.create(id="x", ballot_id=cast_one.id, application_id=made.plans[1].id),
        "a cast ballot cannot grow",
    )


async def test_who_stands_aside_or_did_not_declare_casts_no_mark(database: TortoiseContext) -> None:
    made = await scene(2)
    await made.judge_all(made.bo, made.chair)
    await declare(made.ada, made.ids[0], "family", REVIEW)
    poll = await made.poll()
    seat = await seat_of(made.ada)
    for plan in made.plans:
        marked = await blank(poll, plan)
        await refuses(lambda: Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=marked.id), ASIDE)  # noqa: B023
    box = await Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=(await blank(poll)).id)
    await refuses(altered(box, ballot_id=(await blank(poll, made.plans[0])).id), ASIDE)


async def test_a_secretary_has_no_vote_and_no_score(database: TortoiseContext) -> None:
    made = await scene(1)
    await made.free(made.secretary)
    poll = await voted(made)
    seat = await seat_of(made.secretary)
    ballot = await blank(poll)
    await refuses(
        lambda: Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=ballot.id), "a secretary has no vote"
    )
    await refuses(altered(await Box.get(), seat_id=seat.id), "a secretary has no vote", ASIDE)
    await refuses(
        lambda: Review.create(seat_id=seat.id, application_id=made.plans[0].id, version=1, changed_at=REVIEW),
        "a secretary does not judge",
    )


async def test_after_the_count_the_box_stays_as_it_is(database: TortoiseContext) -> None:
    made = await scene(1)
    poll = await voted(made)
    empty = await blank(poll)
    seat = await seat_of(made.bo)
    await Poll.filter(id=poll.id).update(counted_at=AFTER_VOTE)
    box = await Box.get()
    counted = "this poll has been counted"
    await refuses(lambda: Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=empty.id), counted)
    await refuses(altered(box, ballot_id=empty.id), counted)
    await refuses(Box.filter(id=box.id).delete, counted)


async def test_a_ballot_lies_in_the_box_of_its_own_poll(database: TortoiseContext) -> None:
    made = await scene(1)
    poll = await voted(made)
    elsewhere = await Poll.create(
        round_id=(await opened_round(2027)).id, budget_cents=1, seed="1", opened_at=OPEN, closes_at=VOTING
    )
    foreign = await blank(elsewhere)
    seat = await seat_of(made.bo)
    refused = "this ballot belongs to another poll"
    await refuses(lambda: Box.create(poll_id=poll.id, seat_id=seat.id, ballot_id=foreign.id), refused)
    await refuses(altered(await Box.get(), ballot_id=foreign.id), refused)


async def test_nobody_judges_before_declaring_or_while_standing_aside(database: TortoiseContext) -> None:
    made = await scene(2)
    seat = await seat_of(made.ada)
    new = {"seat_id": seat.id, "version": 1, "changed_at": REVIEW}
    await refuses(lambda: Review.create(**new, application_id=made.plans[0].id), ASIDE)
    await made.judge(made.ada, made.plans[0])
    review = await Review.get()
    await declare(made.ada, made.ids[0], "family", REVIEW)
    await refuses(altered(review, void_at=None), ASIDE)
    await refuses(
        lambda: Score.create(review_id=review.id, criterion="x", value=5), "this member stands aside"
    )
    score = await Score.all().first()
    assert score is not None
    await refuses(altered(score, value=1), "this member stands aside")
    await declare(made.ada, made.ids[1], "other", REVIEW)
    await refuses(lambda: Review.create(**new, application_id=made.plans[1].id), ASIDE)


async def test_standing_aside_is_final_and_a_declaration_stays(database: TortoiseContext) -> None:
    made = await scene(2)
    await declare(made.ada, made.ids[0], "family", REVIEW)
    await declare(made.ada, made.ids[1], NONE, REVIEW)
    aside, free = await Declaration.all().order_by("id")
    await refuses(altered(aside, aside=False), "standing aside is final")
    for declaration in (aside, free):
        await refuses(Declaration.filter(id=declaration.id).delete, "a declaration stays")


async def test_no_standing_aside_while_the_ballot_supports_it(database: TortoiseContext) -> None:
    made = await scene(1)
    await voted(made)
    declaration = await Declaration.get(seat__person_id=made.ada.person_id)
    refused = "the ballot of this member supports it, take it out first"
    await refuses(altered(declaration, aside=True, ground="family"), refused)
