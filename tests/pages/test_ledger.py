import re

import pytest
from tortoise import connections

from grants.steps.close_year import close_year
from grants.steps.pay import approve, prepare
from grants.store.journal import JournalEntry
from grants.store.journal import note as write_journal
from grants.store.ledger import LedgerEntry, Pot
from tests.factories import DECIDING, OPEN, person
from tests.pages.officers import MONEY_READERS, READERS, decided, published, readers, town, words, writers

pytestmark = pytest.mark.anyio
CLOSE = "/gemeente/jaar/2026/sluiten"


async def officer_at(client, there) -> None:
    client.clock.now = DECIDING
    await client.sign_in(there.officer)


async def test_books_are_open_to_those_who_check_them(client) -> None:
    there = await town()
    assert await readers(client, there, "/gemeente/pot/2026") == MONEY_READERS
    assert await readers(client, there, CLOSE) == MONEY_READERS
    assert await readers(client, there, "/gemeente/journaal") == READERS
    assert await writers(client, there, CLOSE, decision="") == {"officer"}


async def test_pot_without_a_year_leads_to_the_present_one(client) -> None:
    await client.sign_in(await person("Olga", "officer"))
    assert "Er is nog geen pot" in words((await client.get("/gemeente/pot")).text)
    there = await town()
    await published(there, (500_000, 500_000))
    await close_year(there.officer, 2026, "B&W", DECIDING)
    await officer_at(client, there)
    assert (await client.get("/gemeente/pot")).headers["location"] == "/gemeente/pot/2026"


@pytest.mark.parametrize("year", ["1999", "2026a", "x", "²⁰²⁶", "02026", "-1"])
async def test_years_that_are_not_there(client, year) -> None:
    there = await town()
    await client.sign_in(there.officer)
    assert (await client.get(f"/gemeente/pot/{year}")).status_code == 404
    assert (await client.get(f"/gemeente/jaar/{year}/sluiten")).status_code == 404
    assert (await client.post(f"/gemeente/jaar/{year}/sluiten", data={"decision": "B&W"})).status_code == 404


async def test_pot_shows_every_line_and_that_it_adds_up(client) -> None:
    there = await town()
    plan, _ = await published(there, (500_000, 500_000), (100_000, 0))
    made = await prepare(there.officer, plan.public_id, 200_000, DECIDING)
    await approve(there.finance, made.public_id, DECIDING.date(), DECIDING)
    await officer_at(client, there)
    page = words((await client.get("/gemeente/pot/2026")).text)
    assert "De regels kloppen met de pot 4 regels zijn opnieuw opgeteld." in page
    assert "In de pot €\u00a0100.000,00" in page
    assert "Toegekend, nog te betalen €\u00a03.000,00 Betaald €\u00a02.000,00" in page
    assert "Nog vrij €\u00a095.000,00" in page
    assert (
        "Plafond gemeente naar vrij €\u00a0100.000,00 ronde openen Gemeenteblad van Vlietstad 2026, nummer 102"
        in page
    )
    assert (
        "Opzij gezet 2026-001 vrij naar opzij gezet €\u00a05.000,00 besluit tekenen besluit 2026-001" in page
    )
    assert "Betaald 2026-001 nog te betalen naar betaald €\u00a02.000,00 betalen besluit 2026-001" in page


async def test_pot_that_does_not_add_up_says_so(client) -> None:
    there = await town()
    await Pot.filter(year=2026).update(ceiling_cents=10_000_001)
    await officer_at(client, there)
    page = words((await client.get("/gemeente/pot/2026")).text)
    assert "De regels kloppen niet met de pot Betaal nu niets meer." in page


async def test_year_is_closed_after_one_look(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = words((await client.get(CLOSE)).text)
    assert "In de pot van 2026 €\u00a0100.000,00" in page
    assert "Toegekend, nog te betalen €\u00a05.000,00 Gaat naar 2027 €\u00a095.000,00" in page
    answer = await client.post(CLOSE, data={"decision": " "})
    assert answer.status_code == 409
    assert "Noem het besluit waarop het doorschuiven rust" in words(answer.text)
    for decision in ("B&W 12 januari 2027", "B&W 13 januari 2027"):
        answer = await client.post(CLOSE, data={"decision": decision})
        assert (answer.status_code, answer.headers["location"]) == (303, CLOSE)
    assert await LedgerEntry.filter(kind="carry_over").count() == 1
    page = words((await client.get(CLOSE)).text)
    assert "€\u00a095.000 ging naar 2027. Besluit: B&W 12 januari 2027." in page
    assert "Sluit 2026" not in page
    assert "Over van het vorige jaar vorig jaar naar vrij €\u00a095.000,00" in words(
        (await client.get("/gemeente/pot/2027")).text
    )


async def test_year_with_work_left_stays_open(client) -> None:
    there = await town()
    await decided(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = words((await client.get(CLOSE)).text)
    assert "Er lopen nog aanvragen. Rond die eerst af. 2 × Besluit getekend" in page
    assert "Op welk besluit" not in page
    answer = await client.post(CLOSE, data={"decision": "B&W 12 januari 2027"})
    assert answer.status_code == 409
    assert 'value="B&amp;W 12 januari 2027"' in answer.text
    assert (await Pot.get(year=2026)).closed_at is None


async def test_journal_shows_who_did_what_and_checks_its_chain(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    await officer_at(client, there)
    page = words((await client.get("/gemeente/journaal")).text)
    assert "Ronde gepubliceerd Olga Officier, medewerker gemeente" in page
    checked = words((await client.get("/gemeente/journaal?keten=controleren")).text)
    count = await JournalEntry.all().count()
    assert f"De keten is heel {count} regels zijn nagerekend." in checked


async def test_journal_that_was_tampered_with_says_where(client, engine) -> None:
    there = await town()
    guard = (
        'FUNCTION "journal_entry_update"() CASCADE'
        if engine == "postgres"
        else 'TRIGGER "journal_entry_update"'
    )
    await connections.get("default").execute_script(f"DROP {guard}")
    await JournalEntry.filter(place=2).update(ground="Iets anders.")
    await client.sign_in(there.auditor)
    assert "De keten klopt niet vanaf regel 2" in words(
        (await client.get("/gemeente/journaal?keten=controleren")).text
    )


async def test_journal_keeps_the_names_of_members_to_itself(client) -> None:
    there = await town()
    member = await person("Mira Lid")
    await write_journal(member, "committee.stood_aside", OPEN, role="member", ground="Mijn buurvrouw.")
    await client.sign_in(there.auditor)
    page = words((await client.get("/gemeente/journaal")).text)
    assert "Lid doet niet mee lid van de commissie –" in page
    assert "Mira" not in page
    assert "buurvrouw" not in page


async def test_journal_names_who_signed_in_and_says_no_role_of_them(client) -> None:
    there = await town()
    await client.sign_in(there.auditor)
    await client.another().sign_in(await person(""))
    page = words((await client.get("/gemeente/journaal")).text)
    assert re.search(
        r"Ingelogd iemand zonder naam – \d+ 10 september 2026 om 11.00 uur Ingelogd Agnes Auditor –", page
    )


async def test_journal_in_pieces_with_as_many_queries(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.auditor)
    counts = []
    for times in (1, 60):
        for place in range(times):
            await write_journal(there.officer, "fund.loaded", OPEN, role="officer", ground=f"Reden {place}")
        with query_count() as queries:
            page = words((await client.get("/gemeente/journaal")).text)
        counts.append(len(queries))
    assert counts == [5, 5]
    assert "Blad 1 van 2" in page
    assert "Ronde geopend" in words((await client.get("/gemeente/journaal?blad=2")).text)


async def test_pot_asks_as_little_for_three_grants_as_for_one(client, query_count) -> None:
    there = await town()
    await officer_at(client, there)
    with query_count() as queries:
        await client.get("/gemeente/pot/2026")
    counts = [len(queries)]
    await published(there, (500_000, 500_000), (300_000, 300_000), (100_000, 100_000))
    with query_count() as queries:
        await client.get("/gemeente/pot/2026")
    assert [*counts, len(queries)] == [6, 6]
