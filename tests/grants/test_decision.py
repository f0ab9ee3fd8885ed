"""Decisions: five outcomes kept apart, the advice adopted by default, deviation only with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.decision import Kind, check_decision, check_reasons, kind_for
from grants.errors import Refusal

ASKED = 500_000


def wrong(kind: Kind, cents: int, advised: tuple[Kind, int] | None = None, deviation: str = "") -> list[str]:
    found = check_decision(kind=kind, cents=cents, asked_cents=ASKED, advised=advised, deviation=deviation)
    return [problem.field for problem in found]


@given(st.sampled_from(list(Kind)), st.integers(-10, 2 * ASKED))
def test_advice_that_fits_is_adopted_without_a_reason(kind: Kind, cents: int) -> None:
    fits = not wrong(kind, cents)
    expected = {
        Kind.GRANTED: cents == ASKED,
        Kind.PARTLY: 0 < cents < ASKED,
    }.get(kind, cents == 0)
    assert fits == expected
    if fits:
        assert wrong(kind, cents, (kind, cents)) == []


def test_deviation_without_a_reason() -> None:
    assert wrong(Kind.PARTLY, 100, (Kind.GRANTED, ASKED), "  ") == ["deviation"]
    assert wrong(Kind.PARTLY, 100, (Kind.GRANTED, ASKED), "De huur is lager.") == []
    assert wrong(Kind.PARTLY, 100, (Kind.PARTLY, 101)) == ["deviation"]


@given(st.integers(0, ASKED))
def test_kind_for_follows_from_the_amount(cents: int) -> None:
    kind = kind_for(cents, ASKED)
    assert kind.gives_money == (cents > 0)
    assert (kind is Kind.GRANTED) == (cents == ASKED)


def test_check_reasons_names_the_criterion_without_one() -> None:
    check_reasons(["Meedoen"], {"Meedoen": "Goed plan."})
    with pytest.raises(Refusal) as refused:
        check_reasons(["Meedoen", "Anders"], {"Meedoen": "Goed plan.", "Anders": " "})
    assert refused.value.said.values == {"criterion": "Anders"}
