"""Accounts are checked, instalments add up, one person never pays alone."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.errors import Refusal
from grants.payment import check_four_eyes, check_spent, instalments, masked, read_iban


@pytest.mark.parametrize("text", ["NL91ABNA0417164300", "nl91 abna 0417 1643 00", "NL91-ABNA-0417-1643-00"])
def test_read_iban_as_people_write_it(text: str) -> None:
    assert read_iban(text) == "NL91ABNA0417164300"


@given(st.integers(0, 17), st.characters(min_codepoint=48, max_codepoint=57))
def test_read_iban_finds_one_wrong_digit(place: int, digit: str) -> None:
    good = "NL91ABNA0417164300"
    wrong = good[:place] + digit + good[place + 1 :]
    if wrong == good:
        assert read_iban(wrong) == good
    else:
        with pytest.raises(Refusal):
            read_iban(wrong)


@given(st.text(max_size=80))
def test_read_iban_only_ever_refuses(text: str) -> None:
    with suppress(Refusal):
        assert len(read_iban(text)) >= 15


@given(st.integers(1, 10**9), st.integers(1, 12))
def test_instalments_add_up(cents: int, parts: int) -> None:
    paid = instalments(cents, parts)
    assert sum(paid) == cents
    assert max(paid) - min(paid) <= 1
    assert len(paid) == min(parts, cents)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_spent_and_returned_make_what_was_granted(spent: int, granted: int) -> None:
    if spent > granted:
        with pytest.raises(Refusal):
            check_spent(spent, granted)
    else:
        assert spent + check_spent(spent, granted) == granted


@pytest.mark.parametrize(("prepared", "approved"), [(1, 1), (None, 1), (1, None)])
def test_four_eyes(prepared: int | None, approved: int | None) -> None:
    with pytest.raises(Refusal, match="Iemand anders"):
        check_four_eyes(prepared, approved)
    check_four_eyes(1, 2)


def test_masked_shows_the_end_only() -> None:
    assert masked("4300") == "•••• 4300"
