from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import partners
from grants.errors import Refusal


def row(name: str = "De Pan", kvk: str = "12345678", does: str = "Leent de keuken uit.") -> dict[str, str]:
    return {"name": name, "kvk": kvk, "does": does}


def problems(rows: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        partners.check("with", rows)
    return [(problem.field, problem.said.text) for problem in caught.value.problems]


def test_check_when_good_keeps_each_line() -> None:
    rows = [row(" De\nPan ", "1234.56 78"), row("", " ", ""), row("Buurt\u200b Noord", "", "Denkt mee")]
    assert partners.check("with", rows) == [row(), row("Buurt Noord", "", "Denkt mee")]


@pytest.mark.parametrize("rows", [[], None, "", [{}], [row("", "", " ")], [3, None], {"name": "x"}])
def test_check_when_nothing_is_filled_in(rows: Any) -> None:
    assert partners.check("with", rows) == []


@pytest.mark.parametrize("kvk", ["1234567", "123456789", "1234567a", "NL123456", "١٢٣٤٥٦٧٨"])
def test_check_when_the_number_has_another_shape(kvk: str) -> None:
    assert problems([row("", "", ""), row(kvk=kvk)]) == [
        ("with.2.kvk", "Het KvK-nummer van “{name}” heeft 8 cijfers. Weet u het niet? Laat het dan leeg.")
    ]


def test_check_when_several_lines_are_wrong_names_every_one() -> None:
    rows = [row(name=""), row(does=""), row(name="x" * 121), row(does="x" * 301), row()]
    assert [field for field, _ in problems(rows)] == [
        "with.1.name",
        "with.2.does",
        "with.3.name",
        "with.4.does",
    ]


def test_check_when_there_are_too_many() -> None:
    assert len(partners.check("with", [row()] * 20)) == 20
    assert problems([row()] * 21) == [("with", "U noemt te veel organisaties. Er is plaats voor {most}.")]


CELL = st.text(max_size=12) | st.none() | st.integers() | st.lists(st.text(), max_size=2)


@given(
    st.lists(st.dictionaries(st.sampled_from(["name", "kvk", "does", "x"]), CELL) | CELL, max_size=6) | CELL
)
def test_check_when_any_value_gives_lines_that_pass_unchanged_or_a_refusal(rows: Any) -> None:
    try:
        kept = partners.check("with", rows)
    except Refusal:
        return
    assert partners.check("with", kept) == kept
    assert all(line["name"] and line["does"] and len(line["kvk"]) in (0, 8) for line in kept)
