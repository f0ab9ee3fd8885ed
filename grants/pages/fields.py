"""A question as fields on a page: their names, what was typed in them, and what stands in them at first."""

from __future__ import annotations

from datetime import date
from typing import Any

from grants import budget, calendar, money, partners
from grants.form import LISTS, PLACE_PARTS, Question
from grants.web.forms import Form

LINES = "knop-regels"
"""The button for more lines in a table; its value is how many to show."""

PARTS = {"budget": budget.PARTS, "partners": partners.PARTS}
TYPED = {"budget": budget.TYPED, "partners": partners.PARTS}
MOST_LINES = {"budget": budget.MAX_LINES, "partners": partners.MAX_PARTNERS}
FIRST_LINES = MORE_LINES = 3
ELSEWHERE = "written"
"""Behind the key of a place: the field for one that is not on the fund's list."""


def names(question: Question) -> list[str]:
    """The names of the fields of a question's page; a file comes by another way."""
    if question.kind == "file":
        return []
    if question.kind == "place" and question.choices:
        return [question.key, f"{question.key}.{ELSEWHERE}"]
    if question.kind not in LISTS:
        return [question.key]
    places = range(1, MOST_LINES[question.kind] + 1)
    return [f"{question.key}.{place}.{part}" for place in places for part in PARTS[question.kind]]


def value(question: Question, typed: Form) -> Any:
    """What was typed, in the shape that the form's rules read."""
    if question.kind == "several":
        return typed.several(question.key)
    if question.kind == "place" and question.choices:
        return dict(zip(PLACE_PARTS, map(typed.text, names(question)), strict=True))
    if question.kind not in LISTS:
        return typed.text(question.key)
    return [
        {part: typed.text(f"{question.key}.{place}.{part}") for part in PARTS[question.kind]}
        for place in range(1, MOST_LINES[question.kind] + 1)
    ]


def filled_in(question: Question, kept: Any, language: str) -> dict[str, list[str]]:
    """A kept answer as it is written in the fields; what stands there is read back to the same answer."""
    if kept is None or question.kind == "file":
        return {}
    match question.kind:
        case "budget":
            return _filled_budget(question.key, kept, language)
        case "partners":
            return _filled_partners(question.key, kept)
        case "place" if question.choices and kept not in question.choices:
            return {question.key: [""], f"{question.key}.{ELSEWHERE}": [kept]}
        case _:
            return {question.key: _written(question, kept, language)}


def _written(question: Question, kept: Any, language: str) -> list[str]:
    match question.kind:
        case "several":
            return list(kept)
        case "amount":
            return [money.show(kept, language, sign="")]
        case "date":
            return [calendar.show(date.fromisoformat(kept), language)]
        case _:
            return [str(kept)]


def _filled_partners(key: str, lines: list[dict[str, str]]) -> dict[str, list[str]]:
    return {
        f"{key}.{place}.{part}": [line[part]]
        for place, line in enumerate(lines, 1)
        for part in partners.PARTS
    }


def _filled_budget(key: str, lines: list[dict[str, Any]], language: str) -> dict[str, list[str]]:
    shown = {}
    for place, line in enumerate(lines, 1):
        source = budget.source_of(line)
        shown[f"{key}.{place}.what"] = [line["what"]]
        shown[f"{key}.{place}.source"] = [source.value]
        for part in ("wished", "least") if source is budget.Source.FUND else ("wished",):
            shown[f"{key}.{place}.{part}"] = [money.show(line[f"{part}_cents"], language, sign="")]
    return shown


def line_count(question: Question, typed: Form) -> int:
    """How many lines of a table to show: what was used and one to go on with, or as many as asked for."""
    if question.kind not in LISTS:
        return 0
    most, used = MOST_LINES[question.kind], _used(question, typed)
    asked = typed.text(LINES)
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else FIRST_LINES
    return min(most, max(wanted, max(used, default=0) + 1))


def is_begun(question: Question, typed: Form) -> bool:
    """Was anything typed in this table?"""
    return question.kind in LISTS and bool(_used(question, typed))


def _used(question: Question, typed: Form) -> list[int]:
    """The lines in which something was typed."""
    parts = TYPED[question.kind]
    return [
        place
        for place in range(1, MOST_LINES[question.kind] + 1)
        if any(typed.text(f"{question.key}.{place}.{part}") for part in parts)
    ]
