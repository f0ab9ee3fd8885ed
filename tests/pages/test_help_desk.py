"""“Dit begrijp ik niet”: from every page, by anybody; nothing typed lost, nobody shut out, and an officer helps."""

import html
from datetime import timedelta

import pytest

from grants.limit import HELP, HELP_OF_VISITORS
from grants.steps.help import MAX_TEXT, ask_help, finish_help
from grants.store import limits
from grants.store.help import HelpRequest
from grants.store.journal import JournalEntry
from tests.factories import OPEN, person
from tests.pages.officers import READERS, readers, town, words, writers

pytestmark = pytest.mark.anyio

ASKED = {"pagina": "/vragen", "text": "Wat is een begroting?", "contact": "06 12 34 56 78"}


async def asked(**changed: str) -> HelpRequest:
    values = {"about": "/vragen", "text": "Wat?", "contact": "", "language": "nl"} | changed
    return await ask_help(await person("Vrager", "applicant"), "browser", **values, now=OPEN)


@pytest.mark.parametrize("path", ["/", "/resultaten", "/vragen", "/inloggen", "/bestaat-niet"])
async def test_every_page_leads_to_help_with_that_page(client, path) -> None:
    page = (await client.get(path)).text
    assert f'<a class="utrecht-link" href="/hulp?pagina={path}">Dit begrijp ik niet</a>' in page


async def test_secret_of_a_link_to_sign_in_goes_nowhere(client) -> None:
    assert 'href="/hulp?pagina=/inloggen"' in (await client.get("/inloggen/geheim")).text
    await client.post("/hulp", data={**ASKED, "pagina": "/inloggen/geheim"})
    assert (await HelpRequest.get()).page == "/inloggen"


async def test_visitor_asks_and_hears_what_happens_next(client) -> None:
    page = (await client.get("/hulp?pagina=/vragen")).text
    assert '<input type="hidden" name="pagina" value="/vragen">' in page
    assert await HelpRequest.all().count() == 0
    answer = await client.post("/hulp", data=ASKED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/hulp/gevraagd?pagina=%2Fvragen")
    said = words((await client.get(answer.headers["location"])).text)
    assert "Dan hoort u uiterlijk op 14 september 2026 van ons." in said
    made = await HelpRequest.get()
    assert (made.page, made.text, made.contact) == ("/vragen", "Wat is een begroting?", "06 12 34 56 78")
    assert (made.person_id, made.language, str(made.due_on)) == (None, "nl", "2026-09-14")
    noted = await JournalEntry.filter(act="help.asked").get()
    assert (noted.role, noted.person_id) == ("visitor", None)
    assert "begroting" not in noted.detail


async def test_who_is_signed_in_need_leave_no_address(client) -> None:
    there = await town()
    await client.sign_in(there.applicant)
    await client.post("/hulp", data={**ASKED, "contact": ""})
    assert (await HelpRequest.get()).person_id == there.applicant.person_id
    officer = await client.another().sign_in(there.officer)
    page = words((await officer.get("/gemeente/hulp")).text)
    assert "Hoe te bereiken anna.aanvrager@voorbeeld.example" in page


async def test_same_question_twice_is_one(client) -> None:
    for _ in range(2):
        assert (await client.post("/hulp", data=ASKED)).status_code == 303
    assert await HelpRequest.all().count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "Schrijf op wat u niet begrijpt. Een paar woorden is genoeg."),
        ({"text": "a" * (MAX_TEXT + 1)}, "De tekst is te lang. Gebruik hoogstens 2000 tekens."),
        ({"contact": "b" * 201}, "De tekst is te lang. Gebruik hoogstens 200 tekens."),
    ],
)
async def test_what_cannot_be_noted_comes_back_as_typed(client, typed, said) -> None:
    sent = {**ASKED, **typed}
    answer = await client.post("/hulp", data=sent)
    assert answer.status_code == 409
    assert said in html.unescape(answer.text)
    assert f"\n{sent['text'].strip()}</textarea>" in answer.text
    assert f'value="{sent["contact"]}"' in answer.text
    assert 'name="pagina" value="/vragen"' in answer.text
    assert await HelpRequest.all().count() == 0


@pytest.mark.parametrize("address", ["https://kwaad.example", "//kwaad.example", "javascript:alert(1)", ""])
async def test_address_of_elsewhere_leads_to_the_front_page(client, address) -> None:
    page = (await client.get("/hulp", params={"pagina": address})).text
    assert "kwaad" not in page
    assert "javascript:" not in page
    await client.post("/hulp", data={**ASKED, "pagina": address})
    assert (await HelpRequest.get()).page == "/"


async def test_one_browser_asks_too_often_and_keeps_what_it_typed(client) -> None:
    for place in range(HELP.most):
        assert (await client.post("/hulp", data={**ASKED, "text": f"Vraag {place}"})).status_code == 303
    full = await client.post("/hulp", data=ASKED)
    assert full.status_code == 429
    assert "Vanaf 10 september 2026 om 11.01 uur kan het weer." in full.text
    assert "Wat is een begroting?</textarea>" in full.text
    assert (await client.another().post("/hulp", data=ASKED)).status_code == 303
    client.clock.now += timedelta(minutes=1)
    assert (await client.post("/hulp", data=ASKED)).status_code == 303


async def test_flood_of_visitors_leaves_room_for_who_is_signed_in(client) -> None:
    there = await town()
    for _ in range(HELP_OF_VISITORS.most):
        await limits.count(HELP_OF_VISITORS, OPEN)
    assert (await client.post("/hulp", data=ASKED)).status_code == 429
    await client.sign_in(there.applicant)
    assert (await client.post("/hulp", data=ASKED)).status_code == 303


async def test_who_may_read_and_finish(client) -> None:
    there = await town()
    made = await asked()
    assert await readers(client, there, "/gemeente/hulp") == READERS
    assert await writers(client, there, f"/gemeente/hulp/{made.public_id}") == {"officer"}


async def test_officer_helps_once_and_the_address_is_wiped(client) -> None:
    there = await town()
    made = await asked(about="/brief", text="<b>Wat</b> is bezwaar?", contact="06 1")
    await client.sign_in(there.officer)
    assert "Iemand begrijpt iets niet: leg het uit" in words((await client.get("/gemeente")).text)
    page = (await client.get("/gemeente/hulp")).text
    assert "<b>Wat</b>" not in page
    for said in ("<b>Wat</b> is bezwaar?", "Op welke pagina Een brief", "Hoe te bereiken 06 1"):
        assert said in words(page)
    path, field = f"/gemeente/hulp/{made.public_id}", f"outcome-{made.public_id}"
    empty = await client.post(path, data={field: " "})
    assert empty.status_code == 409
    assert f'href="#{field}"' in empty.text
    for _ in range(2):
        assert (await client.post(path, data={field: "Uitgelegd."})).headers["location"] == "/gemeente/hulp"
    done = await HelpRequest.get()
    assert (done.outcome, done.contact, done.done_by) == ("Uitgelegd.", "", there.officer.person_id)
    said = words((await client.get("/gemeente/hulp")).text)
    assert "Niemand wacht op hulp" in said
    assert "Een brief Uitgelegd. 10 september 2026 om 11.00 uur" in said
    assert await JournalEntry.filter(act="help.finished", role="officer").count() == 1


async def test_colleague_was_first(client) -> None:
    there = await town()
    made = await asked()
    await finish_help(there.officer, made.public_id, "Gebeld.", OPEN)
    await client.sign_in(there.officer)
    field = f"outcome-{made.public_id}"
    answer = await client.post(f"/gemeente/hulp/{made.public_id}", data={field: "Gemaild."})
    assert answer.status_code == 409
    assert "Een collega heeft deze taak al afgemaakt: “Gebeld.”." in words(answer.text)
    assert "Gemaild.</textarea>" in answer.text
    nobody = "0" * 32
    said = {f"outcome-{nobody}": "Gebeld."}
    assert (await client.post(f"/gemeente/hulp/{nobody}", data=said)).status_code == 404


async def test_list_asks_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for texts in (("Een",), ("Twee", "Drie")):
        for text in texts:
            await ask_help(there.applicant, "browser", "/", text, "", "nl", OPEN)
        with query_count() as queries:
            assert (await client.get("/gemeente/hulp")).status_code == 200
        counts.append(len(queries))
    assert counts == [6, 6]
