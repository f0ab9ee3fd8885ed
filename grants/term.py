"""Lawful terms that explain themselves: the day counting begins, and every step that moves the last day on.

Law: Awb 4:13 (term to decide), 4:15 (it stands still), 4:5 (completing), 4:87 (paying), 6:7 and 6:8 (objecting);
Algemene termijnenwet 1 (weekends and feast days).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from grants import calendar
from grants.calendar import Pause
from grants.errors import Sentence


class Step(NamedTuple):
    """One reason in words, and by how many days it moves the last day on; None while it still does."""

    said: Sentence
    days: int | None = 0


class Term(NamedTuple):
    """A term from the day it is counted from; its last day is that day and the days of all its steps."""

    from_on: date
    steps: tuple[Step, ...]

    @property
    def last_day(self) -> date | None:
        """The day shown to people; None while the term stands still."""
        days = [step.days for step in self.steps]
        if None in days:
            return None
        return self.from_on + timedelta(days=sum(day for day in days if day is not None))

    @property
    def why(self) -> list[Sentence]:
        """The steps in words, in the order in which they count."""
        return [step.said for step in self.steps]


class Asked(NamedTuple):
    """One request to complete, as its row holds it."""

    asked_at: datetime
    answered_at: datetime | None
    due_on: date

    def pause(self, today: date) -> Pause:
        """How long the term stands still: to the answer, but never longer than the days that were given for it."""
        until_on = calendar.local(self.answered_at).date() if self.answered_at else None
        past_due = self.due_on + timedelta(days=1)
        if today >= past_due:
            until_on = min(until_on or past_due, past_due)
        return calendar.completion_pause(calendar.local(self.asked_at).date(), until_on)


def decision(decide_by: date, asked: Iterable[Asked], today: date) -> Term:
    """The term to decide on an application.

    Awb 4:13: the term that the local rules set, here the day the round names; 4:15: moved on by every pause.
    """
    rule = Sentence(
        "De regels van de ronde noemen een laatste dag voor het besluit: {day:date}.",
        {"day": decide_by.isoformat()},
    )
    pauses = {one.pause(today): one for one in asked}
    stood_still = calendar.stood_still(decide_by, list(pauses))
    steps = [_stood_still(pauses[pause], pause, days) for pause, days in stood_still]
    return Term(decide_by, (Step(rule), *steps))


def decision_term(decide_by: date, asked: Iterable[Asked], today: date) -> date | None:
    """The last day to decide on an application; None while the term stands still."""
    return decision(decide_by, asked, today).last_day


def _stood_still(one: Asked, pause: Pause, days: int | None) -> Step:
    """What a request to complete did to the term, with the days it was counted for."""
    asked_on = calendar.local(one.asked_at).date().isoformat()
    if pause.until_on is None:
        said = Sentence(
            "Op {asked:date} vroegen wij om een aanvulling. Tot die er is, staat de tijd stil.",
            {"asked": asked_on},
        )
    elif one.answered_at and pause.until_on <= one.due_on:
        said = Sentence(
            "Op {asked:date} vroegen wij om een aanvulling. Op {until:date} kwam die. "
            "De dagen daartussen stond de tijd stil. Dagen erbij: {days}.",
            {"asked": asked_on, "until": pause.until_on.isoformat(), "days": days},
        )
    else:
        said = Sentence(
            "Op {asked:date} vroegen wij om een aanvulling. Die kwam niet op tijd. "
            "Tot en met {due:date} stond de tijd stil. Dagen erbij: {days}.",
            {"asked": asked_on, "due": one.due_on.isoformat(), "days": days},
        )
    return Step(said, days)


def completion(asked_on: date, weeks: int) -> Term:
    """The term in which an applicant may complete (Awb 4:5, first paragraph)."""
    said = Sentence(
        "Wij vroegen het op {day:date}. U krijgt daarna {days} dagen de tijd.",
        {"day": asked_on.isoformat(), "days": 7 * weeks},
    )
    return of_citizen(said, asked_on, weeks)


def objection(announced_on: date) -> Term:
    """The term to object (Awb 6:7, 6:8)."""
    said = Sentence(
        "Wij verstuurden het besluit op {day:date}. Bezwaar maken kan dan nog zes weken.",
        {"day": announced_on.isoformat()},
    )
    return of_citizen(said, announced_on, calendar.OBJECTION_WEEKS)


def payment(announced_on: date) -> Term:
    """The term to pay (Awb 4:87): a duty of the municipality, so never moved on."""
    said = Sentence(
        "Wij verstuurden het besluit op {day:date}. Daarna betalen wij binnen zes weken.",
        {"day": announced_on.isoformat()},
    )
    return Term(announced_on, (Step(said, 7 * calendar.PAYMENT_WEEKS),))


def of_citizen(said: Sentence, from_on: date, weeks: int) -> Term:
    """A citizen's term of `weeks` from the day after `from_on`; `said` tells the rule it rests on.

    It ends on no weekend or feast day: each of those is a step of one day. Terms of over twelve weeks end where
    they end (Algemene termijnenwet 1 and 4).
    """
    steps = [Step(said, 7 * weeks)]
    day = from_on + timedelta(weeks=weeks)
    while weeks <= calendar.LONGEST_EXTENDED_WEEKS and (name := calendar.day_off(day)):
        shifted = Sentence(
            "{day:date} is {name}. Dan mag het een dag later.", {"day": day.isoformat(), "name": name}
        )
        steps.append(Step(shifted, 1))
        day += timedelta(days=1)
    return Term(from_on, tuple(steps))
