import pytest

from grants.decision import Kind
from grants.steps.decide import adopt_all, decide
from grants.store.decisions import Decision, Publication
from grants.store.initiatives import Initiative
from grants.store.outbox import LetterRow
from tests.factories import DECIDING
from tests.pages.officers import (
    READERS,
    advised,
    announced,
    decided,
    published,
    readers,
    town,
    words,
    writers,
)

pytestmark = pytest.mark.anyio


async def officer_at(client, there) -> None:
    client.clock.now = DECIDING
    await client.sign_in(there.officer)


async def test_letting_people_know_is_for_officers_and_read_by_auditors(client) -> None:
    there = await town()
    await announced(there, (500_000, 500_000), (100_000, 0))
    for path in (f"{there.path}/bekendmaken", f"{there.path}/publiceren"):
        assert await readers(client, there, path) == READERS
        assert await writers(client, there, path) == {"officer"}


async def test_letters_go_out_after_one_look(client) -> None:
    there = await town()
    await decided(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await officer_at(client, there)
    page = words((await client.get(f"{there.path}/bekendmaken")).text)
    assert "Er gaan 3 brieven uit. U kunt ze niet terughalen." in page
    assert "Toegekend 1 Voor een deel toegekend 1 Afgewezen: er was niet genoeg geld 1" in page
    assert "Samen toegekend €\u00a09.000" in page
    assert "Bezwaar maken kan tot en met 19 januari 2027." in page
    for _ in range(2):
        answer = await client.post(f"{there.path}/bekendmaken", data={"leeg": ""})
        assert (answer.status_code, answer.headers["location"]) == (303, there.path)
    assert await LetterRow.filter(kind="decision").count() == 3
    assert "Alles is verstuurd" in words((await client.get(f"{there.path}/bekendmaken")).text)


async def test_letters_wait_for_the_last_decision(client) -> None:
    there = await town()
    first, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    await decide(there.officer, first.public_id, Kind.PARTLY, 400_000, "De huur is lager.", DECIDING)
    await officer_at(client, there)
    page = (await client.get(f"{there.path}/bekendmaken")).text
    assert "Over 1 plan is nog geen besluit." in words(page)
    assert "Verstuur 1 brief" not in words(page)
    answer = await client.post(f"{there.path}/bekendmaken", data={"leeg": ""})
    assert answer.status_code == 409
    assert "Er zijn nog aanvragen zonder besluit. Neem die eerst." in words(answer.text)
    await adopt_all(there.officer, there.round_.id, DECIDING)
    assert "1 besluit wijkt af van het advies" in words((await client.get(f"{there.path}/bekendmaken")).text)


async def test_letters_before_there_is_advice(client) -> None:
    there = await town()
    await officer_at(client, there)
    for path in (f"{there.path}/bekendmaken", f"{there.path}/publiceren"):
        assert (await client.get(path)).status_code == 404


async def test_outcome_is_published_after_one_look(client) -> None:
    there = await town()
    await announced(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await officer_at(client, there)
    page = words((await client.get(f"{there.path}/publiceren")).text)
    assert "Stichting Plan 1 Plan 1 €\u00a05.000,00 €\u00a05.000,00" in page
    assert "Advies gevolgd 3 van 3 keer" in page
    assert "Plan 3" not in page
    for _ in range(2):
        answer = await client.post(f"{there.path}/publiceren", data={"leeg": ""})
        assert (answer.status_code, answer.headers["location"]) == (303, there.path)
    assert await Publication.all().count() == 1
    assert "Deze uitslag staat online" in words((await client.get(f"{there.path}/publiceren")).text)


async def test_preview_shows_what_the_gate_keeps_back(client) -> None:
    there = await town()
    first, _ = await announced(there, (500_000, 500_000), (100_000, 0))
    await Initiative.filter(id=first.initiative_id).update(kind="person", name="Karel Kiest")
    await officer_at(client, there)
    page = words((await client.get(f"{there.path}/publiceren")).text)
    assert "Een inwoner Plan 1" in page
    assert "2026-001: Mensen beslissen zelf" in page  # "De groep kiest samen": it may be his name
    assert "Karel" not in page


async def test_outcome_waits_for_the_letters(client) -> None:
    there = await town()
    await decided(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    answer = await client.post(f"{there.path}/publiceren", data={"leeg": ""})
    assert answer.status_code == 404
    assert not await Publication.exists()


async def test_previews_ask_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await decided(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await officer_at(client, there)
    with query_count() as queries:
        await client.get(f"{there.path}/bekendmaken")
    assert len(queries) == 5
    assert await Decision.all().count() == 3


async def test_preview_of_the_outcome_asks_a_fixed_number_of_times(client, query_count) -> None:
    there = await town()
    await published(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await officer_at(client, there)
    with query_count() as queries:
        await client.get(f"{there.path}/publiceren")
    assert len(queries) == 6
