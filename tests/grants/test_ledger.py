"""The pot's arithmetic: never overspent, always balanced, a reversal undoes exactly what was done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.errors import Refusal
from grants.ledger import POSTINGS, Account, Balance, Kind, entry, first_overdraft, post, recompute

KINDS = st.sampled_from(list(Kind))
CENTS = st.integers(1, 20_000_000)


@given(st.lists(st.tuples(KINDS, CENTS, st.booleans())))
def test_post_keeps_the_pot_whole_whatever_comes(events: list[tuple[Kind, int, bool]]) -> None:
    balance, lines = Balance(), []
    for kind, cents, reverse in events:
        line = entry(kind, cents, reverse=reverse)
        try:
            balance = post(balance, line)
        except Refusal:
            continue
        lines.append(line)
        assert balance.free >= 0
        assert 0 <= balance.paid <= balance.committed
        assert balance.free + balance.reserved + balance.committed + balance.carried == balance.ceiling
    assert recompute(lines) == balance
    assert first_overdraft(lines) is None


@given(KINDS, CENTS)
def test_reversal_gives_back_the_balance_before(kind: Kind, cents: int) -> None:
    before = Balance(ceiling=100_000_000, reserved=30_000_000, committed=40_000_000, paid=20_000_000)
    assert post(post(before, entry(kind, cents)), entry(kind, cents, reverse=True)) == before


@given(st.lists(st.tuples(KINDS, CENTS)))
def test_every_cent_that_leaves_one_account_arrives_in_another(events: list[tuple[Kind, int]]) -> None:
    accounts = dict.fromkeys(Account, 0)
    for kind, cents in events:
        line = entry(kind, cents)
        accounts[line.source] -= line.cents
        accounts[line.target] += line.cents
    assert sum(accounts.values()) == 0


def test_postings_know_every_kind_once() -> None:
    assert set(POSTINGS) == set(Kind)
    assert all(source is not target for source, target in POSTINGS.values())


def test_post_when_the_last_euro_is_gone() -> None:
    balance = post(Balance(), entry(Kind.CEILING, 100))
    balance = post(balance, entry(Kind.RESERVE, 100))
    with pytest.raises(Refusal, match="niet genoeg geld"):
        post(balance, entry(Kind.RESERVE, 1))


def test_pay_more_than_is_owed() -> None:
    balance = Balance(ceiling=1000, committed=500, paid=400)
    with pytest.raises(Refusal, match="hoger dan wat er open staat"):
        post(balance, entry(Kind.PAY, 101))


def test_first_overdraft_names_the_line() -> None:
    lines = [entry(Kind.CEILING, 100), entry(Kind.RESERVE, 101), entry(Kind.CEILING, 100)]
    assert first_overdraft(lines) == 2


@pytest.mark.parametrize("cents", [0, -1])
def test_entry_refuses_what_is_not_positive(cents: int) -> None:
    with pytest.raises(ValueError, match=str(cents)):
        entry(Kind.PAY, cents)
