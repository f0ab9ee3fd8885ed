"""Easy language: who chooses it reads the twin of a text where there is one, and else the Dutch."""

import pytest

from grants.store.outbox import LetterRow
from grants.store.people import Person
from tests.factories import opened_round, person
from tests.pages.conftest import Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

TWIN = "U heeft geen wachtwoord nodig. Wij sturen u een mail. Met die mail komt u binnen."
DUTCH = "U heeft geen wachtwoord nodig. Wij sturen u een mail met een link en een code."
ENGLISH = "You do not need a password."


async def chosen(browser: Visitor, language: str) -> Visitor:
    """This visitor, after a press on the button at the top of the page."""
    answer = await browser.post("/taal", data={"taal": language, "terug": "/inloggen"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen")
    return browser


async def test_the_choice_stands_beside_the_other_languages_and_shows_the_twin(client: Visitor) -> None:
    before = (await client.get("/inloggen")).text
    assert 'name="taal" value="nl_easy" lang="nl">Makkelijke taal</button>' in before
    assert DUTCH in before
    easy = (await (await chosen(client, "nl_easy")).get("/inloggen")).text
    assert TWIN in easy
    assert DUTCH not in easy
    assert '<html lang="nl" dir="ltr"' in easy
    assert 'name="taal" value="nl" lang="nl">Nederlands</button>' in easy
    assert 'name="taal" value="en" lang="en">English</button>' in easy


async def test_what_has_no_twin_stays_dutch_and_english_stays_english(client: Visitor) -> None:
    assert "Stuur mij een mail" in (await (await chosen(client, "nl_easy")).get("/inloggen")).text
    english = (await (await chosen(client.another(), "en")).get("/inloggen")).text
    assert ENGLISH in english
    assert TWIN not in english


async def test_texts_of_the_fund_have_their_own_twin(client: Visitor) -> None:
    await opened_round()
    plain = (await client.get("/")).text + (await client.get("/vragen")).text
    await chosen(client, "nl_easy")
    easy = (await client.get("/")).text + (await client.get("/vragen")).text
    for dutch, twin in (
        (
            "Plannen waardoor meer mensen meedoen, op hun eigen manier.",
            "U kunt hier geld vragen aan de gemeente.",
        ),
        ("Hoe beslissen mensen met eigen ervaring mee?", "Wie kiest er mee?"),
        ("Onder deze naam herkent iedereen uw plan", "Dan weet iedereen welk plan van u is."),
    ):
        assert (dutch in plain, twin in plain) == (True, False)
        assert (dutch in easy, twin in easy) == (False, True)
    assert "Wat gaat u doen?" in easy


async def test_letters_come_in_easy_language_to_who_chose_it(client: Visitor) -> None:
    await (await chosen(client, "nl_easy")).post(
        "/inloggen", data={"email": "fatma@voorbeeld.example", "next": ""}
    )
    assert await LetterRow.all().values_list("language", flat=True) == ["nl_easy"]
    actor = await person("Fatma Yilmaz", "applicant")
    browser = await client.another().sign_in(actor)
    await browser.post("/mijn/taal", data={"taal": "nl_easy"})
    await browser.post("/mijn/taal", data={"taal": "klingon"})
    assert await Person.filter(id=actor.person_id).values_list("language", flat=True) == ["nl_easy"]
    assert 'value="nl_easy" checked' in (await browser.get("/mijn")).text
