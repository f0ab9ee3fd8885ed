"""A question that is asked only after a certain answer: what holds, what follows, and what a file may not say."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.framework import check_body
from grants import form
from grants.condition import Condition
from grants.errors import FileError
from grants.form import Question
from grants.fund import read_fund
from tests.factories import FUND_FILE


def question(key: str, kind: str = "short", only_if: Condition | None = None, **more: Any) -> Question:
    return Question(key, kind, f"Vraag {key}?", "Daarom.", only_if=only_if, max_chars=200, **more)


SALE = ("Nee", "Ja, koffie", "Ja, iets anders")
SELLING = question("selling", "choice", choices=SALE)
WHAT = question("what", only_if=Condition("selling", SALE[1:]))
PEOPLE = question("people", "number")
CROWD = question("crowd", "several", Condition("people", at_least=50), choices=("EHBO", "Politie"))
DOCTOR = question("doctor", only_if=Condition("crowd", ("EHBO",)))
FORM = (SELLING, WHAT, PEOPLE, CROWD, DOCTOR)


def keys(answers: dict[str, Any]) -> list[str]:
    return [question.key for question in form.asked(FORM, answers)]


def test_asked_when_nothing_was_answered_yet() -> None:
    assert keys({}) == ["selling", "people"]


def test_asked_when_the_answer_leads_to_more() -> None:
    assert keys({"selling": "Ja, koffie"}) == ["selling", "what", "people"]
    assert keys({"selling": "Nee"}) == ["selling", "people"]
    assert keys({"people": 50}) == ["selling", "people", "crowd"]
    assert keys({"people": 49}) == ["selling", "people"]
    assert keys({"people": 50, "crowd": ["Politie", "EHBO"]}) == ["selling", "people", "crowd", "doctor"]


def test_asked_when_the_question_it_rests_on_is_not_asked_any_more() -> None:
    assert keys({"people": 3, "crowd": ["EHBO"], "doctor": "Ja"}) == ["selling", "people"]


def test_given_when_answers_are_no_longer_asked_leaves_them_out() -> None:
    answers = {"selling": "Nee", "what": "Soep", "what.spoken": [], "people": 3, "people.spoken": []}
    assert form.given(FORM, answers) == {"selling": "Nee", "people": 3, "people.spoken": []}


def test_check_answers_when_a_required_question_is_not_asked() -> None:
    assert form.check_answers(FORM, {"selling": "Nee", "people": 3}) == {"selling": "Nee", "people": 3}


def test_reopened_when_something_depends_on_what_is_named() -> None:
    assert form.reopened(FORM, ["people"]) == ("people", "crowd", "doctor")
    assert form.reopened(FORM, ["what"]) == ("what",)


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (Condition("x", at_least=2), [2, 3], [1, 0, None, "2"]),
        (Condition("x", at_most=2), [0, 2], [3, None]),
        (Condition("x", at_least=0, at_most=0), [0], [1, None]),
        (Condition("x", ("a", "b")), ["a", ["c", "b"]], ["c", [], None, ["c"], ""]),
    ],
)
def test_holds_when(condition: Condition, holds: list[Any], fails: list[Any]) -> None:
    assert [condition.holds(answer) for answer in holds] == [True] * len(holds)
    assert [condition.holds(answer) for answer in fails] == [False] * len(fails)


@given(st.dictionaries(st.sampled_from([q.key for q in FORM]), st.sampled_from([*SALE, 0, 50, ["EHBO"], []])))
def test_asked_when_any_answers_keeps_order_and_needs_what_it_rests_on(answers: dict[str, Any]) -> None:
    found = keys(answers)
    assert found == [q.key for q in FORM if q.key in found]
    assert {"selling", "people"} <= set(found)
    for one in form.asked(FORM, answers):
        if one.only_if is not None:
            assert one.only_if.question in found
            assert one.only_if.holds(answers[one.only_if.question])


def test_question_when_it_goes_through_json() -> None:
    assert [Question.from_json(asdict(one)) for one in FORM] == list(FORM)


def test_asked_when_in_words() -> None:
    said = form.asked_when(FORM, WHAT)
    assert said is not None
    assert said.values == {"label": "Vraag selling?", "choices": "Ja, koffie; Ja, iets anders"}
    assert form.asked_when(FORM, SELLING) is None


SOURCE = FUND_FILE.read_text(encoding="utf-8")


def refused(only_if: str) -> tuple[int, str]:
    """The line, counted from the new question's own, and the sentence."""
    table = f'[[questions]]\nkey = "extra"\nkind = "short"\nlabel = "En?"\nwhy = "Daarom."\nonly_if = {only_if}\n\n'
    place = SOURCE.index("# Wat de gemeente nakijkt")
    first = SOURCE[:place].count("\n")
    with pytest.raises(FileError) as caught:
        read_fund(SOURCE[:place] + table + SOURCE[place:], check_body)
    return caught.value.said.values["line"] - first, caught.value.said.text


@pytest.mark.parametrize(
    ("only_if", "words"),
    [
        ('{ question = "extra", is = ["Ja"] }', "hangt af van zichzelf"),
        ('{ question = "later", is = ["Ja"] }', "er staat geen vraag “{question}” vóór"),
        ('{ question = "plan", is = ["Ja"] }', "alleen afhangen van een keuze of een aantal"),
        ('{ question = "where", is = ["Marsveld"] }', "“{choice}” is geen antwoord"),
        ('{ question = "where", is = [] }', "een lijst van"),
        ('{ question = "where" }', "ontbreekt"),
        ('{ question = "people" }', "vanaf hoeveel"),
        ('{ question = "people", at_least = 5, at_most = 4 }', "een heel getal van"),
        ('{ question = "people", is = ["5"] }', "vanaf hoeveel"),
        ('{ question = "people", at_least = 5, is = ["5"] }', "kennen wij niet"),
        ('{ question = "selling", is = ["Nee"] }', "de commissie leest het antwoord"),
        ('"where"', "hoort een tabel"),
    ],
)
def test_read_when_a_condition_cannot_be(only_if: str, words: str) -> None:
    line, said = refused(only_if)
    assert line == 6
    assert re.search(re.escape(words), said)


def test_read_when_the_title_or_the_budget_has_a_condition() -> None:
    source = SOURCE.replace(
        'kind = "budget"\n', 'kind = "budget"\nonly_if = { question = "people", at_least = 2 }\n'
    )
    with pytest.raises(FileError) as caught:
        read_fund(source, check_body)
    assert caught.value.said.text == "Regel {line}: deze vraag stellen wij altijd."


def test_read_when_a_condition_points_forward() -> None:
    only_if = 'key = "plan"\nonly_if = { question = "people", at_least = 2 }\n'
    with pytest.raises(FileError) as caught:
        read_fund(SOURCE.replace('key = "plan"\n', only_if), check_body)
    assert caught.value.said.text.startswith(
        "Regel {line}: er staat geen vraag “{question}” vóór deze vraag."
    )
    assert SOURCE.split("\n")[caught.value.said.values["line"] - 2] == 'key = "plan"'


def test_read_when_a_condition_is_good() -> None:
    place = SOURCE.index("# Wat de gemeente nakijkt")
    table = (
        '[[questions]]\nkey = "extra"\nkind = "short"\nlabel = "En?"\nwhy = "Daarom."\n'
        'only_if = { question = "where", is = ["Noord", "Oost"] }\n\n'
    )
    fund = read_fund(SOURCE[:place] + table + SOURCE[place:], check_body)
    assert fund.questions[-1].only_if == Condition("where", ("Noord", "Oost"))
