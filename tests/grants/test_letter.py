"""Letters as values, and as people read them: whole, the same as text and as HTML, safe, and easy to read."""

import asyncio
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deploy.database import open_database
from deploy.worker import letterhead
from grants.letter import LETTERS, RETRY, Letter, message_id, retry_after
from grants.pages.routes import ROUTES
from grants.store import letters
from grants.web.render import Site, render_letter
from grants.web.say import TEMPLATES
from tests.letters import SECRET, every_letter
from tests.reading import EASY, MOST_ON_AVERAGE, measure, too_long

SITE = Site("https://fonds.voorbeeld.example")
OFFICIALESE = re.compile(
    r"\b(aangaande|beschikking|betreffende|conform|derhalve|desbetreffend|dienaangaande|dient|doch|geschied"
    r"|gelieve|heden|hiertoe|indien|ingebrekestelling|ingediend|inzake|middels|motivering|omtrent|ontvankelijk"
    r"|rechtsmiddel|reeds|subsidieplafond|teneinde|tevens|toegekend|toekennen|vaststelling|verlenen"
    r"|verstrekken|voornoemd|vordering|wijziging|zienswijze)"
)
TAGS = re.compile(r"html|head|meta|title|style|body|h[123]|p|a|ul|li|br|hr|strong")
Known = list[tuple[str, dict[str, Any]]]


class Written(NamedTuple):
    """One letter in one language."""

    kind: str
    language: str
    subject: str
    text: str
    html: str


@pytest.fixture(scope="module")
def known(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """The kind and the facts of every letter of one whole round."""
    file = tmp_path_factory.mktemp("letters") / "round.sqlite3"
    shutil.copyfile(sqlite_template, file)
    return asyncio.run(_facts(f"sqlite://{file}"))


async def _facts(url: str) -> Known:
    async with open_database(url):
        rows = await every_letter()
        return [(r.kind, await letters.facts(r) | letters.sign_in_keys(r, SECRET)) for r in rows]


def write(kind: str, facts: dict[str, Any], language: str) -> Written:
    site = letterhead(SITE, facts["fund"])
    told = {name: value for name, value in facts.items() if name != "fund"}
    return Written(kind, language, *render_letter(kind, told, language, site))


@pytest.fixture(scope="module")
def dutch(known: Known) -> list[Written]:
    return [write(kind, facts, "nl") for kind, facts in known]


@pytest.fixture(scope="module")
def english(known: Known) -> list[Written]:
    return [write(kind, facts, "en") for kind, facts in known]


def plain_part(letter: Written) -> str:
    """What comes before the rules of law, without the addresses of pages."""
    before = re.split(r"^(?:De regels bij |The rules )", letter.text, flags=re.MULTILINE)[0]
    return re.sub(r"^https?://\S+$", "", before, flags=re.MULTILINE)


def words_of(text: str) -> list[str]:
    """The words alone: addresses of pages, marks of lists and markup left out."""
    bare = re.sub(r"<(style|title)>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    return re.findall(r"\w+", re.sub(r"https?://\S+", " ", unescape(bare)))


def test_a_letter_that_does_not_exist_cannot_be_queued() -> None:
    with pytest.raises(ValueError, match="no letter is called 'greetings'"):
        Letter("greetings", "key", "a@voorbeeld.example")


def test_the_message_id_is_the_same_for_every_try_and_receiver_alone() -> None:
    assert message_id("k", "A@voorbeeld.example") == message_id("k", "a@voorbeeld.example")
    assert (
        len({message_id("k", "a@b.example"), message_id("l", "a@b.example"), message_id("k", "c@b.example")})
        == 3
    )
    assert re.fullmatch(r"[0-9a-f]{40}", message_id("k", "a@b.example"))


def test_waiting_grows_for_two_days_and_then_a_person_takes_over() -> None:
    waits = [retry_after(attempts) for attempts in range(1, len(RETRY) + 2)]
    assert waits == [*sorted(RETRY), None]
    assert timedelta(days=1) < sum(RETRY, timedelta()) < timedelta(days=2)


def test_each_kind_has_its_two_templates() -> None:
    found = {path.name for path in (TEMPLATES / "letters").iterdir() if not path.name.startswith("_")}
    assert found == {f"{kind}.{form}" for kind in LETTERS for form in ("txt", "html")}


def test_the_round_holds_every_kind_of_letter(dutch: list[Written]) -> None:
    assert {letter.kind for letter in dutch} == set(LETTERS)


def test_letters_are_whole_in_both_languages(dutch: list[Written], english: list[Written]) -> None:
    for letter in dutch + english:
        for part in (letter.subject, letter.text, letter.html):
            assert not re.search(
                r"None|\{\w|\}|%\(|\[\]", re.sub(r"<style>.*?</style>", "", part, flags=re.DOTALL)
            )
        assert "\n\n\n" not in letter.text
        assert "  " not in letter.text


def test_english_letters_are_english(dutch: list[Written], english: list[Written]) -> None:
    for ours, theirs in zip(dutch, english, strict=True):
        assert theirs.subject.startswith(
            (
                "About your a",
                "About your details: ",
                "About your letter ",
                "Invitation: ",
                "New e-mail address: ",
                "Sign in",
            )
        )
        assert theirs.text.splitlines()[0] != ours.text.splitlines()[0]
        assert '<html lang="en" dir="ltr">' in theirs.html


def test_text_and_html_say_the_same(dutch: list[Written], english: list[Written]) -> None:
    for letter in dutch + english:
        assert words_of(letter.html) == words_of(f"{letter.subject}\n{letter.text}"), letter.kind


def test_a_decision_asks_a_report_or_says_that_the_amount_is_final(known: Known) -> None:
    """Never both; and what is final is determined in the legal part as well (Awb 4:42)."""
    seen = set()
    for kind, facts in known:
        if kind == "decision" and facts["regime"]:
            text = write(kind, facts, "nl").text
            direct = facts["regime"]["mode"] == "direct"
            seen.add(direct)
            assert ("Het bedrag staat nu al vast. U hoeft geen verslag te sturen." in text) == direct
            assert ("De subsidie is met dit besluit vastgesteld: artikel 4:42 van die wet." in text) == direct
            assert ("/verslag" in text) == (not direct)
            assert ("houdt u geld over" in text) == (not direct)
    assert seen == {True, False}


def test_html_is_plain_and_links_only_to_us(dutch: list[Written]) -> None:
    for letter in dutch:
        links = re.findall(r"""(?:href|src|action|url)\s*[=(]\s*["']?([^"')> ]+)""", letter.html)
        assert all(link.startswith(f"{SITE.base_url}/") for link in links), links
        assert all(TAGS.fullmatch(tag) for tag in re.findall(r"<(\w+)", letter.html))


def test_every_link_leads_to_a_page_that_exists(dutch: list[Written]) -> None:
    for letter in dutch:
        for path in re.findall(rf'href="{SITE.base_url}([^"]*)"', letter.html):
            assert any(
                route.path_regex.match(path.partition("?")[0]) and "GET" in route.acts for route in ROUTES
            ), path


def test_a_subject_never_tells_of_the_plan(known: Known, dutch: list[Written]) -> None:
    for letter, (_, facts) in zip(dutch, known, strict=True):
        number = facts.get("number")
        others = (
            "Bericht over uw advies", "Bericht over uw brief ", "Bericht over uw gegevens: ",
            "Inloggen: ", "Nieuw e-mailadres: ", "Uitnodiging: ",
        )  # fmt: skip
        start = f"Bericht over uw aanvraag {number}: " if number else others
        assert letter.subject.startswith(start)
        assert len(letter.subject) < 78
        assert not re.search("Koken|Zingen|krijgt|afgewezen|€", letter.subject)


def test_what_people_wrote_stays_text(known: Known) -> None:
    """No markup, no header and no field of a template comes out of a name, an answer or a reason."""
    nasty = "<script>alert(1)</script>\r\nBcc: iemand@elders.example %(x)s {y} {{ 7*7 }}"
    theirs = {"name", "number", "missing", "report", "reason", "deviation"}
    for kind, facts in known:
        told = {key: nasty if key in theirs and value else value for key, value in facts.items()}
        letter = write(kind, told, "nl")
        assert "<script" not in letter.html
        assert "\n" not in letter.subject
        assert kind in ("sign_in", "new_address") or "%(x)s {y} {{ 7*7 }}" in letter.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_letters_read_easily(known: Known, language: str) -> None:
    """Flesch-Douma of at least 70 or Flesch of 65, 12 words on average and never over 20; the law aside."""
    for kind, facts in known:
        lines = plain_part(write(kind, facts, language)).splitlines()
        found = measure([line.strip(" -") for line in lines], language)
        assert found.ease >= EASY[language], kind
        assert found.mean <= MOST_ON_AVERAGE, kind
        assert too_long(lines) == set()


def test_dutch_words_are_plain(dutch: list[Written]) -> None:
    """Officialese stands in the rules of law behind a letter, if anywhere."""
    for letter in dutch:
        assert OFFICIALESE.findall(plain_part(letter).lower()) == [], letter.kind


def test_easy_letters_are_whole_and_keep_what_the_law_asks(known: Known) -> None:
    """The way and the last day to object stand in every decision, in easy language too (Awb 3:45)."""
    for kind, facts in known:
        plain, easy = write(kind, facts, "nl"), write(kind, facts, "nl_easy")
        assert words_of(easy.html) == words_of(f"{easy.subject}\n{easy.text}"), kind
        assert not re.search(r"\{\w|%\(", easy.text)
        assert '<html lang="nl" dir="ltr">' in easy.html
        if kind == "decision":
            assert easy.text != plain.text
            assert "U heeft zes weken. De laatste dag is " in easy.text
            assert law_of(easy) == law_of(plain)


def law_of(letter: Written) -> str:
    """The block that names the rules behind the letter."""
    return letter.text.partition("De regels bij ")[2].partition("\n\n")[0]
