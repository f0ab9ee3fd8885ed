"""The word list of docs/words.md, held in every text of ours: pages, letters, refusals, fund files, catalogues."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import catalogue
from tests.walk import texts

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "words.md"
FUND_FILES = (
    ROOT / "docs/examples/participatiefonds.toml",
    *sorted((ROOT / "deploy/demo_data").glob("*.toml")),
)
ARTICLE = re.compile(r"\bartikel(en)? \d|\barticles? \d|\bregeling\b|\bverordening\b", re.IGNORECASE)
NOT_OURS = {"legal_basis", "law"}
"""Keys of a fund file that name a regulation as it is called."""


class Pair(NamedTuple):
    """A word to leave, in the forms that it has, and the plain ones. A legal one may stand beside its plain word."""

    hard: tuple[str, ...]
    plain: tuple[str, ...]
    legal: bool

    def breaks(self, text: str) -> bool:
        """Does this text use the hard word where it may not?"""
        if not any(_within(word, text) for word in self.hard):
            return False
        return not (self.legal and (ARTICLE.search(text) or any(_within(word, text) for word in self.plain)))


def _within(word: str, text: str) -> bool:
    end = r"\w*" if word.endswith("*") else ""
    return (
        re.search(rf"(?<![\w-]){re.escape(word.rstrip('*'))}{end}(?![\w-])", text, re.IGNORECASE) is not None
    )


def pairs(heading: str) -> list[Pair]:
    """The rows of the table below this heading."""
    part = LIST.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|") for line in part.splitlines() if "|" in line]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [
        Pair(tuple(hard.split(", ")), tuple(plain.split(", ")), mark == "juridisch")
        for hard, plain, mark in rows[2:]
    ]


def dutch() -> Iterator[tuple[str, str]]:
    """Every Dutch text of ours, with where it stands."""
    for text, files in catalogue.said().items():
        for part in (text,) if isinstance(text, str) else text:
            yield min(files), part
    for message in catalogue.easy():
        yield "nl_easy.po", str(message.string)
    for file in FUND_FILES:
        yield from ((file.name, text) for text in _of_file(tomllib.loads(file.read_text())))


def _of_file(data: dict[str, object]) -> set[str]:
    if "name" in data and "people" not in data:
        data = {key: value for key, value in data.items() if key not in NOT_OURS}
    return {text for text in texts(data) if not ARTICLE.search(text)}


def english() -> Iterator[tuple[str, str]]:
    """Every English text of ours, with the Dutch that it stands for."""
    for message in catalogue.english():
        for part in (message.string,) if isinstance(message.string, str) else message.string:
            yield str(message.id), part


def broken(language: str) -> list[str]:
    """Each text with a word that has a plainer one."""
    found = english() if language == "English" else dutch()
    return sorted(
        f"{where}: “{text}”: {', '.join(pair.hard)} -> {', '.join(pair.plain)}"
        for where, text in found
        for pair in pairs(language)
        if pair.breaks(text)
    )


@pytest.mark.parametrize(("heading", "fewest"), [("Nederlands", 60), ("English", 30)])
def test_the_list_is_long_in_order_and_says_nothing_twice(heading: str, fewest: int) -> None:
    words = [word for pair in pairs(heading) for word in pair.hard]
    assert len(pairs(heading)) >= fewest
    assert len(words) == len(set(words))


@pytest.mark.parametrize("heading", ["Nederlands", "English"])
def test_no_text_of_ours_uses_a_word_that_has_a_plainer_one(heading: str) -> None:
    assert broken(heading) == []


def test_no_plain_word_is_itself_on_the_list() -> None:
    for heading in ("Nederlands", "English"):
        listed = pairs(heading)
        assert [plain for pair in listed for plain in pair.plain for one in listed if one.breaks(plain)] == []


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Tegen deze beschikking kunt u niets doen.", False),
        ("Dit besluit heet in de wet een beschikking.", True),
        ("De beschikking rust op artikel 4:25 van die wet.", True),
        ("U dient te wachten.", False),
        ("U dient te wachten, dus u moet wachten.", False),
        ("Reeds de namiddels.", False),
        ("De namiddels is geen woord.", True),
    ],
)
def test_a_legal_word_may_stand_beside_its_plain_word_or_an_article(text: str, allowed: bool) -> None:
    assert any(pair.breaks(text) for pair in pairs("Nederlands")) != allowed
