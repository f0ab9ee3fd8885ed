"""A step further: who may give an idea, when, and that nothing changes without the applicant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from committee.steps.recuse import declare
from committee.steps.stretch import give_idea
from grants.access import Actor
from grants.application import Stage
from grants.errors import Forbidden, Invalid, NotFound, Refusal
from grants.steps.draft import save_answer
from grants.steps.stretch import choose, send_new_plan
from grants.steps.submit import withdraw
from grants.store.applications import Application, Submission
from grants.store.journal import JournalEntry
from grants.store.outbox import LetterRow
from grants.store.stretches import Stretch
from grants.stretch import Choice
from tests.committee.scene import Scene, scene
from tests.factories import REVIEW, VOTING, member, person

pytestmark = pytest.mark.anyio
IDEA = "Vraag ook de buren om mee te koken."
CONSENT = "Ik wil dit zelf."
YES, NO = Choice.ACCEPTED, Choice.DECLINED


async def idea(made: Scene, who: Actor | None = None, **changed: object) -> Stretch:
    """The secretary, who is free, gives an idea for the first plan."""
    actor = who or made.secretary
    await declare(actor, made.ids[0], "none", REVIEW)
    given = {"questions": ["plan", "budget"], "text": IDEA, "now": REVIEW} | changed
    return await give_idea(actor, made.ids[0], **given)  # type: ignore[arg-type]


async def plan_of(made: Scene) -> Application:
    return await Application.get(id=made.plans[0].id)


async def test_idea_is_kept_told_and_noted_and_the_stage_stays(database) -> None:
    made = await scene(1)
    given = await idea(made)
    again = await give_idea(made.secretary, made.ids[0], ["plan"], IDEA, REVIEW)
    assert (again.id, given.version, given.questions, given.role) == (
        given.id, 1, ["plan", "budget"], "secretary",
    )  # fmt: skip
    assert given.due_on == date(2026, 11, 3)
    assert (await plan_of(made)).at is Stage.SCREENED
    letter = await LetterRow.get(kind="stretch")
    assert (letter.person_id, IDEA in letter.params) == (made.applicant.person_id, False)
    assert (await JournalEntry.get(act="committee.gave_idea")).role == "secretary"


async def test_second_idea_for_the_same_plan_is_refused(database) -> None:
    made = await scene(1)
    await idea(made)
    with pytest.raises(Refusal, match="Eén idee is genoeg"):
        await idea(made, text="En vraag ook de wijkagent.")


async def test_who_is_not_chair_or_secretary_or_stands_aside_gives_no_idea(database) -> None:
    made = await scene(1)
    with pytest.raises(Forbidden):
        await idea(made, made.ada)
    with pytest.raises(Refusal, match="Zeg eerst of u deze aanvraag eerlijk kunt beoordelen"):
        await give_idea(made.chair, made.ids[0], ["plan"], IDEA, REVIEW)
    await declare(made.chair, made.ids[0], "family", REVIEW)
    with pytest.raises(NotFound):
        await give_idea(made.chair, made.ids[0], ["plan"], IDEA, REVIEW)
    outsider = await person("Buiten", "officer")
    with pytest.raises(Forbidden):
        await give_idea(outsider, made.ids[0], ["plan"], IDEA, REVIEW)
    assert not await Stretch.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": "  "}, "Schrijf in gewone woorden op waarom"),
        ({"questions": []}, "Kies welke vragen"),
        ({"questions": ["iban"]}, "staat niet op dit formulier"),
        ({"now": VOTING - timedelta(days=6)}, "Voor een idee is nu geen tijd meer"),
    ],
)
async def test_idea_that_says_too_little_or_comes_too_late_is_refused(database, changed, said) -> None:
    made = await scene(1)
    with pytest.raises(Refusal, match=said):
        await idea(made, **changed)


async def test_idea_never_outlives_the_opening_of_the_ballot(database) -> None:
    made = await scene(1)
    given = await idea(made, now=VOTING - timedelta(days=8))
    assert given.due_on == date(2026, 11, 15)


async def test_idea_once_the_vote_is_open_is_refused(database) -> None:
    made = await scene(1)
    await declare(made.secretary, made.ids[0], "none", REVIEW)
    await made.poll()
    with pytest.raises(Refusal, match="De stemming is open"):
        await give_idea(made.secretary, made.ids[0], ["plan"], IDEA, REVIEW)


async def test_accepted_idea_leads_to_a_new_version_with_consent(database) -> None:
    """Only what was named changes, and what the committee counts with only once it is sent."""
    made = await scene(1)
    await idea(made)
    await choose(made.applicant, made.ids[0], YES, CONSENT, REVIEW)
    lines = [{"what": "Pannen", "wished": "6.000", "least": "3.000"}]
    await save_answer(made.applicant, made.ids[0], "budget", lines, REVIEW)
    await save_answer(made.applicant, made.ids[0], "plan", "Met de buren.", REVIEW)
    with pytest.raises(Refusal, match="hoeft u niet aan te vullen"):
        await save_answer(made.applicant, made.ids[0], "title", "Anders", REVIEW)
    assert (await plan_of(made)).asked_cents == 500_000
    for _ in range(2):
        await send_new_plan(made.applicant, made.ids[0], REVIEW)
    plan, given = await plan_of(made), await Stretch.get()
    assert (plan.version, plan.asked_cents, plan.least_cents) == (2, 600_000, 300_000)
    assert plan.at is Stage.SCREENED
    assert (given.led_to, given.consent, given.answered_by_id) == (2, CONSENT, made.applicant.person_id)
    first, second = await Submission.filter(application_id=plan.id).order_by("version")
    changed = {
        key for key in first.answers | second.answers if first.answers.get(key) != second.answers.get(key)
    }
    assert changed == {"plan", "budget"}
    assert (await JournalEntry.get(act="stretch.sent")).ground == CONSENT
    assert await LetterRow.filter(kind="stretch_answer").count() == 1


async def test_what_was_written_but_never_sent_changes_nothing(database) -> None:
    made = await scene(1)
    given = await idea(made)
    await choose(made.applicant, made.ids[0], Choice.CHANGED, CONSENT, REVIEW)
    await save_answer(made.applicant, made.ids[0], "plan", "Half af", REVIEW)
    late = REVIEW + timedelta(days=(given.due_on - REVIEW.date()).days + 1)
    for attempt in (
        save_answer(made.applicant, made.ids[0], "plan", "Te laat", late),
        send_new_plan(made.applicant, made.ids[0], late),
        choose(made.applicant, made.ids[0], NO, "", late),
    ):
        with pytest.raises(Refusal):
            await attempt
    assert ((await plan_of(made)).version, await Submission.all().count()) == (1, 1)


async def test_declining_costs_nothing_and_one_may_think_again(database) -> None:
    made = await scene(1)
    await idea(made)
    for choice in (NO, NO, YES, NO):
        await choose(made.applicant, made.ids[0], choice, CONSENT, REVIEW)
    given = await Stretch.get()
    assert (given.answer, given.consent, (await plan_of(made)).at) == ("declined", "", Stage.SCREENED)
    acts = (
        await JournalEntry.filter(act__startswith="stretch.").order_by("place").values_list("act", flat=True)
    )
    assert acts == ["stretch.declined", "stretch.accepted", "stretch.declined"]
    with pytest.raises(Refusal):
        await save_answer(made.applicant, made.ids[0], "plan", "Toch niet", REVIEW)
    assert await LetterRow.filter(kind="stretch_answer").count() == 1


async def test_plan_that_misses_something_is_not_sent(database) -> None:
    made = await scene(1)
    await idea(made)
    await choose(made.applicant, made.ids[0], YES, CONSENT, REVIEW)
    lines = [{"what": "Een paleis", "wished": "900.000", "least": "800.000"}]
    await save_answer(made.applicant, made.ids[0], "budget", lines, REVIEW)
    with pytest.raises(Invalid, match="In de hele pot zit"):
        await send_new_plan(made.applicant, made.ids[0], REVIEW)
    assert ((await plan_of(made)).version, (await plan_of(made)).asked_cents) == (1, 500_000)


async def test_nobody_else_answers(database) -> None:
    made = await scene(1)
    await idea(made)
    for stranger in (made.secretary, made.officer, await member(made.round, "Nog Iemand")):
        with pytest.raises(NotFound):
            await choose(stranger, made.ids[0], YES, CONSENT, REVIEW)


async def test_withdrawn_plan_has_no_idea_to_answer(database) -> None:
    made = await scene(1)
    await idea(made)
    await withdraw(made.applicant, made.ids[0], "", REVIEW)
    with pytest.raises(Refusal, match="Dit idee is voorbij"):
        await choose(made.applicant, made.ids[0], YES, CONSENT, REVIEW)
