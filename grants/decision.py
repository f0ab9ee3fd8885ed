"""What is decided on an application: advice taken over by default, deviation only with a reason.

Law: Awb 3:46-3:50 (reasons, deviation from advice), 4:5 (not handled), 4:25(2) (the ceiling).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from grants.errors import Problem, Refusal, Sentence


class Kind(StrEnum):
    """Five outcomes that are never mixed up: in data, in letters and in the figures."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED_CEILING = "refused_ceiling"
    REFUSED_OTHER = "refused_other"
    NOT_HANDLED = "not_handled"

    @property
    def gives_money(self) -> bool:
        return self in (Kind.GRANTED, Kind.PARTLY)


KIND_WORDS: dict[Kind, Sentence] = {
    Kind.GRANTED: Sentence("Toegekend"),
    Kind.PARTLY: Sentence("Voor een deel toegekend"),
    Kind.REFUSED_CEILING: Sentence("Afgewezen: er was niet genoeg geld"),
    Kind.REFUSED_OTHER: Sentence("Afgewezen"),
    Kind.NOT_HANDLED: Sentence("Niet behandeld"),
}


@dataclass(frozen=True)
class Proposal:
    """What the deciding body advises on one application, handed to the municipality as a value.

    `application` is the public id, `explanation` tells the outcome with its numbers, `reasons` holds
    the joint reason for each criterion by its label.
    """

    application: str
    kind: Kind
    cents: int
    explanation: Sentence
    reasons: dict[str, str] = field(default_factory=dict)


def kind_for(granted_cents: int, asked_cents: int, *, refused: Kind = Kind.REFUSED_CEILING) -> Kind:
    """Granted, partly, or the given ground of refusal, from the amounts alone."""
    if granted_cents <= 0:
        return refused
    return Kind.GRANTED if granted_cents >= asked_cents else Kind.PARTLY


def check_decision(
    *, kind: Kind, cents: int, asked_cents: int, advised: tuple[Kind, int] | None, deviation: str
) -> list[Problem]:
    """What is wrong with a decision before it is signed; empty when nothing is."""
    problems: list[Problem] = []
    if kind.gives_money and not 0 < cents <= asked_cents:
        problems.append(
            Problem(
                "cents",
                Sentence(
                    "Vul een bedrag in tussen {least:euro} en {asked:euro}.",
                    {"least": 1, "asked": asked_cents},
                ),
            )
        )
    if kind is Kind.GRANTED and cents != asked_cents:
        problems.append(
            Problem("kind", Sentence("Dit is minder dan er is gevraagd. Kies dan “voor een deel toegekend”."))
        )
    if kind is Kind.PARTLY and cents == asked_cents:
        problems.append(Problem("kind", Sentence("Dit is het hele bedrag. Kies dan “toegekend”.")))
    if not kind.gives_money and cents:
        problems.append(
            Problem("cents", Sentence("Bij een afwijzing hoort geen bedrag. Maak het veld leeg."))
        )
    if advised is not None and advised != (kind, cents) and not deviation.strip():
        problems.append(
            Problem(
                "deviation",
                Sentence(
                    "U wijkt af van het advies van de commissie. Schrijf op waarom. Dat moet van de wet."
                ),
            )
        )
    return problems


def check_reasons(criteria: list[str], reasons: dict[str, str]) -> None:
    """Refuse a proposal that leaves a criterion without its sentence (Awb 3:46)."""
    for label in criteria:
        if not reasons.get(label, "").strip():
            raise Refusal(
                "Er is nog geen reden opgeschreven bij “{criterion}”. Vul die eerst aan.", criterion=label
            )
