"""Why somebody reads an application that is not theirs: what is kept of it, and what the applicant is told."""

from __future__ import annotations

from enum import StrEnum

from grants.errors import Sentence


class Purpose(StrEnum):
    """What somebody reads it for; the page that shows it says which."""

    SCREEN = "screen"
    DECIDE = "decide"
    PAY = "pay"
    ANSWER = "answer"
    JUDGE = "judge"
    AUDIT = "audit"


PURPOSE_WORDS: dict[Purpose, Sentence] = {
    Purpose.SCREEN: Sentence("Kijken of uw aanvraag compleet is"),
    Purpose.DECIDE: Sentence("Het besluit nemen"),
    Purpose.PAY: Sentence("Het geld betalen"),
    Purpose.ANSWER: Sentence("Antwoord geven op wat u stuurde"),
    Purpose.JUDGE: Sentence("Uw plan beoordelen"),
    Purpose.AUDIT: Sentence("Nakijken of wij ons werk goed doen"),
}
