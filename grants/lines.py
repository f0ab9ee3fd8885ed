"""A table that a person fills in line by line: empty lines passed over, and every fault told at its own line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grants.errors import Invalid, Problem, Refusal, Sentence
from grants.text import clean

Row = Mapping[str, str]


def read(
    field: str,
    rows: Any,
    parts: tuple[str, ...],
    most: int,
    too_many: Sentence,
    one: Callable[[Row, int], Any],
) -> list[Any]:
    """What `one` makes of each line in which something was typed in one of `parts`; empty when nothing was.

    `one` is told the line and its number, counted as on the page. Raises Invalid with every fault at once, or
    Refusal with `too_many`.
    """
    texts = [_texts(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    filled = [(row, place) for place, row in enumerate(texts, 1) if any(row.get(part) for part in parts)]
    if len(filled) > most:
        raise Refusal(too_many.text, field=field, most=most)
    problems: list[Problem] = []
    lines = []
    for row, place in filled:
        try:
            lines.append(one(row, place))
        except Refusal as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems)
    return lines


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: clean(text) for name, text in row.items() if isinstance(text, str)}
