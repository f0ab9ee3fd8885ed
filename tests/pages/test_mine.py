"""Everything about me in one file, and who read my application."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from grants.notice import Kind
from grants.steps.hand_in import Message, hand_in
from grants.store.journal import JournalEntry
from grants.store.looks import Look
from tests.committee.scene import scene
from tests.factories import DECIDING, OPEN, REVIEW, opened_round, person, submitted
from tests.pages.officers import decided, published, town, words

pytestmark = pytest.mark.anyio


def opened(answer) -> zipfile.ZipFile:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    assert found.testzip() is None
    return found


async def test_copy_is_a_page_to_read_and_the_same_as_data(client, clock) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    clock.now = DECIDING
    await hand_in(there.applicant, Message(Kind.COMPLAINT, "Anna", "<b>Koud</b>"), "k", DECIDING)
    await client.sign_in(there.applicant)
    copy = opened(await client.post("/mijn/gegevens", data={"leeg": ""}))
    assert copy.namelist() == ["lees-mij.html", "gegevens.json"]
    data, page = json.loads(copy.read("gegevens.json")), copy.read("lees-mij.html").decode()
    assert data["applications"][0]["title"] == "Plan 1"
    assert data["notices"][0]["text"] == "<b>Koud</b>"
    assert "&lt;b&gt;Koud&lt;/b&gt;" in page
    assert "€\xa05.000,00" in page
    assert "Uw aanvragen" in page
    assert not re.search(r"(src|href)=", page)
    assert "Olga" not in page + copy.read("gegevens.json").decode()
    assert await JournalEntry.filter(act="person.copied").count() == 1


async def test_copy_does_not_tell_a_decision_before_its_letter(client, clock) -> None:
    there = await town()
    await decided(there, (500_000, 432_100))
    clock.now = DECIDING
    await client.sign_in(there.applicant)
    copy = opened(await client.post("/mijn/gegevens", data={"leeg": ""}))
    data = json.loads(copy.read("gegevens.json"))
    assert [data[name] for name in ("decisions", "advice", "ledger", "payments")] == [[], [], [], []]
    assert "432100" not in json.dumps(data)


async def test_copy_is_in_the_language_of_who_asks(client) -> None:
    await client.sign_in(await person("Fatma", "applicant", language="en"))
    client.headers["accept-language"] = "en"
    page = opened(await client.post("/mijn/gegevens", data={"leeg": ""})).read("lees-mij.html").decode()
    assert '<html lang="en"' in page


async def test_copy_is_only_by_the_button_and_only_of_oneself(client) -> None:
    assert (await client.get("/mijn/gegevens")).status_code == 405
    assert (await client.post("/mijn/gegevens", data={"leeg": ""})).status_code in (303, 403)
    await client.sign_in(await person("Fatma", "applicant"))
    assert "Haal al mijn gegevens op" in (await client.get("/mijn")).text


async def test_copy_over_and_over_is_put_off_with_a_sentence(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    answers = [await client.post("/mijn/gegevens", data={"leeg": ""}) for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {200}
    assert answers[20].status_code == 429
    assert "kan het weer" in answers[20].text


async def test_looks_show_role_purpose_and_day_and_never_a_name(client, clock) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    clock.now = DECIDING
    officer = await client.another().sign_in(there.officer)
    auditor = await client.another().sign_in(there.auditor)
    finance = await client.another().sign_in(there.finance)
    for _ in range(2):
        await officer.get(f"/gemeente/aanvragen/{plan.public_id}")
        await officer.get(f"/gemeente/aanvragen/{plan.public_id}/besluit")
        await auditor.get(f"/gemeente/aanvragen/{plan.public_id}")
        await finance.get(f"/gemeente/aanvragen/{plan.public_id}/geld")
    rows = (
        await Look.filter(application_id=plan.id).order_by("role", "purpose").values_list("role", "purpose")
    )
    assert rows == [("auditor", "audit"), ("finance", "pay"), ("officer", "decide"), ("officer", "screen")]
    await client.sign_in(there.applicant)
    page = (await client.get(f"/aanvragen/{plan.public_id}/gezien")).text
    assert "8 december 2026" in page
    assert "Het geld betalen" in page
    assert not re.search("Olga|Agnes|Farid", page)
    assert await Look.all().count() == 4


async def test_a_look_is_once_a_day_for_each_person(client, clock) -> None:
    there = await town()
    sent = await submitted(there.applicant, there.round_)
    path = f"/gemeente/aanvragen/{sent.public_id}"
    for clock.now in (REVIEW, REVIEW, REVIEW + timedelta(days=1)):
        await (await client.sign_in(there.officer)).get(path)
    assert await Look.all().count() == 2


async def test_a_member_who_reads_the_plan_is_seen_by_the_role_of_the_seat(client, clock) -> None:
    made = await scene(1)
    clock.now = REVIEW
    plan = made.plans[0]
    await client.sign_in(made.bo)
    await client.get(f"/commissie/aanvragen/{plan.public_id}")
    assert await Look.filter(purpose="judge").values_list("role") in ([("member",)], [])
    await made.judge(made.bo, plan, done=False)
    await client.get(f"/commissie/aanvragen/{plan.public_id}")
    assert await Look.filter(purpose="judge").values_list("role") == [("member",)]


async def test_nobody_looked_yet(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    sent = await submitted(fatma, round_)
    await client.sign_in(fatma)
    assert "Nog niemand" in words((await client.get(f"/aanvragen/{sent.public_id}/gezien")).text)
    assert await Look.all().count() == 0
    assert OPEN < REVIEW
