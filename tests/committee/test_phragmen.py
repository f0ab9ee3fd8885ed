from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import PHRAGMEN, count
from committee.framework import LOT
from tests.committee.elections import elections, members_of, vote
from tests.committee.test_equal_shares import W1_ASKS, W1_BALLOTS, W1B_BALLOTS, W2_ASKS, W2_BALLOTS, euros


def funded(election, ties: str = "lex") -> list[str]:
    return sorted(count(election, PHRAGMEN, ties).grants)


def test_worked_examples() -> None:
    assert funded(euros(90_000, W1_ASKS, W1_BALLOTS)) == ["A1", "A2", "B1"]
    assert funded(euros(90_000, W1_ASKS, W1B_BALLOTS)) == ["A1", "A2", "C1"]
    assert funded(euros(100_000, W2_ASKS, W2_BALLOTS)) == ["P2", "P3", "P4", "P5", "P6"]


def test_one_of_two_that_tie_does_not_fit_and_so_it_ends() -> None:
    made = vote(100, {"X": 60, "Y": 120}, [["X"], ["Y"], ["Y"]])
    (turn,) = count(made, PHRAGMEN, "lot").trace
    assert (turn["cents"], turn["load"], turn["left_cents"]) == (0, "60", 100)
    assert turn["tie"]["ids"] == ["X", "Y"]


def test_the_lot_decides_and_is_told() -> None:
    for lot in ("XY", "YX"):
        outcome = count(vote(100, {"X": 60, "Y": 60}, [["X"], ["Y"]], lot), PHRAGMEN)
        assert outcome.grants == {lot[0]: 60}
        assert outcome.ties_used == ({"by": LOT, "ids": ["X", "Y"]},)


@given(elections(), st.sampled_from(["lot", "lex", "rev"]))
def test_loads_are_those_of_money_that_everybody_earns_at_the_same_pace(made, ties) -> None:
    """The slow twin: each member on their own, every project looked at anew at every step."""
    members = members_of(made)
    load = [Fraction(0)] * len(members)
    waiting = {place for place, votes in enumerate(made.votes) if votes and made.applications[place].stands}
    for turn in count(made, PHRAGMEN, ties).trace:
        moments = {
            place: (
                made.applications[place].ask_cents
                + sum(load[m] for m in range(len(members)) if place in members[m])
            )
            / made.votes[place]
            for place in waiting
        }
        place = made.ids.index(turn["id"])
        assert Fraction(turn["load"]) == moments[place] == min(moments.values())
        level = [made.applications[p].ask_cents for p in waiting if moments[p] == moments[place]]
        assert (turn["cents"] > 0) == (max(level) <= turn["left_cents"])
        waiting.remove(place)
        for number, marks in enumerate(members):
            if place in marks:
                load[number] = moments[place]
        if not turn["cents"]:
            return
    assert not waiting
