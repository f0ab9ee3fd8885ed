"""What changed: nothing is lost or made up in either version, whatever was written."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.difference import Mark, lines, texts

TEXTS = st.lists(st.sampled_from(["wij", "koken", "samen", "soep.", "\n", "met", "buren"]), max_size=30).map(
    " ".join
)
LINES = st.lists(
    st.fixed_dictionaries(
        {"what": st.sampled_from(["huur", "eten", "reis"]), "wished_cents": st.integers(1, 5)}
    ),
    max_size=6,
)


def marked(pieces, mark: Mark) -> list[str]:
    return [piece.text for piece in pieces if piece.mark is mark]


def test_texts_mark_what_went_and_what_came() -> None:
    found = texts("Wij koken soep met elkaar.", "Wij koken soep met de buren.")
    assert marked(found.before, Mark.GONE) == ["elkaar."]
    assert marked(found.after, Mark.NEW) == ["de buren."]
    assert marked(found.before, Mark.SAME) == marked(found.after, Mark.SAME) == ["Wij koken soep met"]


@given(TEXTS, TEXTS)
def test_texts_hold_every_word_of_both_versions_once(before: str, after: str) -> None:
    found = texts(before, after)
    for pieces, text in ((found.before, before), (found.after, after)):
        joined = " ".join(piece.text for piece in pieces)
        assert re.findall(r"\n|\S+", joined) == re.findall(r"\n|\S+", text)
    assert marked(found.before, Mark.SAME) == marked(found.after, Mark.SAME)
    assert not marked(found.before, Mark.NEW)
    assert not marked(found.after, Mark.GONE)


@given(TEXTS)
def test_texts_of_one_text_are_the_same(text: str) -> None:
    assert all(piece.mark is Mark.SAME for side in texts(text, text) for piece in side)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 5000, "a b " * 2500),
        (" ".join(map(str, range(3000))), " ".join(map(str, reversed(range(3000))))),
        ("a b " * 2500, "b a " * 2500),
    ],
)
def test_texts_never_take_long(before: str, after: str) -> None:
    begun = time.process_time()
    texts(before, after)
    assert time.process_time() - begun < 1


def test_lines_find_the_earlier_line_of_the_same_thing() -> None:
    before = [
        {"what": "Huur", "wished_cents": 5},
        {"what": "Eten", "wished_cents": 3},
        {"what": "Reis", "wished_cents": 1},
    ]
    after = [
        {"what": "Eten", "wished_cents": 4},
        {"what": "Huur", "wished_cents": 5},
        {"what": "Bus", "wished_cents": 1},
    ]
    found = lines(before, after)
    assert [line.mark for line in found] == [Mark.CHANGED, Mark.SAME, Mark.NEW, Mark.GONE]
    assert found[0].before == before[1]


@given(LINES, LINES)
def test_lines_hold_every_line_of_both_versions_once(before: list[dict], after: list[dict]) -> None:
    found = lines(before, after)
    assert [line.after for line in found if line.after] == after
    assert Counter(str(line.before) for line in found if line.before) == Counter(map(str, before))
    moved = sum(
        (line.after or {}).get("wished_cents", 0) - (line.before or {}).get("wished_cents", 0)
        for line in found
    )
    assert moved == sum(one["wished_cents"] for one in after) - sum(one["wished_cents"] for one in before)
