"""Reading the form of a fund from its file: its questions and its checks, each with its reason.

Law: Awb 4:2(2) (ask only what is needed). A question or check without a why is refused: the why-register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grants import condition, upload
from grants.errors import FileError
from grants.form import KINDS, MAX_CHARS, MOST_CHARS, TITLE, Check, Question
from grants.fundfile import Table, check_keys


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
        choices=_choices(table, kind),
        max_chars=table.number("max_chars", 1, MOST_CHARS, MAX_CHARS[kind]) if kind in MAX_CHARS else 0,
        spoken_minutes=table.number("spoken_minutes", 1, upload.MOST_MINUTES, 0) if kind == "long" else 0,
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


def _choices(table: Table, kind: str) -> tuple[str, ...]:
    """What can be chosen from; a place may be asked without a list."""
    if kind in ("choice", "several") or (kind == "place" and table.has("choices")):
        return table.texts("choices", 2, 20)
    return ()


def _check(table: Table) -> Check:
    check = Check(table.key(), table.text("label"), table.why(), table.text("law", 300))
    table.done()
    return check
