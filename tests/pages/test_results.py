"""What the public sees of a year, not a moment too early; kept whole for visitors until something changes."""

import re
from xml.etree import ElementTree as ET

import pytest

from grants.errors import Sentence
from grants.pages import results
from grants.pages.results import BAR_WIDTH, bar
from grants.steps.account import determine, report
from grants.steps.close_year import close_year
from grants.steps.publish import publish
from grants.store.applications import Application
from grants.store.initiatives import Initiative
from tests.factories import DECIDING
from tests.pages.officers import REASONS, announced, decided, published, town, words

pytestmark = pytest.mark.anyio


@pytest.fixture
def looks_every_time(monkeypatch) -> None:
    monkeypatch.setattr(results, "LOOK_AGAIN_AFTER", 0.0)


async def test_before_any_publication_it_is_calm_and_empty(client) -> None:
    for path in ("/resultaten", "/open-data"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "Er is nog geen uitslag" in answer.text


async def test_nothing_leaks_before_publication(client) -> None:
    there = await town()
    await decided(there, (500_000, 500_000), (100_000, 0))
    for visitor in (
        client,
        await client.another().sign_in(there.applicant),
        await client.another().sign_in(there.officer),
    ):
        for path in ("/resultaten", "/resultaten/2026", "/open-data", "/"):
            answer = await visitor.get(path)
            assert answer.status_code == (404 if path.endswith("2026") else 200)
            assert "Plan 1" not in answer.text
            assert "5.000" not in answer.text


@pytest.mark.parametrize("year", ["1999", "20260", "2026x", "0", "-1", "9" * 40, "%00", "é"])
async def test_years_that_are_none(client, year) -> None:
    await published(await town(), (500_000, 500_000))
    assert (await client.get(f"/resultaten/{year}")).status_code == 404


async def test_year_shows_pot_outcomes_and_each_award_with_its_reason(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    answer = await client.get("/resultaten/2026")
    said = words(answer.text)
    assert (
        "Er ging €\u00a09.000 naar 2 plannen. Er waren 3 aanvragen. Samen vroegen zij €\u00a013.000." in said
    )
    assert (
        "Van de gemeente €\u00a0100.000,00 Over van vorig jaar €\u00a00,00 Totaal €\u00a0100.000,00" in said
    )
    assert (
        "Toegekend aan plannen €\u00a09.000,00 Niet verdeeld €\u00a091.000,00 Totaal €\u00a0100.000,00"
        in said
    )
    assert "Toegekend 1 Voor een deel toegekend 1 Afgewezen: er was niet genoeg geld 1" in said
    assert "Afgewezen 0 Niet behandeld 0" in said
    assert "De gemeente volgde de commissie bij 3 van de 3 besluiten." in said
    assert "Plan 2 €\u00a04.000 (gevraagd: €\u00a07.000) Stichting Plan 2 ·" in said
    assert said.count("Zeven van de negen leden steunden dit plan.") == 2
    assert all(text in said for text in REASONS.values())
    assert "Plan 3" not in said


async def test_year_begins_with_all_awards_largest_first_and_hides_no_sum(client) -> None:
    there = await town()
    await published(there, (300_000, 300_000), (700_000, 700_000))
    page = (await client.get("/resultaten/2026")).text
    total = "Plan 2 Stichting Plan 2 €\u00a07.000,00 Plan 1 Stichting Plan 1 €\u00a03.000,00 Totaal €\u00a010.000,00"
    assert total in words(page)
    jumps = re.findall(r'href="#(plan-[^"]+)"', page)
    assert (
        jumps
        == re.findall(r'<article class="mb-card" id="([^"]+)"', page)
        == ["plan-2026-002", "plan-2026-001"]
    )
    open_text = words(re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL))
    assert open_text.count("Zeven van de negen leden steunden dit plan.") == 2
    assert not any(text in open_text for text in REASONS.values())
    assert page.count('<details class="mb-more">') == 2


async def test_people_and_groups_are_never_named(client) -> None:
    there = await town()
    plans = await announced(there, (500_000, 500_000), (300_000, 300_000))
    for plan, kind in zip(plans, ("person", "group"), strict=True):
        await Initiative.filter(id=plan.initiative_id).update(kind=kind, name="Geheimerd")
        await Application.filter(id=plan.id).update(title="Fietsen met Geheimerd")
    await publish(there.officer, there.round_.id, DECIDING)
    said = words((await client.get("/resultaten/2026")).text)
    assert "Geheimerd" not in said
    assert "Een inwoner" in said
    assert "Een groep bewoners" in said
    assert "Plan 2026-001" in said


async def test_closed_year_shows_what_goes_on_and_what_came_back(client, looks_every_time) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 500_000))
    await close_year(there.officer, 2026, "B&W 12 januari 2027", DECIDING)
    said = words((await client.get("/resultaten/2026")).text)
    assert "Mee naar 2027. Besluit: B&W 12 januari 2027 €\u00a095.000,00" in said
    await report(there.applicant, plan.public_id, "Goed.", 400_000, DECIDING)
    await determine(there.officer, plan.public_id, 400_000, "Er was geld over.", DECIDING)
    said = words((await client.get("/resultaten/2026")).text)
    assert "Niet gebruikt, terug in de pot €\u00a0-1.000,00" in said
    assert "Mee naar 2027. Besluit: B&W 12 januari 2027 €\u00a096.000,00" in said


async def test_picture_has_words_for_who_cannot_see_it(client) -> None:
    await published(await town(), (500_000, 500_000))
    page = (await client.get("/resultaten/2026")).text
    svg = page[page.index("<svg") : page.index("</svg>") + 6]
    tree = ET.fromstring(svg)
    assert [tree[0].tag, tree[1].tag] == ["title", "desc"]
    assert tree.attrib["aria-labelledby"] == f"{tree[0].attrib['id']} {tree[1].attrib['id']}"
    assert "€\u00a05.000 voor plannen" in tree[1].text
    assert " style=" not in page
    widths = [float(rect.attrib["width"]) for rect in tree.iter("rect") if rect.attrib.get("height") == "36"]
    assert widths == [360.0, 18.0, 342.0]


def test_bar_fills_its_width_and_leaves_out_what_is_nothing() -> None:
    said = Sentence("{euro:euro}")
    pieces = bar((1, "a", said), (0, "b", said), (2, "c", said), (9_997, "d", said))
    assert [piece.look for piece in pieces] == ["a", "c", "d"]
    assert pieces[-1].x + pieces[-1].width == pytest.approx(BAR_WIDTH, abs=0.2)
    assert bar((0, "a", said)) == []


async def test_visitors_get_the_kept_page_without_a_question(client, query_count) -> None:
    await published(await town(), (500_000, 500_000))
    first = await client.get("/resultaten/2026")
    with query_count() as queries:
        second = await client.another().get("/resultaten/2026")
    assert queries == []
    assert second.content == first.content


async def test_kept_page_is_looked_up_by_two_small_questions(client, query_count, looks_every_time) -> None:
    await published(await town(), (500_000, 500_000), (400_000, 400_000), (300_000, 300_000))
    await client.get("/resultaten/2026")
    with query_count() as queries:
        await client.get("/resultaten/2026")
    assert len(queries) == 2
    assert not any("document" in query for query in queries)


async def test_browser_that_has_the_page_is_told_so(client) -> None:
    await published(await town(), (500_000, 500_000))
    first = await client.get("/resultaten/2026")
    again = await client.get("/resultaten/2026", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/resultaten/2026", headers={"if-none-match": 'W/"something else"'})
    assert other.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert "Cookie" in first.headers["vary"]


async def test_page_is_kept_by_language_and_goes_out_packed_or_plain(client) -> None:
    await published(await town(), (500_000, 500_000))
    dutch, english = [
        await client.get("/resultaten/2026", headers={"accept-language": language})
        for language in ("nl", "en")
    ]
    assert '<html lang="nl"' in dutch.text
    assert '<html lang="en"' in english.text
    plain = await client.get("/resultaten/2026", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert dutch.headers["content-encoding"] == "gzip"
    assert plain.text == dutch.text


async def test_who_is_signed_in_never_gets_or_makes_the_kept_page(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    mine = await (await client.another().sign_in(there.applicant)).get("/resultaten/2026")
    assert "Anna Aanvrager" in mine.text
    assert mine.headers["cache-control"] == "no-store"
    assert "Anna Aanvrager" not in (await client.get("/resultaten/2026")).text


async def test_publication_and_pot_change_the_kept_page(client, looks_every_time) -> None:
    there = await town()
    await announced(there, (500_000, 500_000))
    assert (await client.get("/resultaten/2026")).status_code == 404
    await publish(there.officer, there.round_.id, DECIDING)
    first = await client.get("/resultaten/2026")
    await close_year(there.officer, 2026, "B&W 12 januari 2027", DECIDING)
    second = await client.get("/resultaten/2026")
    assert first.headers["etag"] != second.headers["etag"]


async def test_signed_in_list_asks_the_same_for_one_and_three_awards(client, query_count) -> None:
    there = await town()
    await published(there, *[(100_000, 100_000)] * 3)
    await client.sign_in(there.applicant)
    with query_count() as queries:
        await client.get("/resultaten/2026")
    assert len(queries) == 6


async def test_search_engines_may_read_it(client) -> None:
    await published(await town(), (500_000, 500_000))
    page = (await client.get("/resultaten/2026")).text
    assert "noindex" not in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/resultaten/2026">' in page
    assert re.search(r'<meta name="description" content="In 2026 ging €\u00a05.000 naar 1 plan', page)
