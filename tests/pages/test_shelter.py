"""One computer, one connection, thirty people in an hour: nobody is turned away because others came before."""

from datetime import timedelta

import pytest

from grants import sealed
from grants.limit import HELP, SIGN_IN_MAIL
from grants.store.applications import Application
from grants.store.help import HelpRequest
from grants.store.outbox import LetterRow
from grants.store.people import Session
from tests.factories import opened_round
from tests.pages.conftest import Visitor
from tests.pages.sheets import SECRET

pytestmark = pytest.mark.anyio

PEOPLE = 30


async def one_visit(client: Visitor, number: int, round_id: str) -> None:
    """Ask for a mail, sign in with its link, begin an application, ask for help, and leave."""
    client.clock.now += timedelta(hours=1) / PEOPLE
    email = f"bewoner{number}@voorbeeld.example"
    assert (await client.post("/inloggen", data={"email": email})).status_code == 303
    letter = await LetterRow.get(kind="sign_in", email=email)
    link = sealed.derived(SECRET, "link", letter.values["id"])
    assert (await client.post(f"/inloggen/{link}")).status_code == 303
    begun = await client.post("/aanvragen/nieuw", data={"ronde": round_id, "sleutel": f"{number}"})
    assert begun.status_code == 303
    assert (await client.post("/uitloggen")).status_code == 303
    asked = {"pagina": "/vragen", "text": f"Vraag van {number}", "contact": ""}
    assert (await client.post("/hulp", data=asked)).status_code == 303


async def test_thirty_people_in_an_hour_on_one_computer(client) -> None:
    round_ = await opened_round()
    for number in range(PEOPLE):
        await one_visit(client, number, round_.public_id)
    assert await Application.all().count() == PEOPLE
    assert await Session.all().count() == PEOPLE
    assert await HelpRequest.all().count() == PEOPLE


async def test_who_presses_too_often_keeps_nobody_else_out(client) -> None:
    round_ = await opened_round()
    for _ in range(SIGN_IN_MAIL.most + 2):
        client.clock.now += timedelta(seconds=11)
        last = await client.post("/inloggen", data={"email": "druk@voorbeeld.example"})
    assert last.status_code == 429
    await one_visit(client, 1, round_.public_id)
    assert HELP.most >= 2 * PEOPLE
