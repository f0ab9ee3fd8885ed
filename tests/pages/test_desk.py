from datetime import timedelta

import pytest

from deploy.mail import server_says
from grants.application import Stage
from grants.steps.pay import approve, prepare
from grants.steps.post import lease, note_failed
from grants.steps.screen import ask_completion
from grants.store.applications import Application
from tests.factories import DECIDING, OPEN, REVIEW, submitted
from tests.pages.officers import MONEY_READERS, advised, announced, decided, published, readers, town, words

pytestmark = pytest.mark.anyio


async def test_desk_is_for_those_who_work_here(client) -> None:
    there = await town()
    assert await readers(client, there, "/gemeente") == MONEY_READERS


async def test_desk_shows_what_lapses_first_on_top(client) -> None:
    there = await town()
    late = await submitted(there.applicant, there.round_, "Later")
    asked = await submitted(there.applicant, there.round_, "Eerder")
    await ask_completion(there.officer, asked.public_id, ["plan"], "Vertel meer.", OPEN + timedelta(days=1))
    client.clock.now = REVIEW
    await client.sign_in(there.officer)
    page = words((await client.get("/gemeente")).text)
    assert (
        "Gevraagd: €\u00a010.000 in 2 aanvragen. Toegekend: €\u00a00. Nog vrij: €\u00a0100.000 van €\u00a0100.000."
        in page
    )
    assert "Voor u (3) · Bij anderen (0)" in page
    first = page.index(f"{asked.number} · Eerder 23 oktober 2026 nog 3 dagen")
    assert (
        first < page.index(f"{late.number} · Later 18 december 2026 nog 59 dagen") < page.index("Ronde 2027")
    )


async def test_desk_waits_for_the_applicant_until_the_last_day(client) -> None:
    there = await town()
    asked = await submitted(there.applicant, there.round_, "Samen")
    await ask_completion(there.officer, asked.public_id, ["plan"], "Vertel meer.", OPEN)
    client.clock.now = OPEN + timedelta(days=1)
    await client.sign_in(there.officer)
    assert "Bij anderen (1)" in words((await client.get("/gemeente")).text)
    others = words((await client.get("/gemeente?bij=anderen")).text)
    assert "Aanvrager vult aan 2026-001 · Samen 24 september 2026" in others


async def test_desk_moves_the_term_on_by_the_days_of_waiting(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_, "Samen")
    asked = await ask_completion(there.officer, plan.public_id, ["plan"], "Vertel meer.", OPEN)
    asked.answered_at = OPEN + timedelta(days=5)
    await asked.save()
    await Application.filter(id=plan.id).update(stage=Stage.SUBMITTED.value)
    await client.sign_in(there.officer)
    assert "Controleer de aanvraag 2026-001 · Samen 22 december 2026" in words(
        (await client.get("/gemeente")).text
    )


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        (advised, "Teken de besluiten Ronde 2026 (2 keer) 18 december 2026"),
        (decided, "Verstuur de besluiten Ronde 2026 (2 keer) 18 december 2026"),
        (announced, "Publiceer de uitslag Ronde 2026 22 december 2026"),
        (published, "Sluit het jaar Ronde 2026 geen vaste dag"),
    ],
)
async def test_desk_names_the_next_step_of_a_round(client, ready, said) -> None:
    there = await town()
    await ready(there, (500_000, 500_000), (100_000, 0))
    client.clock.now = DECIDING
    await client.sign_in(there.officer)
    assert said in words((await client.get("/gemeente")).text)


async def test_desk_of_finance_holds_money_alone(client) -> None:
    there = await town()
    first, _, _ = await published(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await prepare(there.officer, first.public_id, 500_000, DECIDING)
    client.clock.now = DECIDING
    await client.sign_in(there.finance)
    page = words((await client.get("/gemeente")).text)
    assert "Voor u (2) · Bij anderen (0)" in page
    assert "Keur de betaling goed 2026-001 · Plan 1 19 januari 2027" in page
    assert "Zet de betaling klaar 2026-002 · Plan 2 19 januari 2027" in page
    assert "Ronde 2027" not in page


async def test_desk_waits_for_an_account(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000), account=False)
    client.clock.now = DECIDING
    await client.sign_in(there.officer)
    page = words((await client.get("/gemeente?bij=anderen")).text)
    assert "Aanvrager vult een rekening in 2026-001 · Plan 1 19 januari 2027" in page


async def test_desk_waits_for_the_money_of_an_amount_that_is_final_and_for_no_report(client) -> None:
    there = await town()
    (plan,) = await published(there, (400_000, 400_000))
    client.clock.now = DECIDING
    await client.sign_in(there.finance)
    assert "Zet de betaling klaar 2026-001 · Plan 1 19 januari 2027" in words(
        (await client.get("/gemeente")).text
    )
    made = await prepare(there.officer, plan.public_id, 400_000, DECIDING)
    assert "Keur de betaling goed 2026-001 · Plan 1" in words((await client.get("/gemeente")).text)
    await approve(there.finance, made.public_id, DECIDING.date(), DECIDING)
    for path in ("/gemeente", "/gemeente?bij=anderen"):
        assert "2026-001" not in words((await client.get(path)).text)


async def test_desk_tells_of_letters_that_did_not_arrive(client) -> None:
    there = await town()
    await submitted(there.applicant, there.round_)
    for letter in await lease(REVIEW):
        await note_failed(letter, server_says("550 no such user"), REVIEW, for_good=True)
    client.clock.now = REVIEW
    await client.sign_in(there.officer)
    assert "Brief kwam niet aan: bereik de aanvrager 20 oktober 2026 vandaag" in words(
        (await client.get("/gemeente")).text
    )


async def test_desk_says_when_there_is_nothing(client) -> None:
    there = await town()
    await client.sign_in(there.finance)
    assert "U bent bij" in words((await client.get("/gemeente")).text)
    assert "Niemand hoeft iets te doen" in words((await client.get("/gemeente?bij=anderen")).text)


async def test_desk_asks_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for titles in (["Een"], ["Twee", "Drie"]):
        for title in titles:
            await submitted(there.applicant, there.round_, title)
        with query_count() as queries:
            assert (await client.get("/gemeente")).status_code == 200
        counts.append(len(queries))
    assert counts == [7, 7]  # session, seats, rounds, what waits, messages, tasks, kept filters


async def test_desk_shows_twenty_and_leads_on(client) -> None:
    there = await town()
    plan = await submitted(there.applicant, there.round_)
    same = {name: value for name, value in dict(plan).items() if name != "id"}
    for place in range(2, 23):
        own = {"public_id": f"{place:032}", "begin_key": str(place), "number": f"2026-{place:03}"}
        await Application.create(**same | own)
    await client.sign_in(there.officer)
    first, last = [words((await client.get(f"/gemeente{query}")).text) for query in ("", "?blad=2")]
    assert (first.count("Controleer de aanvraag 2026-"), last.count("Controleer de aanvraag 2026-")) == (
        20,
        2,
    )
    assert "Blad 1 van 2" in first
    assert words((await client.get("/gemeente?blad=x")).text) == first
    assert words((await client.get("/gemeente?blad=999")).text) == last
