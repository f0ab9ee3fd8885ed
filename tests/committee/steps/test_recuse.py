"""Declaring: free, aside, too late, somebody else's, one's own."""

import asyncio

import pytest
from tortoise.context import TortoiseContext

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.steps.review import save_review
from committee.steps.vote import cast
from committee.store.ballots import Box, Poll
from committee.store.conflicts import Declaration, declared_by, standing_aside
from committee.store.members import Seat
from committee.store.reviews import Review
from grants.errors import Forbidden, NotFound, Refusal
from grants.steps.submit import withdraw
from grants.store.journal import JournalEntry
from tests.committee.scene import scene
from tests.factories import AFTER_VOTE, OPERATOR, REVIEW, VOTING, member, person, screened, submitted

pytestmark = pytest.mark.anyio


async def test_free_may_become_aside_and_never_back(database: TortoiseContext) -> None:
    made = await scene(1)
    plan = made.plans[0]
    assert not (await declare(made.ada, plan.public_id, NONE, REVIEW)).aside
    assert not (await declare(made.ada, plan.public_id, NONE, REVIEW)).aside
    aside = await declare(made.ada, plan.public_id, "family", REVIEW)
    assert (aside.aside, aside.ground) == (True, "family")
    again = await declare(made.ada, plan.public_id, NONE, VOTING)
    assert (again.aside, again.ground, again.at) == (True, "family", REVIEW)
    acts = await JournalEntry.filter(act__startswith="committee.", application_id=plan.id).order_by("place")
    assert [(entry.act, entry.role) for entry in acts] == [
        ("committee.declared_free", "member"),
        ("committee.stood_aside", "member"),
    ]
    assert '"family"' not in acts[0].detail


async def test_no_answer_and_an_unknown_ground_are_refused(database: TortoiseContext) -> None:
    made = await scene(1)
    for ground in ("", "zomaar"):
        with pytest.raises(Refusal, match="Kies eerst"):
            await declare(made.ada, made.ids[0], ground, REVIEW)
    assert await Declaration.all().count() == 0


async def test_standing_aside_takes_out_what_was_said_and_voted(database: TortoiseContext) -> None:
    made = await scene(2)
    await made.judge_all(made.ada, made.bo, made.chair)
    poll = await made.poll()
    await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    await cast(made.bo, made.round.public_id, made.ids[1:], False, VOTING)
    for actor in (made.ada, made.bo):
        await declare(actor, made.ids[0], "organisation", VOTING)
    review = await Review.get(seat__person_id=made.ada.person_id, application_id=made.plans[0].id)
    assert review.void_at == VOTING
    kept = await Box.filter(poll_id=poll.id).values_list("seat__person_id", flat=True)
    assert kept == [made.bo.person_id]
    await cast(made.ada, made.round.public_id, made.ids[1:], False, VOTING)
    assert await Box.filter(poll_id=poll.id).count() == 2


async def test_after_the_count_a_supporter_cannot_stand_aside(database: TortoiseContext) -> None:
    made = await scene(2)
    await made.judge_all(made.ada, made.bo, made.chair)
    await made.poll()
    await cast(made.ada, made.round.public_id, made.ids[:1], False, VOTING)
    await Poll.all().update(counted_at=AFTER_VOTE)
    with pytest.raises(Refusal, match="al geteld"):
        await declare(made.ada, made.ids[0], "family", AFTER_VOTE)
    assert not (
        await Declaration.get(seat__person_id=made.ada.person_id, application_id=made.plans[0].id)
    ).aside
    assert (await declare(made.ada, made.ids[1], "family", AFTER_VOTE)).aside


async def test_own_application_is_never_free_and_counts_as_aside_undeclared(
    database: TortoiseContext,
) -> None:
    made = await scene(1)
    round_ = made.round
    tom = await member(round_, "Tom Aanvrager")
    seat = await Seat.get(person_id=tom.person_id)
    assert tom.person_id == made.applicant.person_id
    assert await standing_aside(round_.id) == {made.plans[0].id: {seat.id}}
    declared = await declare(tom, made.ids[0], NONE, REVIEW)
    assert (declared.aside, declared.ground) == (True, "own")
    assert await standing_aside(round_.id) == {made.plans[0].id: {seat.id}}


async def test_declared_by_names_each_application_of_the_round(database: TortoiseContext) -> None:
    made = await scene(3)
    await declare(made.ada, made.ids[0], NONE, REVIEW)
    await declare(made.ada, made.ids[1], "other", REVIEW)
    await declare(made.bo, made.ids[2], "other", REVIEW)
    seat = await Seat.get(person_id=made.ada.person_id)
    first, second, _ = made.plans
    assert await declared_by(seat.id, made.round.id) == {first.id: False, second.id: True}


async def test_only_the_committee_declares_and_only_on_what_lies_before_it(database: TortoiseContext) -> None:
    made = await scene(1)
    for outsider in (made.officer, made.applicant, OPERATOR):
        with pytest.raises(Forbidden):
            await declare(outsider, made.ids[0], NONE, REVIEW)
    early = await submitted(made.applicant, made.round, "Nog niet bekeken")
    other = await person("Iemand", "applicant")
    gone = await screened(other, made.officer, made.round, "Terug")
    await withdraw(other, gone.public_id, "", REVIEW)
    for public_id in (early.public_id, gone.public_id, "0" * 32):
        with pytest.raises(NotFound):
            await declare(made.ada, public_id, NONE, REVIEW)


async def test_declaring_twice_at_once_leaves_one_declaration(database: TortoiseContext) -> None:
    made = await scene(1)
    await asyncio.gather(*(declare(made.ada, made.ids[0], ground, REVIEW) for ground in [NONE, "family"] * 6))
    declaration = await Declaration.get()
    assert (declaration.aside, declaration.ground) == (True, "family")
    with pytest.raises(NotFound):
        await save_review(made.ada, made.ids[0], made.judged(), "", REVIEW, done=True)
