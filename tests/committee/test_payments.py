from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import ADD1, EQUAL_SHARES, GREEDY, LEAST, count
from committee.payments import Payer, payers
from tests.committee.elections import elections, vote

SHARES = st.sampled_from([EQUAL_SHARES, ADD1, LEAST])


@given(elections(), SHARES)
def test_the_table_sums_by_hand(made, rule) -> None:
    """Every column is a grant before rounding down, every row a share, and nobody pays for what is not theirs."""
    outcome = count(made, rule)
    table = payers(made, outcome)
    share = Fraction(outcome.trace[0]["cents"])
    assert sum(payer.voters for payer in table) == made.voters
    for payer in table:
        assert set(payer.paid) <= set(payer.marks)
        assert sum(payer.paid.values()) + payer.left == share
        assert payer.left >= 0
    for id_ in made.ids:
        together = sum(payer.paid.get(id_, Fraction(0)) * payer.voters for payer in table)
        assert int(together) == outcome.grants.get(id_, 0)


def test_a_blank_ballot_keeps_its_share() -> None:
    made = vote(90, {"a": 60}, [["a"], ["a"], []])
    assert payers(made, count(made, EQUAL_SHARES)) == [
        Payer((), 1, {}, Fraction(30)),
        Payer(("a",), 2, {"a": Fraction(30)}, Fraction(0)),
    ]


def test_a_rule_without_shares_has_no_such_table() -> None:
    made = vote(90, {"a": 60}, [["a"]])
    with pytest.raises(ValueError, match="no shares"):
        payers(made, count(made, GREEDY))
    with pytest.raises(ValueError, match="no shares"):
        payers(vote(90, {"a": 60}, []), count(vote(90, {"a": 60}, []), GREEDY))
