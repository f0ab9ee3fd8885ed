"""My applications: the list, beginning one, taking one back, throwing a draft away."""

import re
from datetime import timedelta

import pytest

from grants.application import Stage
from grants.pages.application import next_step
from grants.steps.draft import begin
from grants.store.applications import Application
from grants.store.outbox import LetterRow
from grants.store.payments import PayoutAccount
from tests.factories import AFTER_VOTE, BEFORE, DECIDING, OPEN, REVIEW, draft, opened_round, person, submitted
from tests.pages.officers import published, town, words

pytestmark = pytest.mark.anyio


async def begun(client, round_id: str, key: str = "sleutel"):
    return await client.post("/aanvragen/nieuw", data={"ronde": round_id, "sleutel": key})


async def test_list_without_applications_offers_to_begin(client) -> None:
    await opened_round()
    await client.sign_in(await person("Fatma", "applicant"))
    answer = await client.get("/aanvragen")
    assert "U heeft nog geen aanvraag" in answer.text
    assert 'href="/aanvragen/nieuw"' in answer.text


async def test_list_shows_each_with_its_next_step_and_nobody_elses(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    await draft(fatma, round_, "Verhalen")
    await submitted(fatma, round_, "Samen eten")
    await draft(await person("Ander", "applicant"), round_, "Geheim plan")
    await client.sign_in(fatma)
    answer = await client.get("/aanvragen")
    assert "Maak uw aanvraag af. Versturen kan tot 16 oktober 2026 om 17.00 uur." in answer.text
    assert "De gemeente kijkt uw aanvraag na." in answer.text
    assert "Nummer 2026-001" in answer.text
    assert "Geheim plan" not in answer.text


async def test_list_asks_the_same_number_of_questions_for_one_and_three(client, query_count) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    await submitted(fatma, round_, "Een")
    await client.sign_in(fatma)
    with query_count() as one:
        await client.get("/aanvragen")
    await submitted(fatma, round_, "Twee")
    await draft(fatma, round_, "Drie")
    with query_count() as three:
        await client.get("/aanvragen")
    assert (len(one), len(three)) == (6, 6)


def test_next_step_has_words_for_every_stage() -> None:
    row = {
        "round__closes_at": AFTER_VOTE, "decision__kind": "granted", "account__last4": None,
        "determination__id": None, "report__id": None,
    }  # fmt: skip
    for stage in Stage:
        assert next_step(row, stage, BEFORE.date(), OPEN).text
    assert "niet meer versturen" in next_step(row, Stage.DRAFT, None, AFTER_VOTE).text
    assert "rekening" in next_step(row, Stage.ANNOUNCED, None, OPEN).text
    assert "reden" in next_step(row | {"decision__kind": "not_handled"}, Stage.ANNOUNCED, None, OPEN).text
    told = row | {"determination__id": 1, "report__id": 1}
    assert "Alles is klaar" in next_step(told, Stage.DETERMINED, None, OPEN).text


async def test_list_asks_no_report_where_the_amount_is_final_at_once(client) -> None:
    there = await town()
    await published(there, (400_000, 400_000), account=False)
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    page = words((await client.get("/aanvragen")).text)
    assert "Toegekend Vul in op welke rekening het geld mag komen." in page
    await PayoutAccount.create(
        application_id=(await Application.get()).id,
        holder="x",
        iban_sealed="x",
        last4="4300",
        changed_at=DECIDING,
    )
    page = words((await client.get("/aanvragen")).text)
    assert "Toegekend Voer uw plan uit. U hoeft geen verslag te sturen." in page


async def test_beginning_tells_how_many_questions_and_until_when(client) -> None:
    await opened_round()
    await client.sign_in(await person("Fatma", "applicant"))
    answer = await client.get("/aanvragen/nieuw")
    assert (
        "Wij stellen 13 vragen of een paar meer. U kunt aanvragen tot 16 oktober 2026 om 17.00 uur."
        in answer.text
    )
    assert re.search(r'name="sleutel" value="[0-9a-f]{32}"', answer.text)


async def test_beginning_twice_with_one_form_opens_the_same_draft(client) -> None:
    round_ = await opened_round()
    await client.sign_in(await person("Fatma", "applicant"))
    first, second = [await begun(client, round_.public_id) for _ in range(2)]
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert await Application.all().count() == 1


@pytest.mark.parametrize("now", [BEFORE, REVIEW])
async def test_beginning_outside_the_window(client, now) -> None:
    round_ = await opened_round()
    client.clock.now = now
    await client.sign_in(await person("Fatma", "applicant"))
    assert "U kunt nu niet aanvragen" in (await client.get("/aanvragen/nieuw")).text
    answer = await begun(client, round_.public_id)
    assert answer.status_code == 409
    assert await Application.all().count() == 0


async def test_beginning_at_the_closing_second(client) -> None:
    round_ = await opened_round()
    client.clock.now = round_.closes_at - timedelta(seconds=1)
    await client.sign_in(await person("Fatma", "applicant"))
    assert (await begun(client, round_.public_id, "op tijd")).status_code == 303
    client.clock.now = round_.closes_at
    assert (await begun(client, round_.public_id, "te laat")).status_code == 409


@pytest.mark.parametrize("round_id", ["", "0" * 32, "x" * 10_000, "'; drop table round"])
async def test_beginning_in_a_round_that_is_not_there(client, round_id) -> None:
    await opened_round()
    await client.sign_in(await person("Fatma", "applicant"))
    assert (await begun(client, round_id)).status_code == 404


async def test_beginning_before_anything_is_set_up(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    assert "Er is nu geen ronde open." in (await client.get("/aanvragen/nieuw")).text


async def test_more_than_ten_drafts_are_refused_with_a_reason(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    for key in range(10):
        await begin(fatma, round_.public_id, str(key), OPEN)
    await client.sign_in(fatma)
    answer = await begun(client, round_.public_id)
    assert answer.status_code == 409
    assert "Maak er eerst een af" in answer.text


OWN_PAGES = (
    "", "/wie", "/vraag/plan", "/controleren", "/ontvangst",
    "/intrekken", "/weggooien", "/besluit", "/rekening", "/verslag",
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_somebody_elses_application_is_not_there(client, method) -> None:
    round_ = await opened_round()
    owner = await person("Eigenaar", "applicant")
    made = await submitted(owner, round_, "Geheim plan")
    unsent = await draft(owner, round_, "Ook geheim")
    await client.sign_in(await person("Nieuwsgierig", "applicant"))
    for public_id in (made.public_id, unsent.public_id):
        for page in OWN_PAGES:
            answer = await client.request(method, f"/aanvragen/{public_id}{page}", data={"plan": "x"})
            assert answer.status_code in (404, 405), page
            assert "eheim" not in answer.text
    assert await Application.get(id=unsent.id).values_list("stage", flat=True) == "draft"


@pytest.mark.parametrize("public_id", ["0" * 32, "1", "%00", "..%2f", "é", "x" * 3000, "A" * 32])
async def test_ids_that_are_none(client, public_id) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    for page in OWN_PAGES:
        assert (await client.get(f"/aanvragen/{public_id}{page}")).status_code == 404


async def test_withdrawing_asks_first_and_keeps_the_reason(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await submitted(fatma, round_)
    await client.sign_in(fatma)
    path = f"/aanvragen/{made.public_id}/intrekken"
    assert "U kunt dit niet terugdraaien" in (await client.get(path)).text
    assert (await Application.get(id=made.id)).at is Stage.SUBMITTED
    for _ in range(2):
        answer = await client.post(path, data={"reden": "Wij gaan verhuizen."})
        assert answer.headers["location"] == f"/aanvragen/{made.public_id}"
    assert "U trok uw aanvraag in" in (await client.get(answer.headers["location"])).text
    assert await LetterRow.filter(kind="withdrawn").count() == 1
    assert (await client.get(path)).status_code == 409


async def test_withdrawing_with_a_very_long_reason_gives_it_back(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await submitted(fatma, round_)
    await client.sign_in(fatma)
    answer = await client.post(f"/aanvragen/{made.public_id}/intrekken", data={"reden": "a" * 1_000_000})
    assert answer.status_code == 422
    assert "a" * 1_000_000 in answer.text
    assert (await Application.get(id=made.id)).at is Stage.SUBMITTED


async def test_draft_cannot_be_withdrawn_but_thrown_away(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, round_)
    await client.sign_in(fatma)
    assert (
        await client.post(f"/aanvragen/{made.public_id}/intrekken", data={"reden": ""})
    ).status_code == 409
    path = f"/aanvragen/{made.public_id}/weggooien"
    assert "Wij kunnen die niet terughalen" in (await client.get(path)).text
    for _ in range(2):  # pressed twice is thrown away once
        assert (await client.post(path, data={})).headers["location"] == "/aanvragen"
        assert await Application.all().count() == 0
    assert (await client.get(path)).status_code == 404


async def test_what_was_sent_is_not_thrown_away(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await submitted(fatma, round_)
    await client.sign_in(fatma)
    for method in ("GET", "POST"):
        answer = await client.request(method, f"/aanvragen/{made.public_id}/weggooien", data={})
        assert answer.status_code == 409
        assert "intrekken" in answer.text
