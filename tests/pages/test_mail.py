import pytest

from deploy.mail import server_says
from grants.letter import Letter
from grants.steps.channels import keep_address
from grants.steps.post import finish_task, lease, note_failed, note_sent
from grants.store.consents import Consent
from grants.store.initiatives import Initiative
from grants.store.outbox import LetterRow, Task, queue
from grants.store.people import Person
from tests.factories import OPEN, submitted
from tests.pages.officers import FIELD_KEY, READERS, readers, town, words, writers

pytestmark = pytest.mark.anyio


async def undeliverable(there, *titles: str) -> list[Task]:
    """Receipts that did not arrive, as tasks."""
    for title in titles:
        await submitted(there.applicant, there.round_, title)
    for letter in await lease(OPEN.replace(day=11)):
        await note_failed(letter, server_says("550 5.1.1 no such user"), OPEN, for_good=True)
    return await Task.filter(done_at=None).order_by("id")


async def test_post_is_read_by_officers_and_auditors(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    assert await readers(client, there, "/gemeente/post") == READERS
    assert await writers(client, there, f"/gemeente/post/{task.public_id}") == {"officer"}


async def test_letters_by_state(client) -> None:
    there = await town()
    for title in ("Een", "Twee", "Drie"):
        await submitted(there.applicant, there.round_, title)
    first, second = await lease(OPEN.replace(day=11), limit=2)
    await note_sent(first, OPEN)
    await note_failed(second, server_says("451 try later"), OPEN, for_good=False)
    await client.sign_in(there.auditor)
    page = words((await client.get("/gemeente/post")).text)
    assert "Er wacht niets op u." in page
    assert "Niet aangekomen (0) · Moet op de post (0) · Wacht op verzending (2) · Verstuurd (1)" in page
    assert "Ontvangstbewijs Anna Aanvrager 2026-002 Twee" in page
    assert "De mailserver zegt: 451 try later" in page
    sent = words((await client.get("/gemeente/post?stand=sent")).text)
    assert "Ontvangstbewijs Anna Aanvrager 2026-001 Een 10 september 2026 om 11.00 uur 1" in sent
    assert words((await client.get("/gemeente/post?stand=x")).text) == page


async def test_trouble_is_told_in_the_language_of_who_reads(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    await client.sign_in(there.officer)
    client.cookies.set("taal", "en")
    assert "The mail server says: 550 5.1.1 no such user" in words(
        (await client.get(f"/gemeente/post/{task.public_id}")).text
    )


async def test_letters_to_sign_in_with_are_not_shown(client) -> None:
    there = await town()
    await client.another().post("/inloggen", data={"email": "iemand@voorbeeld.example"})
    assert await LetterRow.filter(kind="sign_in").count() == 1
    await client.sign_in(there.auditor)
    page = (await client.get("/gemeente/post?stand=queued")).text
    assert "iemand@voorbeeld.example" not in page
    assert "Wacht op verzending (0)" in words(page)


async def test_task_tells_what_to_do_and_is_finished_once(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    await Initiative.all().update(phone="030 123 45 67")
    await client.sign_in(there.officer)
    path = f"/gemeente/post/{task.public_id}"
    assert "Brief kwam niet aan: Ontvangstbewijs Anna Aanvrager 2026-001 Samen" in words(
        (await client.get("/gemeente/post")).text
    )
    page = words((await client.get(path)).text)
    assert "Wie Anna Aanvrager anna.aanvrager@voorbeeld.example 030 123 45 67" in page
    assert "Waarom De mailserver zegt: 550 5.1.1 no such user" in page
    assert "Bel 030 123 45 67. Klopt het e-mailadres nog?" in page
    assert "Wij hebben geen postadres. Bel, vraag het adres en vul het in" in page
    for _ in range(2):
        answer = await client.post(path, data={"outcome": "Gebeld."})
        assert (answer.status_code, answer.headers["location"]) == (303, "/gemeente/post")
    done = await Task.get(id=task.id)
    assert (done.outcome, done.done_by) == ("Gebeld.", there.officer.person_id)
    assert "Er wacht niets op u." in words((await client.get("/gemeente/post")).text)
    assert "Deze taak is klaar Gebeld." in words((await client.get(path)).text)


async def test_letter_on_paper_is_printed_posted_and_then_counts_as_sent(client) -> None:
    there = await town()
    await Consent.all().delete()
    await submitted(there.applicant, there.round_, "Samen")
    task = await Task.get().select_related("letter")
    await keep_address(
        there.officer, (await Person.get(name="Anna Aanvrager")).public_id, "Dorp 1", FIELD_KEY, OPEN
    )
    await client.sign_in(there.officer)
    path = f"/gemeente/post/{task.public_id}"
    assert "Adres Dorp 1" in words((await client.get(path)).text)
    letter = await client.get(f"{path}/brief.pdf")
    assert (letter.status_code, letter.headers["content-type"]) == (200, "application/pdf")
    assert letter.headers["content-disposition"].startswith("attachment;")
    assert letter.content.startswith(b"%PDF-")
    assert (await client.post(path, data={"doe": "post", "posted": "32-13-2026"})).status_code == 422
    assert (await Task.get()).done_at is None
    for _ in range(2):
        assert (await client.post(path, data={"doe": "post", "posted": "11-9-2026"})).status_code == 303
    assert (await Task.get()).outcome == "Op de post gedaan op 11 september 2026."
    row = await LetterRow.get(id=task.letter_id)
    assert (row.state, row.channel, row.sent_at) == ("sent", "post", OPEN)


async def test_auditor_sees_the_task_and_no_address(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    await keep_address(
        there.officer, (await Person.get(name="Anna Aanvrager")).public_id, "Dorp 1", FIELD_KEY, OPEN
    )
    await client.sign_in(there.auditor)
    page = words((await client.get(f"/gemeente/post/{task.public_id}")).text)
    assert "Dorp 1" not in page
    assert (await client.get(f"/gemeente/post/{task.public_id}/brief.pdf")).status_code == 403


async def test_task_without_an_outcome_stays(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    await client.sign_in(there.officer)
    answer = await client.post(f"/gemeente/post/{task.public_id}", data={"outcome": " "})
    assert answer.status_code == 409
    assert 'href="#outcome"' in answer.text
    assert (await Task.get(id=task.id)).done_at is None


async def test_task_that_a_colleague_finished_keeps_its_outcome(client) -> None:
    there = await town()
    (task,) = await undeliverable(there, "Samen")
    await finish_task(there.officer, task.public_id, "Langsgegaan.", OPEN)
    await client.sign_in(there.officer)
    answer = await client.post(f"/gemeente/post/{task.public_id}", data={"outcome": "Gebeld."})
    assert answer.status_code == 409
    assert "Een collega heeft deze taak al afgemaakt: “Langsgegaan.”." in words(answer.text)
    assert (await Task.get(id=task.id)).outcome == "Langsgegaan."


async def test_letter_about_what_is_gone_is_not_there(client) -> None:
    there = await town()
    await queue([Letter("invitation", "k", "hulp@voorbeeld.example", params={"id": "a" * 32})], OPEN)
    (invitation,) = await lease(OPEN)
    await note_failed(invitation, server_says("550 5.1.1 no such user"), OPEN, for_good=True)
    await client.sign_in(there.officer)
    page = f"/gemeente/post/{(await Task.get()).public_id}"
    assert (await client.get(page)).status_code == 200
    assert (await client.get(f"{page}/brief.pdf")).status_code == 404


async def test_task_that_is_not_there(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    answer = await client.post(f"/gemeente/post/{'0' * 32}", data={"outcome": "Gebeld."})
    assert answer.status_code == 404


async def test_post_asks_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for titles in (("Een",), ("Twee", "Drie")):
        await undeliverable(there, *titles)
        with query_count() as queries:
            await client.get("/gemeente/post")
        counts.append(len(queries))
    assert counts == [8, 8]
