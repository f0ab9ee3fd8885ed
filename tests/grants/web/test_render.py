from typing import Any

import pytest
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from grants.errors import NotFound, Sentence
from grants.web.guard import file_route, page_route
from grants.web.render import STYLESHEET, Shelf, choose_language, page, render_letter, static_file
from grants.web.say import environment, say
from tests.grants.web.conftest import FORM, Town

NUMBER = "Schrijf bij “{label}” een heel getal, bijvoorbeeld 25."


def shown(template: str, language: str = "nl", **context: object) -> str:
    return environment(language).from_string(template).render(context)


@pytest.mark.parametrize(
    ("text", "values", "language", "expected"),
    [
        (NUMBER, {"label": "Mensen"}, "nl", "Schrijf bij “Mensen” een heel getal, bijvoorbeeld 25."),
        (NUMBER, {"label": "People"}, "en", "Write a whole number at “People”, for example 25."),
        ("Voor {x:euro}", {"x": 125050}, "nl", "Voor €\u00a01.250,50"),
        ("Voor {x:euro}", {"x": 125050}, "en", "Voor €1,250.50"),
        ("Voor {d:date}", {"d": "2026-11-13"}, "nl", "Voor 13 november 2026"),
        ("Voor {t:time}", {"t": "2026-11-13T13:32:00+00:00"}, "nl", "Voor 13 november 2026 om 14.32 uur"),
        ("Voor {t:time}", {"t": "2026-11-13T13:32:00+00:00"}, "en", "Voor 13 November 2026 at 14:32"),
        ("{name}", {"name": "{label} <b>"}, "nl", "{label} <b>"),
        (NUMBER, {"label": Sentence("Termijn")}, "en", "Write a whole number at “Instalment”, for example 25."),
        ("", {}, "en", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_said_with_its_values(
    text: str, values: dict[str, object], language: str, expected: str
) -> None:
    assert say(Sentence(text, values), language) == expected
    assert say(Sentence(text, values).as_json(), language) == expected


@pytest.mark.parametrize("text", ["{a.__class__}", "{a[0]}", "{}", "{0}", "{a:.2f}", "{b}"])
def test_a_mark_that_is_no_plain_value_is_a_mistake_of_ours(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        say(Sentence(text, {"a": "x"}), "nl")


def test_the_filters_show_values_as_people_write_them() -> None:
    template = "{{ cents|euro }} {{ cents|euro_cents }} {{ d|day }} {{ t|moment }}"
    values: dict[str, Any] = {"cents": 125000, "d": "2026-11-13", "t": "2026-11-13T13:32:00+00:00"}
    assert (
        shown(template, **values)
        == "€\u00a01.250 €\u00a01.250,00 13 november 2026 13 november 2026 om 14.32 uur"
    )
    assert shown(template, "en", **values) == "€1,250 €1,250.00 13 November 2026 13 November 2026 at 14:32"


def test_a_text_of_the_fund_file_is_marked_on_a_page_in_another_language() -> None:
    template = "{{ why|dutch }}{{ nothing|dutch }}"
    values = {"why": "Wie <u> bent", "nothing": ""}
    assert shown(template, **values) == "Wie &lt;u&gt; bent"
    assert shown(template, "en", **values) == '<span lang="nl">Wie &lt;u&gt; bent</span>'


def test_a_template_speaks_its_language() -> None:
    template = '{{ _("Vraag %(number)s van %(total)s", number=3, total=8) }}'
    assert (shown(template), shown(template, "en")) == ("Vraag 3 van 8", "Question 3 of 8")


def test_what_is_drawn_of_markup_is_not_shown_for_the_same_text_that_is_none() -> None:
    template = '{% import "macros/show.html" as show %}{{ drawn(show.cell, text) }}'
    assert shown(template, text=Markup("<b>")) == '<td class="utrecht-table__cell"><b></td>'
    assert shown(template, text="<b>") == '<td class="utrecht-table__cell">&lt;b&gt;</td>'


def test_a_letter_has_subject_text_and_html(own_templates: None, town: Town) -> None:
    params = {
        "number": "2027-014",
        "cents": 125000,
        "pay_on": "2027-06-01",
        "ground": {"text": "Reden: {why}.", "values": {"why": "a < b"}},
    }
    subject, text, html = render_letter("hello", params, "nl", town.site)
    assert subject == "Bericht over uw aanvraag 2027-014"
    assert text == (
        "U krijgt €\u00a01.250 & wij betalen voor 1 juni 2027.\n"
        "Reden: a < b.\n\n"
        "Met vriendelijke groet,\n\n"
        "Participatiefonds\n"
        "Gemeente Voorbeeld\n\n"
        "Komt u er niet uit?\n"
        "Bel ons: 030 123 45 67 (maandag tot en met donderdag).\n"
        "Of mail naar fonds@voorbeeld.nl.\n\n"
        "Begrijpt u deze brief niet? Vertel het ons:\n"
        "http://127.0.0.1:8000/hulp?pagina=/brief\n"
    )
    assert "<p>U krijgt €\u00a01.250. Reden: a &lt; b.</p>" in html
    assert "<h1>Bericht over uw aanvraag 2027-014</h1>" in html


async def home(request: Request) -> Response:
    return page(request, "errors/crash.html", {"reference": "<b>"})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "nl"), ("nl", "nl"), ("en-GB,en;q=0.9", "en"), ("en-US,en;q=0.9,nl;q=0.8", "nl"), ("ar,tr", "nl")],
)
async def test_a_visitor_reads_dutch_unless_the_browser_knows_only_english(
    town: Town, accepted: str, language: str
) -> None:
    client = town.browser(page_route("/", "public.read", get=home, name="home"))
    response = await client.get("/", headers={"accept-language": accepted})
    assert f'<html lang="{language}" dir="ltr">' in response.text
    assert response.headers["vary"] == "Cookie, Accept-Language"


async def test_ones_own_language_goes_before_the_browsers_and_a_choice_before_both(town: Town) -> None:
    routes = (
        page_route("/", "public.read", get=home, name="home"),
        page_route("/taal", "public.read", post=choose_language, name="language"),
    )
    async with town.browser(*routes) as client:
        town.admit(client, "applicant", language="en")
        assert '<html lang="en" dir="ltr">' in (await client.get("/")).text
        chosen = await client.post("/taal", content="taal=nl&terug=%2Fprivacy", headers=FORM)
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/privacy")
        assert '<html lang="nl" dir="ltr">' in (await client.get("/")).text


async def test_an_unknown_language_or_a_foreign_address_is_let_go(town: Town) -> None:
    client = town.browser(page_route("/taal", "public.read", post=choose_language, name="language"))
    response = await client.post("/taal", content="taal=xx&terug=https%3A%2F%2Fevil.nl", headers=FORM)
    assert (response.headers["location"], "set-cookie" in response.headers) == ("/", False)


async def test_the_menu_shows_what_is_for_this_person(town: Town) -> None:
    client = town.browser(page_route("/", "public.read", get=home, name="home"))
    assert 'href="/gemeente"' not in (await client.get("/")).text
    town.admit(client, "officer")
    text = (await client.get("/")).text
    assert 'href="/gemeente"' in text
    assert "Fatma" in text


async def test_what_is_shown_is_never_taken_for_markup(town: Town) -> None:
    client = town.browser(page_route("/", "public.read", get=home, name="home"))
    assert "<strong>&lt;b&gt;</strong>" in (await client.get("/")).text


async def test_a_static_file_may_be_kept_for_ever_under_its_address(town: Town) -> None:
    client = town.browser(file_route("/static/{name}", static_file, name="static"))
    url = Shelf().url("meebeslis.css")
    plain = await client.get(url, headers={"accept-encoding": "identity"})
    packed = await client.get(url, headers={"accept-encoding": "gzip"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert (await client.get("/static/meebeslis.css")).status_code == 404


def test_the_address_of_the_stylesheet_changes_with_the_theme_at_its_top() -> None:
    first, second = (Shelf(f":root.town{{--utrecht-link-color:{colour}}}\n") for colour in ("red", "blue"))
    assert first.url("meebeslis.css") != second.url("meebeslis.css")
    body = first.asset(first.url("meebeslis.css").removeprefix("/static/")).body
    assert body == b":root.town{--utrecht-link-color:red}\n" + STYLESHEET.read_bytes()
    with pytest.raises(NotFound):
        Shelf().asset("meebeslis.css")


@pytest.mark.parametrize(("name", "most"), [("meebeslis.css", 8000), ("meebeslis.js", 6000)])
def test_stylesheet_and_script_stay_small(name: str, most: int) -> None:
    shelf = Shelf()
    assert len(shelf.asset(shelf.url(name).removeprefix("/static/")).packed) <= most
