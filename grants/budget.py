"""The budget of an application: each thing that costs money, what is asked, and the least that is of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grants import money
from grants.errors import Invalid, Problem, Refusal
from grants.text import clean

MAX_LINES = 40
MAX_WHAT = 120


@dataclass(frozen=True)
class Line:
    """One thing that costs money: wished, and the least with which it is of use (0: it can be left out)."""

    what: str
    wished_cents: int
    least_cents: int


def check(field: str, rows: Any) -> list[dict[str, Any]]:
    """The lines of a budget as they are kept, without the empty rows; empty when nothing was filled in.

    A row is {"what", "wished", "least"} in the person's own notation, or a kept line, which passes unchanged.
    Raises Invalid with every problem, by its row as on the page: "budget.3.least" is the third row.
    """
    rows = [_texts(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    filled = [(place, row) for place, row in enumerate(rows, 1) if any(row.values())]
    if len(filled) > MAX_LINES:
        raise Refusal(
            "Uw begroting heeft te veel regels. Gebruik er hoogstens {most}.", field=field, most=MAX_LINES
        )
    problems: list[Problem] = []
    lines: list[dict[str, Any]] = []
    for place, row in filled:
        try:
            lines.append(asdict(_line(row, place, f"{field}.{place}")))
        except Refusal as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems)
    if lines:
        _check_totals(field, lines)
    return lines


def totals(lines: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """What a kept budget asks, and the least with which the whole is still of use, in cents."""
    return sum(line["wished_cents"] for line in lines), sum(line["least_cents"] for line in lines)


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row holds, as text; the cents of a kept line are written out again."""
    texts = {name: row[name] for name in ("what", "wished", "least") if isinstance(row.get(name), str)}
    for name in ("wished", "least"):
        if isinstance(row.get(f"{name}_cents"), int):
            texts[name] = money.show(row[f"{name}_cents"])
    return {name: clean(text) for name, text in texts.items()}


def _line(row: Mapping[str, str], place: int, field: str) -> Line:
    what = " ".join(row.get("what", "")[: 2 * MAX_WHAT].split())
    if not 0 < len(what) <= MAX_WHAT:
        raise Refusal(
            "Schrijf in regel {place} van uw begroting wat u betaalt. Gebruik hoogstens {most} tekens.",
            field=f"{field}.what",
            place=place,
            most=MAX_WHAT,
        )
    wished, least = _wished(row, what, f"{field}.wished"), _least(row, what, f"{field}.least")
    if least > wished:
        raise Refusal(
            "Bij “{what}” is het minste ({least:euro}) meer dan u vraagt ({wished:euro}). Maak het lager.",
            field=f"{field}.least",
            what=what,
            least=least,
            wished=wished,
        )
    return Line(what, wished, least)


def _wished(row: Mapping[str, str], what: str, field: str) -> int:
    if not row.get("wished"):
        raise Refusal(
            "Vul in hoeveel geld u vraagt voor “{what}”. Een schatting is goed.", field=field, what=what
        )
    return money.parse(row["wished"], what, field)


def _least(row: Mapping[str, str], what: str, field: str) -> int:
    """Left open is not zero: whoever can do without writes 0."""
    if not row.get("least"):
        raise Refusal(
            "Vul in hoeveel geld u ten minste nodig heeft voor “{what}”. Kan het ook zonder? Schrijf dan 0.",
            field=field,
            what=what,
        )
    return money.parse(row["least"], what, field)


def _check_totals(field: str, lines: Sequence[Mapping[str, Any]]) -> None:
    wished, least = totals(lines)
    if least == 0:
        raise Refusal("Vul in hoeveel geld u ten minste nodig heeft. Bij alles staat nu 0.", field=field)
    if wished > money.MAX_CENTS:
        raise Refusal(
            "Uw begroting is te hoog. Het hoogste bedrag is {most:euro}.", field=field, most=money.MAX_CENTS
        )
