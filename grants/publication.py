"""What the public may see of a round, and the one gate through which it all goes.

Law: Woo 3.3a(1) (fields of the subsidy overview), 5.1(1)(d) and 5.2 (no persons, no personal opinions).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.decision import Kind as Outcome
from grants.errors import Sentence
from grants.initiative import Kind, public_name

_TELLING = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # a mail address
    r"|\bNL\d{2}[ ]?[A-Z]{4}[ ]?\d"  # the beginning of an account
    r"|(?<!\d)(?:\+31|0031|0)[ -]?[1-9](?:[ -]?\d){8}(?!\d)"  # a telephone number
    r"|(?<!\d)\d{9}(?!\d)",  # a citizen's number
    re.IGNORECASE,
)

_PARTICLES = frozenset(
    {
        "van",
        "von",
        "der",
        "den",
        "des",
        "het",
        "ter",
        "ten",
        "een",
        "voor",
        "the",
        "and",
        "ibn",
        "bin",
        "del",
        "les",
    }
)
"""Small words in Dutch and other names that tell on nobody."""


@dataclass(frozen=True)
class Award:
    """One granted application as it may be published; `deviation`: why the advice was not followed."""

    number: str
    name: Sentence
    title: str
    asked_cents: int
    granted_cents: int
    explanation: Sentence
    reasons: dict[str, str]
    deviation: str
    decided_on: date

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "name": self.name.as_json(),
            "title": self.title,
            "asked_cents": self.asked_cents,
            "granted_cents": self.granted_cents,
            "explanation": self.explanation.as_json(),
            "reasons": self.reasons,
            "deviation": self.deviation,
            "decided_on": self.decided_on.isoformat(),
        }


def tells_on_someone(text: str) -> bool:
    """Does the text hold a mail address, telephone number, account or citizen number?"""
    return bool(_TELLING.search(text))


def award(  # noqa: PLR0913 - a field of the overview each
    *,
    number: str,
    kind: Kind,
    name: str,
    title: str,
    asked_cents: int,
    granted_cents: int,
    explanation: Sentence,
    reasons: dict[str, str],
    decided_on: date,
    outcome: Outcome,
    deviation: str = "",
) -> Award:
    """The public face of a decision. Only money given is published, and no text that tells on someone.

    A person's or group's name may come back in a title or a reason: such a text is left out.
    """
    if not outcome.gives_money:
        raise ValueError("only awards are published one by one")
    return Award(
        number=number,
        name=public_name(kind, name),
        title=title if may_be_published(title, name, kind) else "",
        asked_cents=asked_cents,
        granted_cents=granted_cents,
        explanation=explanation,
        reasons={label: text for label, text in reasons.items() if may_be_published(text, name, kind)},
        deviation=deviation if may_be_published(deviation, name, kind) else "",
        decided_on=decided_on,
    )


def may_be_published(text: str, name: str, kind: Kind) -> bool:
    """No address, number or account in it, and no part of the name of a person or an informal group.

    Names that are also everyday words hide more than they must: then the text is left out all the same.
    """
    if tells_on_someone(text):
        return False
    if kind is Kind.ORGANISATION:
        return True
    parts = [part for part in re.findall(r"\w{3,}", name) if part.lower() not in _PARTICLES]
    return not any(re.search(rf"\b{re.escape(part)}(?:'?s)?\b", text, re.IGNORECASE) for part in parts)


def totals(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many of each outcome."""
    counted = dict.fromkeys((kind.value for kind in Outcome), 0)
    for outcome in outcomes:
        counted[outcome.value] += 1
    return counted
