"""What scores add up to, in exact fractions, and the gate (R0) before the count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from committee.framework import Gate
from grants.errors import Sentence

Score = TypeVar("Score", int, Fraction)


def weighted_total(scores: Mapping[str, int | None], weights: Mapping[str, int]) -> Fraction | None:
    """One member's score of one application: the mean over the criteria they could judge, by weight.

    On the same scale as the scores; None if they could judge nothing. KeyError: a criterion without weight.
    """
    given = [(score, weights[criterion]) for criterion, score in scores.items() if score is not None]
    weight = sum(weight for _, weight in given)
    return Fraction(sum(score * weight for score, weight in given), weight) if weight else None


def lower_median(scores: Sequence[Score]) -> Score:
    """Element floor((k-1)/2) of the k scores in ascending order; ValueError when there is none."""
    if not scores:
        raise ValueError("no score, no median")
    return sorted(scores)[(len(scores) - 1) // 2]


def spread(scores: Sequence[Score]) -> Score:
    """How far the highest score lies above the lowest: 0 when all agree. ValueError when there is none."""
    if not scores:
        raise ValueError("no score, no spread")
    return max(scores) - min(scores)


@dataclass(frozen=True)
class GateResult:
    """How one application stands against the gate: each number beside what was needed.

    `failed` names what stopped it: "quorum", "score" or "objections", in that order; "" when it goes on.
    """

    judged: int
    eligible: int
    needed: int
    median: Fraction | None
    threshold: Fraction
    objections: int
    limit: int

    @property
    def failed(self) -> str:
        if self.judged < self.needed:
            return "quorum"
        if self.median is None or self.median < self.threshold:
            return "score"
        if self.limit and self.objections >= self.limit:
            return "objections"
        return ""

    @property
    def passed(self) -> bool:
        return not self.failed

    @property
    def said(self) -> Sentence:
        """The result in a sentence; a refusal opens with the number that failed."""
        numbers = {
            "judged": self.judged,
            "eligible": self.eligible,
            "needed": self.needed,
            "median": shown(self.median),
            "threshold": shown(self.threshold),
            "objections": self.objections,
            "limit": self.limit,
        }
        return Sentence(_SAID[self.failed].text, numbers)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a public record; fractions as text."""
        median = None if self.median is None else str(self.median)
        return {**vars(self), "median": median, "threshold": str(self.threshold)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GateResult:
        """Back from `as_json`. KeyError, TypeError or ValueError where the values are not such a result."""
        numbers = {key: data[key] for key in ("judged", "eligible", "needed", "objections", "limit")}
        for key, number in numbers.items():
            if type(number) is not int or number < 0:
                raise ValueError(f"{key}: {number!r} is not a number of members")
        median = None if data["median"] is None else Fraction(data["median"])
        return cls(median=median, threshold=Fraction(data["threshold"]), **numbers)


_SAID = {
    "": Sentence(
        "{judged} van de {eligible} leden hebben deze aanvraag beoordeeld ({needed} nodig). "
        "De middelste score is {median} ({threshold} nodig). Aantal bezwaren: {objections}."
    ),
    "quorum": Sentence(
        "Te weinig leden hebben deze aanvraag beoordeeld: {judged} van de {eligible}. "
        "Er waren er {needed} nodig."
    ),
    "score": Sentence(
        "De middelste score van deze aanvraag is {median}. Ten minste {threshold} was nodig. "
        "{judged} van de {eligible} leden hebben de aanvraag beoordeeld."
    ),
    "objections": Sentence(
        "Aantal bezwaren met een reden tegen deze aanvraag: {objections}. "
        "Bij {limit} bezwaren gaat een aanvraag niet door. De middelste score is {median}."
    ),
}


def judge(gate: Gate, totals: Sequence[Fraction], eligible: int, objections: int = 0) -> GateResult:
    """R0 for one application, whatever happens to the others.

    `totals` are the total scores of the members who could judge it, `eligible` the number of members who do
    not stand aside. Nobody left to judge means that nobody did: at least one judgement is always needed.
    """
    return GateResult(
        judged=len(totals),
        eligible=eligible,
        needed=max(1, gate.judges_needed(eligible)),
        median=lower_median(totals) if totals else None,
        threshold=gate.threshold,
        objections=objections,
        limit=gate.objections,
    )


def shown(score: Fraction | int | None) -> int | str:
    """A score for a sentence: whole, or with two decimals cut off, so that 2,999 never reads as 3."""
    if score is None:
        return "–"
    cents = score * 100 // 1
    whole, rest = divmod(int(cents), 100)
    return whole if not rest and score == whole else f"{whole},{rest:02d}".removesuffix("0")
