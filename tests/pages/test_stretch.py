"""A step further on the pages: an idea of the committee, a free choice, and what changed."""

from datetime import timedelta

import pytest

from committee.steps.recuse import declare
from committee.steps.stretch import give_idea
from grants.store.applications import Application, Submission
from grants.store.stretches import Stretch
from tests.committee.scene import Scene, scene
from tests.factories import REVIEW
from tests.pages.officers import words

pytestmark = pytest.mark.anyio
IDEA = "Vraag ook de buren om mee te koken."


def ours(made: Scene, below: str = "") -> str:
    return f"/commissie/aanvragen/{made.ids[0]}{below}"


def theirs(made: Scene, below: str = "") -> str:
    return f"/aanvragen/{made.ids[0]}{below}"


async def proposed(client, plans: int = 1) -> Scene:
    client.clock.now = REVIEW
    made = await scene(plans)
    await declare(made.secretary, made.ids[0], "none", REVIEW)
    await give_idea(made.secretary, made.ids[0], ["plan"], IDEA, REVIEW)
    return made


async def test_chair_or_secretary_gives_an_idea_from_the_plan(client) -> None:
    client.clock.now = REVIEW
    made = await scene(1)
    secretary = await client.another().sign_in(made.secretary)
    assert (await secretary.get(ours(made, "/stap-verder"))).headers["location"] == ours(made)
    await declare(made.secretary, made.ids[0], "none", REVIEW)
    assert ours(made, "/stap-verder") in (await secretary.get(ours(made))).text
    said = words((await secretary.get(ours(made, "/stap-verder"))).text)
    assert "De aanvrager heeft tot en met 3 november 2026." in said
    answer = await secretary.post(ours(made, "/stap-verder"), data={"text": "", "questions": "plan"})
    assert (answer.status_code, "Schrijf in gewone woorden op waarom." in words(answer.text)) == (409, True)
    answer = await secretary.post(ours(made, "/stap-verder"), data={"text": IDEA})
    assert IDEA in answer.text
    assert "Kies welke vragen" in words(answer.text)
    for _ in range(2):
        answer = await secretary.post(ours(made, "/stap-verder"), data={"text": IDEA, "questions": "plan"})
        assert answer.headers["location"] == ours(made, "/stap-verder")
    said = words((await secretary.get(ours(made, "/stap-verder"))).text)
    assert "Het antwoord Nog geen antwoord" in said
    assert "Eén idee is genoeg." in said


async def test_idea_is_closed_to_who_stands_aside_and_to_members(client) -> None:
    made = await proposed(client)
    await declare(made.chair, made.ids[0], "family", REVIEW)
    for who, status in ((made.chair, 404), (made.ada, 403), (made.applicant, 403), (made.officer, 403)):
        browser = await client.another().sign_in(who)
        assert (await browser.get(ours(made, "/stap-verder"))).status_code == status
        posted = await browser.post(ours(made, "/stap-verder"), data={"text": "x", "questions": "plan"})
        assert posted.status_code == status


async def test_applicant_reads_the_idea_in_whose_name_and_that_nothing_need_be_done(client) -> None:
    made = await proposed(client)
    await client.sign_in(made.applicant)
    status = words((await client.get(theirs(made))).text)
    assert "De commissie heeft een idee voor uw plan U hoeft niets te doen." in status
    said = words((await client.get(theirs(made, "/stap-verder"))).text)
    for part in (
        "U hoeft niets te doen. Zegt u nee of niets? Dan telt uw plan even goed mee.", IDEA,
        "De secretaris schreef dit namens de commissie.", "Wat gaat u doen?",
        "Kiezen kan tot en met 3 november 2026. De dag van het besluit verandert niet.",
        "Ja, ik neem dit idee over", "Ja, maar ik doe het anders", "Nee, mijn plan blijft zoals het is",
    ):  # fmt: skip
        assert part in said
    answer = await client.post(theirs(made, "/stap-verder"), data={"leeg": ""})
    assert (answer.status_code, "Nee is ook goed." in words(answer.text)) == (422, True)
    assert (await client.get(theirs(made, "/vraag/plan"))).status_code == 303


async def test_no_is_taken_kindly(client) -> None:
    made = await proposed(client)
    await client.sign_in(made.applicant)
    for _ in range(2):
        answer = await client.post(theirs(made, "/stap-verder"), data={"choice": "declined"})
        assert answer.headers["location"] == theirs(made, "/stap-verder")
    said = words((await client.get(theirs(made, "/stap-verder"))).text)
    assert "U zei nee Dat is goed. Uw plan blijft zoals het is. Dit kost u niets." in said
    assert "De commissie heeft een idee voor uw plan" not in words((await client.get(theirs(made))).text)


async def test_yes_leads_to_a_new_plan_that_everybody_sees_as_changed(client) -> None:
    made = await proposed(client)
    await made.judge_all(made.ada)
    await client.sign_in(made.applicant)
    answer = await client.post(theirs(made, "/stap-verder"), data={"choice": "accepted"})
    assert answer.headers["location"] == theirs(made, "/vraag/plan")
    question = (await client.get(theirs(made, "/vraag/plan"))).text
    assert "Het idee van de commissie Vraag ook de buren" in words(question)
    assert (await client.get(theirs(made, "/vraag/title"))).status_code in (200, 303)
    kept = await client.post(
        theirs(made, "/vraag/plan"), data={"plan": "Over Samen eten met de buren.", "stand-gezien": ""}
    )
    assert kept.status_code == 409
    stamp = kept.text.partition('name="stand-gezien" value="')[2].partition('"')[0]
    kept = await client.post(
        theirs(made, "/vraag/plan"), data={"plan": "Over Samen eten met de buren.", "stand-gezien": stamp}
    )
    assert kept.headers["location"] == theirs(made, "/controleren")
    assert "Verstuur mijn nieuwe plan" in (await client.get(theirs(made, "/controleren"))).text
    for _ in range(2):
        sent = await client.post(theirs(made, "/controleren"), data={})
        assert sent.headers["location"] == theirs(made, "/ontvangst")
    given = await Stretch.get()
    assert given.consent == (
        "Ik wil mijn plan zelf zo veranderen. Ik weet dat het niet hoeft. "
        "De commissie beslist dan over mijn nieuwe plan."
    )
    receipt = words((await client.get(theirs(made, "/ontvangst"))).text)
    assert (
        "Dit veranderde u Wat gaat u doen? Eerst Over Samen weg: eten. Nu Over Samen nieuw: eten met de buren."
        in receipt
    )
    await _sees_the_change(client, made)


async def _sees_the_change(client, made: Scene) -> None:
    """The member who judged is told, and reads what changed; who judged nothing is not."""
    ada, bo = await client.another().sign_in(made.ada), await client.another().sign_in(made.bo)
    assert "Een plan is veranderd sinds u het las" in words((await ada.get("/commissie")).text)
    assert "Een plan is veranderd sinds u het las" not in words((await bo.get("/commissie")).text)
    plan = words((await ada.get(ours(made))).text)
    assert "Dit veranderde sinds u het las Wat gaat u doen? Eerst Over Samen weg: eten." in plan
    assert "nieuw: eten met de buren." in plan


async def test_after_the_last_day_the_old_plan_stands_and_it_says_so(client) -> None:
    made = await proposed(client)
    await client.sign_in(made.applicant)
    await client.post(theirs(made, "/stap-verder"), data={"choice": "changed"})
    client.clock.now = REVIEW + timedelta(days=15)
    await client.sign_in(made.applicant)
    said = words((await client.get(theirs(made, "/stap-verder"))).text)
    assert "Dit idee is voorbij Uw plan blijft zoals u het verstuurde. Het telt gewoon mee." in said
    assert (await client.get(theirs(made, "/vraag/plan"))).status_code == 303
    for path, data in (
        ("/stap-verder", {"choice": "accepted"}),
        ("/controleren", {}),
        ("/vraag/plan", {"plan": "x"}),
    ):
        answer = await client.post(theirs(made, path), data=data)
        assert answer.status_code == 409
    assert (await Application.get(id=made.plans[0].id)).version == 1
    assert await Submission.all().count() == 1


async def test_strangers_find_no_idea(client) -> None:
    made = await proposed(client, plans=2)
    await client.sign_in(made.applicant)
    assert (await client.get(f"/aanvragen/{made.ids[1]}/stap-verder")).status_code == 404
    stranger = await client.another().sign_in(made.bo)
    assert (await stranger.get(theirs(made, "/stap-verder"))).status_code == 404
    assert (await stranger.post(theirs(made, "/stap-verder"), data={"choice": "accepted"})).status_code == 404
