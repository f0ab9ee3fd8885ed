"""The framework by which the committee judges, votes and divides: the [committee] table of a fund file.

Rules R0, R1, R2 and R4, plain Equal Shares and Phragmén; what each does stands with the rule itself. Scores run from 1
to the length of the scale, the same length for every criterion, so that their mean has one meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grants.errors import FileError, Problem, Refusal
from grants.fundfile import Table, check_keys

METHODS = ("approval",)
RULES = ("equal-shares-least", "equal-shares", "equal-shares-add1", "ranked", "greedy", "phragmen")
SMALLER, MORE_SUPPORTERS, LOT = "smaller amount", "more supporters", "lot"
TIE_ORDER = (SMALLER, MORE_SUPPORTERS, LOT)


@dataclass(frozen=True)
class Criterion:
    """One thing on which an application is judged; `scale` holds the word for each score from 1 up."""

    key: str
    label: str
    why: str
    weight: int
    scale: tuple[str, ...]


@dataclass(frozen=True)
class Gate:
    """What an application needs to go on to the count (R0).

    `quorum` is the part of the members not standing aside that must have judged it; `threshold` what the
    lower median of its total score must reach; `objections` how many reasoned objections stop it (0: none
    ever do).
    """

    quorum: Fraction
    threshold: Fraction
    objections: int

    def judges_needed(self, not_aside: int) -> int:
        """How many members must have judged it when `not_aside` do not stand aside."""
        return -(-self.quorum.numerator * not_aside // self.quorum.denominator)


@dataclass(frozen=True)
class BallotForm:
    """How members vote, the advice printed on the ballot, and how many marks it needs at least."""

    method: str
    advice: str
    min_marks: int


@dataclass(frozen=True)
class AllocationRule:
    """Which rule divides the pot; `spend_on` raises the shares of R2 until nothing more fits."""

    rule: str
    spend_on: bool


@dataclass(frozen=True)
class Ties:
    """In what order ties are broken, always ending in the lot, and where the seed of that lot comes from."""

    order: tuple[str, ...]
    seed_source: str


@dataclass(frozen=True)
class Framework:
    """All of it, frozen with the round."""

    criteria: tuple[Criterion, ...]
    gate: Gate
    ballot: BallotForm
    allocation: AllocationRule
    ties: Ties

    @property
    def top_score(self) -> int:
        """The highest score on every scale."""
        return len(self.criteria[0].scale)


def check_body(table: dict[str, Any]) -> list[Problem]:
    """What is wrong with a [committee] table, by path below it; empty when nothing is."""
    try:
        read_framework(table)
    except Refusal as refusal:
        return refusal.problems
    return []


def read_framework(values: Mapping[str, Any]) -> Framework:
    """The framework in a [committee] table or in frozen rules; FileError names the path at fault."""
    table = Table(values)
    criteria = _criteria(table)
    framework = Framework(
        criteria,
        _gate(table.table("gate"), len(criteria[0].scale)),
        _ballot(table.table("ballot")),
        _allocation(table.table("allocation")),
        _ties(table.table("ties")),
    )
    table.done()
    return framework


def _criteria(table: Table) -> tuple[Criterion, ...]:
    tables = table.tables("criteria")
    criteria = tuple(_criterion(part) for part in tables)
    check_keys(tables, [criterion.key for criterion in criteria])
    for part, criterion in zip(tables, criteria, strict=True):
        if len(criterion.scale) != len(criteria[0].scale):
            raise FileError(
                "Regel {line}: elk criterium heeft evenveel woorden op zijn schaal. Hier horen er {size}.",
                size=len(criteria[0].scale),
                **part.at("scale"),
            )
    return criteria


def _criterion(table: Table) -> Criterion:
    criterion = Criterion(
        key=table.key(),
        label=table.text("label", 120),
        why=table.why(),
        weight=table.number("weight", 1, 100),
        scale=table.texts("scale", 2, 10, longest=60),
    )
    table.done()
    return criterion


def _gate(table: Table, top_score: int) -> Gate:
    gate = Gate(
        quorum=table.fraction("quorum", Fraction(1)),
        threshold=table.fraction("threshold", Fraction(top_score)),
        objections=table.number("objections", 0, 1000),
    )
    table.done()
    return gate


def _ballot(table: Table) -> BallotForm:
    ballot = BallotForm(
        method=table.one_of("method", METHODS),
        advice=table.text("advice", 300),
        min_marks=table.number("min_marks", 0, 100),
    )
    table.done()
    return ballot


def _allocation(table: Table) -> AllocationRule:
    allocation = AllocationRule(table.one_of("rule", RULES), table.yes("spend_on", default=False))
    if allocation.spend_on and allocation.rule != "equal-shares-least":
        raise FileError(
            "Regel {line}: spend_on kan alleen bij de regel equal-shares-least.", **table.at("spend_on")
        )
    table.done()
    return allocation


def _ties(table: Table) -> Ties:
    order = table.texts("order", 1, len(TIE_ORDER))
    if order[-1] != LOT or not set(order) <= set(TIE_ORDER):
        raise FileError(
            "Regel {line}: “{where}” eindigt met “lot”. Ervoor kan staan: {allowed}.",
            allowed=", ".join(TIE_ORDER[:-1]),
            **table.at("order"),
        )
    ties = Ties(order, table.text("seed_source", 300))
    table.done()
    return ties
