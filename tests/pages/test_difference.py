"""What changed since it was sent before, as the officer and the applicant read it: words marked, a budget by line."""

from datetime import timedelta

import pytest

from grants.steps.draft import save_answer
from grants.steps.screen import ask_completion
from grants.steps.submit import complete
from grants.store.applications import Application
from tests.factories import OPEN, submitted
from tests.pages.officers import town, words

pytestmark = pytest.mark.anyio


def path_of(plan: Application) -> str:
    return f"/gemeente/aanvragen/{plan.public_id}"


async def test_completion_shows_what_changed(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen eten")
    await ask_completion(there.officer, plan.public_id, ["plan"], "Vertel meer.", OPEN + timedelta(hours=2))
    await save_answer(
        there.applicant, plan.public_id, "plan", "Wij koken elke week.", OPEN + timedelta(hours=3)
    )
    await complete(there.applicant, plan.public_id, OPEN + timedelta(hours=3))
    await client.sign_in(there.officer)
    page = words((await client.get(path_of(plan))).text)
    assert "Wat gaat u doen? aangevuld Eerst weg: Over Samen eten. Nu nieuw: Wij koken elke week." in page
    assert page.count("aangevuld") == 1


async def test_completed_budget_shows_each_line_as_it_was_and_is(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen eten")
    await ask_completion(there.officer, plan.public_id, ["budget"], "Wat kost de zaal?", OPEN)
    lines = [{"what": "Zaal", "wished": "1.000", "least": "500"}]
    lines.append({"what": "Alles bij elkaar", "wished": "4.000", "least": "2.500"})
    await save_answer(there.applicant, plan.public_id, "budget", lines, OPEN + timedelta(hours=3))
    await complete(there.applicant, plan.public_id, OPEN + timedelta(hours=3))
    changed = (
        "Zaal nieuw – €\u00a01.000 ten minste €\u00a0500",
        "Alles bij elkaar anders €\u00a05.000 ten minste €\u00a02.500 €\u00a04.000 ten minste €\u00a02.500",
    )
    for who, path in (
        (there.officer, path_of(plan)),
        (there.applicant, f"/aanvragen/{plan.public_id}/ontvangst"),
    ):
        await client.sign_in(who)
        page = words((await client.get(path)).text)
        assert [line for line in changed if line not in page] == []
