from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.framework import Gate
from committee.scoring import GateResult, judge, lower_median, shown, spread, weighted_total

GATE = Gate(quorum=Fraction(2, 3), threshold=Fraction(3), objections=2)
SCORES = st.lists(st.integers(1, 5), min_size=1, max_size=12)


def test_weighted_total_weighs_only_what_was_answered() -> None:
    weights = {"need": 3, "plan": 1, "cost": 2}
    assert weighted_total({"need": 4, "plan": None, "cost": 1}, weights) == Fraction(14, 5)
    assert weighted_total({"need": None}, weights) is None


def test_lower_median_takes_the_lower_of_two_middles() -> None:
    assert lower_median([5, 1, 4, 2]) == 2
    assert lower_median([5, 1, 4]) == 4
    with pytest.raises(ValueError, match="no score"):
        lower_median([])


@given(SCORES)
def test_lower_median_is_reached_by_at_least_half(scores) -> None:
    median = lower_median(scores)
    assert median in scores
    assert 2 * sum(score >= median for score in scores) >= len(scores)
    assert 2 * sum(score <= median for score in scores) >= len(scores)


def test_spread_is_the_distance_between_the_ends() -> None:
    assert spread([3, 1, 5]) == 4
    with pytest.raises(ValueError, match="no score"):
        spread([])


def test_judge_passes_with_all_three_numbers() -> None:
    result = judge(GATE, [Fraction(3)] * 9, eligible=12, objections=1)
    assert (result.passed, result.failed, result.needed) == (True, "", 8)
    assert result.said.values == {
        "judged": 9,
        "eligible": 12,
        "needed": 8,
        "median": 3,
        "threshold": 3,
        "objections": 1,
        "limit": 2,
    }


@pytest.mark.parametrize(
    ("totals", "objections", "failed", "opening"),
    [
        ([Fraction(5)] * 7, 0, "quorum", "Te weinig leden hebben deze aanvraag beoordeeld: {judged}"),
        (
            [Fraction(5)] * 3 + [Fraction(2)] * 5,
            0,
            "score",
            "De middelste score van deze aanvraag is {median}.",
        ),
        (
            [Fraction(5)] * 8,
            2,
            "objections",
            "Aantal bezwaren met een reden tegen deze aanvraag: {objections}.",
        ),
    ],
)
def test_judge_refuses_with_the_number_that_failed(totals, objections, failed, opening) -> None:
    result = judge(GATE, totals, eligible=12, objections=objections)
    assert result.failed == failed
    assert result.said.text.startswith(opening)


def test_judge_lets_objections_be_when_the_limit_is_off() -> None:
    assert judge(Gate(Fraction(0), Fraction(1), 0), [Fraction(1)], eligible=1, objections=99).passed


def test_judge_stops_what_nobody_may_judge() -> None:
    assert judge(GATE, [], eligible=0).failed == "quorum"


def test_gate_result_survives_json() -> None:
    for totals in ([Fraction(7, 3)] * 9, []):
        result = judge(GATE, totals, 12, 1)
        assert GateResult.from_json(result.as_json()) == result


@pytest.mark.parametrize("broken", [{"judged": -1}, {"judged": True}, {"median": "x"}, {"needed": 2.0}])
def test_gate_result_refuses_json_that_is_none(broken) -> None:
    with pytest.raises((TypeError, ValueError)):
        GateResult.from_json(judge(GATE, [Fraction(3)], 12).as_json() | broken)


@given(st.fractions(0, 5))
def test_shown_never_reads_as_more_than_it_is(score) -> None:
    text = str(shown(score)).replace(",", ".")
    assert Fraction(text) <= score < Fraction(text) + Fraction(1, 100)


def test_shown_is_plain() -> None:
    assert [shown(Fraction(3)), shown(Fraction(7, 2)), shown(Fraction(61, 20)), shown(None)] == [
        3,
        "3,5",
        "3,05",
        "–",
    ]
