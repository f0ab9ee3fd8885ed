import pytest

from grants.store.funds import Fund, Round
from grants.store.ledger import Pot
from tests.factories import BEFORE, FUND_FILE, fund, person, submitted
from tests.pages.officers import READERS, hidden, readers, town, words, writers

pytestmark = pytest.mark.anyio
SOURCE = FUND_FILE.read_text()


async def planned(client) -> Round:
    """The round of 2026 as planned, with an officer signed in before it begins."""
    await fund()
    client.clock.now = BEFORE
    await client.sign_in(await person("Olga", "officer"))
    return await Round.get(year=2026)


async def test_rounds_are_read_by_officers_and_auditors(client) -> None:
    there = await town()
    for path in ("/gemeente/fonds", there.path, f"{there.path}/regels", f"{there.path}/openen"):
        assert await readers(client, there, path) == READERS
    assert await writers(client, there, "/gemeente/fonds", source="") == {"officer"}
    assert await writers(client, there, f"{there.path}/openen") == {"officer"}


async def test_auditor_sees_no_buttons(client) -> None:
    there = await town()
    await client.sign_in(there.auditor)
    for path in ("/gemeente/fonds", there.path, f"{there.path}/openen"):
        page = (await client.get(path)).text
        assert page.partition("<main")[2].count("<form") == 0


async def test_rounds_that_are_not_there(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    for path in ("", "/regels", "/openen", "/overnemen", "/bekendmaken", "/publiceren"):
        assert (await client.get(f"/gemeente/rondes/{'0' * 32}{path}")).status_code == 404


async def test_fund_file_makes_a_fund_and_its_rounds(client) -> None:
    await client.sign_in(await person("Olga", "officer"))
    assert "Er is nog geen fonds" in words((await client.get("/gemeente/fonds")).text)
    answer = await client.post("/gemeente/fonds", data={"source": SOURCE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/gemeente/fonds")
    assert [row.year for row in await Round.all().order_by("year")] == [2025, 2026, 2027]
    page = (await client.get("/gemeente/fonds")).text
    assert "Ronde 2027 Participatiefonds Vlietstad Nog te openen" in words(page)
    assert "Ronde 2025 Participatiefonds Vlietstad Niet geopend" in words(page)
    assert (await client.post("/gemeente/fonds", data={"source": SOURCE})).status_code == 303
    assert (await Fund.all().count(), await Round.all().count()) == (1, 3)


async def test_fund_file_with_a_fault_is_refused_with_its_line_and_nothing_lost(client) -> None:
    await client.sign_in(await person("Olga", "officer"))
    broken = SOURCE.replace('title = "Ronde 2026"', "title = 2026")
    line = broken[: broken.index("title = 2026")].count("\n") + 1
    answer = await client.post("/gemeente/fonds", data={"source": broken})
    page = answer.text
    assert answer.status_code == 422
    assert f"Regel {line}: bij “rounds.2.title” hoort een tekst tussen aanhalingstekens." in words(page)
    assert f"{line} title = 2026" in words(page)
    assert page.count("title = 2026\n") >= 1
    assert '<a class="utrecht-link" href="#source">' in page
    assert not await Fund.exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "Plak hier eerst het fondsbestand."),
        ("slug = ", "Regel 1: dit is geen geldig TOML-bestand"),
        ("x" * 300_000, "Dit bestand is te groot. Het heeft hoogstens 200000 tekens."),
        ("\x00\u200b", "Plak hier eerst het fondsbestand."),
    ],
)
async def test_fund_file_that_is_none(client, source, said) -> None:
    await client.sign_in(await person("Olga", "officer"))
    answer = await client.post("/gemeente/fonds", data={"source": source})
    assert answer.status_code == 422
    assert said in words(answer.text)


async def test_round_tells_what_it_lacks(client) -> None:
    lines = SOURCE.split("\n")
    known = [at for at, line in enumerate(lines) if line.startswith("ceiling_published_")][2:4]
    source = "\n".join(line for at, line in enumerate(lines) if at not in known)
    await client.sign_in(await person("Olga", "officer"))
    assert (await client.post("/gemeente/fonds", data={"source": source})).status_code == 303
    client.clock.now = BEFORE
    round_ = await Round.get(year=2026)
    await client.sign_in(await person("Otto", "officer"))
    lack = "Maak het plafond en de verdeling eerst bekend. Schrijf op waar en wanneer dat is gedaan."
    for path in ("", "/openen"):
        page = words((await client.get(f"/gemeente/rondes/{round_.public_id}{path}")).text)
        assert "Deze ronde kan nog niet open" in page
        assert lack in page
        assert "Open de ronde" not in page
    answer = await client.post(f"/gemeente/rondes/{round_.public_id}/openen", data={"hash": ""})
    assert answer.status_code == 409


async def test_round_is_opened_after_one_look(client) -> None:
    round_ = await planned(client)
    path = f"/gemeente/rondes/{round_.public_id}"
    assert "Deze ronde kan open" in words((await client.get(path)).text)
    page = (await client.get(f"{path}/openen")).text
    assert "Plafond €\u00a0100.000" in words(page)
    shown = hidden(page, "hash")
    for _ in range(2):
        answer = await client.post(f"{path}/openen", data={"hash": shown})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
    opened = await Round.get(id=round_.id)
    assert (opened.rules_hash, opened.opened_at) == (shown, BEFORE)
    assert (await Pot.get(year=2026)).ceiling_cents == 10_000_000
    assert "De regels staan vast. De ronde gaat vanzelf open." in words((await client.get(path)).text)


async def test_round_is_not_opened_with_other_rules_than_were_shown(client) -> None:
    round_ = await planned(client)
    path = f"/gemeente/rondes/{round_.public_id}/openen"
    shown = hidden((await client.get(path)).text, "hash")
    changed = SOURCE.replace("completion_weeks = 2", "completion_weeks = 3")
    assert (await client.post("/gemeente/fonds", data={"source": changed})).status_code == 303
    answer = await client.post(path, data={"hash": shown})
    assert answer.status_code == 409
    assert "Het fondsbestand is intussen veranderd." in words(answer.text)
    assert (await Round.get(id=round_.id)).opened_at is None
    again = hidden(answer.text, "hash")
    assert again != shown
    assert (await client.post(path, data={"hash": again})).status_code == 303


async def test_rules_are_shown_with_their_reasons_and_hash(client) -> None:
    there = await town()
    await client.sign_in(there.auditor)
    page = words((await client.get(f"{there.path}/regels")).text)
    assert str(there.round_.rules_hash) in page
    for rule in (*there.round_.frozen["questions"], *there.round_.frozen["checks"]):
        assert rule["label"] in page
        assert " ".join(rule["why"].split()) in page
    assert "Mensen beslissen zelf Waarop de commissie beoordeelt" in page
    assert "1. nog niet 2. een beetje 3. genoeg 4. goed 5. heel sterk" in page
    assert "Telt zo zwaar mee 3" in page
    assert "Rekenregel gelijke delen, ten minste het kleinste bedrag waarmee een plan verder kan" in page
    assert "Wie gaat voor 1. het kleinste bedrag 2. de meeste steun 3. het lot" in page


async def test_rules_of_a_round_that_is_not_open_yet(client) -> None:
    round_ = await planned(client)
    assert "Deze regels staan nog niet vast" in words(
        (await client.get(f"/gemeente/rondes/{round_.public_id}/regels")).text
    )


async def test_rules_that_another_version_no_longer_reads(client) -> None:
    round_ = await planned(client)
    await Fund.all().update(source="slug = 3")
    for path in ("", "/regels", "/openen"):
        page = words((await client.get(f"/gemeente/rondes/{round_.public_id}{path}")).text)
        assert "Regel 1: bij “slug” hoort een tekst tussen aanhalingstekens." in page


async def test_round_lists_its_applications(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for titles in (["Een"], ["Twee", "Drie"]):
        for title in titles:
            await submitted(there.applicant, there.round_, title)
        with query_count() as queries:
            page = words((await client.get(there.path)).text)
        counts.append(len(queries))
    assert "3 × Te controleren" in page
    assert "2026-002 · Twee Te controleren €\u00a05.000,00 – –" in page
    assert counts == [6, 6]


async def test_funds_ask_as_little_for_three_rounds_as_for_one(client, query_count) -> None:
    await client.sign_in(await person("Olga", "officer"))
    await client.post("/gemeente/fonds", data={"source": SOURCE})
    with query_count() as queries:
        await client.get("/gemeente/fonds")
    assert len(queries) == 4
