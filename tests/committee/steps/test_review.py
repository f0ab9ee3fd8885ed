"""Judging: drafts, done, what must be there, what came too late, and the joint reasons."""

import asyncio
from dataclasses import replace

import pytest
from tortoise.context import TortoiseContext

from committee.conflict import NONE
from committee.judgement import MAX_OBJECTION, MAX_SENTENCE, Judged
from committee.steps.recuse import declare
from committee.steps.review import MAX_REASON, save_review, stamp, write_reason
from committee.store.members import Seat
from committee.store.reviews import JointReason, Review, Score, joint_reasons, review_of
from grants.errors import Forbidden, Invalid, NotFound, Refusal, Stale
from grants.store.applications import Application
from grants.store.journal import JournalEntry
from tests.committee.scene import Scene, scene
from tests.factories import OPERATOR, REVIEW, VOTING, person

pytestmark = pytest.mark.anyio


async def ready(plans: int = 1) -> Scene:
    made = await scene(plans)
    await made.free(made.ada, made.bo, made.chair, made.secretary)
    return made


async def kept(made: Scene) -> dict[str, tuple[int | None, str, bool]]:
    rows = await Score.filter(review__seat__person_id=made.ada.person_id)
    return {row.criterion: (row.value, row.sentence, row.open) for row in rows}


async def test_draft_keeps_whatever_is_there(database: TortoiseContext) -> None:
    made = await ready()
    first, second, third, fourth = (criterion.key for criterion in made.criteria)
    draft = {
        first: Judged(4, ""),
        second: Judged(None, "Nog niet zeker.", open=True),
        third: Judged(None, ""),
        fourth: Judged(None, "", open=True),
    }
    review = await save_review(made.ada, made.ids[0], draft, "", REVIEW, done=False)
    assert review.done_at is None
    expected = {first: (4, "", False), second: (None, "Nog niet zeker.", True), third: (None, "", False)}
    assert await kept(made) == expected
    await save_review(made.ada, made.ids[0], {second: Judged(None, " ", open=True)}, "", REVIEW, done=False)
    assert await kept(made) == {first: (4, "", False), third: (None, "", False)}
    assert await JournalEntry.filter(act="committee.reviewed").count() == 0


async def test_done_needs_a_word_and_a_sentence_for_everything(database: TortoiseContext) -> None:
    made = await ready()
    first, second, third, fourth = (criterion.key for criterion in made.criteria)
    judged = {
        first: Judged(4, " "),
        second: Judged(None, "Tja.", open=True),
        third: Judged(None, ""),
        "verzonnen": Judged(1, "x"),
    }
    with pytest.raises(Invalid) as refused:
        await save_review(made.ada, made.ids[0], judged, "", REVIEW, done=True)
    assert {problem.field for problem in refused.value.problems} == {
        f"{first}.sentence", second, fourth, "verzonnen"
    }  # fmt: skip
    assert await Review.all().count() == 0


@pytest.mark.parametrize("value", [0, 6, -1, 99])
async def test_a_score_off_the_scale_is_refused_also_in_a_draft(
    database: TortoiseContext, value: int
) -> None:
    made = await ready()
    for done in (False, True):
        with pytest.raises(Invalid, match="Kies een van de woorden"):
            await save_review(made.ada, made.ids[0], made.judged(value), "", REVIEW, done=done)


async def test_texts_that_are_too_long_are_refused_and_never_cut(database: TortoiseContext) -> None:
    made = await ready()
    with pytest.raises(Invalid) as refused:
        await save_review(
            made.ada,
            made.ids[0],
            made.judged(4, "x" * MAX_SENTENCE),
            "y" * (MAX_OBJECTION + 1),
            REVIEW,
            done=False,
        )
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"objection", *(f"{criterion.key}.sentence" for criterion in made.criteria)}


async def test_what_is_done_stays_whole_and_keeps_its_moment(database: TortoiseContext) -> None:
    made = await ready()
    later = REVIEW.replace(hour=20)
    await save_review(made.ada, made.ids[0], made.judged(2), "Dit kan niet.", REVIEW, done=True)
    with pytest.raises(Invalid):
        key = made.criteria[0].key
        await save_review(made.ada, made.ids[0], {key: Judged(None, "", open=True)}, "", later, done=False)
    changed = await save_review(made.ada, made.ids[0], made.judged(5, "Toch"), "", later, done=True)
    assert (changed.done_at, changed.changed_at, changed.objection) == (REVIEW, later, "")
    assert {value for value, _, _ in (await kept(made)).values()} == {5}


async def test_a_stale_form_is_refused(database: TortoiseContext) -> None:
    made = await ready()
    plan = await Application.get(id=made.plans[0].id)
    empty = stamp(plan, None)
    review = await save_review(made.ada, plan.public_id, made.judged(), "", REVIEW, done=False, seen=empty)
    for seen in (empty, "", "999.0"):
        with pytest.raises(Stale):
            await save_review(made.ada, plan.public_id, made.judged(1), "", VOTING, done=True, seen=seen)
    await Application.filter(id=plan.id).update(version=plan.version + 1)
    with pytest.raises(Stale):
        await save_review(
            made.ada, plan.public_id, made.judged(1), "", VOTING, done=True, seen=stamp(plan, review)
        )
    fresh = stamp(await Application.get(id=plan.id), review)
    saved = await save_review(made.ada, plan.public_id, made.judged(1), "", VOTING, done=True, seen=fresh)
    assert saved.version == plan.version + 1


async def test_no_judging_once_the_poll_is_open(database: TortoiseContext) -> None:
    made = await ready()
    await made.judge_all(made.bo, made.chair)
    await save_review(made.ada, made.ids[0], made.judged(2), "", REVIEW, done=False)
    await made.poll()
    with pytest.raises(Refusal, match="de stemming is open"):
        await save_review(made.ada, made.ids[0], made.judged(5), "", VOTING, done=True)
    assert {value for value, _, _ in (await kept(made)).values()} == {2}


async def test_nobody_judges_undeclared_aside_or_without_a_judging_seat(database: TortoiseContext) -> None:
    made = await scene(1)
    with pytest.raises(Refusal, match="Zeg eerst"):
        await save_review(made.ada, made.ids[0], made.judged(), "", REVIEW, done=True)
    await declare(made.ada, made.ids[0], "family", REVIEW)
    with pytest.raises(NotFound):
        await save_review(made.ada, made.ids[0], made.judged(), "", REVIEW, done=True)
    await made.free(made.secretary)
    both = replace(made.secretary, roles=frozenset({"secretary", "member"}))
    outsider = await person("Lid Elders", "applicant")
    elsewhere = replace(outsider, roles=frozenset({"member"}))
    for actor in (made.secretary, both, elsewhere, made.officer, OPERATOR):
        with pytest.raises(Forbidden):
            await save_review(actor, made.ids[0], made.judged(), "", REVIEW, done=True)
    assert await Review.all().count() == 0


async def test_saving_from_many_tabs_at_once_leaves_one_review(database: TortoiseContext) -> None:
    made = await ready()
    await asyncio.gather(
        *(save_review(made.ada, made.ids[0], made.judged(n % 5 + 1), "", REVIEW, done=True) for n in range(8))
    )
    seat = await Seat.get(person_id=made.ada.person_id)
    review = await review_of(seat.id, made.plans[0].id)
    assert review is not None
    assert len(review.scores) == len(made.criteria)
    assert len({score.value for score in review.scores}) == 1


async def test_joint_reasons_are_kept_and_can_be_changed_until_the_advice(database: TortoiseContext) -> None:
    made = await ready()
    key = made.criteria[0].key
    await write_reason(made.secretary, made.ids[0], key, " Wij twijfelen. ", REVIEW)
    await write_reason(made.chair, made.ids[0], key, "Wij zijn blij.", REVIEW)
    assert await joint_reasons(made.round.id) == {made.plans[0].id: {key: "Wij zijn blij."}}
    await Application.filter(id=made.plans[0].id).update(stage="allocated")
    with pytest.raises(Refusal, match="staan vast"):
        await write_reason(made.chair, made.ids[0], key, "Anders.", VOTING)


async def test_a_joint_reason_never_writes_over_somebody_elses_unseen(database: TortoiseContext) -> None:
    made = await ready()
    key = made.criteria[0].key
    await write_reason(made.secretary, made.ids[0], key, "Eerste.", REVIEW, before="")
    with pytest.raises(Stale) as refused:
        await write_reason(made.chair, made.ids[0], key, "Tweede.", REVIEW, before="")
    assert refused.value.field == key
    await write_reason(made.chair, made.ids[0], key, "Tweede.", REVIEW, before="Eerste.")
    assert (await JointReason.get()).text == "Tweede."


async def test_joint_reasons_refuse_what_cannot_be(database: TortoiseContext) -> None:
    made = await ready()
    key = made.criteria[0].key
    for text, said in ((" ", "Schrijf de reden"), ("x" * (MAX_REASON + 1), "te lang")):
        with pytest.raises(Refusal, match=said):
            await write_reason(made.secretary, made.ids[0], key, text, REVIEW)
    with pytest.raises(NotFound):
        await write_reason(made.secretary, made.ids[0], "verzonnen", "Tekst.", REVIEW)
    for actor in (made.ada, made.officer, replace(made.ada, roles=frozenset({"member", "chair"}))):
        with pytest.raises(Forbidden):
            await write_reason(actor, made.ids[0], key, "Tekst.", REVIEW)
    await declare(made.chair, made.ids[0], "other", REVIEW)
    with pytest.raises(NotFound):
        await write_reason(made.chair, made.ids[0], key, "Tekst.", REVIEW)
    assert (await declare(made.secretary, made.ids[0], NONE, REVIEW)).aside is False
