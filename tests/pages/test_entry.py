"""An application that came on paper: entered at the desk in somebody's name, sent, and confirmed by them."""

import re
from datetime import timedelta

import pytest

from grants import sealed
from grants.application import Stage
from grants.steps.draft import save_answer
from grants.store.applications import Application, answers_of
from grants.store.consents import Consent
from grants.store.entries import Entry
from grants.store.journal import JournalEntry
from grants.store.notices import Notice
from grants.store.outbox import LetterRow, Task
from grants.store.people import Person
from tests.factories import OPEN, REVIEW, answers
from tests.pages.officers import FIELD_KEY, OFFICERS, hidden, readers, town, words, writers
from tests.uploads import PDF

pytestmark = pytest.mark.anyio
DESK = "/gemeente/invoeren"
SIGNED = "14-10-2026"


def new_person(page: str, **values: str) -> dict[str, str]:
    return {
        "sleutel": hidden(page, "sleutel"), "channel": "paper", "received": "10-09-2026", "late": "",
        "who": "nieuw", "name": "Piet Papier", "email": "", "address": "Dorpsstraat 1\n1234 AB Vlietstad",
        "phone": "030 123", "hear": "post", **values,
    }  # fmt: skip


async def entered(client, there, **values: str) -> Application:
    """A draft for somebody without mail, begun by the officer who is signed in."""
    page = (await client.get(DESK)).text
    form = new_person(page, round=there.round_.public_id, **values)
    answer = await client.post(DESK, data=form)
    assert answer.status_code == 303, words(answer.text)
    found = re.fullmatch(r"/aanvragen/([0-9a-f]{32})/wie", answer.headers["location"])
    assert found is not None
    return await Application.get(public_id=found[1]).select_related("person")


async def fill_in(client, there, application: Application) -> str:
    """Answer every question on the pages of an applicant, and send; where that leads."""
    base = f"/aanvragen/{application.public_id}"
    who = {"kind": "person", "name": "Piet Papier", "kvk": "", "phone": "030 123"}
    page = (await client.get(f"{base}/wie")).text
    seen = {"stand-gezien": hidden(page, "stand-gezien")} if "stand-gezien" in page else {}
    assert (await client.post(f"{base}/wie", data=who | seen)).status_code == 303
    for key, value in answers(there.round_, "Soep", 100_000, 50_000).items():
        await save_answer(there.officer, application.public_id, key, value, client.clock())
    answer = await client.post(f"{base}/controleren", data={})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


async def test_desk_is_for_officers(client) -> None:
    there = await town()
    assert await readers(client, there, DESK) == OFFICERS
    assert await writers(client, there, DESK) == {"officer"}


async def test_new_person_is_known_by_what_was_written_down_and_hears_on_paper(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    person, entry = application.person, await Entry.get(application_id=application.id)
    assert (person.name, person.email) == ("Piet Papier", None)
    assert "Dorpsstraat" not in person.address_sealed
    assert sealed.unseal(FIELD_KEY, person.address_sealed) == "Dorpsstraat 1\n1234 AB Vlietstad"
    assert await Consent.filter(person_id=person.id).count() == 0
    assert (entry.channel, str(entry.received_on)) == ("paper", "2026-09-10")
    assert entry.entered_by_id == there.officer.person_id
    noted = await JournalEntry.get(act="entry.made")
    assert (noted.person_id, noted.role, noted.application_id) == (
        there.officer.person_id, "officer", application.id,
    )  # fmt: skip
    assert f'"person": "{person.public_id}"' in noted.detail


async def test_sent_twice_there_is_one_draft(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    page = (await client.get(DESK)).text
    form = new_person(page, round=there.round_.public_id)
    places = {(await client.post(DESK, data=form)).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert await Person.filter(name="Piet Papier").count() == 1


async def test_officer_writes_with_a_banner_and_nobody_else_may(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    path = f"/aanvragen/{application.public_id}"
    for page in ("", "/wie", "/vraag/title", "/controleren"):
        assert "U vult dit in voor Piet Papier." in words((await client.get(path + page)).text)
    colleague = await client.another().sign_in(there.finance)
    assert (await colleague.get(path)).status_code == 404


async def test_sent_on_behalf_both_people_stand_in_the_journal_and_the_day_of_the_paper_counts(
    client,
) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there, received="08-09-2026")
    client.clock.now = OPEN + timedelta(days=5)
    await client.sign_in(there.officer)
    assert await fill_in(client, there, application) == f"{DESK}/{application.public_id}"
    sent = await Application.get(id=application.id)
    assert (sent.at, sent.submitted_at.isoformat()) == (Stage.SUBMITTED, "2026-09-08T10:00:00+00:00")
    assert (await answers_of(sent.id))["title"] == "Soep"
    moved = await JournalEntry.get(act="application.submitted")
    assert (moved.person_id, moved.role) == (there.officer.person_id, "officer")
    row = await LetterRow.get(kind="receipt")
    assert (row.person_id, row.channel, row.state) == (application.person_id, "post", "to_post")
    assert (await Task.get()).kind == "post"
    again = await client.post(f"/aanvragen/{application.public_id}/controleren", data={})
    assert again.headers["location"] == f"{DESK}/{application.public_id}"
    assert await LetterRow.filter(kind="receipt").count() == 1


async def test_late_paper_is_taken_with_a_reason_and_never_without(client) -> None:
    there = await town()
    client.clock.now = REVIEW
    await client.sign_in(there.officer)
    page = (await client.get(DESK)).text
    form = new_person(page, round=there.round_.public_id, received="19-10-2026")
    refused = await client.post(DESK, data=form)
    assert refused.status_code == 422
    assert "Dit kwam na de laatste dag binnen. Dat was 16 oktober 2026." in words(refused.text)
    assert "Piet Papier" in refused.text
    assert "Dorpsstraat 1" in refused.text
    application = await entered(client, there, received="19-10-2026", late="Lag in het ziekenhuis.")
    await fill_in(client, there, application)
    assert "Lag in het ziekenhuis." in words((await client.get(f"{DESK}/{application.public_id}")).text)


async def test_on_time_paper_can_be_entered_after_the_last_day(client) -> None:
    there = await town()
    client.clock.now = REVIEW
    await client.sign_in(there.officer)
    application = await entered(client, there, received="16-10-2026")
    await fill_in(client, there, application)
    assert (await Application.get(id=application.id)).at is Stage.SUBMITTED


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Vul in hoe deze persoon heet."),
        ({"received": "31-02-2026"}, "De dat"),
        ({"received": "10-09-2027"}, "Deze dag moet nog komen."),
        ({"channel": "duif"}, "Kies hoe de aanvraag binnenkwam."),
        ({"email": "geen adres"}, "Dit is geen e-mailadres."),
        ({"hear": "mail"}, "Vul het e-mailadres in, of kies voor brieven op papier."),
        ({"email": "anna.aanvrager@voorbeeld.example"}, "Wij kennen dit e-mailadres al."),
        ({"who": "bekend"}, "Vul het e-mailadres of het nummer van een aanvraag in."),
        ({"who": "bekend", "known": "2019-999"}, "Wij vonden niemand."),
        ({"who": "bekend", "known": "olga.officier@voorbeeld.example"}, "Dit is uw eigen aanvraag"),
        ({"address": "x" * 301}, "Dit adres is te lang."),
    ],
)
async def test_bad_input_is_told_and_nothing_is_lost(client, values: dict[str, str], said: str) -> None:
    there = await town()
    await client.sign_in(there.officer)
    form = new_person((await client.get(DESK)).text, round=there.round_.public_id, **values)
    answer = await client.post(DESK, data=form)
    assert answer.status_code in (409, 422)
    assert said in words(answer.text)
    assert form["phone"] in answer.text
    assert await Entry.all().count() == 0
    assert await Person.filter(name="Piet Papier").count() == 0


async def test_somebody_known_keeps_their_own_channels(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(
        client, there, who="bekend", known="Anna.Aanvrager@voorbeeld.example", channel="telephone"
    )
    assert application.person_id == there.applicant.person_id
    await fill_in(client, there, application)
    row = await LetterRow.get(kind="receipt")
    assert (row.channel, row.email) == ("mail", "anna.aanvrager@voorbeeld.example")


async def test_applicant_confirms_by_themselves(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there, who="bekend", known="anna.aanvrager@voorbeeld.example")
    await fill_in(client, there, application)
    path = f"/aanvragen/{application.public_id}"
    assert (await client.post(f"{path}/bevestigen", data={})).status_code == 409
    anna = await client.another().sign_in(there.applicant)
    assert "Kijk en bevestig" in words((await anna.get(path)).text)
    assert "Olga Officier van de gemeente vulde deze aanvraag voor u in." in words(
        (await anna.get(f"{path}/bevestigen")).text
    )
    for _ in range(2):
        assert (await anna.post(f"{path}/bevestigen", data={})).status_code == 303
    entry = await Entry.get(application_id=application.id)
    assert (entry.confirmed_how, entry.confirmed_by) == ("online", there.applicant.person_id)
    assert await JournalEntry.filter(act="entry.confirmed").count() == 1
    assert "U heeft uw aanvraag bevestigd" in words((await anna.get(f"{path}/bevestigen")).text)


async def test_signature_on_paper_is_noted_and_only_then_the_committee_gets_it(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    await fill_in(client, there, application)
    client.clock.now = REVIEW
    await client.sign_in(there.officer)
    checks = {f"verdict-{check['key']}": "good" for check in there.round_.frozen["checks"]}
    seen = {f"seen-{check['key']}": "" for check in there.round_.frozen["checks"]}
    screening = f"/gemeente/aanvragen/{application.public_id}"
    refused = await client.post(screening, data=checks | seen | {"doe": "toelaten"})
    assert "De aanvrager heeft nog niet bevestigd wat u invoerde." in words(refused.text)
    path = f"{DESK}/{application.public_id}"
    assert (await client.post(path, data={"signed": "1-1-2030"})).status_code == 409
    await client.post(f"{path}/scan", files={"scan": ("brief.pdf", PDF, "text/plain")})
    for _ in range(2):
        assert (await client.post(path, data={"signed": SIGNED})).status_code == 303
    entry = await Entry.get(application_id=application.id)
    assert (entry.confirmed_how, str(entry.confirmed_on)) == ("paper", "2026-10-14")
    assert "De handtekening kwam binnen op 14 oktober 2026." in words((await client.get(path)).text)
    page = (await client.get(screening)).text
    stamps = {f"seen-{c['key']}": hidden(page, f"seen-{c['key']}") for c in there.round_.frozen["checks"]}
    assert (await client.post(screening, data=checks | stamps | {"doe": "toelaten"})).status_code == 303
    assert (await Application.get(id=application.id)).at is Stage.SCREENED


async def test_list_names_what_is_still_to_do_in_one_query_more_or_less(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for names in (("Een",), ("Twee", "Drie")):
        for name in names:
            await entered(client, there, name=name)
        with query_count() as queries:
            page = await client.get(DESK)
        counts.append(len(queries))
        assert all(name in words(page.text) for name in names)
    assert counts[0] == counts[1]


async def test_officer_who_entered_it_never_speaks_in_the_applicants_name(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    await fill_in(client, there, application)
    base, said = f"/aanvragen/{application.public_id}", {"name": "Olga", "text": "Nee", "sleutel": "a" * 32}
    for path in (f"{base}/bezwaar", f"{base}/ingebrekestelling"):
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=said)).status_code == 403
    assert (await client.post("/klacht", data={**said, "aanvraag": application.public_id})).status_code == 403
    assert "ingebrekestelling" not in (await client.get(base)).text
    assert await Notice.all().count() == 0
