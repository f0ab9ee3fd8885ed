from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.ballot import ABSTENTION, Ballot
from committee.election import Application, Election, election, histogram, merge
from committee.framework import Gate
from committee.scoring import judge
from committee.sortition import lot_order
from tests.committee.elections import elections, members_of, vote

A, B = Application("a", "Koor", 300, 200), Application("b", "Tuin", 500, 500)


def test_election_merges_equal_ballots_and_counts_blank_ones() -> None:
    cast = [Ballot(frozenset("ab")), Ballot(frozenset("b")), Ballot(frozenset("ba")), Ballot()]
    made = election(1000, [B, A], cast, lot=["b", "a"])
    assert made.applications == (A, B)
    assert (made.ballots, made.counts, made.voters) == (((0, 1), (1,)), (2, 1), 4)
    assert made.votes == [2, 3]


def test_election_leaves_an_abstention_out_of_the_shares() -> None:
    made = election(1000, [A], [ABSTENTION, Ballot(frozenset("a"))], lot=["a"])
    assert (made.voters, made.abstentions) == (1, 1)


def test_election_draws_the_lot_from_the_seed() -> None:
    made = election(1000, [A, B], [], seed="123")
    assert list(made.lot) == lot_order(["a", "b"], "123", "ties")
    assert made.with_lot("124").lot == tuple(lot_order("ab", "124", "ties"))


def test_election_refuses_a_mark_for_something_else() -> None:
    with pytest.raises(ValueError, match=r"unknown applications: \['x'\]"):
        election(1000, [A], [Ballot(frozenset("ax"))])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"budget_cents": -1}, "budget of -1"),
        ({"lot": ("a",)}, "lot order"),
        ({"lot": ("a", "a", "b")}, "lot order"),
        ({"applications": (A, A)}, "same id"),
    ],
)
def test_election_refuses_what_cannot_be(wrong, message) -> None:
    right = {"budget_cents": 1, "applications": (A, B), "ballots": (), "counts": (), "voters": 0}
    with pytest.raises(ValueError, match=message):
        Election(**{**right, **wrong})


@pytest.mark.parametrize(("ask", "least"), [(100, 0), (100, 101), (0, 0), (-5, -5)])
def test_application_refuses_a_least_amount_outside_the_ask(ask, least) -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        Application("a", "Koor", ask, least)


def test_application_stands_when_the_gate_lets_it() -> None:
    passed, failed = (judge(Gate(Fraction(1), Fraction(3), 0), [Fraction(score)], 1) for score in (3, 2))
    gates = (None, passed, failed)
    assert [Application("a", "", 1, 1, gate).stands for gate in gates] == [True, True, False]


def test_histogram_counts_scores_in_order() -> None:
    assert histogram([3, 1, Fraction(3)]) == ((Fraction(1), 1), (Fraction(3), 2))


def test_election_keeps_scores_by_place() -> None:
    made = vote(1000, {"b": 1, "a": 1}, [], scores={"b": [2, 1]})
    assert made.scores == ((), ((Fraction(1), 1), (Fraction(2), 1)))


@given(elections(), st.randoms())
def test_election_forgets_the_order_in_which_things_came(made, chance) -> None:
    ballots = [frozenset(made.ids[place] for place in marks) for marks in members_of(made)]
    applications = list(made.applications)
    chance.shuffle(ballots)
    chance.shuffle(applications)
    cast = [Ballot(marks) for marks in ballots]
    assert election(made.budget_cents, applications, cast, lot=made.lot) == made


@given(elections(members=20))
def test_votes_are_the_supporters(made) -> None:
    members = members_of(made)
    assert made.votes == [sum(place in marks for marks in members) for place in range(len(made.ids))]
    assert made.voters == len(members)


def test_merge_leaves_blank_ballots_out_of_the_list_but_not_out_of_n() -> None:
    made = merge(5, (A,), {(): 3, (0,): 2})
    assert (made.ballots, made.counts, made.voters) == (((0,),), (2,), 5)
