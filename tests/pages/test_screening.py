from datetime import timedelta

import pytest

from grants.application import Stage
from grants.screening import Verdict
from grants.steps.screen import admit, ask_completion, note_check
from grants.store.applications import Application, Completion, ScreeningCheck
from grants.store.decisions import Decision
from grants.store.journal import note as write_journal
from grants.store.outbox import LetterRow
from tests.factories import OPEN, REVIEW, draft, person, screened, submitted
from tests.pages.officers import OFFICERS, READERS, hidden, readers, town, words, writers

pytestmark = pytest.mark.anyio
MISSING = {"questions": ["plan"], "text": "Wat gaat u koken?"}


def path_of(plan: Application, below: str = "") -> str:
    return f"/gemeente/aanvragen/{plan.public_id}{below}"


def checks(page: str, round_, **changed: tuple[str, str]) -> dict[str, str]:
    """The form as a browser would send it: every check good, but for those that are changed."""
    fields = {}
    for check in round_.frozen["checks"]:
        key = check["key"]
        verdict, note = changed.get(key, ("good", ""))
        fields |= {f"verdict-{key}": verdict, f"note-{key}": note, f"seen-{key}": hidden(page, f"seen-{key}")}
    return fields


async def test_screening_is_for_officers_and_read_by_auditors(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    assert await readers(client, there, path_of(plan)) == READERS
    for below in ("/aanvulling", "/niet-behandelen"):
        assert await readers(client, there, path_of(plan, below)) == OFFICERS
    for below in ("", "/aanvulling", "/niet-behandelen"):
        assert await writers(client, there, path_of(plan, below)) == {"officer"}


async def test_nobody_reads_a_draft_or_a_stranger(client) -> None:
    there = await town()
    plan = await draft(there.applicant, there.round_)
    await client.sign_in(there.officer)
    for public_id in (plan.public_id, "0" * 32, "1", "x' OR 1=1"):
        assert (await client.get(f"/gemeente/aanvragen/{public_id}")).status_code == 404
        assert (
            await client.post(f"/gemeente/aanvragen/{public_id}", data={"doe": "toelaten"})
        ).status_code == 404


async def test_application_shows_every_answer_and_check_with_its_why(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen eten")
    await client.sign_in(there.auditor)
    page = words((await client.get(path_of(plan))).text)
    assert "Stichting Samen eten" in page
    assert "Gevraagd €\u00a05.000 (ten minste €\u00a02.500)" in page
    assert "Alles bij elkaar €\u00a05.000,00 €\u00a02.500,00" in page
    for question in there.round_.frozen["questions"]:
        asked = question["key"] != "partners"  # nobody else takes part in this plan
        assert (question["label"] in page) is asked
        assert (" ".join(question["why"].split()) in page) is asked
    assert "Aanvraag verstuurd Anna Aanvrager, aanvrager" in page
    assert "Bewaar" not in page
    await client.sign_in(there.officer)
    page = words((await client.get(path_of(plan))).text)
    for check in there.round_.frozen["checks"]:
        assert check["why"] in page
        assert check["law"] in page


async def test_officer_notes_and_admits_in_one_press(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan))).text
    for _ in range(2):
        answer = await client.post(path_of(plan), data={**checks(page, there.round_), "doe": "toelaten"})
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert (await Application.get(id=plan.id)).at is Stage.SCREENED
    assert await LetterRow.filter(kind="admitted").count() == 1
    after = words((await client.get(path_of(plan))).text)
    assert "Bij de commissie" in after
    assert "Bewaar" not in after


async def test_what_is_not_good_needs_a_note_and_is_not_admitted(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan))).text
    form = checks(page, there.round_, in_town=("missing", ""))
    answer = await client.post(path_of(plan), data={**form, "doe": "bewaar"})
    assert answer.status_code == 409
    assert '<a class="utrecht-link" href="#note-in_town">' in answer.text
    assert await ScreeningCheck.filter(application_id=plan.id).count() == 4
    form = checks(answer.text, there.round_, in_town=("missing", "Waar is het?"))
    assert (await client.post(path_of(plan), data={**form, "doe": "bewaar"})).status_code == 303
    form = checks((await client.get(path_of(plan))).text, there.round_, in_town=("missing", "Waar is het?"))
    answer = await client.post(path_of(plan), data={**form, "doe": "toelaten"})
    assert answer.status_code == 409
    assert "De controle “Het plan is er voor mensen in Vlietstad” is nog niet goed." in words(answer.text)
    assert (await Application.get(id=plan.id)).at is Stage.SUBMITTED


async def test_verdict_that_is_none_is_refused(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    form = checks((await client.get(path_of(plan))).text, there.round_, in_town=("perfect", ""))
    answer = await client.post(path_of(plan), data={**form, "doe": "bewaar"})
    assert answer.status_code == 422
    assert "Kies wat u vond." in words(answer.text)


async def test_check_that_a_colleague_changed_is_not_overwritten_unseen(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    colleague = await person("Otto Officier", "officer")
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan))).text
    await note_check(colleague, plan.public_id, "in_town", Verdict.NOT_MET, "Het is in een ander dorp.", OPEN)
    form = checks(page, there.round_, in_town=("missing", "Waar is het?"))
    answer = await client.post(path_of(plan), data={**form, "doe": "bewaar"})
    assert answer.status_code == 409
    seen = words(answer.text)
    assert "Een collega vulde deze controle intussen ook in." in seen
    assert "Nu: Voldoet niet, door Otto Officier" in seen
    assert "Het is in een ander dorp." in seen
    assert ">\nWaar is het?</textarea>" in answer.text
    assert (
        await ScreeningCheck.get(application_id=plan.id, check_key="in_town")
    ).note == "Het is in een ander dorp."
    form = checks(answer.text, there.round_, in_town=("missing", "Waar is het?"))
    assert (await client.post(path_of(plan), data={**form, "doe": "bewaar"})).status_code == 303
    assert (await ScreeningCheck.get(application_id=plan.id, check_key="in_town")).note == "Waar is het?"


async def test_form_of_an_application_that_moved_on_keeps_what_was_typed(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan))).text
    for check in there.round_.frozen["checks"]:
        await note_check(there.officer, plan.public_id, check["key"], Verdict.GOOD, "", OPEN)
    await admit(there.officer, plan.public_id, REVIEW)
    form = checks(page, there.round_, in_town=("missing", "Waar is het?"))
    form["seen-in_town"] = hidden_stamp = (await ScreeningCheck.get(check_key="in_town")).at.isoformat()
    assert hidden_stamp
    answer = await client.post(path_of(plan), data={**form, "doe": "bewaar"})
    assert answer.status_code == 409
    assert "Deze aanvraag is al gecontroleerd." in words(answer.text)
    assert ">\nWaar is het?</textarea>" in answer.text


async def test_officer_asks_for_completion(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await note_check(
        there.officer, plan.public_id, "clear_budget", Verdict.MISSING, "De zaalhuur ontbreekt.", OPEN
    )
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan, "/aanvulling"))).text
    assert "tot en met 24 september 2026" in words(page)
    assert ">\nDe zaalhuur ontbreekt.</textarea>" in page
    for _ in range(2):
        answer = await client.post(path_of(plan, "/aanvulling"), data=MISSING)
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert await Completion.all().count() == 1
    assert await LetterRow.filter(kind="completion_request").count() == 1
    page = words((await client.get(path_of(plan))).text)
    assert "Om aanvulling gevraagd op 10 september 2026 om 11.00 uur Wat gaat u koken?" in page
    assert "De tijd staat stil tot er een aanvulling is" in page
    assert (
        "Niet behandelen kan nog niet. De aanvrager heeft nog tot en met 24 september 2026 om aan te vullen."
        in page
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "Wat gaat u koken?"}, "Kies welke vragen de aanvrager mag aanvullen."),
        ({"questions": ["plan"]}, "Schrijf in gewone woorden op waarom."),
        ({"questions": ["iban"], "text": "?"}, "De vraag “iban” staat niet op dit formulier."),
        ({"questions": ["plan"], "text": "x" * 1_000_000}, "De tekst is te lang."),
    ],
)
async def test_request_for_completion_that_says_too_little(client, form, said) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    answer = await client.post(path_of(plan, "/aanvulling"), data=form)
    assert answer.status_code == 409
    assert said in words(answer.text)
    assert form.get("text", "") in answer.text
    assert not await Completion.exists()


async def test_request_for_completion_comes_too_late(client) -> None:
    there = await town()
    plan = await screened(there.applicant, there.officer, there.round_)
    await client.sign_in(there.officer)
    assert "Dit kan nu niet" in words((await client.get(path_of(plan, "/aanvulling"))).text)
    answer = await client.post(path_of(plan, "/aanvulling"), data=MISSING)
    assert answer.status_code == 409
    assert ">\nWat gaat u koken?</textarea>" in answer.text


async def test_not_handling_waits_for_the_chance_to_complete(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    first = "Vraag eerst om een aanvulling. Pas daarna mag u besluiten om niet te behandelen."
    assert first in words((await client.get(path_of(plan, "/niet-behandelen"))).text)
    reason = {"reason": "Er is geen plan."}
    assert (await client.post(path_of(plan, "/niet-behandelen"), data=reason)).status_code == 409
    await ask_completion(there.officer, plan.public_id, ["plan"], "Vertel meer.", OPEN)
    answer = await client.post(path_of(plan, "/niet-behandelen"), data=reason)
    assert answer.status_code == 409
    assert ">\nEr is geen plan.</textarea>" in answer.text
    client.clock.now = OPEN + timedelta(days=15)
    await client.sign_in(there.officer)
    assert "Bezwaar maken kan tot en met 6 november 2026" in words(
        (await client.get(path_of(plan, "/niet-behandelen"))).text
    )
    assert (await client.post(path_of(plan, "/niet-behandelen"), data={"reason": " "})).status_code == 409
    for _ in range(2):
        answer = await client.post(path_of(plan, "/niet-behandelen"), data=reason)
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert [row.kind for row in await Decision.all()] == ["not_handled"]
    assert await LetterRow.filter(kind="decision").count() == 1


async def test_what_members_do_stays_with_the_committee(client) -> None:
    there = await town()
    plan = await screened(there.applicant, there.officer, there.round_)
    member = await person("Mira Lid")
    await write_journal(
        member,
        "committee.stood_aside",
        REVIEW,
        role="member",
        application_id=plan.id,
        ground="Mijn buurvrouw.",
    )
    await client.sign_in(there.officer)
    page = words((await client.get(path_of(plan))).text)
    assert "Lid doet niet mee lid van de commissie –" in page
    assert "Mira" not in page
    assert "buurvrouw" not in page


async def test_texts_of_people_are_no_markup(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "<script>alert(1)</script>")
    await client.sign_in(there.officer)
    page = (await client.get(path_of(plan))).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_application_asks_as_little_for_three_checks_as_for_one(client, query_count) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    await client.get(path_of(plan))  # the first look of a day is written down
    counts = []
    for keys in (["in_town"], ["clear_budget", "state_aid"]):
        for key in keys:
            await note_check(there.officer, plan.public_id, key, Verdict.GOOD, "", OPEN)
        with query_count() as queries:
            assert (await client.get(path_of(plan))).status_code == 200
        counts.append(len(queries))
    assert counts == [12, 12]
