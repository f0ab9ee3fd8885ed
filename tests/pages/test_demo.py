"""The demonstration: sign in as one of its people, read everybody's letters; and not there outside it."""

import re

import pytest

from deploy.demo import WHO
from grants.letter import LETTERS
from grants.pages.demo import LETTER_WORDS, pieces
from grants.steps.sign_in import ask
from grants.store.people import Session
from tests.factories import OPEN, opened_round, person, submitted

pytestmark = pytest.mark.anyio
BASE = "http://127.0.0.1:8000"


async def test_it_is_not_there_outside_a_demonstration(client) -> None:
    for path in ("/demo", "/demo/postvak", f"/demo/postvak/{'0' * 32}"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post("/demo", data={"email": "a@b.nl"})).status_code == 404


async def test_people_are_offered_each_with_a_button(demo_client) -> None:
    page = (await demo_client.get("/demo")).text
    assert page.count('<form method="post" action="/demo"') == len(WHO)
    for who in WHO:
        assert f'value="{who.email}"' in page
        assert who.name in page


async def test_signing_in_as_one_of_them(demo_client) -> None:
    fatma = await person("Fatma", "applicant")
    demo_client.app.state.demo_people = [("fatma@voorbeeld.example", "Fatma", "Vraagt aan.")]
    answer = await demo_client.post("/demo", data={"email": "fatma@voorbeeld.example"})
    assert answer.headers["location"] == "/aanvragen"
    assert (await Session.get()).person_id == fatma.person_id
    assert "Fatma" in (await demo_client.get("/aanvragen")).text


@pytest.mark.parametrize("email", ["", "officier@voorbeeld.example", "x" * 10_000, "a\0b"])
async def test_nobody_else_is_offered(demo_client, email) -> None:
    await person("Officier", "officer")
    assert (await demo_client.post("/demo", data={"email": email})).status_code == 404
    assert await Session.all().count() == 0


async def test_mailbox_newest_first_and_by_address(demo_client) -> None:
    round_ = await opened_round()
    await submitted(await person("Fatma", "applicant"), round_)
    await ask("een.ander@voorbeeld.example", "browser", "s" * 32, OPEN)
    page = (await demo_client.get("/demo/postvak")).text
    assert page.index("een.ander@voorbeeld.example") < page.index("fatma@voorbeeld.example")
    page = (await demo_client.get("/demo/postvak", params={"aan": " FATMA@voorbeeld.example"})).text
    assert "een.ander" not in page
    assert "Wij kregen uw aanvraag" in page
    for wanted in ("niemand@voorbeeld.example", "x" * 5000, "\0"):
        answer = await demo_client.get("/demo/postvak", params={"aan": wanted})
        assert answer.status_code == 200


async def test_letter_shows_its_link_ready_to_follow(demo_client) -> None:
    asked = await demo_client.post("/inloggen", data={"email": "iemand@voorbeeld.example"})
    assert asked.status_code == 303
    path = re.search(r'href="(/demo/postvak/[0-9a-f]{32})"', (await demo_client.get("/demo/postvak")).text)[1]
    page = (await demo_client.get(path)).text
    link = re.search(r'href="(/inloggen/[^"]+)"', page)[1]
    assert re.search(r"\b\d{6}\b|\b\d{3} \d{3}\b", page)
    assert (await demo_client.post(link)).status_code == 303
    assert (await demo_client.get("/mijn")).status_code == 200


@pytest.mark.parametrize("public_id", ["0" * 32, "1", "%00", "x" * 4000])
async def test_letters_that_are_none(demo_client, public_id) -> None:
    assert (await demo_client.get(f"/demo/postvak/{public_id}")).status_code == 404


async def test_mailbox_asks_the_same_for_one_and_three_letters(demo_client, query_count) -> None:
    counted = []
    for wanted in (1, 3):
        for place in range(wanted):
            await ask(f"{wanted}.{place}@voorbeeld.example", "browser", "s" * 32, OPEN)
        with query_count() as queries:
            await demo_client.get("/demo/postvak")
        counted.append(len(queries))
    assert counted == [1, 1]


def test_every_letter_has_words_for_the_list() -> None:
    assert set(LETTER_WORDS) == set(LETTERS)


def test_only_addresses_of_this_site_become_links() -> None:
    line = f"Ga naar {BASE}/aanvragen/1. Of https://kwaad.example/ of {BASE}.kwaad.example/x."
    assert [piece.href for piece in pieces(line, BASE) if piece.href] == ["/aanvragen/1"]
    assert "".join(piece.text for piece in pieces(line, BASE)) == line
