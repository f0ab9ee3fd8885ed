"""Whose turn it is: for one application what happens now, who does that, and when the applicant hears more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from grants import calendar, term
from grants.application import Stage
from grants.errors import Sentence
from grants.pages.application import next_step
from grants.store.applications import Application, Completion
from grants.store.decisions import Decision
from grants.term import Term

YOU = Sentence("U")
TOWN = Sentence("De gemeente")
COMMITTEE = Sentence("De commissie")

ACTS: dict[Stage, Sentence] = {
    Stage.SUBMITTED: TOWN,
    Stage.COMPLETING: YOU,
    Stage.SCREENED: COMMITTEE,
    Stage.REVIEWED: COMMITTEE,
    Stage.ALLOCATED: TOWN,
    Stage.DECIDED: TOWN,
    Stage.ANNOUNCED: YOU,
    Stage.PUBLISHED: YOU,
    Stage.ACCOUNTED: TOWN,
}
"""Who acts in a stage; in the others all is done."""


class Turn(NamedTuple):
    """What happens now; who does it, nobody where all is done; when the applicant hears more, and why then."""

    what: Sentence
    who: Sentence | None
    when: Sentence | None
    why: list[Sentence]


def turn(
    application: Application,
    completion: Completion | None,
    decision: Decision | None,
    money: dict[str, Any] | None,
    decide_by: Term,
    now: datetime,
) -> Turn:
    """The turn of an application that was sent: what it says is what the list of applications says too."""
    stage = application.at
    row = {
        "round__closes_at": application.round.closes_at,
        "decision__kind": decision.kind if decision else None,
        "account__last4": money["account"].last4 if money and money["account"] else None,
        "determination__id": money["determination"].id if money and money["determination"] else None,
        "report__id": None if money and money["regime"].mode == "direct" else application.id,
    }
    what = next_step(row, stage, completion.due_on if completion else None, now)
    if decision:
        when, why = _paid_by(decision, money) if money else _objection(decision, now)
    elif completion:
        when = _by(Sentence("Tot en met {day:date}"), completion.due_on)
        why = _completing(application, completion)
    else:
        day = decide_by.last_day if stage in ACTS else None
        when, why = _by(Sentence("U hoort het besluit uiterlijk {day:date}"), day), decide_by
    return Turn(what, _who(stage, decision, money), when, why.why if when and why else [])


def _completing(application: Application, completion: Completion) -> Term:
    weeks = int(application.round.frozen["round"]["completion_weeks"])
    return term.completion(calendar.local(completion.asked_at).date(), weeks)


def _by(said: Sentence, day: date | None) -> Sentence | None:
    return said._replace(values={"day": day.isoformat()}) if day else None


def _who(stage: Stage, decision: Decision | None, money: dict[str, Any] | None) -> Sentence | None:
    if decision and not money:
        return None
    return YOU if money and money["regime"].mode == "direct" else ACTS.get(stage)


def _paid_by(decision: Decision, money: dict[str, Any]) -> tuple[Sentence | None, Term | None]:
    """The day by which the next payment is made."""
    if not money["account"]:
        return Sentence("Zo snel als u kunt. Daarna betalen wij."), None
    days = [one.due_on for one in money["payments"] if one.paid_on is None]
    why = None
    if not money["payments"] and decision.announced_at:
        why = term.payment(calendar.local(decision.announced_at).date())
        days = [day for day in (why.last_day,) if day]
    return _by(Sentence("U krijgt het geld uiterlijk {day:date}"), min(days, default=None)), why


def _objection(decision: Decision, now: datetime) -> tuple[Sentence | None, Term | None]:
    """Until when one may object, while one still may."""
    until = decision.objection_until
    if until is None or decision.announced_at is None or now >= calendar.end_of(until):
        return None, None
    why = term.objection(calendar.local(decision.announced_at).date())
    return _by(Sentence("Bezwaar maken kan tot en met {day:date}"), until), why
