"""Talking about an application: who may read and write, what the letter leaves out, and what waits on the desk."""

from datetime import timedelta

import pytest

from grants.message import answer_by
from grants.store.journal import JournalEntry
from grants.store.messages import Message
from grants.store.outbox import LetterRow
from tests.factories import OPEN, REVIEW, draft, person, submitted
from tests.pages.officers import READERS, hidden, readers, town, words, writers

pytestmark = pytest.mark.anyio
SECRET = "De zaal is van mijn tante Truus."


def mine(plan, below: str = "") -> str:
    return f"/aanvragen/{plan.public_id}/berichten{below}"


def desk(plan, below: str = "") -> str:
    return f"/gemeente/aanvragen/{plan.public_id}/berichten{below}"


async def says(client, path: str, text: str, **fields: str):
    key = hidden((await client.get(path)).text, "sleutel")
    return await client.post(path, data={"sleutel": key, "text": text, **fields})


async def test_talk_is_for_the_applicant_and_officers_and_read_by_auditors(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    assert await readers(client, there, desk(plan)) == READERS
    for below in ("", "/gelezen"):
        assert await writers(client, there, desk(plan, below)) == {"officer"}
    stranger = await client.another().sign_in(await person("Vreemd", "applicant"))
    for below in ("", "/gelezen"):
        assert (await stranger.post(mine(plan, below), data={"text": "x"})).status_code == 404
    assert (await stranger.get(mine(plan))).status_code == 404


async def test_who_reads_it_is_said_before_the_field(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.applicant)
    page = (await client.get(mine(plan))).text
    said = "Dit lezen u, wie met u meeschrijft en de gemeente. De commissie leest het niet."
    assert page.index(said) < page.index("<textarea")
    assert "Schrijft u nu? Dan krijgt u uiterlijk 17 september 2026 antwoord." in words(page)


async def test_message_of_the_applicant_waits_on_the_desk_until_it_is_answered(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen")
    applicant, officer = (
        await client.another().sign_in(there.applicant),
        await client.another().sign_in(there.officer),
    )
    assert (await says(applicant, mine(plan), SECRET)).status_code == 303
    item = "Beantwoord een bericht 2026-001 · Samen 17 september 2026"
    assert item in words((await officer.get("/gemeente")).text)
    page = words((await officer.get(desk(plan))).text)
    assert f"Anna Aanvrager 10 september 2026 om 11.00 uur nieuw {SECRET}" in page
    assert (await says(officer, desk(plan), "Dat mag.")).status_code == 303
    assert "Beantwoord een bericht" not in words((await officer.get("/gemeente")).text)
    assert "Er is een bericht voor u" in words((await applicant.get(f"/aanvragen/{plan.public_id}")).text)


async def test_reading_changes_nothing_and_the_button_does(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    applicant, officer = (
        await client.another().sign_in(there.applicant),
        await client.another().sign_in(there.officer),
    )
    await says(officer, desk(plan), "Wij zijn maandag dicht.")
    for _ in range(2):
        page = (await applicant.get(mine(plan))).text
        assert "nieuw Wij zijn maandag dicht." in words(page)
    last = hidden(page, "tot")
    await says(officer, desk(plan), "En dinsdag ook.")
    for _ in range(2):
        assert (await applicant.post(mine(plan, "/gelezen"), data={"tot": last})).status_code == 303
    page = words((await applicant.get(mine(plan))).text)
    assert "nieuw Wij zijn maandag dicht." not in page
    assert "nieuw En dinsdag ook." in page
    assert await JournalEntry.filter(act="message.read").count() == 1
    for wrong in ("", "x", "999999999999", str(10**8), "0"):
        assert (await applicant.post(mine(plan, "/gelezen"), data={"tot": wrong})).status_code == 404


async def test_officer_can_say_that_no_answer_is_needed(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    applicant, officer = (
        await client.another().sign_in(there.applicant),
        await client.another().sign_in(there.officer),
    )
    await says(applicant, mine(plan), "Dank u wel.")
    last = hidden((await officer.get(desk(plan))).text, "tot")
    assert (await officer.post(desk(plan, "/gelezen"), data={"tot": last})).status_code == 303
    assert "Beantwoord een bericht" not in words((await officer.get("/gemeente")).text)


async def test_officer_does_not_answer_their_own_application(client) -> None:
    there = await town()
    both = await person("Otto Beide", "applicant", "officer")
    plan = await submitted(both, there.round_)
    await client.sign_in(both)
    answer = await client.post(desk(plan), data={"text": "Dat mag.", "sleutel": "k" * 32})
    assert (answer.status_code, "Dit is uw eigen aanvraag" in words(answer.text)) == (409, True)
    assert not await Message.exists()


async def test_letter_says_that_there_is_a_message_and_not_what_it_says(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    await says(client, desk(plan), SECRET, due="20-9-2026")
    letter = await LetterRow.get(kind="message")
    assert letter.person_id == there.applicant.person_id
    assert "Truus" not in letter.params


async def test_question_with_a_last_day_waits_elsewhere_and_then_asks_to_call(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen")
    await client.sign_in(there.officer)
    await says(client, desk(plan), "Hoeveel mensen komen er?", due="20 september 2026")
    waiting = words((await client.get("/gemeente?bij=anderen")).text)
    assert "Aanvrager beantwoordt een vraag 2026-001 · Samen 20 september 2026" in waiting
    applicant = await client.another().sign_in(there.applicant)
    assert "Doe dat tot en met 20 september 2026." in words(
        (await applicant.get(f"/aanvragen/{plan.public_id}")).text
    )
    client.clock.now = OPEN + timedelta(days=12)
    await client.sign_in(there.officer)
    assert "Geen antwoord op een vraag: bel de aanvrager" in words((await client.get("/gemeente")).text)
    await says(await client.another().sign_in(there.applicant), mine(plan), "Twaalf.")
    assert "Geen antwoord op een vraag" not in words((await client.get("/gemeente")).text)


@pytest.mark.parametrize(
    ("text", "due", "said"),
    [
        ("", "", "Schrijf eerst uw bericht."),
        ("\u200b", "", "Schrijf eerst uw bericht."),
        ("x" * 4001, "", "De tekst is te lang."),
        ("Hoe laat?", "gisteren", "Schrijf bij “Uiterlijk antwoord op” een datum"),
        ("Hoe laat?", "10-9-2026", "Kies een dag na vandaag."),
    ],
)
async def test_what_cannot_be_sent_comes_back_as_it_was_typed(client, text, due, said) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    answer = await says(client, desk(plan), text, due=due)
    assert answer.status_code in (409, 422)
    assert said in words(answer.text)
    assert text.strip("\u200b") in answer.text
    assert f'value="{due}"' in answer.text
    assert not await Message.exists()


async def test_message_sent_twice_is_one(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.applicant)
    key = hidden((await client.get(mine(plan))).text, "sleutel")
    for _ in range(3):
        answer = await client.post(mine(plan), data={"sleutel": key, "text": "Nog een vraag."})
        assert answer.headers["location"] == mine(plan)
    assert await Message.all().count() == 1
    assert await JournalEntry.filter(act="message.written").count() == 1


async def test_other_words_or_another_application_by_the_same_form_are_another_message(client) -> None:
    there = await town()
    one, two = [await submitted(there.applicant, there.round_, title) for title in ("Een", "Twee")]
    await client.sign_in(there.applicant)
    for plan, text in ((one, "Hoe laat?"), (one, "Waar?"), (two, "Waar?"), (one, "Waar?")):
        answer = await client.post(mine(plan), data={"sleutel": "k" * 32, "text": text})
        assert answer.headers["location"] == mine(plan)
    assert await Message.all().order_by("id").values_list("application_id", "text") == [
        (one.id, "Hoe laat?"), (one.id, "Waar?"), (two.id, "Waar?"),
    ]  # fmt: skip


async def test_draft_has_no_messages_yet(client) -> None:
    there = await town()
    plan = await draft(there.applicant, there.round_)
    await client.sign_in(there.applicant)
    assert (await client.get(mine(plan))).headers["location"] == f"/aanvragen/{plan.public_id}"
    answer = await client.post(mine(plan), data={"text": "Hallo", "sleutel": "a"})
    assert answer.status_code == 409
    assert "Verstuur eerst uw aanvraag." in words(answer.text)


async def test_markup_in_a_message_is_text(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.applicant)
    await says(client, mine(plan), "<script>alert(1)</script>")
    assert "<script>alert" not in (await client.get(mine(plan))).text


async def test_talk_asks_as_little_for_three_messages_as_for_one(client, query_count) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    await client.sign_in(there.officer)
    counted = []
    for texts in (["Een"], ["Twee", "Drie"]):
        for text in texts:
            await says(client, desk(plan), text)
        with query_count() as queries:
            await client.get(desk(plan))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_answer_by_counts_working_days() -> None:
    assert answer_by(OPEN).isoformat() == "2026-09-17"
    assert answer_by(REVIEW.replace(month=12, day=23)).isoformat() == "2026-12-31"
