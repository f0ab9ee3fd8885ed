from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import form
from grants.errors import Invalid, Refusal
from grants.form import Question

CHOICES = ("Noord", "Zuid", "Online")
QUESTIONS = {
    kind: Question(
        key=kind,
        kind=kind,
        label=f"Vraag {kind}",
        why="Omdat wij het anders niet weten.",
        choices=CHOICES if kind in ("choice", "several", "place") else (),
        max_chars=form.MAX_CHARS.get(kind, 0),
    )
    for kind in form.KINDS
}
LINE = {"what": "Zaalhuur", "wished_cents": 125050, "least_cents": 80000, "source": "fund"}
PARTNER = {"name": "De Pan", "kvk": "12345678", "does": "Leent de keuken uit."}


def said(kind: str, value: Any) -> str:
    with pytest.raises(Refusal) as caught:
        form.check_answer(QUESTIONS[kind], value)
    assert caught.value.field == kind
    return caught.value.said.text


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("short", "  Samen\nkoken  ", "Samen koken"),
        ("long", " Eerst dit.\r\n\r\nDan dat. ", "Eerst dit.\n\nDan dat."),
        ("choice", "Zuid", "Zuid"),
        ("several", ["Online", "Zuid", "Online", ""], ["Zuid", "Online"]),
        ("several", "Zuid", ["Zuid"]),
        ("amount", "€ 1.250,-", 125000),
        ("date", "13 november 2026", "2026-11-13"),
        ("number", "25", 25),
        ("number", " 1.250 ", 1250),
        ("number", "0", 0),
        ("number", "٢٥", 25),
        ("place", "  Buurthuis\nDe Brug ", "Buurthuis De Brug"),
        ("place", {"chosen": "", "written": "Buurthuis De Brug"}, "Buurthuis De Brug"),
        ("place", {"chosen": "Zuid", "written": " "}, "Zuid"),
        ("partners", [{"name": "De Pan", "kvk": "1234 5678", "does": "Leent de keuken uit."}], [PARTNER]),
        ("budget", [{"what": "Zaalhuur", "wished": "1.250,50", "least": "800"}], [LINE]),
    ],
)
def test_check_answer_when_good_keeps_plain_json(kind: str, value: Any, kept: Any) -> None:
    answer = form.check_answer(QUESTIONS[kind], value)
    assert answer == kept
    assert json.loads(json.dumps(answer)) == kept
    assert form.check_answer(QUESTIONS[kind], answer) == kept


@pytest.mark.parametrize("kind", form.KINDS)
@pytest.mark.parametrize("value", ["", "  ", "\u200b", None, [], {}, [""], 1.5])
def test_check_answer_when_left_open(kind: str, value: Any) -> None:
    assert said(kind, value) == "Beantwoord de vraag “{label}”."
    assert form.check_answer(replace(QUESTIONS[kind], required=False), value) is None


def test_check_answer_when_a_place_is_both_chosen_and_written() -> None:
    assert said("place", {"chosen": "Zuid", "written": "Oost"}).endswith("Laat er één staan.")
    assert said("place", {"chosen": "Oost"}) == "Kies bij “{label}” een van de antwoorden."


@pytest.mark.parametrize("value", ["Oost", "noord", "Noord,Zuid"])
def test_check_answer_when_the_choice_is_not_on_the_form(value: str) -> None:
    assert said("choice", value) == "Kies bij “{label}” een van de antwoorden."
    assert said("several", ["Noord", value]) == "Kies bij “{label}” een van de antwoorden."


@pytest.mark.parametrize("value", ["veel", "-1", "2,5", "1e3", "20 à 30", "1000001", "9" * 50, "½", "1.25"])
def test_check_answer_when_it_is_no_whole_number(value: str) -> None:
    assert said("number", value) == "Vul bij “{label}” één heel getal in, met cijfers, bijvoorbeeld 25."


def test_check_answer_when_the_amount_or_date_cannot_be_read() -> None:
    assert said("amount", "veel").startswith("Wij kunnen het bedrag bij “{label}” niet lezen.")
    assert said("date", "31-02-2027") == "De datum bij “{label}” bestaat niet. Kijk de dag en de maand na."


@pytest.mark.parametrize("kind", ["short", "long"])
def test_check_answer_when_too_long_says_how_long(kind: str) -> None:
    most = form.MAX_CHARS[kind]
    assert form.check_answer(QUESTIONS[kind], "x" * most) == "x" * most
    with pytest.raises(Refusal) as caught:
        form.check_answer(QUESTIONS[kind], "x" * 1_000_000)
    assert caught.value.said.values == {"label": f"Vraag {kind}", "length": 1_000_000, "most": most}


def test_check_answers_when_all_good_keeps_only_known_keys() -> None:
    questions = [QUESTIONS["short"], QUESTIONS["number"], replace(QUESTIONS["date"], required=False)]
    answers = {"short": "Samen koken", "number": "25", "else": "x"}
    assert form.check_answers(questions, answers) == {"short": "Samen koken", "number": 25, "date": None}


def test_check_answers_when_several_are_wrong_names_every_one() -> None:
    answers = {"short": "", "number": "veel", "budget": [{"what": "Verf"}, {"wished": "3"}]}
    with pytest.raises(Invalid) as caught:
        form.check_answers([QUESTIONS[kind] for kind in ("short", "number", "choice", "budget")], answers)
    assert [problem.field for problem in caught.value.problems] == [
        *("short", "number", "choice", "budget.1.wished", "budget.2.what")
    ]


@pytest.mark.parametrize("kind", form.KINDS)
def test_question_when_kept_as_json_comes_back_the_same(kind: str) -> None:
    question = QUESTIONS[kind]
    assert Question.from_json(json.loads(json.dumps(asdict(question)))) == question


ANY = st.recursive(
    st.none() | st.text() | st.floats() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", form.KINDS)
@given(value=ANY)
def test_check_answer_when_any_value_is_kept_or_refused(kind: str, value: Any) -> None:
    fields: list[str] = []
    try:
        kept = form.check_answer(QUESTIONS[kind], value)
    except Refusal as refusal:
        fields = [problem.field for problem in refusal.problems]
    else:
        assert form.check_answer(QUESTIONS[kind], kept) == kept
    assert all(field.startswith(kind) for field in fields)
