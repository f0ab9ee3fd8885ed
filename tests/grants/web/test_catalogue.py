from collections import defaultdict
from datetime import date

import pytest
from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Sentence
from grants.web import render
from grants.web.guard import page_route
from grants.web.render import language_of, page
from grants.web.say import LANGUAGES, catalogue, date_text, languages, say
from tests import catalogue as catalogues
from tests.grants.web.conftest import Town


def test_every_text_has_its_english() -> None:
    assert catalogues.untranslated() == [], "run: python tests/catalogue.py update"


def test_no_english_is_left_of_what_nobody_says() -> None:
    assert catalogues.unused(catalogues.english()) == [], "run: python tests/catalogue.py prune"


def test_the_english_fills_in_what_the_dutch_does() -> None:
    assert catalogues.mismatched(catalogues.english()) == []


def test_a_text_with_a_percent_sign_can_be_shown() -> None:
    """Templates fill in with %, so a bare % in a text breaks its page: write %%."""
    anything: defaultdict[str, str] = defaultdict(lambda: "x")
    for text, files in catalogues.said().items():
        if any(file.startswith("templates") for file in files):
            for part in (text,) if isinstance(text, str) else text:
                assert part % anything


def test_a_text_without_english_is_shown_in_dutch() -> None:
    assert say(Sentence("Dit staat nergens anders."), "en") == "Dit staat nergens anders."
    assert catalogue("nl").gettext("Terug") == "Terug"


def test_texts_of_every_kind_are_found() -> None:
    said = catalogues.said()
    assert "Deze pagina is er niet" in said
    assert "Dit bestand is er niet." in said
    assert ("Er is %(num)s ding dat nog niet klopt", "Er zijn %(num)s dingen die nog niet kloppen") in said
    assert "Gaat het dan nog mis? Bel of mail ons. Noem dit nummer: <strong>%(reference)s</strong>." in said
    assert "Met vriendelijke groet," in said


def test_every_easy_twin_is_of_a_text_that_is_said_and_fills_in_the_same() -> None:
    assert catalogues.unused(catalogues.easy()) == [], "run: python tests/catalogue.py twin FILE.json"
    assert catalogues.mismatched(catalogues.easy()) == []


def test_a_language_is_a_catalogue_with_its_own_name() -> None:
    assert languages() == (("nl", "Nederlands"), ("en", "English"), ("nl_easy", "Makkelijke taal"))


async def test_a_language_from_right_to_left_needs_only_its_catalogue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arabic without a single translation: Dutch texts, Dutch dates, and the page turned round."""
    monkeypatch.setattr(render, "LANGUAGES", (*LANGUAGES, "ar"))
    client = town.browser(page_route("/", "public.read", get=arrived, name="home"))
    client.cookies.set("taal", "ar")
    html = (await client.get("/")).text
    assert '<html lang="ar" dir="rtl"' in html
    assert "Noem dit nummer: <strong>13 november 2026</strong>." in html


async def arrived(request: Request) -> Response:
    day = date_text(date(2026, 11, 13), language_of(request))
    return page(request, "errors/crash.html", {"reference": day})
