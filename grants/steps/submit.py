"""Sending in: the whole form is checked, gets a number and a receipt; also completing and withdrawing.

Law: Awb 4:1-4:2 (application), 4:5 (completion), division 2.3 (receipt, and a copy of what was sent).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from grants import form
from grants import round as rules_of
from grants.access import Actor
from grants.application import Stage, number
from grants.companion import Right
from grants.errors import Invalid, Problem, Sentence
from grants.initiative import check_initiative
from grants.letter import Letter
from grants.screening import fitting
from grants.steps.draft import check_window
from grants.store import outbox
from grants.store.applications import (
    Application,
    Completion,
    Submission,
    answers_of,
    last_submission,
    lock_own,
    move,
)
from grants.store.companions import recipients
from grants.store.entries import received_at
from grants.store.funds import Round
from grants.store.initiatives import Initiative
from grants.store.ledger import Pot
from grants.text import clean


async def submit(actor: Actor, public_id: str, now: datetime) -> Application:
    """Send an application in. It gets the next number of its year; a copy of the answers is kept for good.

    Sending twice gives the same receipt. Refused with everything that is still missing, or outside the window.
    """
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        if application.at is not Stage.DRAFT:
            return application
        round_ = await Round.filter(id=application.round_id).select_for_update().get()
        check_window(application, round_, now)
        answers = await _complete_answers(application, round_)
        await _give_number(application, round_, await received_at(application.id, now))
        await keep_copy(application, answers, now)
        moved = await move(application, Stage.SUBMITTED, actor, now, role=application.part)
        await write_applicant(moved.letter, application, now)
        return application


async def complete(actor: Actor, public_id: str, now: datetime) -> Application:
    """Send in what was asked for; the clock runs on. Sending twice changes nothing."""
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        if application.at is not Stage.COMPLETING:
            return application
        round_ = await Round.get(id=application.round_id)
        answers = await _complete_answers(application, round_)
        await Completion.filter(application_id=application.id, answered_at=None).update(answered_at=now)
        await keep_copy(application, answers, now)
        moved = await move(application, Stage.SUBMITTED, actor, now, role=application.part)
        await write_applicant(moved.letter, application, now)
        return application


async def withdraw(actor: Actor, public_id: str, reason: str, now: datetime) -> Application:
    """Take an application back, with or without a reason. Doing it twice changes nothing."""
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        if application.at is Stage.WITHDRAWN:
            return application
        await Completion.filter(application_id=application.id, answered_at=None).update(answered_at=now)
        moved = await move(
            application,
            Stage.WITHDRAWN,
            actor,
            now,
            role=application.part,
            ground=fitting(clean(reason), 1000, "reason"),
        )
        await write_applicant(moved.letter, application, now)
        return application


async def missing(application: Application, round_: Round) -> list[Problem]:
    """Everything that still keeps this application from being sent in, in the order of the form."""
    initiative = await Initiative.get(id=application.initiative_id)
    problems = check_initiative(initiative.kind, initiative.name, initiative.kvk)
    try:
        form.check_answers(rules_of.questions(round_.frozen), await answers_of(application.id))
    except Invalid as invalid:
        problems += invalid.problems
    pot = await Pot.get(fund_id=round_.fund_id, year=round_.year)
    if application.least_cents > pot.ceiling_cents:
        said = Sentence(
            "U heeft ten minste {least:euro} nodig. In de hele pot zit {ceiling:euro}. Vraag minder.",
            {"least": application.least_cents, "ceiling": pot.ceiling_cents},
        )
        problems.append(Problem("budget", said))
    return problems


async def _complete_answers(application: Application, round_: Round) -> dict[str, Any]:
    """What is sent in: the answers to what is asked. Others stay in the draft, for who changes their mind."""
    if problems := await missing(application, round_):
        raise Invalid(problems)
    return form.given(rules_of.questions(round_.frozen), await answers_of(application.id))


async def _give_number(application: Application, round_: Round, now: datetime) -> None:
    """The next number of the round, which is locked."""
    round_.last_number += 1
    await round_.save(update_fields=["last_number"])
    application.number = number(round_.year, round_.last_number)
    application.submitted_at = now
    await application.save(update_fields=["number", "submitted_at"])


async def keep_copy(application: Application, answers: dict[str, Any], now: datetime) -> None:
    """A copy of the answers as sent, under the next version."""
    earlier = await last_submission(application.id)
    application.version = (earlier.version if earlier else 0) + 1
    await application.save(update_fields=["version"])
    content = json.dumps(answers, sort_keys=True, ensure_ascii=False)
    await Submission.create(
        application_id=application.id,
        version=application.version,
        content=content,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        at=now,
    )


async def import_submission(
    application: Application, number: str, answers: dict[str, Any], now: datetime
) -> None:
    """Give an application that comes from a file its number there, and keep a copy, in the caller's transaction."""
    application.number = number
    application.submitted_at = now
    await application.save(update_fields=["number", "submitted_at"])
    await keep_copy(application, answers, now)


async def write_applicant(kind: str | None, application: Application, now: datetime, **params: Any) -> None:
    """Queue a letter of this kind to the applicant, once for each version that was sent in.

    Whoever may act for the applicant gets it too (Awb 2:1).
    """
    if kind is None:
        return
    key = f"{kind}:{application.public_id}:{application.version}"
    letters = [
        Letter(kind, key, person.email, person.language, person.id, application.id, params)
        for person in await recipients(application)
    ]
    await outbox.queue(letters, now)
