from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import LOT_TIES, RANKED, Rule, count, tie_order
from committee.election import Election, histogram
from committee.framework import LOT
from committee.ranked import histograms, ranking, successive_medians
from committee.scoring import lower_median
from tests.committee.elections import vote

SCORES = st.lists(st.integers(1, 4), min_size=1, max_size=7)
TABLES = st.dictionaries(st.sampled_from("abcdef"), SCORES, min_size=2, max_size=6)


def scored(scores: dict[str, list[int]], budget: int = 100, asks: dict | None = None) -> Election:
    return vote(budget, asks or dict.fromkeys(scores, 10), [], scores=scores)


def order(election: Election) -> list[str]:
    return [election.ids[rival.place] for rival, _, _ in ranking(election, tie_order(election, LOT_TIES))]


def by_taking_away(scores: list[int]) -> list[int]:
    """The definition: take the lower median away, again and again."""
    left, medians = sorted(scores), []
    while left:
        medians.append(lower_median(left))
        left.remove(medians[-1])
    return medians


@given(SCORES)
def test_successive_medians_come_from_taking_each_away(scores) -> None:
    codes = {Fraction(score): score for score in range(1, 5)}
    assert list(successive_medians(histogram(scores), codes)) == by_taking_away(scores)


def test_successive_medians_sort_alike_with_few_and_with_many_different_scores() -> None:
    many = {Fraction(score): score for score in range(300)}
    assert successive_medians(histogram([299, 7, 7]), many) == (7, 7, 299)


def test_ranking_takes_the_better_middle_score_first() -> None:
    assert order(scored({"a": [1, 3, 5], "b": [4, 4, 1], "c": [5, 5, 2]})) == ["c", "b", "a"]


def test_ranking_of_equal_grades_looks_at_what_is_left() -> None:
    assert order(scored({"a": [2, 3, 4], "b": [3, 3, 4], "c": [3, 3, 3]})) == ["b", "c", "a"]


def test_ranking_of_equal_scores_takes_the_smaller_ask_and_then_the_lot() -> None:
    asks = {"c": 20, "b": 10, "a": 20}
    election = scored({"a": [4, 3], "b": [3, 4], "c": [4, 3]}, asks=asks)
    assert order(election) == ["b", "c", "a"]
    ties = [step["tie"]["by"] for step in count(election, RANKED).trace]
    assert ties == ["smaller amount", LOT, LOT]


@given(TABLES, st.data())
def test_raising_one_score_never_lowers_the_rank(table, data) -> None:
    id_ = data.draw(st.sampled_from(sorted(table)))
    at = data.draw(st.integers(0, len(table[id_]) - 1))
    raised = {**table, id_: [*table[id_][:at], table[id_][at] + 1, *table[id_][at + 1 :]]}
    assert order(scored(raised)).index(id_) <= order(scored(table)).index(id_)


@given(TABLES)
def test_a_lower_ranked_application_changes_nothing_above_it(table) -> None:
    whole = order(scored(table))
    for length in range(1, len(whole)):
        assert order(scored({id_: table[id_] for id_ in table if id_ in whole[:length]})) == whole[:length]


def test_walk_down_gives_the_ask_then_what_is_left_then_skips() -> None:
    asks = {"a": (50, 50), "b": (40, 20), "c": (30, 30), "d": (20, 5)}
    scores = {"a": [5], "b": [4], "c": [3], "d": [2]}
    partly = count(vote(80, asks, [], scores=scores), RANKED)
    assert (partly.grants, partly.left_cents) == ({"a": 50, "b": 30}, 0)
    skipping = count(vote(65, asks, [], scores=scores), RANKED)
    assert (skipping.grants, skipping.left_cents) == ({"a": 50, "d": 15}, 0)


def test_walk_down_ends_at_the_first_that_does_not_fit_when_told_to_stop() -> None:
    asks = {"a": (50, 50), "b": (40, 20), "d": (10, 5)}
    scores = {"a": [5], "b": [4], "d": [2]}
    stopped = count(vote(65, asks, [], scores=scores), Rule(RANKED, stop=True))
    assert (stopped.grants, stopped.left_cents) == ({"a": 50}, 15)


def test_trace_tells_rank_grade_and_what_was_left() -> None:
    election = vote(65, {"a": (50, 50), "b": (40, 10)}, [], scores={"a": [5, 4], "b": [3]})
    assert list(count(election, RANKED).trace) == [
        {"step": "turn", "id": "a", "rank": 1, "grade": "4", "left_cents": 65, "cents": 50},
        {"step": "turn", "id": "b", "rank": 2, "grade": "3", "left_cents": 15, "cents": 15},
    ]


def test_approvals_alone_rank_by_supporters_and_leave_out_what_nobody_supports() -> None:
    election = vote(100, {"a": 10, "b": 10, "c": 10}, [["b"], ["a", "b"], [], []])
    assert histograms(election)[1] == ((Fraction(0), 2), (Fraction(1), 2))
    assert order(election) == ["b", "a"]


@pytest.mark.parametrize("scores", [{"a": []}, {"a": [0, 0]}])
def test_what_nobody_gave_a_score_is_never_funded(scores) -> None:
    assert count(scored(scores), RANKED).grants == {}
