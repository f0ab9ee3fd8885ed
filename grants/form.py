"""The form of a fund: its questions and checks, each with its reason, and what a good answer is.

Law: Awb 4:2(2) (ask only what is needed). A question or check without a why is refused: the why-register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grants import budget, calendar, condition, money
from grants.condition import Condition
from grants.errors import FileError, Invalid, Problem, Refusal, Sentence
from grants.fundfile import Table, check_keys
from grants.language import twin
from grants.text import clean

KINDS = ("short", "long", "choice", "several", "amount", "date", "number", "budget")
TITLE = "title"
"""The key of the short question whose answer names the initiative on every list. Each form has it."""

MAX_CHARS = {"short": 200, "long": 3000}
MOST_CHARS = 10_000
MAX_NUMBER = 1_000_000

_NUMBER = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+|\d{1,9}")


@dataclass(frozen=True)
class Question:
    """One question. `why` tells the citizen why it is asked; `committee`: do its members read the answer?

    With `only_if` it is asked only after a certain answer to a question before it.
    """

    key: str
    kind: str
    label: str
    why: str
    help: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    max_chars: int = 0
    committee: bool = True
    only_if: Condition | None = None
    label_easy: str = ""
    why_easy: str = ""
    help_easy: str = ""

    def told_in(self, language: str) -> Question:
        """The question with the texts of its easy twin, for who chose that; what has no twin stays."""
        return replace(
            self,
            label=twin(self.label, self.label_easy, language),
            why=twin(self.why, self.why_easy, language),
            help=twin(self.help, self.help_easy, language),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        only_if = Condition.from_json(data["only_if"]) if data.get("only_if") else None
        return cls(**{**data, "choices": tuple(data["choices"]), "only_if": only_if})


@dataclass(frozen=True)
class Check:
    """One thing the municipality checks in screening, why, and the rule it rests on."""

    key: str
    label: str
    why: str
    law: str


def read_questions(top: Table) -> tuple[Question, ...]:
    """The questions of a fund file: one budget, one title, every key once."""
    tables = top.tables("questions")
    questions: tuple[Question, ...] = ()
    for table in tables:
        questions += (_question(table, questions),)
    check_keys(tables, [question.key for question in questions])
    budgets = [table for table, question in zip(tables, questions, strict=True) if question.kind == "budget"]
    if len(budgets) != 1:
        raise FileError(
            "Regel {line}: een formulier heeft precies één vraag van de soort budget.",
            **(budgets[1].at() if budgets else top.at("questions")),
        )
    if not any(question.key == TITLE and question.kind == "short" for question in questions):
        raise FileError(
            "Regel {line}: een formulier heeft een korte vraag “{title}”: zo heet het initiatief.",
            title=TITLE,
            **top.at("questions"),
        )
    return questions


def read_checks(top: Table) -> tuple[Check, ...]:
    """The checks of a fund file, every key once."""
    tables = top.tables("checks")
    checks = tuple(_check(table) for table in tables)
    check_keys(tables, [check.key for check in checks])
    return checks


def _question(table: Table, earlier: Sequence[Question]) -> Question:
    """The question of this table; `earlier` are those before it, on which it may depend."""
    kind = table.one_of("kind", KINDS)
    question = Question(
        key=table.key(),
        kind=kind,
        label=table.text("label"),
        why=table.why(),
        help=table.text("help", 1000, default=""),
        required=table.yes("required", default=True),
        choices=table.texts("choices", 2, 20) if kind in ("choice", "several") else (),
        max_chars=table.number("max_chars", 1, MOST_CHARS, MAX_CHARS[kind]) if kind in MAX_CHARS else 0,
        committee=table.yes("committee", default=True),
        label_easy=table.text("label_easy", default=""),
        why_easy=table.text("why_easy", 600, default=""),
        help_easy=table.text("help_easy", 1000, default=""),
    )
    always = kind == "budget" or question.key == TITLE
    if not question.required and always:
        raise FileError("Regel {line}: deze vraag is altijd verplicht.", **table.at("required"))
    if table.has("only_if"):
        if always:
            raise FileError("Regel {line}: deze vraag stellen wij altijd.", **table.at("only_if"))
        rests_on = condition.read(table.table("only_if"), earlier, question.key, question.committee)
        question = replace(question, only_if=rests_on)
    table.done()
    return question


def _check(table: Table) -> Check:
    check = Check(table.key(), table.text("label"), table.why(), table.text("law", 300))
    table.done()
    return check


def asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that are asked after these kept answers, in the order of the form.

    An answer to a question that is itself not asked leads to nothing.
    """
    found: dict[str, Question] = {}
    for question in questions:
        only_if = question.only_if
        if only_if is None or (only_if.question in found and only_if.holds(answers.get(only_if.question))):
            found[question.key] = question
    return tuple(found.values())


def given(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that are asked, with what belongs to them ("plan.spoken" to "plan")."""
    keys = {question.key for question in asked(questions, answers)}
    return {key: answer for key, answer in answers.items() if key.partition(".")[0] in keys}


def reopened(questions: Sequence[Question], named: Sequence[str]) -> tuple[str, ...]:
    """The keys that open again when `named` do: also of what depends on them, as another answer may ask it."""
    keys = set(named)
    for question in questions:
        if question.only_if is not None and question.only_if.question in keys:
            keys.add(question.key)
    return tuple(question.key for question in questions if question.key in keys)


def asked_when(questions: Sequence[Question], question: Question) -> Sentence | None:
    """When this question is asked, in words; None for what is always asked."""
    if question.only_if is None:
        return None
    return question.only_if.said(next(q.label for q in questions if q.key == question.only_if.question))


def check_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer to what is asked, as it is kept; Invalid with all problems at once. Other keys are left out."""
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in asked(questions, answers):
        try:
            kept[question.key] = check_answer(question, answers.get(question.key))
        except Refusal as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems)
    return kept


def check_answer(question: Question, value: Any) -> Any:
    """One answer as it is kept, plain JSON; None when it is left open. A kept answer passes unchanged.

    Kept are: text for short, long and choice; a list of texts for several; cents for amount; an ISO date for
    date; a whole number for number; a list of budget lines for budget. Raises Refusal (Invalid for a budget)
    naming the question.
    """
    match question.kind:
        case "budget":
            kept: Any = budget.check(question.key, value)
        case "several":
            kept = _several(question, value)
        case "amount" | "number" if isinstance(value, int):
            return value
        case _:
            text = clean(value) if isinstance(value, str) else ""
            kept = _read(question, text) if text else None
    if kept in (None, []):
        if question.required:
            raise Refusal("Beantwoord de vraag “{label}”.", field=question.key, label=question.label)
        return None
    return kept


def _read(question: Question, text: str) -> str | int:
    """A text that is not empty, as an answer to a question with one answer."""
    match question.kind:
        case "amount":
            return money.parse(text, question.label, question.key)
        case "date":
            return calendar.parse(text, question.label, question.key).isoformat()
        case "number":
            return _number(question, text)
        case "choice":
            return _chosen(question, text)
        case _:
            return _fitting(question, text)


def _fitting(question: Question, text: str) -> str:
    text = text if question.kind == "long" else " ".join(text.split())
    if len(text) > question.max_chars:
        raise Refusal(
            "Uw antwoord bij “{label}” is {length} tekens lang. Er is plaats voor {most}. Maak het korter.",
            field=question.key,
            label=question.label,
            length=len(text),
            most=question.max_chars,
        )
    return text


def _chosen(question: Question, text: str) -> str:
    if text not in question.choices:
        raise Refusal("Kies bij “{label}” een van de antwoorden.", field=question.key, label=question.label)
    return text


def _several(question: Question, value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    texts = {_chosen(question, text) for item in given if isinstance(item, str) and (text := clean(item))}
    return [choice for choice in question.choices if choice in texts]


def _number(question: Question, text: str) -> int:
    digits = re.sub(r"[. ]", "", text) if _NUMBER.fullmatch(text) else ""
    if not digits or int(digits) > MAX_NUMBER:
        raise Refusal(
            "Vul bij “{label}” één heel getal in, met cijfers, bijvoorbeeld 25.",
            field=question.key,
            label=question.label,
        )
    return int(digits)
