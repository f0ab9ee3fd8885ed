"""A question as fields on a page: their names, what was typed in them, and what stands in them at first."""

from __future__ import annotations

from datetime import date
from typing import Any

from grants import calendar, money
from grants.budget import MAX_LINES
from grants.form import Question
from grants.web.forms import Form

LINES = "knop-regels"
"""The button for more lines in a budget; its value is how many to show."""

LINE_PARTS = ("what", "wished", "least")
FIRST_LINES = MORE_LINES = 3


def names(question: Question) -> list[str]:
    """The names of the fields of a question's page."""
    if question.kind != "budget":
        return [question.key]
    places = range(1, MAX_LINES + 1)
    return [f"{question.key}.{place}.{part}" for place in places for part in LINE_PARTS]


def value(question: Question, typed: Form) -> Any:
    """What was typed, in the shape that the form's rules read."""
    if question.kind == "several":
        return typed.several(question.key)
    if question.kind != "budget":
        return typed.text(question.key)
    return [
        {part: typed.text(f"{question.key}.{place}.{part}") for part in LINE_PARTS}
        for place in range(1, MAX_LINES + 1)
    ]


def filled_in(question: Question, kept: Any, language: str) -> dict[str, list[str]]:
    """A kept answer as it is written in the field; what stands there is read back to the same answer."""
    match question.kind:
        case _ if kept is None:
            return {}
        case "budget":
            return _filled_lines(question.key, kept, language)
        case "several":
            return {question.key: kept}
        case "amount":
            return {question.key: [money.show(kept, language, sign="")]}
        case "date":
            return {question.key: [calendar.show(date.fromisoformat(kept), language)]}
        case _:
            return {question.key: [str(kept)]}


def _filled_lines(key: str, lines: list[dict[str, Any]], language: str) -> dict[str, list[str]]:
    shown = {}
    for place, line in enumerate(lines, 1):
        shown[f"{key}.{place}.what"] = [line["what"]]
        for part in ("wished", "least"):
            shown[f"{key}.{place}.{part}"] = [money.show(line[f"{part}_cents"], language, sign="")]
    return shown


def line_count(question: Question, typed: Form) -> int:
    """How many lines of a budget to show: what was used and one to go on with, or as many as asked for."""
    if question.kind != "budget":
        return 0
    places = range(1, MAX_LINES + 1)
    used = [p for p in places if any(typed.text(f"{question.key}.{p}.{part}") for part in LINE_PARTS)]
    asked = typed.text(LINES)
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else FIRST_LINES
    return min(MAX_LINES, max(wanted, max(used, default=0) + 1))
