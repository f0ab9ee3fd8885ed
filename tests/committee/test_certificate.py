from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import ADD1, EQUAL_SHARES, GREEDY, LEAST, Outcome, Rule, count
from committee.certificate import exact_cents, problem
from committee.election import Election
from committee.pabulib import read_pb
from tests.committee.elections import PABULIB, elections, needs_pabulib, vote

SHARING = st.sampled_from([Rule(EQUAL_SHARES), Rule(ADD1), Rule(LEAST), Rule(LEAST, spend_on=True)])

# Of three members two support a; b is bought by one alone, c is out of reach.
VOTE = vote(900, {"a": (500, 300), "b": (200, 200), "c": (900, 800)}, [["a", "c"], ["a"], ["b", "c"]])


def stable() -> Outcome:
    outcome = count(VOTE, LEAST)
    assert outcome.grants == {"a": 500, "b": 200}
    assert problem(VOTE, outcome) is None
    return outcome


def said(election: Election, outcome: Outcome) -> str:
    found = problem(election, outcome)
    assert found is not None
    return found.text


@given(elections(members=12, applications=8), SHARING, st.sampled_from(["lot", "lex", "rev"]))
def test_every_equal_shares_outcome_is_stable(election, rule, ties) -> None:
    assert problem(election, count(election, rule, ties)) is None


@needs_pabulib
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Poland_Swiecie_2023", "Switzerland_Zurich_SN"])
@pytest.mark.parametrize("rule", [EQUAL_SHARES, ADD1])
def test_the_outcomes_of_real_elections_are_stable(name, rule) -> None:
    election = read_pb((PABULIB / f"{name}.pb").read_bytes())
    assert problem(election, count(election, rule, "lex")) is None


def test_problem_has_no_certificate_for_other_rules() -> None:
    assert "geen bewijs" in said(VOTE, count(VOTE, GREEDY))


def test_problem_finds_a_share_that_is_not_equal() -> None:
    outcome = stable()
    for wrong in ({"cents": "301"}, {"cents": "200"}, {"raises": 1}):
        trace = ({**outcome.trace[0], **wrong}, *outcome.trace[1:])
        assert "Ieders deel" in said(VOTE, replace(outcome, trace=trace))


def test_problem_finds_a_raise_where_the_rule_has_none() -> None:
    raised = vote(100_00, {"X": 60_00, "Y": 60_00}, [["X"], ["Y"]])
    outcome = count(raised, ADD1)
    assert outcome.trace[0]["raises"] > 0
    assert "Ieders deel" in said(raised, replace(outcome, rule=EQUAL_SHARES))


def test_problem_finds_a_payment_that_is_not_the_price() -> None:
    outcome = stable()
    for at, step in enumerate(outcome.trace):
        if "each" in step:
            dearer = {**step, "each": str(exact_cents(step["each"]) + 1)}
            trace = (*outcome.trace[:at], dearer, *outcome.trace[at + 1 :])
            assert "kloppen niet" in said(VOTE, replace(outcome, trace=trace))


def test_problem_finds_a_base_bought_twice_or_not_at_all() -> None:
    outcome = stable()
    bases = [step for step in outcome.trace if step["step"] == "base"]
    assert "kloppen niet" in said(VOTE, replace(outcome, trace=(*outcome.trace, bases[0])))
    without = tuple(step for step in outcome.trace if step is not bases[0])
    assert problem(VOTE, replace(outcome, trace=without)) is not None


def test_problem_finds_a_grant_that_was_not_paid() -> None:
    outcome = stable()
    for grants in ({"a": 499, "b": 200}, {"a": 500}, {"a": 500, "b": 200, "c": 1}):
        assert "betaald" in said(VOTE, replace(outcome, grants=grants))


def test_problem_finds_money_that_appeared_or_went() -> None:
    outcome = stable()
    assert "niet de pot" in said(VOTE, replace(outcome, left_cents=201))


def test_problem_finds_supporters_who_could_have_paid() -> None:
    """As if b had been overlooked: its supporter has 300 left, and exactly that is enough."""
    election = vote(900, {"a": (500, 300), "b": (300, 300)}, [["a"], ["a"], ["b"]])
    outcome = count(election, LEAST)
    trace = tuple(step for step in outcome.trace if step.get("id") != "b")
    overlooked = replace(outcome, grants={"a": 500}, left_cents=400, trace=trace)
    assert said(election, overlooked).startswith("Wie {id} steunt, heeft samen nog")


def test_problem_finds_a_partial_grant_whose_supporters_have_money() -> None:
    outcome = stable()
    trace = tuple(step for step in outcome.trace if step["step"] != "top-up")
    stopped = replace(outcome, grants={"a": 300, "b": 200}, left_cents=400, trace=trace)
    assert "minder toegekend dan gevraagd" in said(VOTE, stopped)


@pytest.mark.parametrize("text", ["-1", "1/0/1", "1e9", "0.5", " 1", "", "١"])
def test_exact_cents_reads_amounts_and_nothing_else(text) -> None:
    assert exact_cents("125000/3") * 3 == 125000
    with pytest.raises(ValueError, match="no amount"):
        exact_cents(text)
