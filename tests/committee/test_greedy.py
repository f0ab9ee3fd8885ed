from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import GREEDY, GREEDY_PER_EURO, count
from committee.framework import LOT
from tests.committee.elections import elections, vote
from tests.committee.test_equal_shares import W1_ASKS, W1_BALLOTS, W1B_BALLOTS, W2_ASKS, W2_BALLOTS, euros


def funded(election, rule, ties: str = "lot") -> list[str]:
    return sorted(count(election, rule, ties).grants)


def test_w1_leaves_four_members_with_nothing() -> None:
    election = euros(90_000, W1_ASKS, W1_BALLOTS)
    assert funded(election, GREEDY) == funded(election, GREEDY_PER_EURO) == ["A1", "A2", "A3"]


def test_w1b_differs_by_votes_and_per_euro() -> None:
    election = euros(90_000, W1_ASKS, W1B_BALLOTS)
    assert funded(election, GREEDY) == ["A1", "A2", "A3"]
    assert funded(election, GREEDY_PER_EURO) == ["A1", "A2", "C1"]


def test_w2_skips_what_does_not_fit() -> None:
    election = euros(100_000, W2_ASKS, W2_BALLOTS)
    assert funded(election, GREEDY, "lex") == ["P1", "P2", "P3", "P5"]
    assert funded(election, GREEDY) == ["P1", "P2", "P4", "P5", "P6"]
    assert funded(election, GREEDY_PER_EURO) == ["P2", "P3", "P4", "P5", "P6"]


def test_w3_goes_by_lot() -> None:
    asks = {"X": 60, "Y": 60}
    for lot in ("XY", "YX"):
        outcome = count(vote(100, asks, [["X"], ["Y"]], lot), GREEDY)
        assert outcome.grants == {lot[0]: 60}
        assert outcome.ties_used == ({"by": LOT, "ids": ["X", "Y"]},) * 2


def test_trace_tells_rank_votes_and_what_was_left() -> None:
    outcome = count(vote(100, {"a": 60, "b": 50, "c": 40}, [["a", "b"], ["a", "c"], ["a", "b"]]), GREEDY)
    assert list(outcome.trace) == [
        {"step": "turn", "id": "a", "rank": 1, "votes": 3, "left_cents": 100, "cents": 60},
        {"step": "turn", "id": "b", "rank": 2, "votes": 2, "left_cents": 40, "cents": 0},
        {"step": "turn", "id": "c", "rank": 3, "votes": 1, "left_cents": 40, "cents": 40},
    ]


@given(elections(), st.sampled_from([GREEDY, GREEDY_PER_EURO]))
def test_what_was_skipped_had_no_room_and_no_lower_place(election, rule) -> None:
    outcome = count(election, rule)
    asks = {application.id: application.ask_cents for application in election.applications}
    worth = [step["votes"] / (asks[step["id"]] if rule == GREEDY_PER_EURO else 1) for step in outcome.trace]
    assert worth == sorted(worth, reverse=True)
    for step in outcome.trace:
        assert step["cents"] == (asks[step["id"]] if asks[step["id"]] <= step["left_cents"] else 0)
