"""What came in officially, for the municipality: who reads what, answering, more time, a new account, the penalty."""

from datetime import timedelta

import pytest

from grants.notice import Kind
from grants.steps.change_account import ask_account
from grants.steps.hand_in import Message, hand_in
from grants.store.looks import Look
from grants.store.notices import Notice
from grants.store.payments import PayoutAccount
from tests.factories import DECIDING, OPEN, person, submitted
from tests.pages.officers import (
    FIELD_KEY,
    OFFICERS,
    READERS,
    announced,
    published,
    readers,
    town,
    words,
    writers,
)

pytestmark = pytest.mark.anyio
LIST = "/gemeente/ingekomen"
OTHER_IBAN = "NL02ABNA0123456789"


def message(kind: Kind, text: str = "Dit klopt niet.") -> Message:
    return Message(kind, "Anna Aanvrager", text)


async def complained(there, text: str = "Het was koud.", at=OPEN) -> Notice:
    return await hand_in(there.applicant, message(Kind.COMPLAINT, text), text[:20], at)


async def asked(there) -> Notice:
    plan = (await published(there, (500_000, 500_000)))[0]
    made = await ask_account(there.applicant, plan.public_id, "Nieuw", OTHER_IBAN, FIELD_KEY, "k", DECIDING)
    assert made is not None
    return made


async def test_who_reads_the_list_and_a_message(client) -> None:
    there = await town()
    made = await complained(there)
    assert await readers(client, there, LIST) == {**READERS, "finance": 200}
    assert await readers(client, there, f"{LIST}/{made.public_id}") == {**READERS, "finance": 404}


async def test_finance_reads_of_accounts_alone(client, clock) -> None:
    there = await town()
    account, complaint = await asked(there), await complained(there, at=DECIDING)
    clock.now = DECIDING
    await client.sign_in(there.finance)
    page = (await client.get(LIST)).text
    assert account.number in page
    assert complaint.number not in page
    desk = (await client.get("/gemeente")).text
    assert "Kijk een nieuwe rekening na" in desk
    assert "Beantwoord bezwaren" not in desk


async def test_list_shows_what_lapses_first_with_few_queries(client, clock, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counted = []
    for number in (1, 3):
        while await Notice.all().count() < number:
            await complained(there, f"Klacht {await Notice.all().count()}")
        with query_count() as queries:
            page = (await client.get(LIST)).text
        counted.append(len(queries))
    assert counted == [5, 5]
    assert page.index("K-2026-001") < page.index("K-2026-003")
    assert "Beantwoord bezwaren, klachten" in (await client.get("/gemeente")).text


async def test_answer_is_sent_and_shown_and_never_lost(client) -> None:
    there = await town()
    made = await complained(there)
    path = f"{LIST}/{made.public_id}"
    await client.sign_in(there.officer)
    assert "Het was koud." in (await client.get(path)).text
    empty = await client.post(path, data={"outcome": ""})
    assert empty.status_code == 409
    assert "Schrijf in gewone woorden" in empty.text
    for _ in range(2):
        assert (await client.post(path, data={"outcome": "De kachel is gemaakt."})).status_code == 303
    other = await client.another().sign_in(await person("Collega", "officer"))
    late = await other.post(path, data={"outcome": "Iets anders."})
    assert late.status_code == 409
    assert "Iets anders." in late.text
    assert "Gestuurd door Olga Officier" in words((await client.get(path)).text)
    page = (
        await (await client.another().sign_in(there.applicant)).get(f"/mijn/gestuurd/{made.public_id}")
    ).text
    assert "De kachel is gemaakt." in page
    assert "Olga" not in page


async def test_writing_is_for_officers(client) -> None:
    there = await town()
    made = await complained(there)
    assert await writers(client, there, f"{LIST}/{made.public_id}") == {"officer"}
    assert await writers(client, there, f"{LIST}/{made.public_id}/langer") == {"officer"}
    assert OFFICERS["auditor"] == 403


async def test_more_time_asks_a_ground_and_a_reason(client) -> None:
    there = await town()
    made = await complained(there)
    path = f"{LIST}/{made.public_id}"
    await client.sign_in(there.officer)
    wrong = await client.post(f"{path}/langer", data={"why": "zomaar", "reason": "Druk"})
    assert "Kies waarom het langer duurt" in wrong.text
    assert "Druk" in wrong.text
    good = await client.post(f"{path}/langer", data={"why": "more_time", "reason": "Wij praten nog."})
    assert good.headers["location"] == path
    assert (await Notice.get()).due_on == made.due_on + timedelta(weeks=4)
    assert "Heeft u meer tijd nodig" not in (await client.get(path)).text


async def test_new_account_takes_two_people_and_hides_the_number(client, clock) -> None:
    there = await town()
    made = await asked(there)
    clock.now, path = DECIDING, f"{LIST}/{made.public_id}"
    officer = await client.another().sign_in(there.officer)
    finance = await client.another().sign_in(there.finance)
    assert "0123456789" not in (await officer.get(path)).text
    assert "Neem deze rekening over" not in (await finance.get(path)).text
    assert (await finance.post(f"{path}/overnemen", data={"leeg": ""})).status_code == 409
    assert (await officer.post(f"{path}/nagekeken", data={"how": ""})).status_code == 409
    assert (await officer.post(f"{path}/nagekeken", data={"how": "Gebeld met Anna."})).status_code == 303
    assert (await officer.post(f"{path}/overnemen", data={"leeg": ""})).status_code == 403
    assert "NL02 ABNA 0123 4567 89" in (await finance.post(f"{path}/rekening", data={"leeg": ""})).text
    assert (await finance.post(f"{path}/overnemen", data={"leeg": ""})).status_code == 303
    assert (await PayoutAccount.get()).holder == "Nieuw"
    assert "Overgenomen" in (await finance.get(path)).text


async def test_penalty_is_counted_from_the_day_after_two_weeks(client, clock) -> None:
    there = await town()
    sent = await submitted(there.applicant, there.round_)
    clock.now = DECIDING + timedelta(weeks=4)  # 5 January 2027; our last day was 18 December
    made = await hand_in(there.applicant, message(Kind.DEFAULT), "k", clock.now, sent.public_id)
    await client.sign_in(there.officer)
    assert "Nu is dat €\xa00" in words((await client.get(f"{LIST}/{made.public_id}")).text)
    clock.now += timedelta(days=17)
    await client.sign_in(there.officer)
    page = words((await client.get(f"{LIST}/{made.public_id}")).text)
    assert "Vanaf 20 januari 2027 betaalt de gemeente" in page
    assert "Nu is dat €\xa069" in page


async def test_reading_a_message_about_an_application_is_a_look(client, clock) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    made = await hand_in(there.applicant, message(Kind.OBJECTION), "k", DECIDING, plan.public_id)
    clock.now = DECIDING
    await client.sign_in(there.officer)
    for _ in range(2):
        await client.get(f"{LIST}/{made.public_id}")
    assert await Look.filter(application_id=plan.id).values_list("purpose", "role") == [("answer", "officer")]


@pytest.mark.parametrize("wrong", ["0" * 32, "x", "..%2f"])
async def test_what_is_not_there_is_not_there(client, wrong: str) -> None:
    there = await town()
    await client.sign_in(there.officer)
    for ending in ("", "/langer", "/nagekeken"):
        assert (await client.post(f"{LIST}/{wrong}{ending}", data={"how": "x"})).status_code == 404
