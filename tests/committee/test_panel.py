import itertools
from collections import Counter
from fractions import Fraction
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from committee.panel import (
    NoPanel,
    Panels,
    Plan,
    Quota,
    pick,
    replacement,
    reserves,
    shortest,
    which_to_relax,
)
from grants.errors import Refusal

ROLES, DISTRICTS = ("client", "carer", "council"), ("north", "east", "south")


@st.composite
def draws(draw):
    """A small pool, and a plan that may or may not be met by it."""
    size = draw(st.integers(1, 8))
    pool = {
        f"p{n}": {"role": draw(st.sampled_from(ROLES)), "district": draw(st.sampled_from(DISTRICTS))}
        for n in range(size)
    }
    seats = draw(st.integers(1, size))
    named = draw(
        st.lists(
            st.sampled_from([*(("role", v) for v in ROLES), *(("district", v) for v in DISTRICTS)]),
            unique=True,
        )
    )
    quotas = []
    for feature, value in named:
        least = draw(st.integers(0, seats))
        quotas.append(Quota(feature, value, least, draw(st.integers(least, seats))))
    return Plan(seats, tuple(quotas)), pool


def all_panels(plan, pool):
    """The slow twin: every subset of the right size, tried."""
    return [
        list(ids)
        for ids in itertools.combinations(sorted(pool), plan.seats)
        if plan.met_by([pool[id_] for id_ in ids])
    ]


@given(draws())
def test_every_panel_that_meets_the_plan_has_one_number(case) -> None:
    plan, pool = case
    expected = all_panels(plan, pool)
    assume(expected)
    panels = Panels(plan, pool)
    assert panels.count == len(expected)
    assert sorted(panels.panel(n) for n in range(panels.count)) == expected
    with pytest.raises(IndexError):
        panels.panel(panels.count)


@given(draws())
def test_chances_are_those_of_counting_all_panels(case) -> None:
    plan, pool = case
    expected = all_panels(plan, pool)
    assume(expected)
    seen = Counter(id_ for panel in expected for id_ in panel)
    chances = Panels(plan, pool).chances
    assert chances == {id_: Fraction(seen[id_], len(expected)) for id_ in pool}
    assert sum(chances.values()) == plan.seats


@given(draws(), st.randoms())
def test_the_order_of_the_pool_never_matters(case, chance) -> None:
    plan, pool = case
    shuffled = list(pool.items())
    chance.shuffle(shuffled)
    try:
        panels = Panels(plan, pool)
    except NoPanel:
        with pytest.raises(NoPanel):
            Panels(plan, dict(shuffled))
        return
    assert Panels(plan, dict(shuffled)).panel(panels.count - 1) == panels.panel(panels.count - 1)


@given(draws())
def test_where_no_panel_fits_a_wider_quota_that_is_named_helps(case) -> None:
    plan, pool = case
    if all_panels(plan, pool):
        assert Panels(plan, pool).count
        return
    for wider in which_to_relax(plan, pool):
        quotas = [wider if (q.feature, q.value) == (wider.feature, wider.value) else q for q in plan.quotas]
        assert all_panels(Plan(plan.seats, tuple(quotas)), pool)


def test_a_thousand_people_in_three_roles_and_six_districts_are_counted() -> None:
    """The size that `allocation.md` names: 12 seats, roles exact, districts plus or minus one."""
    pool = {f"{n:04}": {"role": ROLES[n % 3], "district": f"d{n * 7 % 6}"} for n in range(1000)}
    quotas = [Quota("role", role, 4, 4) for role in ROLES]
    quotas += [Quota("district", f"d{n}", 1, 3) for n in range(6)]
    panels = Panels(Plan(12, tuple(quotas)), pool)
    assert panels.count < comb(1000, 12)
    drawn = panels.panel(pick(panels.count, "4711./"))
    assert Plan(12, tuple(quotas)).met_by([pool[id_] for id_ in drawn])
    assert sum(panels.chances.values()) == 12


def test_without_quotas_everybody_has_the_same_chance() -> None:
    panels = Panels(Plan(2, ()), {id_: {} for id_ in "abcd"})
    assert [panels.panel(n) for n in range(6)] == [list(p) for p in itertools.combinations("abcd", 2)]
    assert set(panels.chances.values()) == {Fraction(1, 2)}


def test_too_few_people_of_a_kind_are_named() -> None:
    plan = Plan(2, (Quota("role", "carer", 2, 2),))
    pool = {"a": {"role": "carer"}, "b": {"role": "client"}}
    with pytest.raises(NoPanel):
        Panels(plan, pool)
    assert shortest(plan, pool) == [(plan.quotas[0], 1)]
    assert which_to_relax(plan, pool) == [Quota("role", "carer", 1, 2)]


def test_a_plan_that_crosses_too_much_is_refused_in_time() -> None:
    features = [f"f{n}" for n in range(9)]
    pool = {f"{n:03}": {f: str(n // (i + 1) % 5) for i, f in enumerate(features)} for n in range(200)}
    quotas = tuple(Quota(f, str(v), 0, 19) for f in features for v in range(5))
    with pytest.raises(Refusal, match="te veel kenmerken"):
        Panels(Plan(20, quotas), pool)


@given(st.integers(1, 2**600), st.text(max_size=6))
def test_a_number_is_picked_within_bounds_and_always_the_same(count, seed) -> None:
    number = pick(count, seed, "committee")
    assert 0 <= number < count
    assert pick(count, seed, "committee") == number


def test_every_number_is_picked_about_equally_often() -> None:
    found = Counter(pick(5, str(seed)) for seed in range(5000))
    assert all(900 < found[number] < 1100 for number in range(5))


def test_the_pick_stays_what_was_published() -> None:
    assert pick(20_073_931_402_177_670, "9319./2.5.8.10.12./", "committee") == 18_079_488_808_764_519


def test_who_leaves_is_replaced_by_the_first_with_whom_the_plan_is_met() -> None:
    pool = {
        "a": {"role": "client"}, "b": {"role": "carer"}, "c": {"role": "carer"}, "d": {"role": "client"},
    }  # fmt: skip
    plan = Plan(2, (Quota("role", "client", 1, 1), Quota("role", "carer", 1, 1)))
    waiting = reserves(["a", "b"], list(pool), "1")
    assert sorted(waiting) == ["c", "d"]
    assert replacement(plan, pool, ["a", "b"], "a", waiting) == "d"
    assert replacement(plan, pool, ["a", "b"], "b", waiting) == "c"
    assert replacement(plan, pool, ["a", "b"], "b", ["d"]) is None
