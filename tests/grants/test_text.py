from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.text import clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  een\r\ntwee\rdrie\t ", "een\ntwee\ndrie"),
        ("a\x00b\x1b\x7f\x85", "ab"),
        ("a\ud83db", "ab"),
        ("\u202eabc\u2066", "abc"),
        ("\u200b\ufeff ", ""),
        ("Zoë’s café 🎨 👩🏽\u200d🎨", "Zoë’s café 🎨 👩🏽\u200d🎨"),
        ("مرحبا\u200f", "مرحبا\u200f"),
    ],
)
def test_clean_when_typed_or_pasted(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text(alphabet=st.characters()))
def test_clean_when_any_text_can_be_stored_and_stays_the_same(typed: str) -> None:
    kept = clean(typed)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert clean(kept) == kept
