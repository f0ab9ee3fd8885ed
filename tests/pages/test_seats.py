"""Seats: who sees how much of whom, giving one, ending one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from committee.store.members import Seat
from tests.committee.scene import scene
from tests.factories import REVIEW, person

pytestmark = pytest.mark.anyio

PATH = "/commissie/plaatsen"
NEW = {"name": "Noor Nieuw", "email": "noor@voorbeeld.example", "role": "member"}


async def at(client, actor):
    client.clock.now = REVIEW
    return await client.another().sign_in(actor)


async def form(fund_id: int, **typed: str) -> dict[str, str]:
    return {"fund": str(fund_id), **NEW, **typed}


async def test_everybody_sees_no_more_than_they_need(client) -> None:
    made = await scene(0)
    auditor = await person("Anne Controle", "auditor")
    for actor, status, name, address in (
        (made.officer, 200, True, True),
        (made.chair, 200, True, False),
        (made.secretary, 200, True, False),
        (auditor, 200, False, False),
        (made.ada, 403, False, False),
        (made.applicant, 403, False, False),
    ):
        answer = await (await at(client, actor)).get(PATH)
        found = (answer.status_code, "Bo Lid" in answer.text, "bo.lid@" in answer.text)
        assert (actor.name, *found) == (actor.name, status, name, address)
        assert ("Geef deze plaats" in answer.text) is (actor is made.officer)
        posted = await (await at(client, actor)).post(PATH, data={"name": ""})
        assert posted.status_code == (422 if actor is made.officer else 403)
        ended = await (await at(client, actor)).post(f"{PATH}/einde", data={"plaats": "1", "zeker": ""})
        assert ended.status_code == (200 if actor is made.officer else 403)
    assert (await client.get(PATH)).headers["location"].startswith("/inloggen")
    assert await Seat.filter(until=None).count() == 4


async def test_an_officer_gives_a_seat(client) -> None:
    made = await scene(0)
    visitor = await at(client, made.officer)
    answer = await visitor.post(PATH, data=await form(made.round.fund_id))
    assert answer.headers["location"] == f"{PATH}?gezegd=nieuw"
    page = (await visitor.get(f"{PATH}?gezegd=nieuw")).text
    assert "De plaats is gegeven." in page
    assert "Noor Nieuw</strong> (Lid 5)" in page
    visitor.clock.now = REVIEW + timedelta(minutes=5)
    again = await visitor.post(PATH, data=await form(made.round.fund_id))
    assert again.headers["location"] == f"{PATH}?gezegd=had-al"
    assert "Deze persoon had al een plaats." in (await visitor.get(f"{PATH}?gezegd=had-al")).text
    assert await Seat.filter(role="chair").count() == 1


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"name": " "}, 422, "Vul de naam in"),
        ({"email": ""}, 422, "Vul het e-mailadres in"),
        ({"email": "noor"}, 409, "Dit is geen e-mailadres"),
        ({"role": "koning"}, 409, "Kies een rol"),
        ({"role": ""}, 409, "Kies een rol"),
        ({"email": "olga.ambtenaar@voorbeeld.example"}, 409, "kan geen stem hebben"),
        ({"name": "n" * 30_000}, 422, "te lang"),
        ({"fund": "x"}, 404, "is er niet"),
    ],
)
async def test_what_is_wrong_is_said_and_kept(client, typed, status: int, said: str) -> None:
    made = await scene(0)
    visitor = await at(client, made.officer)
    data = await form(made.round.fund_id, **typed)
    answer = await visitor.post(PATH, data=data)
    assert (answer.status_code, said in answer.text) == (status, True)
    if status != 404:
        for name in ("name", "email"):
            value = re.escape(data[name].strip())
            assert re.search(rf'name="{name}" value="{value}"', answer.text)
    assert await Seat.all().count() == 4


async def test_a_seat_ends_after_asking_once_more(client) -> None:
    made = await scene(0)
    seat = await Seat.get(person_id=made.bo.person_id)
    visitor = await at(client, made.officer)
    asked = await visitor.post(f"{PATH}/einde", data={"plaats": str(seat.id)})
    assert "Bo Lid (Lid 2)" in asked.text
    assert (await Seat.get(id=seat.id)).until is None
    for _ in range(2):
        ended = await visitor.post(f"{PATH}/einde", data={"plaats": str(seat.id), "zeker": "ja"})
        assert ended.headers["location"] == f"{PATH}?gezegd=einde"
    assert (await Seat.get(id=seat.id)).until == REVIEW
    assert "Wie er eerder zaten" in (await visitor.get(PATH)).text
    assert (await (await at(client, made.bo)).get("/commissie")).status_code == 403
    for odd in ("", "x", "999", "9" * 40, "-1"):
        assert (await visitor.post(f"{PATH}/einde", data={"plaats": odd, "zeker": "ja"})).status_code == 404


async def test_queries_stay_the_same_with_more_seats(client, query_count) -> None:
    made = await scene(0)
    visitor = await at(client, made.officer)
    counts = []
    for name in ("een", "twee"):
        with query_count() as queries:
            await visitor.get(PATH)
        counts.append(len(queries))
        await visitor.post(PATH, data=await form(made.round.fund_id, email=f"{name}@voorbeeld.example"))
    assert counts == [4, 4]
