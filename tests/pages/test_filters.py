import html
import re
from datetime import timedelta

import pytest

from grants.pages.filters import Filter
from grants.pages.queue import What
from grants.steps.keep_filter import MOST
from grants.steps.screen import ask_completion
from grants.store.filters import SavedFilter, kept_by
from tests.factories import OPEN, submitted
from tests.pages.officers import MONEY_READERS, readers, town, words, writers

pytestmark = pytest.mark.anyio
DESK, FILTERS = "/gemeente", "/gemeente/filters"


async def busy(there) -> None:
    """Two plans to screen and one that waits for its applicant."""
    await submitted(there.applicant, there.round_, "Koken met Ada")
    await submitted(there.applicant, there.round_, "Fietsen")
    asked = await submitted(there.applicant, there.round_, "Zingen")
    await ask_completion(there.officer, asked.public_id, ["plan"], "Vertel meer.", OPEN + timedelta(days=1))


def table(page: str) -> str:
    return words("<main>" + page.partition("<tbody")[2].partition("</tbody>")[0] + "</main>")


def links(page: str) -> dict[str, str]:
    """Where each link of a page leads, by its words."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page)
    return {words(f"<main>{said}</main>"): html.unescape(href) for href, said in found}


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("zoek=&soort=&ronde=", ""),
        ("ronde=2026&soort=screen&x=1", "soort=screen&ronde=2026"),
        ("soort=koning&ronde=x&bij=mij", ""),
        ("ronde=%C2%B2%C2%B2%C2%B2%C2%B2", ""),
        ("zoek=+Ada%20%00&bij=anderen", "bij=anderen&zoek=Ada"),
        ("zoek=" + "a" * 700, ""),
        ("zoek=" + "%ED%A0%80", "zoek=%EF%BF%BD%EF%BF%BD%EF%BF%BD"),
    ],
)
def test_filter_reads_what_it_knows_and_leaves_the_rest(query, canonical) -> None:
    assert Filter.of(query).query == canonical


def test_longest_filter_fits_in_its_column() -> None:
    longest = Filter(True, max(What, key=len), 2026, "\U0001f600" * 40)
    assert len(longest.query) <= 600
    assert Filter.of(longest.query) == longest


async def test_queue_narrows_by_kind_round_and_words(client) -> None:
    there = await town()
    await busy(there)
    await client.sign_in(there.officer)
    expected = {
        "soort=screen": ["001", "002"], "soort=open_round": [], "ronde=2026": ["001", "002"], "ronde=2027": [],
        "zoek=ADA": ["001"], "zoek=2026-002": ["002"], "bij=anderen&zoek=zing": ["003"],
    }  # fmt: skip
    for query, numbers in expected.items():
        listed = table((await client.get(f"{DESK}?{query}")).text)
        assert [number for number in ("001", "002", "003") if f"2026-{number}" in listed] == numbers, query


async def test_queue_offers_the_kinds_and_rounds_there_are_with_how_many(client) -> None:
    there = await town()
    await busy(there)
    await client.sign_in(there.officer)
    found = links((await client.get(f"{DESK}?zoek=n")).text)
    assert found["Controleer de aanvraag (2)"] == f"{DESK}?soort=screen&zoek=n"
    assert found["2026 (2)"] == f"{DESK}?ronde=2026&zoek=n"
    assert found["Zonder filter"] == DESK
    assert found["Bij anderen (1)"] == f"{DESK}?bij=anderen&zoek=n"


async def test_queue_says_when_a_filter_finds_nothing(client) -> None:
    there = await town()
    await busy(there)
    await client.sign_in(there.officer)
    page = words((await client.get(f"{DESK}?zoek=<b>niets")).text)
    assert "Niets gevonden" in page
    assert "Voor u (3)" in page


async def test_filters_are_for_who_works_at_the_desk_and_each_has_their_own(client) -> None:
    there = await town()
    assert await readers(client, there, FILTERS) == MONEY_READERS
    assert await writers(client, there, FILTERS, vraag="soort=screen", naam="Mijn") == {
        "officer",
        "finance",
        "auditor",
    }
    assert await SavedFilter.all().count() == 3
    await (await client.sign_in(there.officer)).post(FILTERS, data={"filter": "Mijn", "doe": "weg"})
    assert await kept_by(there.officer.person_id) == []
    assert await kept_by(there.finance.person_id) == [("Mijn", "soort=screen")]


async def test_filter_is_kept_renamed_and_thrown_away_each_as_often_as_sent(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    for fields, leads_to, left in (
        ({"vraag": "ronde=2026&soort=screen", "naam": " Nu "}, f"{DESK}?soort=screen&ronde=2026", ["Nu"]),
        ({"filter": "Nu", "naam": "Straks"}, FILTERS, ["Straks"]),
        ({"filter": "Straks", "doe": "weg"}, FILTERS, []),
    ):
        for _ in range(2):
            answer = await client.post(FILTERS, data=fields)
            assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
            assert [one.name for one in await kept_by(there.officer.person_id)] == left


async def test_kept_filters_are_links_on_top_of_the_queue(client) -> None:
    there = await town()
    await busy(there)
    await client.sign_in(there.officer)
    await client.post(FILTERS, data={"vraag": "soort=screen", "naam": "Te <controleren>"})
    page = (await client.get(f"{DESK}?soort=screen")).text
    assert links(page)["Te <controleren>"] == f"{DESK}?soort=screen"
    assert page.index("Te &lt;controleren&gt;") < page.index("<table")
    assert 'aria-current="true">Te &lt;controleren&gt;' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"vraag": "soort=screen", "naam": " "}, "Geef het filter een naam."),
        ({"vraag": "soort=screen", "naam": "a" * 41}, "Gebruik hoogstens 40 tekens."),
        ({"vraag": "bij=anderen", "naam": "Leeg"}, "Kies eerst waarop u wilt filteren."),
        ({"filter": "Een", "naam": "Twee"}, "Deze naam heeft u al."),
    ],
)
async def test_filter_is_refused_and_stays_as_typed(client, fields, said) -> None:
    there = await town()
    for name in ("Een", "Twee"):
        await SavedFilter.create(person_id=there.officer.person_id, name=name, query="zoek=a")
    await client.sign_in(there.officer)
    answer = await client.post(FILTERS, data=fields)
    assert answer.status_code in {409, 422}
    assert said in words(answer.text)
    assert await SavedFilter.all().order_by("name").values_list("name", flat=True) == ["Een", "Twee"]


async def test_nobody_keeps_more_than_fits_above_the_queue(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    for place in range(MOST + 1):
        answer = await client.post(FILTERS, data={"vraag": "soort=screen", "naam": f"Filter {place}"})
    assert answer.status_code == 409
    assert await SavedFilter.all().count() == MOST
