from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.framework import (
    RULES,
    AllocationRule,
    BallotForm,
    Criterion,
    Gate,
    Ties,
    check_body,
    read_framework,
)
from grants.errors import FileError
from grants.fund import read_fund
from grants.round import freeze

EXAMPLE = (Path(__file__).parents[2] / "docs/examples/participatiefonds.toml").read_text(encoding="utf-8")


def table(change: Callable[[dict[str, Any]], object] = lambda _: None) -> dict[str, Any]:
    """The [committee] table of the example, with one change."""
    committee: dict[str, Any] = copy.deepcopy(tomllib.loads(EXAMPLE)["committee"])
    change(committee)
    return committee


def problem(body: dict[str, Any]) -> tuple[str, str]:
    found = check_body(body)
    assert len(found) == 1
    return found[0].field, found[0].said.text.removeprefix("Regel {line}: ")


def test_read_framework_when_the_example_is_complete() -> None:
    framework = read_framework(table())
    assert framework.criteria[0] == Criterion(
        key="own_choice",
        label="Mensen beslissen zelf",
        why="Een plan werkt beter als de mensen om wie het gaat zelf kiezen.",
        weight=3,
        scale=("nog niet", "een beetje", "genoeg", "goed", "heel sterk"),
    )
    assert [criterion.weight for criterion in framework.criteria] == [3, 2, 3, 2]
    assert framework.top_score == 5
    assert framework.gate == Gate(Fraction(2, 3), Fraction(3), 3)
    assert framework.ballot == BallotForm("approval", table()["ballot"]["advice"], 1)
    assert framework.allocation == AllocationRule("equal-shares-least", spend_on=False)
    assert framework.ties == Ties(
        ("smaller amount", "more supporters", "lot"), table()["ties"]["seed_source"]
    )


def test_read_framework_when_frozen_with_the_round_is_the_same() -> None:
    rules = freeze(read_fund(EXAMPLE, check_body), 2026)
    assert read_framework(rules["committee"]) == read_framework(table())


@pytest.mark.parametrize("rule", RULES)
def test_check_body_when_any_known_rule_is_chosen(rule: str) -> None:
    assert check_body(table(lambda body: body["allocation"].update(rule=rule))) == []


def test_check_body_when_every_part_is_missing_in_turn() -> None:
    for part in ("criteria", "gate", "ballot", "allocation", "ties"):
        assert problem(table(lambda body, part=part: body.pop(part))) == (part, "“{where}” ontbreekt.")


UNKNOWN = "“{where}” kennen wij niet. Kijk of de naam klopt."
CHOOSE = "“{where}” kan dit niet zijn. Kies uit: {allowed}."
NUMBER = "bij “{where}” hoort een heel getal van {least} tot en met {most}."
FRACTION = 'bij “{where}” hoort een getal of breuk ("2/3"), boven 0 en hoogstens {most}.'
ORDER = "“{where}” eindigt met “lot”. Ervoor kan staan: {allowed}."


@pytest.mark.parametrize(
    ("part", "key", "value", "said"),
    [
        ("gate", "quorum", "3/2", FRACTION),
        ("gate", "quorum", "0/3", FRACTION),
        ("gate", "quorum", 0.66, FRACTION),
        ("gate", "threshold", 6, FRACTION),
        ("gate", "threshold", "drie", FRACTION),
        ("gate", "objections", -1, NUMBER),
        ("gate", "veto", True, UNKNOWN),
        ("ballot", "method", "score", CHOOSE),
        ("ballot", "min_marks", -1, NUMBER),
        ("ballot", "secret", True, UNKNOWN),
        ("allocation", "rule", "knapsack", CHOOSE),
        ("allocation", "spend_on", "nee", "bij “{where}” hoort true of false."),
        ("allocation", "stop", True, UNKNOWN),
        ("ties", "order", ["smaller amount"], ORDER),
        ("ties", "order", ["lot", "more supporters"], ORDER),
        ("ties", "order", ["oldest", "lot"], ORDER),
        ("ties", "order", ["lot", "lot"], "in “{where}” staat twee keer hetzelfde."),
        ("ties", "order", [], "bij “{where}” hoort een lijst van {fewest} tot {most} teksten."),
        ("ties", "seed", "x", UNKNOWN),
    ],
)
def test_check_body_when_one_value_is_wrong_names_its_path(
    part: str, key: str, value: object, said: str
) -> None:
    assert problem(table(lambda body: body[part].update({key: value}))) == (f"{part}.{key}", said)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("weight", 0, NUMBER),
        ("weight", 1.5, NUMBER),
        ("scale", ["goed"], "bij “{where}” hoort een lijst van {fewest} tot {most} teksten."),
        (
            "scale",
            ["slecht", "goed"],
            "elk criterium heeft evenveel woorden op zijn schaal. Hier horen er {size}.",
        ),
        ("key", "own_choice", "de naam “{key}” is al gebruikt."),
        ("why", "", "“{where}” is leeg. Vul een tekst in."),
        ("extra", 1, UNKNOWN),
    ],
)
def test_check_body_when_a_criterion_is_wrong_names_its_path(key: str, value: object, said: str) -> None:
    assert problem(table(lambda body: body["criteria"][1].update({key: value}))) == (
        f"criteria.2.{key}",
        said,
    )


def test_check_body_when_a_criterion_has_no_why() -> None:
    field, said = problem(table(lambda body: body["criteria"][2].pop("why")))
    assert (field, said.split(".")[0]) == ("criteria.3", "bij “{where}” staat niet waarom dit gevraagd wordt")


def test_check_body_when_spending_on_is_asked_of_another_rule() -> None:
    body = table(lambda body: body["allocation"].update(rule="ranked", spend_on=True))
    assert problem(body)[0] == "allocation.spend_on"


def test_read_fund_when_the_committee_table_is_wrong_names_the_line() -> None:
    source = EXAMPLE.replace('rule = "equal-shares-least"', 'rule = "knapsack"')
    with pytest.raises(FileError) as caught:
        read_fund(source, check_body)
    values = caught.value.said.values
    assert values["where"] == "committee.allocation.rule"
    assert source.split("\n")[values["line"] - 1] == 'rule = "knapsack"'


@pytest.mark.parametrize(
    ("quorum", "not_aside", "needed"),
    [("2/3", 12, 8), ("2/3", 11, 8), ("2/3", 10, 7), ("1", 9, 9), ("1/2", 1, 1)],
)
def test_judges_needed_when_rounded_up(quorum: str, not_aside: int, needed: int) -> None:
    assert Gate(Fraction(quorum), Fraction(3), 0).judges_needed(not_aside) == needed


ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3))
)


@given(st.sampled_from(["gate", "ballot", "allocation", "ties", "criteria"]), st.data())
def test_check_body_when_any_value_stands_in_any_place_gives_problems(part: str, data: st.DataObject) -> None:
    body = table()
    place: dict[str, Any] = body[part] if isinstance(body[part], dict) else body[part][0]
    place[data.draw(st.sampled_from([*place, "x"]))] = data.draw(ANY)
    assert len(check_body(body)) <= 1
