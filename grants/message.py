"""Talking about an application: who is on which side, who reads along, and by when the municipality answers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from grants import calendar
from grants.errors import Refusal
from grants.screening import fitting
from grants.text import clean

MAX_TEXT = 4000
ANSWERED_WITHIN = 5
"""Working days within which the municipality answers a message."""


class Side(StrEnum):
    """Who writes: the applicant with everybody who writes along, or the municipality. The committee reads neither."""

    APPLICANT = "applicant"
    MUNICIPALITY = "municipality"

    @property
    def other(self) -> Side:
        return Side.MUNICIPALITY if self is Side.APPLICANT else Side.APPLICANT


def answer_by(written_at: datetime) -> date:
    """The last day on which somebody who wrote then should have an answer."""
    return calendar.workdays_after(calendar.local(written_at).date(), ANSWERED_WITHIN)


def check_text(text: str) -> str:
    """The message as it is kept; nothing and far too much are refused."""
    said = fitting(clean(text), MAX_TEXT, "text")
    if not said:
        raise Refusal("Schrijf eerst uw bericht. Een paar woorden is genoeg.", field="text")
    return said


def check_due(due_on: date | None, today: date) -> None:
    """Refuse a day to answer that leaves no time."""
    if due_on is not None and due_on <= today:
        raise Refusal("Kies een dag na vandaag. Dan heeft de aanvrager tijd om te antwoorden.", field="due")
