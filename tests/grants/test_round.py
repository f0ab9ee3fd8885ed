from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import round as rounds
from grants.errors import Invalid, NotFound
from grants.fund import Fund, Windows, read_fund
from grants.round import Facts, Phase

EXAMPLE = (Path(__file__).parents[2] / "docs/examples/participatiefonds.toml").read_text(encoding="utf-8")
FUND = read_fund(EXAMPLE, lambda _: [])
WINDOWS = Windows(
    opens_at=datetime(2026, 9, 1, 7, tzinfo=UTC),
    closes_at=datetime(2026, 10, 16, 15, tzinfo=UTC),
    ballot_opens_at=datetime(2026, 11, 16, 8, tzinfo=UTC),
    ballot_closes_at=datetime(2026, 12, 4, 16, tzinfo=UTC),
    decide_by=date(2026, 12, 18),
)
BEFORE = datetime(2026, 8, 1, tzinfo=UTC)
OPENED = Facts(opened_at=BEFORE)
TICK = timedelta(microseconds=1)


def lacks(rules: dict[str, Any], now: datetime = BEFORE) -> list[str]:
    """The fields for which this round may not open."""
    with pytest.raises(Invalid) as caught:
        rounds.check_can_open(rules, now)
    return [problem.field for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (WINDOWS.opens_at - TICK, Phase.UPCOMING),
        (WINDOWS.opens_at, Phase.OPEN),
        (WINDOWS.closes_at - TICK, Phase.OPEN),
        (WINDOWS.closes_at, Phase.REVIEW),
        (WINDOWS.ballot_opens_at - TICK, Phase.REVIEW),
        (WINDOWS.ballot_opens_at, Phase.VOTING),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), Phase.VOTING),
        (WINDOWS.ballot_closes_at - TICK, Phase.VOTING),
        (WINDOWS.ballot_closes_at, Phase.COUNTING),
        (datetime(2030, 1, 1, tzinfo=UTC), Phase.COUNTING),
    ],
)
def test_phase_when_opened_follows_the_clock_to_the_moment(now: datetime, phase: Phase) -> None:
    assert rounds.phase(WINDOWS, OPENED, now) is phase


def test_regime_for_when_the_amount_is_at_the_border() -> None:
    rules = rounds.freeze(FUND, 2026)
    assert [rounds.regime_for(rules, cents).mode for cents in (1, 499_999, 500_000, 10_000_000)] == [
        *("direct", "direct", "report", "report")
    ]
    with pytest.raises(ValueError, match="covers 500000"):
        rounds.regime_for({"regimes": rules["regimes"][:1]}, 500_000)


@pytest.mark.parametrize("now", [WINDOWS.opens_at, WINDOWS.ballot_closes_at])
def test_phase_when_nobody_opened_it_stays_upcoming(now: datetime) -> None:
    assert rounds.phase(WINDOWS, Facts(), now) is Phase.UPCOMING


def test_phase_when_things_were_done_follows_the_last_of_them() -> None:
    facts, seen = OPENED, []
    for name in ("counted_at", "decided_at", "announced_at", "published_at", "closed_at"):
        facts = replace(facts, **{name: WINDOWS.ballot_closes_at})
        seen.append(rounds.phase(WINDOWS, facts, WINDOWS.ballot_closes_at))
    assert seen == [Phase.COUNTED, Phase.DECIDED, Phase.ANNOUNCED, Phase.PUBLISHED, Phase.CLOSED]


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), min_size=2))  # noqa: DTZ001
def test_phase_when_time_goes_on_never_goes_back(moments: list[datetime]) -> None:
    order = list(Phase)
    phases = [rounds.phase(WINDOWS, OPENED, at.replace(tzinfo=UTC)) for at in sorted(moments)]
    assert phases == sorted(phases, key=order.index)


def test_freeze_when_kept_as_json_comes_back_the_same() -> None:
    rules = rounds.freeze(FUND, 2026)
    again = json.loads(json.dumps(rules))
    assert again == rules
    assert rounds.rules_hash(again) == rounds.rules_hash(rules)
    assert rounds.windows(again) == WINDOWS
    assert rounds.questions(again) == FUND.questions
    assert rounds.checks(again) == FUND.checks
    assert rounds.regimes(again) == FUND.regimes


def test_freeze_when_2026_holds_all_that_must_be_fixed_at_opening() -> None:
    rules = rounds.freeze(FUND, 2026)
    assert list(rules) == [
        *("format", "fund", "round", "legal_basis", "ceiling", "windows"),
        *("objection", "questions", "checks", "regimes", "committee"),
    ]
    assert rules["format"] == "meebeslis-rules/1"
    assert rules["round"] == {"year": 2026, "title": "Ronde 2026", "completion_weeks": 2}
    assert rules["ceiling"] == {
        "cents": 100_000_00,
        "published_on": "2026-06-11",
        "published_in": "Gemeenteblad van Vlietstad 2026, nummer 102",
    }
    assert rules["windows"] == {
        "opens_at": "2026-09-01T07:00:00+00:00",
        "closes_at": "2026-10-16T15:00:00+00:00",
        "ballot_opens_at": "2026-11-16T08:00:00+00:00",
        "ballot_closes_at": "2026-12-04T16:00:00+00:00",
        "decide_by": "2026-12-18",
    }
    assert rules["committee"] == FUND.committee


def test_freeze_when_there_is_no_round_that_year() -> None:
    with pytest.raises(NotFound):
        rounds.freeze(FUND, 2024)


def test_freeze_when_the_committee_table_holds_a_float_is_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="cannot be frozen"):
        rounds.freeze(replace(FUND, committee={"weight": 0.1}), 2026)


def test_rules_hash_when_names_stand_in_another_order_is_the_same() -> None:
    assert rounds.canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()
    assert rounds.rules_hash({"b": 1, "a": 2}) == rounds.rules_hash({"a": 2, "b": 1})
    assert rounds.rules_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def changes() -> list[Fund]:
    """The fund, each time with one rule changed."""
    plan = FUND.round(2026)
    other = (
        replace(plan, ceiling_cents=1),
        replace(plan, ceiling_published_in="x"),
        replace(plan, windows=replace(plan.windows, closes_at=plan.windows.closes_at + TICK)),
    )
    return [
        *(replace(FUND, rounds=(changed,)) for changed in other),
        replace(FUND, legal_basis="x"),
        replace(FUND, questions=(replace(FUND.questions[0], why="x"), *FUND.questions[1:])),
        replace(FUND, questions=FUND.questions[::-1]),
        replace(FUND, checks=FUND.checks[:-1]),
        replace(FUND, regimes=(replace(FUND.regimes[0], instalments=2), FUND.regimes[1])),
        replace(FUND, objection=replace(FUND.objection, to="x")),
        replace(FUND, committee={**FUND.committee, "allocation": {"rule": "greedy"}}),
    ]


def test_rules_hash_when_any_rule_changes_is_another() -> None:
    hashes = [rounds.rules_hash(rounds.freeze(fund, 2026)) for fund in (FUND, *changes())]
    assert len(set(hashes)) == len(hashes) == 11


def test_check_can_open_when_all_is_known_beforehand() -> None:
    for year in (2025, 2026, 2027):
        rules = rounds.freeze(FUND, year)
        rounds.check_can_open(rules, rounds.windows(rules).opens_at - timedelta(days=5))
        rounds.check_can_open(rules, rounds.windows(rules).closes_at - TICK)


def test_check_can_open_when_nothing_is_known_names_every_lack() -> None:
    plan = replace(FUND.round(2026), ceiling_cents=0, ceiling_published_on=None, ceiling_published_in="")
    bare = replace(FUND, rounds=(plan,), legal_basis=" ", committee={})
    assert lacks(rounds.freeze(bare, 2026), WINDOWS.closes_at) == [
        *("legal_basis", "ceiling", "committee", "ceiling_published_on", "closes")
    ]


@pytest.mark.parametrize(
    ("published_on", "published_in"),
    [(None, "Gemeenteblad"), (date(2026, 6, 11), ""), (date(2026, 9, 1), "x"), (date(2026, 8, 2), "x")],
)
def test_check_can_open_when_the_ceiling_was_not_made_known_in_time(
    published_on: date | None, published_in: str
) -> None:
    plan = replace(FUND.round(2026), ceiling_published_on=published_on, ceiling_published_in=published_in)
    assert lacks(rounds.freeze(replace(FUND, rounds=(plan,)), 2026)) == ["ceiling_published_on"]


def test_check_can_open_when_the_ceiling_was_made_known_on_the_first_day_or_the_day_before() -> None:
    plan = FUND.round(2026)
    late = replace(FUND, rounds=(replace(plan, ceiling_published_on=date(2026, 9, 1)),))
    in_time = replace(FUND, rounds=(replace(plan, ceiling_published_on=date(2026, 8, 31)),))
    assert lacks(rounds.freeze(late, 2026), WINDOWS.opens_at) == ["ceiling_published_on"]
    rounds.check_can_open(rounds.freeze(in_time, 2026), datetime(2026, 8, 30, 22, tzinfo=UTC))


def test_check_can_open_when_the_last_moment_to_apply_is_over() -> None:
    assert lacks(rounds.freeze(FUND, 2026), WINDOWS.closes_at) == ["closes"]
