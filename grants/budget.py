"""The budget of an application: each thing that costs money, who pays it, what is asked, and the least of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from grants import lines, money
from grants.errors import Refusal, Sentence

MAX_LINES = 40
MAX_WHAT = 120
PARTS = ("what", "wished", "source", "least")
TYPED = ("what", "wished", "least")
"""What makes a line: who pays stands filled in on an empty one too."""

_TOO_MANY = Sentence("Uw begroting heeft te veel regels. Gebruik er hoogstens {most}.")


class Source(StrEnum):
    """Who pays a line. Only what this fund is to pay is asked."""

    FUND = "fund"
    OWN = "own"
    OTHERS = "others"


SOURCE_WORDS: dict[Source, Sentence] = {
    Source.FUND: Sentence("Dit fonds"),
    Source.OWN: Sentence("Wij zelf"),
    Source.OTHERS: Sentence("Anderen"),
}


@dataclass(frozen=True)
class Line:
    """One thing that costs money: wished, and the least with which it is of use (0: it can be left out).

    Of what this fund does not pay only the whole amount is known; its least is 0.
    """

    what: str
    wished_cents: int
    least_cents: int
    source: Source = Source.FUND


def check(field: str, rows: Any) -> list[dict[str, Any]]:
    """The lines of a budget as they are kept, without the empty rows; empty when nothing was filled in.

    A row is {"what", "wished", "source", "least"} in the person's own notation, or a kept line, which passes
    unchanged. A row without a source is paid by this fund. Raises Invalid with every problem, by its row as on
    the page: "budget.3.least" is the third row.
    """
    rows = [_written_out(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    found: list[Line] = lines.read(
        field, rows, TYPED, MAX_LINES, _TOO_MANY, lambda row, place: _line(row, place, f"{field}.{place}")
    )
    kept = [asdict(line) for line in found]
    if kept:
        _check_totals(field, kept)
    return kept


class Sums(NamedTuple):
    """The sums of a kept budget in cents: what is asked of this fund, its least, and who pays the rest."""

    asked: int
    least: int
    own: int
    others: int

    @property
    def whole(self) -> int:
        """Everything that the plan costs, whoever pays it."""
        return self.asked + self.own + self.others


def sums(kept: Sequence[Mapping[str, Any]]) -> Sums:
    """What each source pays of a kept budget, and the least with which the whole is still of use."""
    by_source = [
        sum(line["wished_cents"] for line in kept if source_of(line) is source)
        for source in (Source.FUND, Source.OWN, Source.OTHERS)
    ]
    least = sum(line["least_cents"] for line in kept if source_of(line) is Source.FUND)
    return Sums(by_source[0], least, by_source[1], by_source[2])


def source_of(line: Mapping[str, Any]) -> Source:
    """Who pays a kept line; one from before this was asked is paid by this fund."""
    return Source(line.get("source", Source.FUND))


def _written_out(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the cents of a kept line as text again."""
    cents = {name: row.get(f"{name}_cents") for name in ("wished", "least")}
    return {**row, **{name: money.show(known) for name, known in cents.items() if isinstance(known, int)}}


def _line(row: lines.Row, place: int, field: str) -> Line:
    what = " ".join(row.get("what", "")[: 2 * MAX_WHAT].split())
    if not 0 < len(what) <= MAX_WHAT:
        raise Refusal(
            "Schrijf in regel {place} van uw begroting wat u betaalt. Gebruik hoogstens {most} tekens.",
            field=f"{field}.what",
            place=place,
            most=MAX_WHAT,
        )
    source = _source(row, what, f"{field}.source")
    wished = _wished(row, what, f"{field}.wished")
    if source is not Source.FUND:
        return Line(what, wished, 0, source)
    return Line(what, wished, _fitting_least(row, what, wished, f"{field}.least"))


def _source(row: lines.Row, what: str, field: str) -> Source:
    try:
        return Source(row.get("source") or Source.FUND)
    except ValueError:
        raise Refusal("Kies bij “{what}” wie dit betaalt.", field=field, what=what) from None


def _wished(row: lines.Row, what: str, field: str) -> int:
    if not row.get("wished"):
        raise Refusal("Vul in hoeveel “{what}” kost. Een schatting is goed.", field=field, what=what)
    return money.parse(row["wished"], what, field)


def _fitting_least(row: lines.Row, what: str, wished: int, field: str) -> int:
    least = _least(row, what, field)
    if least > wished:
        raise Refusal(
            "Bij “{what}” is het minste ({least:euro}) meer dan u vraagt ({wished:euro}). Maak het lager.",
            field=field,
            what=what,
            least=least,
            wished=wished,
        )
    return least


def _least(row: lines.Row, what: str, field: str) -> int:
    """Left open is not zero: whoever can do without writes 0."""
    if not row.get("least"):
        raise Refusal(
            "Vul in hoeveel geld u ten minste nodig heeft voor “{what}”. Kan het ook zonder? Schrijf dan 0.",
            field=field,
            what=what,
        )
    return money.parse(row["least"], what, field)


def _check_totals(field: str, kept: Sequence[Mapping[str, Any]]) -> None:
    if all(source_of(line) is not Source.FUND for line in kept):
        raise Refusal("U vraagt dit fonds nog geen geld. Kies bij één regel “Dit fonds”.", field=field)
    if sums(kept).least == 0:
        raise Refusal("Vul in hoeveel geld u ten minste nodig heeft. Bij alles staat nu 0.", field=field)
    if sums(kept).whole > money.MAX_CENTS:
        raise Refusal(
            "Uw begroting is te hoog. Het hoogste bedrag is {most:euro}.", field=field, most=money.MAX_CENTS
        )
