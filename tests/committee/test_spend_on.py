import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from committee.allocation import ADD1, EQUAL_SHARES, LEAST, Rule, count
from tests.committee.elections import elections, shares_twin, spent, stepping_twin, vote

TIES = st.sampled_from(["lot", "lex", "rev"])
SPEND_ON = Rule(LEAST, spend_on=True)
# A share of some tens of euros, so that a unit of one euro moves things, a hundred units much.
IN_EUROS = elections(members=6, applications=5, cents=900)


@given(IN_EUROS, TIES)
def test_add1_is_what_stepping_by_one_gives(election, ties) -> None:
    stepped = stepping_twin(election, ties, whole=True)
    assume(stepped is not None)
    assert count(election, ADD1, ties).grants == stepped


@given(IN_EUROS, TIES)
def test_spending_on_with_least_amounts_is_what_stepping_gives(election, ties) -> None:
    stepped = stepping_twin(election, ties, whole=False)
    assume(stepped is not None)
    assert count(election, SPEND_ON, ties).grants == stepped


@given(elections(members=12, applications=8, cents=12_345), TIES)
def test_spending_on_agrees_with_stepping_where_little_is_left(election, ties) -> None:
    stepped = stepping_twin(election, ties, whole=False, limit=40)
    assume(stepped is not None)
    assert count(election, SPEND_ON, ties).grants == stepped


@given(elections(members=9, applications=6, cents=50_000, partial=False), TIES)
def test_a_jump_over_hundreds_of_raises_lands_where_one_raise_more_would_not_do(election, ties) -> None:
    outcome = count(election, ADD1, ties)
    raises = outcome.trace[0]["raises"]
    if election.voters:
        assert shares_twin(election, ties, whole=True, raises=raises)[0] == outcome.grants
    assert spent(outcome) <= election.budget_cents


@given(elections(members=9, applications=6, cents=900, partial=False), TIES)
def test_spending_on_with_whole_asks_is_add1(election, ties) -> None:
    assert count(election, SPEND_ON, ties).grants == count(election, ADD1, ties).grants


def test_a_jump_goes_back_to_the_first_step_that_may_differ() -> None:
    """At the same raise two steps may come out differently: taking up only the later one would overspend."""
    election = vote(251, {"p0": (150, 75), "p1": 300}, [["p1"], ["p0", "p1"]])
    outcome = count(election, SPEND_ON)
    assert outcome.grants == {"p0": 125} == stepping_twin(election, "lot", whole=False)


def test_spending_on_stops_before_it_overspends() -> None:
    """Each could pay for their own from EUR 60 on; two of 60 do not fit in 100 (worked example W3)."""
    outcome = count(vote(100_00, {"X": 60_00, "Y": 60_00}, [["X"], ["Y"]]), ADD1)
    assert (outcome.grants, outcome.trace[0]["raises"]) == ({}, 9)


def test_spending_on_stops_when_nothing_more_fits() -> None:
    outcome = count(vote(90_00, {"X": 60_00, "Y": 40_00}, [["X"], ["X"], ["Y"]]), ADD1)
    assert (outcome.grants, outcome.trace[0]["raises"]) == ({"X": 60_00}, 0)


def test_spending_on_does_not_start_where_all_is_paid() -> None:
    outcome = count(vote(90_00, {"X": 60_00}, [["X"], ["X"], []]), ADD1)
    assert (outcome.grants, outcome.trace[0]["raises"]) == ({"X": 60_00}, 0)


def test_spending_on_starts_at_the_exact_share_and_not_at_whole_euros() -> None:
    """B/n is 33.33 1/3: at 34.33 1/3 the first can be paid, from a whole 33 on it would be at 35."""
    outcome = count(vote(100_00, {"X": 34_33}, [["X"], [], []]), ADD1)
    assert (outcome.grants, outcome.trace[0]["cents"]) == ({"X": 34_33}, "10300/3")


@pytest.mark.parametrize("cents", [1, 100, 1_000_000])
def test_spending_on_jumps_as_easily_over_millions(cents) -> None:
    """Whatever the money is counted in, the lines of a run have the same few bends."""
    asks = {"X": (60 * cents, 30 * cents), "Y": (50 * cents, 20 * cents), "Z": (70 * cents, 70 * cents)}
    election = vote(200 * cents, asks, [["X", "Y"], ["Y"], ["Z", "X"], ["Z"]])
    outcome = count(election, SPEND_ON)
    assert outcome.left_cents >= 0
    assert spent(outcome) >= spent(count(election, LEAST))


def test_spending_on_is_off_for_plain_equal_shares_and_by_default() -> None:
    election = vote(100_00, {"X": 34_33}, [["X"], [], []])
    for rule in (EQUAL_SHARES, LEAST, Rule(LEAST)):
        assert count(election, rule).grants == {}
