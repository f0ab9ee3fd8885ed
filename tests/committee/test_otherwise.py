from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import ADD1, EQUAL_SHARES, GREEDY, LEAST, PHRAGMEN, RANKED, Rule, count
from committee.ballot import Ballot
from committee.election import election
from committee.otherwise import MOST_MORE, more_supporters, others
from committee.payments import payers
from tests.committee.elections import elections, members_of, vote


def test_every_other_rule_counts_the_same_ballots() -> None:
    made = vote(100, {"X": 60, "Y": 60}, [["X"], ["Y"]], scores={"X": [3], "Y": [4]})
    found = {outcome.rule: outcome.grants for outcome in others(made, Rule(LEAST))}
    assert found == {EQUAL_SHARES: {}, ADD1: {}, RANKED: {"Y": 60}, GREEDY: {"X": 60}, PHRAGMEN: {"X": 60}}
    assert RANKED not in {outcome.rule for outcome in others(replace(made, scores=None), Rule(GREEDY))}


def test_the_number_of_supporters_that_was_lacking() -> None:
    """Ten members with 10 each; b needs 35: its two supporters have 20, two more would have had 40."""
    ballots = [["a"]] * 3 + [["b"]] * 2 + [[]] * 5
    made = vote(100, {"a": 30, "b": 35, "c": 99, "d": 10}, ballots)
    assert more_supporters(made, Rule(EQUAL_SHARES), count(made, EQUAL_SHARES)) == {"b": 2}
    assert more_supporters(made, Rule(GREEDY), count(made, GREEDY)) == {}


@given(elections(), st.sampled_from([EQUAL_SHARES, LEAST]))
def test_so_many_more_would_have_done_and_one_fewer_would_not(made, name) -> None:
    """Member by member: whoever had most left marks it too, until the count gives it money."""
    outcome = count(made, name)
    found = more_supporters(made, Rule(name), outcome)
    short = {step["id"] for step in outcome.trace if step["step"] == "short"}
    assert set(found) <= short
    money = {payer.marks: payer.left for payer in payers(made, outcome)}
    for id_ in short:
        cast = [frozenset(made.ids[place] for place in marks) for marks in members_of(made)]
        against = [marks for marks in cast if id_ not in marks]
        against.sort(key=lambda marks: (-money[tuple(sorted(marks))], sorted(marks)))
        turned = 0
        while turned < len(against) and turned < MOST_MORE:
            turned += 1
            now = [marks for marks in cast if id_ in marks] + against[turned:]
            now += [marks | {id_} for marks in against[:turned]]
            again = election(made.budget_cents, made.applications, map(Ballot, now), lot=made.lot)
            if count(again, name).grants.get(id_):
                assert found[id_] == turned
                break
        else:
            assert id_ not in found
