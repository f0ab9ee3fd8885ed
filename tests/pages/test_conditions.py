"""Questions that depend on an earlier answer: what is asked, numbered, listed, sent and shown follows the answers."""

import re

import pytest

from committee.framework import check_body
from grants.access import Actor
from grants.application import Stage
from grants.pages.answers import SEEN
from grants.steps.draft import begin, save_answer, save_initiative
from grants.steps.open_round import load_fund, open_round
from grants.steps.screen import ask_completion
from grants.steps.submit import submit
from grants.store.applications import Application, Submission, answers_of
from grants.store.funds import Round
from tests.factories import BEFORE, FUND_FILE, OPEN, OPERATOR, REVIEW, answers, person

pytestmark = pytest.mark.anyio

EXTRA = """
[[questions]]
key = "shared"
kind = "choice"
label = "Doet iemand mee?"
why = "Omdat wij dat willen weten."
choices = ["Nee", "Ja"]

[[questions]]
key = "company"
kind = "short"
label = "Wie doet mee?"
why = "Omdat wij dat willen weten."
only_if = { question = "shared", is = ["Ja"] }
"""


async def round_with_more() -> Round:
    source = FUND_FILE.read_text(encoding="utf-8")
    place = source.index("# Wat de gemeente nakijkt")
    loaded = await load_fund(OPERATOR, source[:place] + EXTRA + source[place:], check_body, BEFORE)
    return await open_round(OPERATOR, loaded.slug, 2026, check_body, BEFORE)


async def filled_in(shared: str) -> tuple[Actor, Application]:
    """A draft with an answer to all but the last question."""
    round_, fatma = await round_with_more(), await person("Fatma", "applicant")
    begun = await begin(fatma, round_.public_id, "sleutel", OPEN)
    await save_initiative(fatma, begun.public_id, "group", "De Pan", "", "", OPEN)
    given = answers(round_, "Samen eten", 500_000, 250_000) | {"shared": shared}
    given.pop("company", None)
    for key, value in given.items():
        await save_answer(fatma, begun.public_id, key, value, OPEN)
    return fatma, await Application.get(id=begun.id)


def address(application: Application) -> str:
    return f"/aanvragen/{application.public_id}"


async def change(client, page: str, **said: str) -> str:
    """Change an answer as the page would; where that leads to."""
    seen = re.search(rf'name="{SEEN}" value="([^"]*)"', (await client.get(page)).text)[1]
    return (await client.post(page, data={SEEN: seen, **said})).headers["location"]


def total(text: str) -> int:
    return int(re.search(r"Vraag \d+ van (\d+)", text)[1])


async def test_question_when_its_condition_does_not_hold_gives_way_to_the_next(client) -> None:
    fatma, made = await filled_in("Nee")
    await client.sign_in(fatma)
    answer = await client.get(f"{address(made)}/vraag/company")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address(made)}/controleren")


async def test_answer_when_it_leads_to_a_question_goes_there_and_counts_it(client) -> None:
    fatma, made = await filled_in("Nee")
    await client.sign_in(fatma)
    page = f"{address(made)}/vraag/shared"
    before = total((await client.get(page)).text)
    assert await change(client, page, shared="Ja") == f"{address(made)}/vraag/company"
    assert total((await client.get(f"{address(made)}/vraag/company")).text) == before + 1
    assert await change(client, page, shared="Nee") == f"{address(made)}/controleren"


async def test_lists_when_a_question_is_not_asked_leave_it_out(client) -> None:
    fatma, made = await filled_in("Nee")
    await client.sign_in(fatma)
    for path in (address(made), f"{address(made)}/controleren"):
        assert "Wie doet mee?" not in (await client.get(path)).text
    await save_answer(fatma, made.public_id, "shared", "Ja", OPEN)
    for path in (address(made), f"{address(made)}/controleren"):
        assert "Wie doet mee?" in (await client.get(path)).text


async def test_sending_when_a_question_became_asked_needs_its_answer(client) -> None:
    fatma, made = await filled_in("Ja")
    await client.sign_in(fatma)
    answer = await client.post(f"{address(made)}/controleren")
    assert answer.status_code == 422
    assert "Beantwoord de vraag “Wie doet mee?”." in answer.text
    await save_answer(fatma, made.public_id, "shared", "Nee", OPEN)
    answer = await client.post(f"{address(made)}/controleren")
    assert answer.headers["location"] == f"{address(made)}/ontvangst"


async def test_answer_when_no_longer_asked_stays_in_the_draft_and_out_of_what_is_sent(client) -> None:
    fatma, made = await filled_in("Ja")
    await save_answer(fatma, made.public_id, "company", "De buren", OPEN)
    await save_answer(fatma, made.public_id, "shared", "Nee", OPEN)
    await submit(fatma, made.public_id, OPEN)
    assert (await answers_of(made.id))["company"] == "De buren"
    assert "company" not in (await Submission.get(application_id=made.id)).answers
    await client.sign_in(fatma)
    assert "Wie doet mee?" not in (await client.get(f"{address(made)}/ontvangst")).text


async def test_answer_when_it_is_typed_while_no_longer_asked_is_kept(client) -> None:
    fatma, made = await filled_in("Nee")
    await client.sign_in(fatma)
    answer = await client.post(f"{address(made)}/vraag/company", data={"company": "De buren"})
    assert answer.headers["location"] == f"{address(made)}/controleren"
    assert (await answers_of(made.id))["company"] == "De buren"


async def test_completion_when_the_named_answer_leads_to_a_question_opens_that_too(client) -> None:
    fatma, made = await filled_in("Nee")
    await submit(fatma, made.public_id, OPEN)
    await ask_completion(await person("Marieke", "officer"), made.public_id, ["shared"], "Met wie?", REVIEW)
    client.clock.now = REVIEW
    await client.sign_in(fatma)
    follows = await change(client, f"{address(made)}/vraag/shared", shared="Ja")
    assert follows == f"{address(made)}/vraag/company"
    assert total((await client.get(follows)).text) == 2
    await change(client, follows, company="De buren")
    await client.post(f"{address(made)}/controleren")
    assert (await Application.get(id=made.id)).at is Stage.SUBMITTED
    sent = await Submission.filter(application_id=made.id).order_by("-version").first()
    assert sent.answers["company"] == "De buren"


async def test_questions_page_when_a_question_has_a_condition_says_so(client) -> None:
    await round_with_more()
    text = (await client.get("/vragen")).text
    assert "Wij vragen dit alleen als u bij “Doet iemand mee?” dit kiest: Ja." in text
