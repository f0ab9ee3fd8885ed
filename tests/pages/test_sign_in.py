"""Signing in by mail: the same for everybody, bound to the browser, and never by merely looking."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from grants import sealed
from grants.limit import SIGN_IN_MAILS
from grants.store.outbox import LetterRow
from grants.store.people import Person, Session, SignIn
from tests.factories import person

pytestmark = pytest.mark.anyio
SECRET = "s" * 32


async def asked(
    visitor, email: str = "iemand@voorbeeld.example", next_path: str = ""
) -> tuple[str, str, str]:
    """Ask for a mail; the page to go on to, and the link and code that the mail will hold."""
    answer = await visitor.post("/inloggen", data={"email": email, "next": next_path})
    assert answer.status_code == 303
    row = await LetterRow.all().order_by("-id").first()
    public_id = row.values["id"]
    return (
        answer.headers["location"],
        f"/inloggen/{sealed.derived(SECRET, 'link', public_id)}",
        sealed.code(SECRET, public_id),
    )


async def signed_in(visitor) -> bool:
    return (await visitor.get("/mijn")).status_code == 200


async def test_link_signs_in_only_when_its_button_is_pressed(client) -> None:
    _, link, _ = await asked(client)
    for method in ("GET", "HEAD", "GET"):
        assert (await client.request(method, link)).status_code == 200
    assert not await signed_in(client)
    answer = await client.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanvragen")
    assert await signed_in(client)


async def test_link_works_once(client) -> None:
    _, link, _ = await asked(client)
    await client.post(link)
    await client.post("/uitloggen")
    answer = await client.post(link)
    assert answer.status_code == 409
    assert "Deze link werkt niet meer" in answer.text
    assert not await signed_in(client)


async def test_link_works_for_ten_minutes(client) -> None:
    _, link, _ = await asked(client)
    client.clock.now += timedelta(minutes=10)
    assert (await client.post(link)).status_code == 409


async def test_link_opened_elsewhere_sends_back_to_the_code(client) -> None:
    _, link, _ = await asked(client)
    elsewhere = client.another()
    answer = await elsewhere.post(link)
    assert answer.status_code == 409
    assert "op een ander apparaat" in answer.text
    assert not await signed_in(elsewhere)


async def test_code_is_typed_or_pasted_with_spaces(client) -> None:
    page, _, code = await asked(client, next_path="/aanvragen/nieuw")
    shown = await client.get(page)
    assert "iemand@voorbeeld.example" in shown.text
    assert 'autocomplete="one-time-code"' in shown.text
    answer = await enter(client, page, f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanvragen/nieuw")


async def enter(visitor, page: str, code: str):
    where = re.search("voor=(.*)", page)
    return await visitor.post("/inloggen/code", data={"voor": where[1].replace("%3D", "="), "code": code})


async def test_wrong_code_keeps_the_page_and_five_tries_are_the_end(client) -> None:
    page, _, code = await asked(client)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        answer = await enter(client, page, wrong)
        assert answer.status_code == 409
        assert "Deze code klopt niet" in answer.text
        assert "iemand@voorbeeld.example" in answer.text
    assert (await enter(client, page, code)).status_code == 409


async def test_code_in_another_browser_is_refused(client) -> None:
    page, _, code = await asked(client)
    assert (await enter(client.another(), page, code)).status_code == 409


async def test_address_of_the_page_holds_no_mail_address(client) -> None:
    page, _, _ = await asked(client)
    assert "iemand" not in page
    assert "voorbeeld" not in page


@pytest.mark.parametrize("voor", ["", "niet-van-ons", "\0", "é" * 500])
async def test_code_page_without_a_seal_of_ours(client, voor) -> None:
    assert (await client.get("/inloggen/code", params={"voor": voor})).headers["location"] == "/inloggen"
    answer = await client.post("/inloggen/code", data={"voor": voor, "code": "123456"})
    assert answer.headers["location"] == "/inloggen"


async def test_known_and_unknown_addresses_get_the_same_answer(client) -> None:
    await person("Bekend", "officer")
    texts = []
    for email in ("bekend@voorbeeld.example", "vreemd@voorbeeld.example"):
        visitor = client.another()
        page, _, _ = await asked(visitor, email)
        texts.append((await visitor.get(page)).text.replace(email, "").replace(page.split("=")[1], ""))
    assert re.sub(r'value="[^"]*"', "", texts[0]) == re.sub(r'value="[^"]*"', "", texts[1])


async def test_asking_too_often_says_when_it_works_again(client) -> None:
    answers = []
    for _ in range(6):
        client.clock.now += timedelta(seconds=10)
        answers.append(await client.post("/inloggen", data={"email": "a@b.nl"}))
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "Vanaf 10 september 2026 om 11.04 uur kan het weer." in answers[-1].text
    assert 'value="a@b.nl"' in answers[-1].text
    client.clock.now = datetime(2026, 9, 10, 9, 4, tzinfo=UTC)
    assert (await client.post("/inloggen", data={"email": "a@b.nl"})).status_code == 303
    assert await LetterRow.filter(kind="sign_in").count() == 6


async def test_a_second_press_on_a_button_to_sign_in_changes_nothing(client) -> None:
    await client.get("/inloggen")
    page, link, code = await asked(client)
    assert (await client.post("/inloggen", data={"email": "iemand@voorbeeld.example"})).status_code == 303
    assert await LetterRow.all().count() == 1
    form = {"voor": unquote(page.partition("=")[2]), "code": code}
    for path, data in ((link, {}), (link, {}), ("/inloggen/code", form)):
        client.cookies.delete("meebeslis")
        assert (await client.post(path, data=data)).headers["location"] == "/aanvragen"
        assert await signed_in(client)
    assert await Session.all().count() == 1
    client.clock.now += timedelta(seconds=10)
    assert (await client.post(link)).status_code == 409


async def test_signing_out_ends_what_a_second_press_would_lead_to(client) -> None:
    _, link, _ = await asked(client)
    await client.post(link)
    await client.post("/uitloggen")
    assert (await client.post(link)).status_code == 409


async def test_many_browsers_that_ask_for_one_address_get_the_same_answer_and_no_more_mail(client) -> None:
    answers = [await client.another().post("/inloggen", data={"email": "a@b.nl"}) for _ in range(22)]
    assert {answer.status_code for answer in answers} == {303}
    assert await LetterRow.filter(kind="sign_in").count() == 20


async def test_who_signed_in_here_before_gets_a_mail_however_many_strangers_ask(client) -> None:
    _, link, _ = await asked(client)
    await client.post(link)
    await client.post("/uitloggen")
    for _ in range(SIGN_IN_MAILS.most + 1):
        await client.another().post("/inloggen", data={"email": "iemand@voorbeeld.example"})
    client.clock.now += timedelta(seconds=10)
    _, link, _ = await asked(client)
    await client.post(link)
    assert await signed_in(client)


@pytest.mark.parametrize(
    "email", ["", "geen adres", "a@b", "a b@c.nl", "a@c.nl,b@c.nl", "a@c.nl\nBcc: x@y.nl", "x" * 30_000]
)
async def test_bad_address_is_named_and_kept(client, email) -> None:
    answer = await client.post("/inloggen", data={"email": email})
    assert answer.status_code in (409, 422)
    assert 'href="#email"' in answer.text
    assert await SignIn.all().count() == 0


async def test_control_characters_in_an_address_are_dropped(client) -> None:
    await client.post("/inloggen", data={"email": "a\0@voorbeeld.example\u200b"})
    assert (await SignIn.get()).email == "a@voorbeeld.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/aanvragen/nieuw", "/aanvragen/nieuw"),
        ("https://kwaad.example/", ""),
        ("//kwaad.example", ""),
        ("/" + "x" * 300, ""),
        ("/inloggen/code", ""),
    ],
)
async def test_next_path_stays_within_this_site(client, typed, kept) -> None:
    await asked(client, next_path=typed)
    assert (await SignIn.get()).next_path == kept


async def test_protected_page_sends_to_sign_in_and_back(client) -> None:
    answer = await client.get("/aanvragen/nieuw?x=1")
    assert answer.headers["location"] == "/inloggen?next=%2Faanvragen%2Fnieuw%3Fx%3D1"
    assert 'value="/aanvragen/nieuw?x=1"' in (await client.get(answer.headers["location"])).text


@pytest.mark.parametrize(("role", "place"), [("officer", "/gemeente"), ("applicant", "/aanvragen")])
async def test_after_signing_in_people_land_where_their_work_is(client, role, place) -> None:
    await person("Iemand", role)
    _, link, _ = await asked(client)
    assert (await client.post(link)).headers["location"] == place


async def test_who_is_signed_in_already_goes_on(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    assert (await client.get("/inloggen", params={"next": "/mijn"})).headers["location"] == "/mijn"
    assert (await client.get("/inloggen")).headers["location"] == "/aanvragen"


async def test_sign_out_is_a_button_and_ends_the_session(client) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    assert "Wilt u uitloggen?" in (await client.get("/uitloggen")).text
    assert await signed_in(client)
    stolen = dict(client.cookies)
    answer = await client.post("/uitloggen")
    assert answer.headers["location"] == "/uitloggen"
    assert "U bent uitgelogd" in (await client.get("/uitloggen")).text
    client.cookies.update(stolen)
    assert not await signed_in(client)


async def test_sign_out_twice_is_no_trouble(client) -> None:
    assert (await client.post("/uitloggen")).status_code == 303


async def test_mine_lists_my_sessions_and_ends_one(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    telephone = await client.another().sign_in(fatma)
    rows = await Session.all().order_by("id")
    shown = await client.get("/mijn")
    assert shown.text.count('name="sessie" value=') == 3
    await client.post("/mijn/uitloggen", data={"sessie": str(rows[1].id)})
    assert await signed_in(client)
    assert not await signed_in(telephone)


@pytest.mark.parametrize("chosen", ["overal", "own"])
async def test_ending_my_own_session_signs_me_out(client, chosen) -> None:
    await client.sign_in(await person("Fatma", "applicant"))
    session = await Session.get()
    answer = await client.post(
        "/mijn/uitloggen", data={"sessie": str(session.id) if chosen == "own" else chosen}
    )
    assert answer.headers["location"] == "/uitloggen"
    assert not await signed_in(client)


@pytest.mark.parametrize("chosen", ["", "0", "-1", "1.0", "9" * 40, "abc"])
async def test_somebody_elses_or_no_session_is_not_there(client, chosen) -> None:
    await client.another().sign_in(await person("Ander", "applicant"))
    theirs = await Session.get()
    await client.sign_in(await person("Fatma", "applicant"))
    for session in (chosen, str(theirs.id)):
        assert (await client.post("/mijn/uitloggen", data={"sessie": session})).status_code == 404
    assert await Session.filter(revoked_at__isnull=False).count() == 0


async def test_language_of_letters_is_kept_with_the_person(client) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    for language, kept in (("en", "en"), ("fr", "en"), ("nl", "nl")):
        await client.post("/mijn/taal", data={"taal": language})
        assert (await Person.get(id=fatma.person_id)).language == kept


async def test_language_of_the_pages_is_kept_in_the_browser(client) -> None:
    answer = await client.post("/taal", data={"taal": "en", "terug": "/privacy"})
    assert answer.headers["location"] == "/privacy"
    assert '<html lang="en" dir="ltr">' in (await client.get("/privacy")).text


async def test_form_from_another_site_is_refused(client) -> None:
    answer = await client.post(
        "/inloggen", data={"email": "a@b.nl"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await SignIn.all().count() == 0


async def test_mine_asks_the_same_number_of_questions_for_one_and_three_sessions(client, query_count) -> None:
    fatma = await person("Fatma", "applicant")
    await client.sign_in(fatma)
    with query_count() as one:
        await client.get("/mijn")
    for _ in range(2):
        await client.another().sign_in(fatma)
    with query_count() as three:
        await client.get("/mijn")
    assert (len(one), len(three)) == (6, 6)
