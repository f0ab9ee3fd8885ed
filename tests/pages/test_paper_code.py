"""A code on paper: one use, three weeks, five tries, and the same answer for every wrong one."""

from datetime import timedelta

import pytest

from grants.steps.paper_code import VALID, digits_of
from grants.store.journal import JournalEntry
from grants.store.people import PaperCode, Person, RoleHeld
from tests.factories import OPEN, member, person
from tests.pages.officers import hidden, town, words, writers

pytestmark = pytest.mark.anyio
SECRET = "s" * 32
PAPER = "/inloggen/papier"
WRONG = "Deze code klopt niet of werkt niet meer."


async def made(client, there, who: int | None) -> str:
    """A code for this person, made by the officer; its digits as they stand in the letter."""
    path = f"/gemeente/mensen/{(await Person.get(id=who)).public_id}"
    officer = await client.another().sign_in(there.officer)
    key = hidden((await officer.get(path)).text, "sleutel")
    answer = await officer.post(f"{path}/code", data={"sleutel": key})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return digits_of(key, SECRET)


async def enter(browser, code: str) -> int:
    return int((await browser.post(PAPER, data={"code": code})).status_code)


async def test_code_signs_in_once_on_any_device(client) -> None:
    there = await town()
    code = await made(client, there, there.applicant.person_id)
    spaced = " ".join(code[place : place + 4] for place in range(0, 16, 4))
    answer = await client.post(PAPER, data={"code": spaced})
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanvragen")
    assert (await client.get("/aanvragen")).status_code == 200
    other = client.another()
    assert WRONG in words((await other.post(PAPER, data={"code": code})).text)
    assert (await other.get("/aanvragen")).status_code == 303


async def test_code_is_kept_as_a_hash_and_journalled(client) -> None:
    there = await town()
    code = await made(client, there, there.applicant.person_id)
    row = await PaperCode.get()
    assert row.locator == code[:8]
    assert code[8:] not in row.code_hash
    noted = await JournalEntry.get(act="paper_code.made")
    assert (noted.person_id, noted.role) == (there.officer.person_id, "officer")
    assert code[8:] not in noted.detail


async def test_pressed_twice_the_same_letter_and_a_new_page_ends_the_old_code(client) -> None:
    there = await town()
    path = f"/gemeente/mensen/{(await Person.get(id=there.applicant.person_id)).public_id}"
    await client.sign_in(there.officer)
    key = hidden((await client.get(path)).text, "sleutel")
    for _ in range(2):
        assert (await client.post(f"{path}/code", data={"sleutel": key})).status_code == 200
    assert await PaperCode.all().count() == 1
    await made(client, there, there.applicant.person_id)
    assert await enter(client.another(), digits_of(key, SECRET)) == 409
    assert (await client.post(f"{path}/code", data={"sleutel": key})).status_code == 409


async def test_code_works_for_three_weeks(client) -> None:
    there = await town()
    code = await made(client, there, there.applicant.person_id)
    client.clock.now = OPEN + VALID
    assert await enter(client, code) == 409
    client.clock.now = OPEN + VALID - timedelta(seconds=1)
    assert await enter(client, code) == 303


async def test_five_wrong_tries_end_it(client) -> None:
    there = await town()
    code = await made(client, there, there.applicant.person_id)
    wrong = code[:8] + ("0" * 8 if code[8:] != "0" * 8 else "1" * 8)
    assert [await enter(client, wrong) for _ in range(5)] == [409] * 5
    assert await enter(client, code) == 409
    assert (await PaperCode.get()).tries == 5


async def test_every_wrong_code_gets_the_same_answer(client) -> None:
    there = await town()
    code = await made(client, there, there.applicant.person_id)
    used = await made(client, there, (await person("Bep", "applicant")).person_id)
    await client.another().post(PAPER, data={"code": used})
    pages = {
        words((await client.another().post(PAPER, data={"code": typed})).text)
        for typed in (code[:8] + "x", used, "0" * 16, "", "abc", "9" * 4000)
    }
    assert len(pages) == 1
    assert WRONG in pages.pop()


async def test_browser_that_tries_without_end_hears_when_it_works_again(client) -> None:
    answers = [await enter(client, "1" * 16) for _ in range(61)]
    assert answers[:60] == [409] * 60
    assert answers[60] == 429
    assert await enter(client.another(), "1" * 16) == 409


async def test_nobody_with_an_office_signs_in_by_paper(client) -> None:
    there = await town()
    seated = await member(there.round_, "Cor Commissie")
    await client.sign_in(there.officer)
    for who in (there.finance, there.auditor, seated):
        path = f"/gemeente/mensen/{(await Person.get(id=who.person_id)).public_id}"
        key = hidden((await client.get(path)).text, "sleutel")
        answer = await client.post(f"{path}/code", data={"sleutel": key})
        assert answer.status_code == 409
        assert "Inloggen kan dan alleen per mail." in words(answer.text)
    own = f"/gemeente/mensen/{(await Person.get(id=there.officer.person_id)).public_id}"
    assert (await client.post(f"{own}/code", data={"sleutel": "a" * 32})).status_code == 409
    assert await PaperCode.all().count() == 0


@pytest.mark.parametrize("office", ["finance", "commission"])
async def test_code_opens_nothing_for_who_came_to_hold_an_office(client, office) -> None:
    there = await town()
    seated = await person("Cor Commissie", "applicant")
    code = await made(client, there, seated.person_id)
    if office == "finance":
        await RoleHeld.create(person_id=seated.person_id, role=office, since=OPEN)
    else:
        await member(there.round_, "Cor Commissie")
    answer = await client.post(PAPER, data={"code": code})
    assert (answer.status_code, WRONG in words(answer.text)) == (409, True)
    assert (await client.get("/aanvragen")).status_code == 303


async def test_only_officers_make_codes(client) -> None:
    there = await town()
    path = f"/gemeente/mensen/{(await Person.get(id=there.applicant.person_id)).public_id}/code"
    assert await writers(client, there, path) == {"officer"}


async def test_who_has_no_mail_sees_their_own_page(client) -> None:
    there = await town()
    piet = await Person.create(public_id="a" * 32, name="Piet", created_at=OPEN)
    await client.post(PAPER, data={"code": await made(client, there, piet.id)})
    assert "U logt in met een code op papier." in words((await client.get("/mijn")).text)
