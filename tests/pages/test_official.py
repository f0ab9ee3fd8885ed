"""Sending something official: every way in one place, forms that take what comes, receipts, and taking it back."""

from datetime import timedelta

import pytest

from grants.notice import Kind
from grants.steps.draft import begin
from grants.store.notices import AddressChange, Notice, address_key
from grants.store.outbox import LetterRow
from grants.store.people import Person
from tests.factories import DECIDING, OPEN, draft, opened_round, person, submitted
from tests.pages.officers import IBAN, announced, hidden, published, town, words

pytestmark = pytest.mark.anyio
TEXT = "Ik ben het er niet mee eens.\nDe zaal was wel nodig."
OTHER_IBAN = "NL02 ABNA 0123 4567 89"


async def test_ways_names_all_five_messages_for_everybody(client) -> None:
    await opened_round()
    said = words((await client.get("/officieel")).text)
    for word in ("aanvraag", "vult uw aanvraag aan", "bezwaar", "te laat", "klacht", "rekening"):
        assert word in said.lower()
    assert "Postbus 1, 0000 AA Vlietstad" in said
    assert "Stadhuisplein 1, 0000 AA Vlietstad" in said
    assert "088 000 00 00" in said


async def test_ways_without_a_fund_still_answers(client) -> None:
    assert "Vraag het aan de gemeente" in (await client.get("/officieel")).text


async def test_ways_leads_to_the_forms_of_ones_own_applications(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    sent, unsent = await submitted(fatma, round_), await draft(fatma, round_, "Concept")
    page = (await (await client.sign_in(fatma)).get("/officieel")).text
    assert f"/aanvragen/{sent.public_id}/bezwaar" in page
    assert unsent.public_id not in page


async def fill(client, path: str, **typed: str):
    """Send the form on this page, with its own hidden key."""
    key = hidden((await client.get(path)).text, "sleutel")
    return await client.post(path, data={"name": "Anna", "text": TEXT, "sleutel": key, **typed})


async def test_objection_goes_to_its_receipt_and_sent_twice_is_the_same(client, clock) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    clock.now = DECIDING
    await client.sign_in(there.applicant)
    path = f"/aanvragen/{plan.public_id}/bezwaar"
    page = (await client.get(path)).text
    assert "Dat kan tot en met 19 januari 2027" in words(page)
    fields = {"name": "Anna", "text": TEXT, "sleutel": hidden(page, "sleutel")}
    first, second = await client.post(path, data=fields), await client.post(path, data=fields)
    assert first.headers["location"] == second.headers["location"]
    said = words((await client.get(first.headers["location"])).text)
    assert "B-2026-001" in said
    assert "U krijgt uiterlijk op 2 maart 2027 antwoord" in said
    assert "De zaal was wel nodig." in said
    assert await LetterRow.filter(kind="notice_receipt").count() == 1


async def test_late_objection_asks_why_and_is_taken(client, clock) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    clock.now = DECIDING + timedelta(weeks=9)
    await client.sign_in(there.applicant)
    path = f"/aanvragen/{plan.public_id}/bezwaar"
    page = words((await client.get(path)).text)
    assert "U kunt toch bezwaar maken" in page
    assert "Waarom kwam het later?" in page
    answer = await fill(client, path, late_reason="Ik lag in het ziekenhuis.")
    assert "Een mens kijkt waarom" in (await client.get(answer.headers["location"])).text
    assert (await Notice.get()).late_reason == "Ik lag in het ziekenhuis."


async def test_empty_form_says_what_to_do_and_keeps_what_was_typed(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    answer = await client.post(
        "/klacht", data={"name": "", "text": "", "address": "Hoofdstraat 1", "sleutel": "k"}
    )
    assert answer.status_code == 422
    assert "Vul uw naam in" in answer.text
    assert "Schrijf op waar u niet blij mee bent" in answer.text
    assert "Hoofdstraat 1" in answer.text
    assert hidden(answer.text, "sleutel") == "k"
    assert await Notice.all().count() == 0


async def test_far_too_long_a_text_comes_back_whole(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    answer = await fill(client, "/klacht", text="a" * 100_000)
    assert answer.status_code == 422
    assert "a" * 100_000 in answer.text


async def test_complaint_about_an_application_that_is_not_ones_own_is_not_there(client) -> None:
    round_ = await opened_round()
    sent = await submitted(await person("Ander", "applicant"), round_)
    await client.sign_in(await person("Fatma", "applicant"))
    for wrong in (sent.public_id, "0" * 32, "../.."):
        assert (await fill(client, "/klacht", aanvraag=wrong)).status_code == 404
    assert (await fill(client, "/klacht", aanvraag="")).status_code == 303


async def test_default_notice_says_when_our_time_is_up(client, clock) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    sent = await submitted(fatma, round_)
    await client.sign_in(fatma)
    path = f"/aanvragen/{sent.public_id}/ingebrekestelling"
    early = words((await client.get(path)).text)
    assert "Onze laatste dag 18 december 2026" in early
    assert "Volgens ons is onze tijd nog niet om" in early
    clock.now = DECIDING + timedelta(weeks=4)
    assert "Volgens ons" not in (await (await client.sign_in(fatma)).get(path)).text
    assert (await fill(client, path)).status_code == 303
    assert (await Notice.get()).timing == "in_time"


async def test_forms_of_drafts_and_of_others_are_not_there(client) -> None:
    round_ = await opened_round()
    fatma, ander = await person("Fatma", "applicant"), await person("Ander", "applicant")
    begun = await begin(fatma, round_.public_id, "k", OPEN)
    sent = await submitted(ander, round_)
    await client.sign_in(fatma)
    for public_id in (begun.public_id, sent.public_id, "0" * 32, "x"):
        for form in ("bezwaar", "ingebrekestelling"):
            for method in ("GET", "POST"):
                answer = await client.request(method, f"/aanvragen/{public_id}/{form}", data={"text": TEXT})
                assert answer.status_code == 404, (public_id, form, method)
    assert (await client.get(f"/aanvragen/{sent.public_id}/gezien")).status_code == 404


async def test_receipt_is_for_the_sender_alone_and_can_be_taken_back(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    path = (await fill(client, "/klacht")).headers["location"]
    stranger = await client.another().sign_in(await person("Ander", "applicant"))
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{path}/intrekken", data={"leeg": ""})).status_code == 404
    assert "niet terugdraaien" in (await client.get(f"{path}/intrekken")).text
    assert (await Notice.get()).open
    for _ in range(2):
        assert (await client.post(f"{path}/intrekken", data={"leeg": ""})).headers["location"] == path
    assert "U trok dit in" in (await client.get(path)).text
    assert "K-2026-001" in (await client.get("/mijn")).text


async def test_another_account_is_asked_for_and_shown_as_waiting(client, clock) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    clock.now = DECIDING
    await client.sign_in(there.applicant)
    path = f"/aanvragen/{plan.public_id}/rekening"
    key = hidden((await client.get(path)).text, "sleutel")
    same = await client.post(path, data={"holder": "Stichting Samen", "iban": IBAN, "sleutel": key})
    assert same.headers["location"] == f"/aanvragen/{plan.public_id}"
    asked = await client.post(path, data={"holder": "Nieuw", "iban": OTHER_IBAN, "sleutel": key})
    page = (await client.get(asked.headers["location"])).text
    assert "R-2026-001" in page
    assert "0123456789" not in page
    assert "Wij kijken naar uw nieuwe rekening" in (await client.get(path)).text


async def test_contact_changes_with_a_receipt(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    key = hidden((await client.get("/mijn/contact")).text, "sleutel")
    answer = await client.post("/mijn/contact", data={"name": "Fatma Y", "phone": "06", "sleutel": key})
    assert "C-2026-001" in (await client.get(answer.headers["location"])).text
    wrong = await client.post("/mijn/contact", data={"name": "", "phone": "06 1", "sleutel": key})
    assert wrong.status_code == 409
    assert "06 1" in wrong.text


async def test_mail_address_changes_by_the_button_behind_the_link_only(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    wrong = await client.post("/mijn/contact/adres", data={"email": "geen adres"})
    assert "geen adres" in wrong.text
    answer = await client.post("/mijn/contact/adres", data={"email": "nieuw@voorbeeld.example"})
    assert "Kijk in uw nieuwe mailbox" in (await client.get(answer.headers["location"])).text
    change = await AddressChange.get()
    path = f"/mijn/adres/{address_key('s' * 32, change.public_id)}"
    assert "nieuw@voorbeeld.example" in (await client.get(path)).text
    assert (await Person.get(id=fatma.person_id)).email == "fatma@voorbeeld.example"
    stranger = await client.another().sign_in(await person("Ander", "applicant"))
    assert (await stranger.post(path, data={"leeg": ""})).status_code == 404
    assert (await client.another().get(path)).status_code == 303
    for _ in range(2):
        assert (await client.post(path, data={"leeg": ""})).headers["location"] == "/mijn"
    assert (await Person.get(id=fatma.person_id)).email == "nieuw@voorbeeld.example"


async def test_decision_page_names_the_way_online(client, clock) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    clock.now = DECIDING
    page = (await (await client.sign_in(there.applicant)).get(f"/aanvragen/{plan.public_id}/besluit")).text
    assert f'href="/aanvragen/{plan.public_id}/bezwaar"' in page


async def test_help_is_one_press_away_from_each_of_these_pages(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    for path in ("/officieel", "/klacht", "/mijn/contact"):
        assert "/hulp?pagina=" in (await client.get(path)).text


async def test_kinds_have_a_form_or_a_page() -> None:
    assert {kind.value for kind in Kind} == {"objection", "default", "complaint", "contact", "payout"}
