"""Sealed texts open with their own key only, and one purpose never opens another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import sealed


@given(st.text(), st.text(min_size=1))
def test_unseal_gives_back_what_was_sealed(text: str, key: str) -> None:
    assert sealed.unseal(key, sealed.seal(key, text)) == text


def test_unseal_with_another_key() -> None:
    with pytest.raises(ValueError, match="MEEBESLIS_FIELD_KEY"):
        sealed.unseal("other", sealed.seal("key", "NL91ABNA0417164300"))


def test_seal_hides_the_text_and_never_repeats() -> None:
    first, second = sealed.seal("key", "0417164300"), sealed.seal("key", "0417164300")
    assert "0417164300" not in first
    assert first != second


@given(st.text(), st.text())
def test_derived_differs_by_purpose(key: str, text: str) -> None:
    assert sealed.derived(key, "link", text) != sealed.derived(key, "code", text)


@given(st.text(), st.text())
def test_code_is_six_digits(key: str, text: str) -> None:
    assert len(sealed.code(key, text)) == 6
    assert sealed.code(key, text).isdigit()
