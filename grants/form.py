"""The form of a fund: its questions and checks, each with its reason, and what a good answer is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grants import budget, calendar, money, partners, upload
from grants.condition import Condition
from grants.errors import Invalid, Problem, Refusal, Sentence
from grants.language import twin
from grants.text import clean

KINDS = (
    "short",
    "long",
    "choice",
    "several",
    "amount",
    "date",
    "number",
    "place",
    "budget",
    "partners",
    "file",
)
TITLE = "title"
"""The key of the short question whose answer names the initiative on every list. Each form has it."""

MAX_CHARS = {"short": 200, "long": 3000, "place": 200}
LISTS = ("budget", "partners")
"""The kinds whose answer is a table: a list of lines."""

MOST_CHARS = 10_000
MAX_NUMBER = 1_000_000

PLACE_PARTS = ("chosen", "written")
_NUMBER = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+|\d{1,9}")


@dataclass(frozen=True)
class Question:
    """One question. `why` tells the citizen why it is asked; `committee`: do its members read the answer?

    With `only_if` it is asked only after a certain answer to a question before it. A long question with
    `spoken_minutes` may be answered aloud as well, or instead.
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
    spoken_minutes: int = 0
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
            kept[question.key] = check_answer(or_aloud(question, answers), answers.get(question.key))
        except Refusal as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems)
    return kept


def spoken_key(key: str) -> str:
    """Under which key the sound of a long question's answer is kept."""
    return key + upload.SPOKEN


def wanted(question: Question) -> upload.Wanted | None:
    """What may be uploaded as an answer to this question; None where nothing may."""
    if question.kind == "file":
        return upload.files(question.key)
    return (
        upload.sound(spoken_key(question.key), question.spoken_minutes) if question.spoken_minutes else None
    )


def heard(questions: Sequence[Question], *versions: Mapping[str, Any]) -> list[Question]:
    """These questions, each followed by what was said aloud on it in any of these versions of the answers."""
    found: list[Question] = []
    for question in questions:
        found.append(question)
        key = spoken_key(question.key)
        if any(answers.get(key) for answers in versions):
            label = f"{question.label} (gesproken)"
            found.append(replace(question, key=key, kind="file", label=label, required=False))
    return found


def or_aloud(question: Question, answers: Mapping[str, Any]) -> Question:
    """The question as it is asked beside these answers: who answered it aloud need not write."""
    aloud = question.spoken_minutes and answers.get(spoken_key(question.key))
    return replace(question, required=False) if aloud else question


def check_answer(question: Question, value: Any) -> Any:
    """One answer as it is kept, plain JSON; None when it is left open. A kept answer passes unchanged.

    Kept are: text for short, long, choice and place; a list of texts for several; cents for amount; an ISO date
    for date; a whole number for number; a list of lines for budget and partners; a list of uploads for file.
    Raises Refusal (Invalid for a list of lines) naming the question.
    """
    match question.kind:
        case "budget":
            kept: Any = budget.check(question.key, value)
        case "partners":
            kept = partners.check(question.key, value)
        case "place":
            kept = _place(question, value)
        case "several":
            kept = _several(question, value)
        case "file":
            kept = upload.entries(value)
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


def _place(question: Question, value: Any) -> str | None:
    """A place from the fund's list, or one line in a person's own words; never both.

    `value` is a text, or {"chosen", "written"} where the page asks for both.
    """
    given = value if isinstance(value, Mapping) else {"written": value}
    chosen, written = (
        clean(text) if isinstance(text := given.get(part), str) else "" for part in PLACE_PARTS
    )
    if chosen and written:
        raise Refusal(
            "Bij “{label}” koos u “{chosen}”. U schreef er ook een plek bij. Laat er één staan.",
            field=question.key,
            label=question.label,
            chosen=chosen,
        )
    if chosen:
        return _chosen(question, chosen)
    return _fitting(question, written) if written else None


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
