from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import budget, money
from grants.errors import Refusal


def row(what: str = "Zaalhuur", wished: str = "1.250,50", least: str = "800") -> dict[str, str]:
    return {"what": what, "wished": wished, "least": least}


def kept(
    what: str = "Zaalhuur", wished_cents: int = 125050, least_cents: int = 80000, source: str = "fund"
) -> dict[str, Any]:
    return {"what": what, "wished_cents": wished_cents, "least_cents": least_cents, "source": source}


def problems(rows: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        budget.check("budget", rows)
    return [(problem.field, problem.said.text) for problem in caught.value.problems]


def test_check_when_good_keeps_cents() -> None:
    assert budget.check("budget", [row(), row("Koffie en thee", "€\u00a090,-", "0")]) == [
        kept(),
        kept("Koffie en thee", 9000, 0),
    ]


@pytest.mark.parametrize("rows", [[], None, "", [{}], [row("", "", " ")], [3, None], {"what": "x"}])
def test_check_when_nothing_is_filled_in(rows: Any) -> None:
    assert budget.check("budget", rows) == []


def test_check_when_empty_rows_lie_between_keeps_the_places_of_the_page() -> None:
    assert problems([row("", "", ""), row(), row(least="")]) == [
        (
            "budget.3.least",
            "Vul in hoeveel geld u ten minste nodig heeft voor “{what}”. Kan het ook zonder? Schrijf dan 0.",
        )
    ]


def test_check_when_several_rows_are_wrong_names_every_one() -> None:
    rows = [
        row(what=""),
        row(wished=""),
        row(wished="veel"),
        row(wished="100", least="101"),
        row(what="x" * 121),
    ]
    assert [field for field, _ in problems(rows)] == [
        *("budget.1.what", "budget.2.wished", "budget.3.wished", "budget.4.least", "budget.5.what")
    ]


def test_check_when_the_least_is_zero_altogether() -> None:
    assert problems([row(least="0"), row(least="0,00")]) == [
        ("budget", "Vul in hoeveel geld u ten minste nodig heeft. Bij alles staat nu 0.")
    ]


def test_check_when_the_total_is_above_ten_million() -> None:
    assert problems([row(wished="9.999.999"), row(wished="2")])[0][1].startswith("Bij “{what}”")
    assert problems([row(wished="9.999.999"), row(wished="2", least="1")]) == [
        ("budget", "Uw begroting is te hoog. Het hoogste bedrag is {most:euro}.")
    ]


def test_check_when_there_are_forty_or_more_lines() -> None:
    assert len(budget.check("budget", [row()] * 40 + [row("", "", "")] * 5)) == 40
    assert problems([row()] * 41) == [
        ("budget", "Uw begroting heeft te veel regels. Gebruik er hoogstens {most}.")
    ]


def test_sums_when_two_lines() -> None:
    assert budget.sums([kept(), kept("Koffie", 9000, 0)]) == (134050, 80000, 0, 0)


def test_sums_when_others_pay_too_ask_only_this_funds_part() -> None:
    lines = [kept(), kept("Koffie", 9000, 900, "own"), kept("Bus", 7000, 0, "others"), kept("Verf", 100, 50)]
    assert budget.sums(lines) == (125150, 80050, 9000, 7000)
    assert budget.sums(lines).whole == 141150


def test_sums_when_a_kept_line_names_no_source_is_asked_of_this_fund() -> None:
    old = {"what": "Zaalhuur", "wished_cents": 125050, "least_cents": 80000}
    assert budget.sums([old]) == (125050, 80000, 0, 0)
    assert budget.check("budget", [old]) == [kept()]


def test_check_when_another_pays_needs_no_least() -> None:
    assert budget.check("budget", [row(), {**row("Koffie", "90", ""), "source": "own"}]) == [
        kept(),
        kept("Koffie", 9000, 0, "own"),
    ]
    assert budget.check("budget", [row(), {**row("Koffie", "90", "veel"), "source": "others"}]) == [
        kept(),
        kept("Koffie", 9000, 0, "others"),
    ]


def test_check_when_only_others_pay() -> None:
    assert problems([{**row(), "source": "own"}, {**row(), "source": "others"}]) == [
        ("budget", "U vraagt dit fonds nog geen geld. Kies bij één regel “Dit fonds”.")
    ]


def test_check_when_who_pays_is_nobody_we_know() -> None:
    assert problems([{**row(), "source": "bank"}]) == [
        ("budget.1.source", "Kies bij “{what}” wie dit betaalt.")
    ]


def test_check_when_only_who_pays_stands_filled_in_is_an_empty_line() -> None:
    assert budget.check("budget", [row(), {**row("", "", ""), "source": "fund"}]) == [kept()]


def line_of(wished: int, least: int, source: str) -> dict[str, Any]:
    return kept("Verf", max(wished, least), min(wished, least) if source == "fund" else 0, source)


LINE = st.builds(
    line_of, st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from([s.value for s in budget.Source])
)


@given(st.lists(LINE, max_size=8))
def test_check_when_already_kept_passes_unchanged(lines: list[dict[str, Any]]) -> None:
    lines = [line_of(500, 100, "fund"), *lines]
    assert budget.check("budget", lines) == lines
    sums = budget.sums(lines)
    assert sums.asked >= sums.least > 0
    assert sums.whole == sum(line["wished_cents"] for line in lines)


CELL = st.text(max_size=12) | st.none() | st.integers() | st.lists(st.text(), max_size=2)
ROW = st.dictionaries(
    st.sampled_from(["what", "wished", "least", "wished_cents", "least_cents", "source", "x"]), CELL
)


@given(st.lists(ROW | CELL, max_size=6) | CELL)
def test_check_when_any_value_gives_lines_or_a_refusal(rows: Any) -> None:
    try:
        lines = budget.check("budget", rows)
    except Refusal:
        return
    assert all(0 <= line["least_cents"] <= line["wished_cents"] <= money.MAX_CENTS for line in lines)
