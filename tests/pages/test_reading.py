"""Every page and letter of the demonstration reads easily: Dutch by Flesch-Douma, English by Flesch."""

from __future__ import annotations

import re

import pytest

from tests import catalogue
from tests.pages.conftest import Visitor
from tests.reading import EASY, MOST_ON_AVERAGE, Reading, measure, too_long
from tests.walk import any_of, demonstration, of_fund, written

FEW = 25
"""A score over fewer words tells of one word, not of a page: such pages are scored together."""

FOR_TWINS = 80
"""What easy language must score: half a school ahead of the page it is the twin of."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_every_page_reads_easily(demo_client: Visitor, language: str) -> None:
    """What people wrote counts as one word; on an English page so does what the fund file says in Dutch."""
    seen = [one async for one in demonstration(demo_client, language)]
    theirs = {text for text in await written() if " " in text or not text.islower()}
    quoted = any_of(theirs | (await of_fund() if language == "en" else set()))
    scored: dict[str, list[str]] = {}
    long = set()
    for who, path, html in seen:
        page = Reading(html)
        running, others = _ours(page.running, quoted), _ours(page.others, quoted)
        long |= {(path, sentence) for sentence in too_long(running + others)}
        few = sum(len(block.split()) for block in running) < FEW
        scored.setdefault("all short pages" if few else f"{path} for {who}", []).extend(running)
    found = {path: measure(blocks, language) for path, blocks in scored.items()}
    hard = {p: m for p, m in found.items() if m.ease < EASY[language] or m.mean > MOST_ON_AVERAGE}
    assert len({path for _, path, _ in seen}) > 200
    assert hard == {}
    assert long == set()


def _ours(blocks: list[str], quoted: re.Pattern[str]) -> list[str]:
    """These blocks without what others wrote in them; one that holds nothing else is left out."""
    return [text for block in blocks if re.search(r"[a-z]", (text := quoted.sub("X", block)))]


def test_no_sentence_of_ours_is_long_also_where_nobody_walks() -> None:
    """Refusals, empty pages and rare cases; each value that is filled in counts as one word."""
    said = [part for text in catalogue.said() for part in ((text,) if isinstance(text, str) else text)]
    plain = [re.sub(r"%\(\w+\)s|\{[\w:]+\}", "X", re.sub(r"<[^>]+>", "", text)) for text in said]
    assert too_long(plain) == set()


def test_easy_twins_are_easier() -> None:
    """Together, and each against the Dutch that it stands for."""
    twins = {str(twin.id): str(twin.string) for twin in catalogue.easy() if twin.id}
    found = measure(list(twins.values()), "nl")
    plain = measure(list(twins), "nl")
    assert found.ease > max(FOR_TWINS, plain.ease)
    assert found.mean < min(8, plain.mean)
