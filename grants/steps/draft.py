"""Drafting: every answer is kept on the server the moment it is sent, so that nothing typed is lost."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from grants import budget, form, sealed
from grants import round as rules_of
from grants.access import APPLICANT, Actor, require
from grants.application import WRITABLE, Stage
from grants.errors import Invalid, NotFound, Refusal, Sentence, Stale
from grants.form import Question
from grants.initiative import check_initiative
from grants.round import Phase
from grants.screening import fitting
from grants.store import journal
from grants.store.applications import Answer, Application, Completion, lock_own
from grants.store.funds import Round
from grants.store.initiatives import Initiative
from grants.store.people import Person
from grants.text import clean

MAX_OPEN_DRAFTS = 10
CHANGED_ELSEWHERE = Sentence(
    "Dit antwoord is intussen ook ergens anders veranderd. Kijk wat u wilt bewaren. Bewaar het dan nog eens."
)


async def begin(actor: Actor, round_id: str, key: str, now: datetime) -> Application:
    """A new draft in an open round. `key` comes from the form: sending it twice gives the same draft."""
    require(actor, "application.begin")
    begin_key = f"{actor.person_id}:{key[:40]}"
    async with in_transaction():
        round_ = await Round.get_or_none(public_id=round_id)
        if round_ is None:
            raise NotFound("Deze ronde is er niet.")
        check_open(round_, now)
        await Person.filter(id=actor.person_id).select_for_update().get()  # two forms of one person in turn
        known = await Application.get_or_none(begin_key=begin_key)
        if known is not None:
            return known
        if (
            await Application.filter(person_id=actor.person_id, stage=Stage.DRAFT.value).count()
            >= MAX_OPEN_DRAFTS
        ):
            raise Refusal(
                "U heeft al {max} aanvragen waar u mee bezig bent. Maak er eerst een af.", max=MAX_OPEN_DRAFTS
            )
        initiative = await Initiative.create(person_id=actor.person_id, kind="", created_at=now)
        return await Application.create(
            public_id=secrets.token_hex(16),
            begin_key=begin_key,
            round_id=round_.id,
            person_id=actor.person_id,
            initiative_id=initiative.id,
            created_at=now,
            changed_at=now,
        )


def check_open(round_: Round, now: datetime) -> None:
    """Refuse outside the window of the round; the clock of the request decides."""
    phase = round_.phase(now)
    if phase is Phase.UPCOMING:
        raise Refusal(
            "U kunt nog niet aanvragen. De ronde gaat open op {opens:time}.",
            opens=round_.opens_at.isoformat(),
        )
    if phase is not Phase.OPEN:
        raise Refusal(
            "De ronde is gesloten. Aanvragen kon tot {closes:time}. Uw tekst blijft bewaard.",
            closes=round_.closes_at.isoformat(),
        )


async def save_answer(
    actor: Actor, public_id: str, key: str, value: Any, now: datetime, *, seen: str | None = None
) -> Any:
    """Keep one answer, and return it as it is kept.

    In a draft any question may change; in a completion only those that were named. `seen` is the `stamp` of
    the answer that the writer had before them: Stale if another one was kept meanwhile, unless it is the same.
    """
    async with in_transaction():
        application = await lock_own(actor, public_id)
        question = await _writable(application, key, now)
        kept = form.check_answer(question, value)
        known = await Answer.get_or_none(application_id=application.id, question=key)
        before = json.loads(known.value) if known else None
        if seen is not None and seen != stamp(before) and kept != before:
            raise Stale(CHANGED_ELSEWHERE.text, field=key)
        await _keep(application, question, kept, now)
        return kept


async def _keep(application: Application, question: Question, kept: Any, now: datetime) -> None:
    """Write the answer, and what the application itself knows of it."""
    if kept is None:
        await Answer.filter(application_id=application.id, question=question.key).delete()
    else:
        await Answer.update_or_create(
            application_id=application.id,
            question=question.key,
            defaults={"value": json.dumps(kept, ensure_ascii=False), "saved_at": now},
        )
    if question.key == form.TITLE:
        application.title = str(kept or "")[:200]
    if question.kind == "budget":
        sums = budget.sums(kept or [])
        application.asked_cents, application.least_cents = sums.asked, sums.least
    application.changed_at = now
    await application.save(update_fields=["title", "asked_cents", "least_cents", "changed_at"])


def stamp(kept: Any) -> str:
    """What stands for a kept answer in a form; nothing for an answer that is not there."""
    return "" if kept is None else sealed.fingerprint(json.dumps(kept, sort_keys=True))[:16]


async def save_initiative(
    actor: Actor, public_id: str, kind: str, name: str, kvk: str, phone: str, now: datetime
) -> None:
    """Keep who applies."""
    if problems := check_initiative(kind, name, kvk):
        raise Invalid(problems)
    async with in_transaction():
        application = await lock_own(actor, public_id)
        if application.at is not Stage.DRAFT:
            raise Refusal("Dit kunt u nu niet meer wijzigen. Bel ons als er iets niet klopt.")
        await Initiative.filter(id=application.initiative_id).update(
            kind=kind, name=clean(name), kvk=kvk, phone=fitting(clean(phone), 20, "phone")
        )
        await Application.filter(id=application.id).update(changed_at=now)


async def delete_draft(actor: Actor, public_id: str, now: datetime) -> None:
    """Throw a draft away, with everything in it."""
    async with in_transaction():
        application = await lock_own(actor, public_id)
        if application.at is not Stage.DRAFT:
            raise Refusal("Deze aanvraag is al verstuurd. U kunt hem wel intrekken.")
        await Answer.filter(application_id=application.id).delete()
        await application.delete()
        await Initiative.filter(id=application.initiative_id).delete()
        await journal.note(actor, "draft.deleted", now, role=APPLICANT, round_id=application.round_id)


async def _writable(application: Application, key: str, now: datetime) -> Question:
    """The question, if it may be answered now."""
    round_ = await Round.get(id=application.round_id)
    questions = rules_of.questions(round_.frozen)
    question = next((q for q in questions if q.key == key), None)
    if question is None:
        raise NotFound("Deze vraag staat niet op het formulier.")
    if application.at not in WRITABLE:
        raise Refusal("Uw aanvraag is verstuurd. U kunt de antwoorden nu niet meer wijzigen.")
    if application.at is Stage.DRAFT:
        check_open(round_, now)
    else:
        completion = await Completion.get(application_id=application.id, answered_at=None)
        if key not in form.reopened(questions, completion.questions):
            raise Refusal("Deze vraag hoeft u niet aan te vullen.")
    return question
