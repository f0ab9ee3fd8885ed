"""Which lawful terms run for one application: until when one may object, and for what of ours somebody waits.

Law: Awb 4:13-4:15 (deciding), 6:7-6:8 (objecting), 7:10 (deciding on an objection).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from grants import calendar
from grants.notice import About
from grants.store.applications import Application, Completion
from grants.store.decisions import Decision
from grants.store.funds import Round
from grants.store.notices import open_objection
from grants.store.payments import Determination, Report
from grants.term import Asked, decision_term


class Waited(NamedTuple):
    """What somebody waits for, and the last day we have for it; without one our term stands still."""

    about: About
    until: date | None


async def objectable(application_id: int) -> dict[About, date]:
    """What was decided and sent, the newest first, each with the last day to object."""
    found: dict[About, date] = {}
    fixed = await Determination.get_or_none(application_id=application_id)
    if fixed is not None and await Report.exists(application_id=application_id):
        found[About.DETERMINATION] = calendar.objection_last_day(calendar.local(fixed.at).date())
    decided = await Decision.get_or_none(application_id=application_id, objection_until__isnull=False)
    if decided is not None and decided.objection_until is not None:
        found[About.DECISION] = decided.objection_until
    return found


async def waited_for(application: Application, today: date) -> Waited:
    """What the applicant waits for now: an answer to their objection, the decision, or the final amount."""
    until = await open_objection(application.id)
    if until is not None:
        return Waited(About.OBJECTION, until)
    if not await Decision.exists(application_id=application.id, announced_at__isnull=False):
        return Waited(About.DECISION, await _decide_by(application, today))
    report = await Report.get_or_none(application_id=application.id)
    if report is not None and not await Determination.exists(application_id=application.id):
        told_on = calendar.local(report.at).date()
        return Waited(About.DETERMINATION, calendar.decision_last_day(told_on))
    return Waited(About.NOTHING, None)


async def _decide_by(application: Application, today: date) -> date | None:
    round_ = await Round.get(id=application.round_id)
    completions = await Completion.filter(application_id=application.id).order_by("id")
    asked = [Asked(one.asked_at, one.answered_at, one.due_on) for one in completions]
    return decision_term(round_.decide_by, asked, today)
