import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import ADD1, GREEDY, LEAST, RANKED, RULES, Rule, count
from committee.election import Election
from committee.framework import Gate
from committee.pabulib import read_pb
from committee.record import canonical, certify, digest, make, recount
from committee.scoring import judge
from grants.errors import FileError, Refusal
from tests.committee.elections import PABULIB, elections, needs_pabulib, vote

Path = tuple[str | int, ...]
ANY_RULE = st.sampled_from([Rule(name, on) for name in RULES for on in {False, name == LEAST}])


def committee_vote() -> Election:
    """A vote with all there is: a gate, least amounts, a blank ballot, scores, a tie."""
    passed = judge(Gate(Fraction(2, 3), Fraction(2), 2), [Fraction(7, 2)] * 3, 4)
    failed = judge(Gate(Fraction(2, 3), Fraction(4), 2), [Fraction(7, 2)] * 3, 4)
    asks = {"a": (500, 300), "b": (200, 200), "c": (200, 200), "d": (900, 800), "e": 50}
    ballots = [["a", "d", "e"], ["a"], ["b", "d"], ["c"], []]
    scores = {"a": [4, 3], "b": [3], "c": [3], "d": [2, 1]}
    made = vote(1500, asks, ballots, scores=scores).with_lot("314")
    gated = tuple(replace(a, gate=failed if a.id == "e" else passed) for a in made.applications)
    return replace(made, applications=gated, abstentions=1)


def record_of(rule: Rule, election: Election | None = None) -> dict[str, Any]:
    election = election or committee_vote()
    about, frozen = {"title": "Ronde 2027"}, {"ceiling_cents": 1500, "gate": {"quorum": "2/3"}}
    made = make(election, rule, count(election, rule), seed="314", frozen=frozen, about=about)
    again: dict[str, Any] = json.loads(canonical(made))
    return again


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every single value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    else:
        yield path


def tampered(record: dict[str, Any], path: Path, *, sealed: bool) -> dict[str, Any]:
    """The record with one value changed; `sealed` by somebody who knows how to make the hash fit."""
    changed = copy.deepcopy(record)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    value = inner[path[-1]]
    if isinstance(value, bool):
        inner[path[-1]] = not value
    elif isinstance(value, int):
        inner[path[-1]] = value + 1
    elif isinstance(value, str) and value[-1:].isdigit():
        inner[path[-1]] = value[:-1] + str((int(value[-1]) + 1) % 10)
    else:
        inner[path[-1]] = ["x"] if isinstance(value, list) else "x"
    if sealed:
        body = {key: inner for key, inner in changed.items() if key != "sha256"}
        changed["sha256"] = digest(body)
    return changed


def found(record: dict[str, Any]) -> bool:
    try:
        return recount(record) is not None
    except Refusal:
        return True


@pytest.mark.parametrize(
    "rule", [Rule(LEAST), Rule(LEAST, spend_on=True), Rule(ADD1), Rule(RANKED), Rule(GREEDY)]
)
def test_recount_agrees_with_an_untouched_record(rule) -> None:
    assert recount(record_of(rule)) is None


@pytest.mark.parametrize("rule", [Rule(LEAST), Rule(ADD1), Rule(RANKED)])
def test_recount_finds_any_single_value_that_was_changed(rule) -> None:
    record = record_of(rule)
    missed = [path for path in leaves(record) if not found(tampered(record, path, sealed=False))]
    assert missed == []


@pytest.mark.parametrize("rule", [Rule(LEAST), Rule(ADD1), Rule(RANKED)])
def test_recount_finds_a_changed_result_even_under_a_new_seal(rule) -> None:
    record = record_of(rule)
    paths = [path for path in leaves(record) if path[0] == "result"]
    assert len(paths) > 20
    assert [path for path in paths if not found(tampered(record, path, sealed=True))] == []


def test_recount_names_the_first_difference() -> None:
    record = record_of(Rule(LEAST))
    record["result"]["grants"][0]["cents"] -= 1
    said = recount(record)
    assert said is not None
    assert said.values == {"where": "result.grants[0].cents", "found": "499", "counted": "500"}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("lot", "seed"), "315", "lot.order[0]"),
        (("ballots", 1, "marks", 0), "b", "ballots"),
        (("about", "title"), "Ronde 2028", "sha256"),
        (("result", "left_cents"), 700.0, "result.left_cents"),
    ],
)
def test_recount_names_where_it_went_wrong(path, value, where) -> None:
    record = record_of(Rule(LEAST))
    inner: Any = record
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    said = recount(record)
    assert said is not None
    assert str(said.values["where"]).startswith(where)


@given(elections(), ANY_RULE)
def test_every_count_can_be_recounted_and_every_sharing_certified(election, rule) -> None:
    record = json.loads(canonical(make(election, rule, count(election, rule))))
    assert recount(record) is None
    said = certify(record)
    assert (said is None) == rule.name.startswith("equal-shares")


@given(elections())
def test_a_record_is_the_same_bytes_whatever_order_things_came_in(election) -> None:
    rule = Rule(LEAST)
    once = canonical(make(election, rule, count(election, rule)))
    turned = replace(election, ballots=election.ballots, meta={"comment": "not in the record"})
    assert canonical(make(turned, rule, count(turned, rule))) == once


def test_canonical_bytes_are_sorted_compact_utf_8() -> None:
    assert canonical({"b": [1, None], "a": "één"}) == '{"a":"één","b":[1,null]}'.encode()
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


def test_a_record_holds_no_member_and_no_moment() -> None:
    record = record_of(Rule(LEAST))
    assert record["ballots"][0] == {"marks": [], "voters": 1}
    assert all(set(ballot) == {"marks", "voters"} for ballot in record["ballots"])
    assert record["sha256"] == digest({key: value for key, value in record.items() if key != "sha256"})


def test_certify_finds_an_unstable_outcome() -> None:
    record = record_of(Rule(LEAST))
    assert certify(record) is None
    record["result"]["grants"][0]["cents"] -= 1
    said = certify(record)
    assert said is not None
    assert "toegekend" in said.text


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"format": "x"},
        {"version": 2},
        {"rule": None},
        {"ballots": [{"marks": ["x"], "voters": 1}]},
        {"ballots": [{"marks": ["a", "a"], "voters": 1}]},
        {"ballots": [{"marks": ["a"], "voters": 10**9}]},
        {"applications": [{}]},
        {"budget_cents": -1},
        {"budget_cents": True},
        {"result": {"rule": LEAST}},
        {"scores": {"a": [["1e99999999", 1]]}},
        {"lot": {"seed": "1", "order": ["a"]}},
    ],
)
def test_what_is_no_record_is_refused_in_a_sentence(broken) -> None:
    record = {**record_of(Rule(LEAST)), **broken} if broken else {}
    for check in (recount, certify):
        with pytest.raises(FileError, match="geen openbaar telverslag"):
            check(record)


@given(st.data())
def test_a_damaged_record_is_answered_and_nothing_else(data) -> None:
    record = record_of(Rule(LEAST))
    path = data.draw(st.sampled_from(list(leaves(record))))
    inner: Any = record
    for key in path[:-1]:
        inner = inner[key]
    junk = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({})
    inner[path[-1]] = data.draw(junk)
    found(record)


@needs_pabulib
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Switzerland_Zurich_S5D10", "Poland_Lodz_2020"])
def test_a_real_election_is_recounted_and_certified_from_its_record(name) -> None:
    election = read_pb((PABULIB / f"{name}.pb").read_bytes()).with_lot("2024")
    rule = Rule(ADD1 if "Assen" in name else "equal-shares")
    record = json.loads(canonical(make(election, rule, count(election, rule), seed="2024")))
    assert recount(record) is None
    assert certify(record) is None
