from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee import crowd
from committee.allocation import ADD1, EQUAL_SHARES, LEAST, Outcome, Rule, count, tie_order
from committee.certificate import exact_cents
from committee.election import Election
from committee.equal_shares import Race, Run
from tests.committee.elections import elections, shares_twin, spent, vote

TIES = st.sampled_from(["lot", "lex", "rev"])

# The worked examples, in euros. W1: nine members; W2: ten.
W1_ASKS = {"A1": 30_000, "A2": 30_000, "A3": 30_000, "B1": 30_000, "C1": 20_000}
W1_BALLOTS = [["A1", "A2", "A3"]] * 5 + [["B1"]] * 3 + [["C1"]]
W1B_BALLOTS = [["A1", "A2", "A3"]] * 5 + [["B1", "C1"]] * 4
W2_ASKS = {"P1": 40_000, "P2": 25_000, "P3": 25_000, "P4": 20_000, "P5": 10_000, "P6": 5_000}
W2_MARKS = ("12", "126", "13", "135", "14", "45", "456", "236", "123", "56")
W2_BALLOTS = [[f"P{number}" for number in marks] for marks in W2_MARKS]


def euros(
    budget: int, asks: dict[str, int], ballots: list[list[str]], least: Fraction = Fraction(1)
) -> Election:
    """The least amounts are this part of every ask."""
    in_cents = {id_: (ask * 100, int(ask * 100 * least)) for id_, ask in asks.items()}
    return vote(budget * 100, in_cents, ballots)


def granted(outcome: Outcome) -> dict[str, float]:
    return {id_: cents / 100 for id_, cents in outcome.grants.items()}


def test_w1_gives_one_project_to_each_of_the_larger_groups() -> None:
    outcome = count(euros(90_000, W1_ASKS, W1_BALLOTS), EQUAL_SHARES)
    assert granted(outcome) == {"A1": 30_000, "B1": 30_000}
    assert outcome.left_cents == 30_000_00


def test_w1_with_least_amounts_of_half_spends_all() -> None:
    outcome = count(euros(90_000, W1_ASKS, W1_BALLOTS, Fraction(1, 2)), LEAST)
    assert granted(outcome) == {"A1": 30_000, "A2": 20_000, "B1": 30_000, "C1": 10_000}
    assert outcome.left_cents == 0


def test_w1_with_bases_of_nearly_nothing_is_fractional_equal_shares() -> None:
    outcome = count(euros(90_000, W1_ASKS, W1_BALLOTS, Fraction(1, 1_000_000)), LEAST)
    fractional = {"A1": 30_000, "A2": 20_000, "A3": 0, "B1": 30_000, "C1": 10_000}
    assert granted(outcome) == pytest.approx(fractional, abs=0.1)


def test_w1_with_the_whole_ask_as_least_is_plain_equal_shares() -> None:
    assert granted(count(euros(90_000, W1_ASKS, W1_BALLOTS), LEAST)) == {"A1": 30_000, "B1": 30_000}


def test_w1b_gives_the_four_what_they_agree_on() -> None:
    election = euros(90_000, W1_ASKS, W1B_BALLOTS)
    assert granted(count(election, EQUAL_SHARES, "lex")) == {"A1": 30_000, "B1": 30_000}
    assert granted(count(election, ADD1, "lex")) == {"A1": 30_000, "A2": 30_000, "B1": 30_000}


def test_w1b_by_our_own_tie_order_gives_the_four_the_smaller_of_the_two() -> None:
    outcome = count(euros(90_000, W1_ASKS, W1B_BALLOTS), EQUAL_SHARES)
    assert granted(outcome) == {"A1": 30_000, "C1": 20_000}
    assert outcome.ties_used[-1] == {"by": "smaller amount", "ids": ["B1", "C1"]}


def test_w2_plain_raised_and_with_least_amounts_of_half() -> None:
    election = euros(100_000, W2_ASKS, W2_BALLOTS)
    assert sorted(count(election, EQUAL_SHARES).grants) == ["P1", "P5", "P6"]
    assert sorted(count(election, ADD1).grants) == ["P1", "P2", "P4", "P5", "P6"]
    halves = count(euros(100_000, W2_ASKS, W2_BALLOTS, Fraction(1, 2)), LEAST, "lex")
    assert granted(halves) == {"P1": 40_000, "P2": 18_333.33, "P4": 16_666.66, "P5": 10_000, "P6": 5_000}
    assert halves.left_cents == 10_000_01  # 10,000 in the purses, and a cent of rounding down


def test_w3_buys_nothing_where_neither_can_pay_alone() -> None:
    election = euros(100, {"X": 60, "Y": 60}, [["X"], ["Y"]])
    assert count(election, EQUAL_SHARES).grants == {}


@given(elections(), TIES, st.booleans())
def test_run_agrees_with_the_definition_member_by_member(election, ties, whole) -> None:
    outcome = count(election, EQUAL_SHARES if whole else LEAST, ties)
    grants, _ = shares_twin(election, ties, whole=whole)
    assert outcome.grants == grants


@given(elections(members=25, applications=12, cents=7919), TIES, st.booleans())
def test_run_agrees_with_the_definition_on_a_whole_committee(election, ties, whole) -> None:
    outcome = count(election, EQUAL_SHARES if whole else LEAST, ties)
    assert outcome.grants == shares_twin(election, ties, whole=whole)[0]


@given(elections(members=30, applications=6), TIES)
def test_run_is_the_same_with_lists_and_with_arrays(election, ties) -> None:
    race = Race.of(election, tie_order(election, ties), whole=False)
    listed = Run.start(race).go()
    arrays = crowd.ArrayCrowd(election.ballots, election.counts, len(election.applications))
    election.__dict__["crowd"] = arrays
    assert Run.start(race).go().steps == listed.steps


@given(elections(), TIES)
def test_trace_shows_that_nobody_pays_more_than_a_share_nor_for_what_they_do_not_support(
    election, ties
) -> None:
    outcome = count(election, LEAST, ties)
    share = exact_cents(outcome.trace[0]["cents"])
    assert share * max(1, election.voters) == election.budget_cents
    money = dict.fromkeys(election.ballots, share)
    paid: dict[str, Fraction] = {}
    for step in outcome.trace[1:]:
        if step["step"] == "short":
            continue
        place = election.ids.index(step["id"])
        for marks, voters in zip(election.ballots, election.counts, strict=True):
            assert exact_cents(step["each"]) > 0
            if place in marks:
                payment = min(money[marks], exact_cents(step["each"]))
                money[marks] -= payment
                paid[step["id"]] = paid.get(step["id"], Fraction(0)) + payment * voters
    assert {id_: int(cents) for id_, cents in paid.items()} == outcome.grants
    assert min(money.values(), default=Fraction(0)) >= 0


@given(elections(partial=False), st.integers(1, 6), st.data())
def test_a_group_that_agrees_gets_what_its_shares_can_pay(election, size, data) -> None:
    """Members who support exactly the same, with asks together within their shares, get all of it."""
    asks = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    others = [
        {election.ids[place] for place in marks}
        for marks, voters in zip(election.ballots, election.counts, strict=True)
        for _ in range(voters)
    ]
    n = size + len(others)
    budget = -(-sum(asks) * n // size)
    ours = {f"z{number}": ask for number, ask in enumerate(asks)}
    theirs = {application.id: application.ask_cents for application in election.applications}
    joined = vote(budget, {**theirs, **ours}, [*others, *[list(ours)] * size])
    grants = count(joined, EQUAL_SHARES).grants
    assert {id_: grants.get(id_) for id_ in ours} == ours


def test_a_share_spent_to_the_last_cent_leaves_nobody_solvent() -> None:
    outcome = count(vote(300, {"a": (200, 100), "b": (200, 100)}, [["a"], ["a"], ["b"]]), LEAST)
    assert outcome.grants == {"a": 200, "b": 100}
    assert outcome.left_cents == 0


def test_a_first_purchase_that_breaks_all_who_pay_leaves_the_others_their_share() -> None:
    outcome = count(vote(400, {"a": 200, "b": 90, "c": 500}, [["a", "b"], ["a"], ["c"], []]), EQUAL_SHARES)
    assert outcome.grants == {"a": 200}
    assert outcome.trace[-1] == {"step": "short", "id": "c", "held_cents": 100}


def test_a_top_up_that_breaks_the_poorest_with_its_last_cent_is_done() -> None:
    """After b and the base of a, its supporters have 100 and 200 left; the top-up takes 100 of each."""
    asks = {"a": (400, 200), "b": (300, 300)}
    outcome = count(vote(1200, asks, [["a", "b"], ["a"], ["b"], ["b"]]), LEAST)
    assert [(step["step"], step["id"], step["each"]) for step in outcome.trace[1:]] == [
        ("base", "b", "100"),
        ("base", "a", "100"),
        ("top-up", "a", "100"),
    ]


def test_trace_tells_price_payers_poor_and_what_others_were_short() -> None:
    outcome = count(vote(900, {"a": 500, "b": 400, "c": 250}, [["a", "b"], ["a"], ["b", "c"]]), EQUAL_SHARES)
    assert list(outcome.trace) == [
        {"step": "share", "cents": "300", "raises": 0, "voters": 3},
        {"step": "base", "id": "b", "each": "200", "payers": 2, "poor": 0, "tie": TIE_OF_TWO},
        {"step": "short", "id": "a", "held_cents": 400},
        {"step": "short", "id": "c", "held_cents": 100},
    ]


TIE_OF_TWO = {"by": "smaller amount", "ids": ["a", "b"]}


def test_trace_tells_of_a_poor_supporter() -> None:
    outcome = count(vote(900, {"a": 400, "b": 350}, [["a", "b"], ["a"], ["b"]]), EQUAL_SHARES)
    assert [step for step in outcome.trace if step["step"] == "base"] == [
        {"step": "base", "id": "b", "each": "175", "payers": 2, "poor": 0, "tie": TIE_OF_TWO},
        {"step": "base", "id": "a", "each": "275", "payers": 1, "poor": 1},
    ]


def test_nobody_votes_and_nothing_is_asked() -> None:
    for election in (vote(100, {}, []), vote(100, {"a": 5}, []), vote(0, {"a": 5}, [["a"]])):
        for rule in (EQUAL_SHARES, ADD1, Rule(LEAST, spend_on=True)):
            outcome = count(election, rule)
            assert (spent(outcome), outcome.left_cents) == (0, election.budget_cents)
