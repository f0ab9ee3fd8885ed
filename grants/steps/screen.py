"""Screening: each check noted, then admitted, sent back for completion, or not handled with a plain reason.

Law: Awb 4:5 (completion before not handling), 4:15 (the term stands still), 3:46 (reasons).
"""

from __future__ import annotations

import json
from datetime import datetime

from tortoise.transactions import in_transaction

from grants import calendar, form
from grants import round as rules_of
from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.decision import Kind
from grants.errors import NotFound, Refusal, Sentence
from grants.screening import Verdict, check_admission, check_completion, fitting, require_reason
from grants.steps.announce import announce_one
from grants.steps.submit import write_applicant
from grants.store import ledger
from grants.store.applications import (
    Application,
    Completion,
    ScreeningCheck,
    check_stranger,
    last_submission,
    lock_application,
    move,
)
from grants.store.decisions import Decision
from grants.store.entries import check_confirmed
from grants.store.funds import Round

NOT_HANDLED = Sentence("De gemeente kan deze aanvraag niet behandelen. De reden is: {reason}")


async def note_check(
    actor: Actor, public_id: str, key: str, verdict: Verdict, note: str, now: datetime
) -> None:
    """Write down what was found on one check; what is not good needs a note."""
    require(actor, "screening.do")
    if verdict is not Verdict.GOOD:
        note = require_reason(note, "note")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        if application.at not in (Stage.SUBMITTED, Stage.COMPLETING):
            raise Refusal("Deze aanvraag is al gecontroleerd.")
        frozen = (await Round.get(id=application.round_id)).frozen
        if key not in {check.key for check in rules_of.checks(frozen)}:
            raise NotFound("Deze controle hoort niet bij deze ronde.")
        await ScreeningCheck.update_or_create(
            application_id=application.id,
            check_key=key,
            defaults={
                "verdict": verdict.value,
                "note": fitting(note, 2000, "note"),
                "by_id": actor.person_id,
                "at": now,
            },
        )


async def admit(actor: Actor, public_id: str, now: datetime) -> Application:
    """Let an application through to the committee; every check must be good."""
    require(actor, "screening.do")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        if application.at is Stage.SCREENED:
            return application
        await check_confirmed(application.id)
        round_ = await Round.get(id=application.round_id)
        if round_.advised_at is not None:
            raise Refusal("De commissie heeft al advies gegeven. Deze aanvraag kan niet meer mee.")
        found = {
            row.check_key: Verdict(row.verdict)
            for row in await ScreeningCheck.filter(application_id=application.id)
        }
        checks = rules_of.checks(round_.frozen)
        check_admission([c.label for c in checks], {c.label: found[c.key] for c in checks if c.key in found})
        moved = await move(application, Stage.SCREENED, actor, now, role=actor.role_for(ACTS["screening.do"]))
        await write_applicant(moved.letter, application, now)
        return application


async def ask_completion(
    actor: Actor, public_id: str, questions: list[str], text: str, now: datetime
) -> Completion:
    """Reopen only the named questions until the due day; the decision term stands still meanwhile."""
    require(actor, "screening.do")
    async with in_transaction():
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        round_ = await Round.get(id=application.round_id)
        sent = await last_submission(application.id)
        asked_then = form.asked(rules_of.questions(round_.frozen), sent.answers if sent else {})
        known = [question.key for question in asked_then]
        check_completion(questions, known, text)
        weeks = int(round_.frozen["round"]["completion_weeks"])
        moved = await move(
            application,
            Stage.COMPLETING,
            actor,
            now,
            role=actor.role_for(ACTS["screening.do"]),
            ground=text.strip(),
        )
        asked = await Completion.create(
            application_id=application.id,
            questions=[key for key in known if key in questions],
            text=text.strip(),
            due_on=calendar.term_last_day(calendar.local(now).date(), weeks),
            asked_at=now,
        )
        await write_applicant(moved.letter, application, now, completion=asked.id)
        return asked


async def not_handle(actor: Actor, public_id: str, reason: str, now: datetime) -> Decision:
    """Decide not to handle an application, and tell the applicant at once.

    Only after a chance to complete it (Awb 4:5): there was a request, and its last day has passed or it
    was answered. Doing it twice gives the decision that is there.
    """
    require(actor, "screening.do")
    said = require_reason(reason)
    async with in_transaction():
        found = await Application.get_or_none(public_id=public_id).select_related("round")
        if found is None:
            raise NotFound("Deze aanvraag is er niet.")
        pot = await ledger.lock_pot(found.round.fund_id, found.round.year)
        application = await lock_application(public_id)
        await check_stranger(actor, application)
        known = await Decision.get_or_none(application_id=application.id)
        if known is not None and Kind(known.kind) is Kind.NOT_HANDLED:
            return known
        if application.at not in (Stage.SUBMITTED, Stage.COMPLETING):
            raise Refusal("Deze aanvraag is al gecontroleerd.")
        await _check_had_chance(application, now)
        decision = await Decision.create(
            application_id=application.id,
            kind=Kind.NOT_HANDLED.value,
            cents=0,
            followed=True,
            explanation=json.dumps(
                Sentence(NOT_HANDLED.text, {"reason": said}).as_json(), ensure_ascii=False
            ),
            reasons="{}",
            decided_by_id=actor.person_id,
            decided_at=now,
        )
        await Completion.filter(application_id=application.id, answered_at=None).update(answered_at=now)
        await move(
            application, Stage.DECIDED, actor, now, role=actor.role_for(ACTS["screening.do"]), ground=said,
            kind=Kind.NOT_HANDLED.value,
        )  # fmt: skip
        await announce_one(pot, found.round, application, actor, now)
        await decision.refresh_from_db()
        return decision


async def _check_had_chance(application: Application, now: datetime) -> None:
    last = await Completion.filter(application_id=application.id).order_by("-id").first()
    if last is None:
        raise Refusal(
            "Vraag eerst om een aanvulling. Pas daarna mag u besluiten om niet te behandelen (Awb 4:5)."
        )
    if last.answered_at is None and now < calendar.end_of(last.due_on):
        raise Refusal(
            "De aanvrager heeft nog tot en met {due:date} om aan te vullen.", due=last.due_on.isoformat()
        )
