"""A step further: an idea of the committee for a plan, which the applicant may take, change or leave.

Law: Awb 4:2 and 4:7 (the application is the applicant's own): nothing changes without their consent, and saying
no costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from grants import calendar
from grants.errors import Refusal, Sentence
from grants.screening import check_completion

WEEKS = 2
"""How long an applicant may think and write."""

SHORTEST = timedelta(days=3)
"""With fewer days than this before the ballot opens nothing is proposed any more."""


class Choice(StrEnum):
    """What the applicant says: yes, yes in another way, or no."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    DECLINED = "declined"

    @property
    def reopens(self) -> bool:
        """Does the plan change?"""
        return self is not Choice.DECLINED


CHOICES: dict[Choice, Sentence] = {
    Choice.ACCEPTED: Sentence("Ja, ik neem dit idee over"),
    Choice.CHANGED: Sentence("Ja, maar ik doe het anders"),
    Choice.DECLINED: Sentence("Nee, mijn plan blijft zoals het is"),
}
CHOSEN: dict[Choice, Sentence] = {
    Choice.ACCEPTED: Sentence("De aanvrager neemt het idee over"),
    Choice.CHANGED: Sentence("De aanvrager past het plan anders aan"),
    Choice.DECLINED: Sentence("De aanvrager laat het plan zoals het is"),
}
ROLES: dict[str, Sentence] = {
    "chair": Sentence("De voorzitter schreef dit namens de commissie."),
    "secretary": Sentence("De secretaris schreef dit namens de commissie."),
}
"""In whose name an idea comes, by the role of who wrote it."""

CONSENT = Sentence(
    "Ik wil mijn plan zelf zo veranderen. Ik weet dat het niet hoeft. "
    "De commissie beslist dan over mijn nieuwe plan."
)
"""What an applicant agrees to; kept with the answer as it was shown."""


def check_proposal(questions: list[str], known: Collection[str], text: str) -> None:
    """Refuse an idea that says nothing, or names no question of those that the committee reads."""
    check_completion(questions, list(known), text)


def last_day(now: datetime, ballot_opens_at: datetime) -> date:
    """The last day to take up an idea of now: before the ballot opens. Refused when that leaves no time."""
    today = calendar.local(now).date()
    before_ballot = calendar.local(ballot_opens_at).date() - timedelta(days=1)
    if before_ballot - today < SHORTEST:
        raise Refusal(
            "De stemming begint op {opens:time}. Voor een idee is nu geen tijd meer.",
            opens=ballot_opens_at.isoformat(),
        )
    return min(calendar.term_last_day(today, WEEKS), before_ballot)
