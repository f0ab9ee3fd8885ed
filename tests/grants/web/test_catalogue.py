from collections import defaultdict

from grants.errors import Sentence
from grants.web.render import catalogue, say
from tests import catalogue as english


def test_every_text_has_its_english() -> None:
    assert english.untranslated() == [], "run: python tests/catalogue.py update"


def test_no_english_is_left_of_what_nobody_says() -> None:
    assert english.unused() == [], "run: python tests/catalogue.py prune"


def test_the_english_fills_in_what_the_dutch_does() -> None:
    assert english.mismatched() == []


def test_a_text_with_a_percent_sign_can_be_shown() -> None:
    """Templates fill in with %, so a bare % in a text breaks its page: write %%."""
    anything: defaultdict[str, str] = defaultdict(lambda: "x")
    for text, files in english.said().items():
        if any(file.startswith("templates") for file in files):
            for part in (text,) if isinstance(text, str) else text:
                assert part % anything


def test_a_text_without_english_is_shown_in_dutch() -> None:
    assert say(Sentence("Dit staat nergens anders."), "en") == "Dit staat nergens anders."
    assert catalogue("nl").gettext("Terug") == "Terug"


def test_texts_of_every_kind_are_found() -> None:
    said = english.said()
    assert "Deze pagina is er niet" in said
    assert "Dit bestand is er niet." in said
    assert ("Er is %(num)s ding dat nog niet klopt", "Er zijn %(num)s dingen die nog niet kloppen") in said
    assert "Gaat het dan nog mis? Bel of mail ons. Noem dit nummer: <strong>%(reference)s</strong>." in said
    assert "Met vriendelijke groet," in said
