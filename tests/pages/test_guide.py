"""A guide for each role: everybody may read each; whoever asks without a role gets their own."""

import pytest

from tests.factories import member, opened_round, person
from tests.pages.officers import words

pytestmark = pytest.mark.anyio

NAMES = {
    "applicant": "Uitleg voor aanvragers",
    "officer": "Uitleg voor medewerkers",
    "finance": "Uitleg voor financiën",
    "auditor": "Uitleg voor controleurs",
    "member": "Uitleg voor leden van de commissie",
    "chair": "Uitleg voor de voorzitter",
    "secretary": "Uitleg voor de secretaris",
}
SEATS = ("member", "chair", "secretary")


@pytest.mark.parametrize("role", NAMES)
async def test_own_guide_leads_where_this_role_may_go(client, role) -> None:
    round_ = await opened_round()
    actor = await (member(round_, "Iemand", role) if role in SEATS else person("Iemand", role))
    await client.sign_in(actor)
    page = (await client.get("/uitleg")).text
    assert f'<h1 class="utrecht-heading-1">{NAMES[role]}</h1>' in page
    assert 5 <= page.count('<h2 class="utrecht-heading-3">') <= 7
    things = page.partition("<ol>")[2].partition("</ol>")[0]
    for address in (part.partition('"')[0] for part in things.split('href="')[1:]):
        assert (await client.get(address)).status_code in (200, 303), address


async def test_visitor_sees_the_applicants_and_may_read_the_others(client) -> None:
    assert words((await client.get("/uitleg")).text).startswith("Uitleg voor aanvragers")
    for role, name in NAMES.items():
        page = (await client.get(f"/uitleg/{role}")).text
        assert words(page).startswith(name)
        assert page.count('href="/uitleg/') == len(NAMES) - 1
    officer = (await client.get("/uitleg/officer")).text
    assert "Naar de werklijst" not in officer


async def test_role_that_is_not_there(client) -> None:
    for role in ("koning", "operator", "0" * 32, "..%2f"):
        assert (await client.get(f"/uitleg/{role}")).status_code == 404


async def test_guide_is_linked_from_every_page_and_from_ones_own(client) -> None:
    await client.sign_in(await person("Iemand", "applicant"))
    for path in ("/", "/mijn", "/aanvragen"):
        assert 'href="/uitleg"' in (await client.get(path)).text
    assert "Lees wat u hier kunt doen" in (await client.get("/mijn")).text
