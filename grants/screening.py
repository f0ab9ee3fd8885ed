"""Screening: may this application be judged? Each check has a why; a gap may be mended first.

Law: Awb 4:5 (a chance to complete before it is not handled), 4:15(1) (the term stands still meanwhile).
"""

from __future__ import annotations

from enum import StrEnum

from grants.errors import Refusal

MAX_REASON = 2000


class Verdict(StrEnum):
    """What an officer found on one check."""

    GOOD = "good"
    MISSING = "missing"
    NOT_MET = "not_met"


def check_admission(checks: list[str], verdicts: dict[str, Verdict]) -> None:
    """Refuse to admit while a check is open or not good, naming it."""
    for label in checks:
        if verdicts.get(label) is not Verdict.GOOD:
            raise Refusal("De controle “{check}” is nog niet goed. Vul die eerst in.", check=label)


def check_completion(questions: list[str], known: list[str], text: str) -> None:
    """Refuse a request that names nothing, names an unknown question, or does not say what is missing."""
    if not questions:
        raise Refusal("Kies welke vragen de aanvrager mag aanvullen.", field="questions")
    if unknown := sorted(set(questions) - set(known)):
        raise Refusal(
            "De vraag “{question}” staat niet op dit formulier.", field="questions", question=unknown[0]
        )
    require_reason(text, "text")


def fitting(text: str, most: int, field: str) -> str:
    """The text, or a refusal that says how long it may be; nothing a person typed is cut without a word."""
    if len(text) > most:
        raise Refusal("De tekst is te lang. Gebruik hoogstens {max} tekens.", field=field, max=most)
    return text


def require_reason(text: str, field: str = "reason") -> str:
    """The reason in the officer's own plain words; empty or endless is refused."""
    if not text.strip():
        raise Refusal("Schrijf in gewone woorden op waarom. De aanvrager leest dit.", field=field)
    return fitting(text, MAX_REASON, field).strip()
