"""The front page in every phase of a round, the questions beforehand, and what visitors are owed."""

from datetime import timedelta

import pytest

from grants.pages.home import states
from grants.round import Phase
from tests.factories import BEFORE, DECIDING, REVIEW, fund, opened_round

pytestmark = pytest.mark.anyio


async def test_home_before_any_fund_is_loaded(client) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "Er is nu geen ronde" in answer.text
    assert (await client.get("/vragen")).status_code == 200


async def test_home_with_a_fund_whose_round_is_not_open_yet(client) -> None:
    loaded = await fund()
    answer = await client.get("/")
    assert loaded.name in answer.text
    assert "Begin uw aanvraag" not in answer.text


async def test_home_tells_dates_and_pot_of_the_open_round(client) -> None:
    await opened_round()
    answer = await client.get("/")
    assert "Nu open" in answer.text
    assert "€\u00a0100.000" in answer.text
    assert "16 oktober 2026 om 17.00 uur" in answer.text
    assert 'href="/aanvragen/nieuw"' in answer.text
    assert "Dat is dit fonds niet." in answer.text


@pytest.mark.parametrize("now", [BEFORE, REVIEW, DECIDING])
async def test_home_offers_no_beginning_outside_the_window(client, now) -> None:
    await opened_round()
    client.clock.now = now
    assert "/aanvragen/nieuw" not in (await client.get("/")).text


async def test_home_at_the_closing_second(client) -> None:
    round_ = await opened_round()
    client.clock.now = round_.closes_at - timedelta(seconds=1)
    assert "Nu open" in (await client.get("/")).text
    client.clock.now = round_.closes_at
    assert "Gesloten" in (await client.get("/")).text


async def test_home_asks_the_database_three_things(client, query_count) -> None:
    await opened_round()
    with query_count() as queries:
        await client.get("/")
    assert len(queries) == 3


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase.UPCOMING, ["later"] * 5),
        (Phase.OPEN, ["now", "later", "later", "later", "later"]),
        (Phase.COUNTING, ["done", "done", "now", "later", "later"]),
        (Phase.DECIDED, ["done", "done", "done", "now", "later"]),
        (Phase.CLOSED, ["done"] * 5),
    ],
)
def test_states_of_the_path(phase, expected) -> None:
    assert states(phase) == expected


async def test_questions_beforehand_each_with_its_why(client) -> None:
    round_ = await opened_round()
    answer = await client.get("/vragen")
    for one in [
        *round_.frozen["questions"],
        *round_.frozen["checks"],
        *round_.frozen["committee"]["criteria"],
    ]:
        assert one["label"] in answer.text
        assert one["why"] in answer.text
    assert round_.rules_hash in answer.text


@pytest.mark.parametrize("path", ["/privacy", "/toegankelijkheid"])
async def test_what_every_visitor_is_owed(client, path) -> None:
    assert (await client.get(path)).status_code == 200


async def test_home_in_english(client) -> None:
    await opened_round()
    answer = await client.get("/", headers={"accept-language": "en"})
    assert '<html lang="en" dir="ltr">' in answer.text
