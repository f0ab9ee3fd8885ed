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
from grants.companion import Part, Right
from grants.errors import Invalid, NotFound, Refusal, Sentence, Stale
from grants.form import Question
from grants.initiative import check_initiative
from grants.round import Phase
from grants.screening import fitting
from grants.store import journal, outbox
from grants.store.applications import Answer, Application, answers_of, lock_own
from grants.store.companions import Companion
from grants.store.entries import Entry
from grants.store.funds import Round
from grants.store.initiatives import Initiative
from grants.store.journal import JournalEntry
from grants.store.people import Person
from grants.store.stretches import reopened
from grants.store.uploads import Upload
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


def check_window(application: Application, round_: Round, now: datetime) -> None:
    """The same for a draft; what an officer enters counts from the day it came in, and may be entered later."""
    if application.part is not Part.DESK:
        check_open(round_, now)


async def save_answer(
    actor: Actor, public_id: str, key: str, value: Any, now: datetime, *, seen: str | None = None
) -> Any:
    """Keep one answer, and return it as it is kept.

    In a draft any question may change; in a completion or after an idea only those that were named. `seen` is
    the `stamp` of the answer that the writer had before them: Stale if another was kept meanwhile, unless the same.
    """
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.WRITE)
        question = await writable(application, key, now)
        known = await Answer.get_or_none(application_id=application.id, question=key)
        before = json.loads(known.value) if known else None
        if question.kind == "file":
            return form.check_answer(question, before)  # files come and go by steps of their own
        kept = form.check_answer(await _as_asked(application, question), value)
        if seen is not None and seen != stamp(before) and kept != before:
            raise Stale(CHANGED_ELSEWHERE.text, field=key)
        await _keep(actor, application, question, kept, now)
        await note_writer(actor, application, key, known, now)
        return kept


async def _as_asked(application: Application, question: Question) -> Question:
    """The question beside what was said aloud."""
    answers = await answers_of(application.id) if question.spoken_minutes else {}
    return form.or_aloud(question, answers)


async def note_writer(
    actor: Actor, application: Application, key: str, before: Answer | None, now: datetime
) -> None:
    """Journal that an answer came into other hands: who wrote what stays known, without a row for each save.

    What nobody wrote yet is the applicant's to write.
    """
    if actor.person_id == (before.by_id if before else application.person_id):
        return
    await journal.note(
        actor, "answer.written", now, role=application.part, round_id=application.round_id,
        application_id=application.id, question=key,
    )  # fmt: skip


async def _keep(actor: Actor, application: Application, question: Question, kept: Any, now: datetime) -> None:
    """Write the answer, and what the application itself knows of it: of an idea only once that is sent in."""
    if kept is None:
        await Answer.filter(application_id=application.id, question=question.key).delete()
    else:
        await Answer.update_or_create(
            application_id=application.id,
            question=question.key,
            defaults={
                "value": json.dumps(kept, ensure_ascii=False),
                "saved_at": now,
                "by_id": actor.person_id,
            },
        )
    if application.at in WRITABLE:
        summarise(application, question, kept)
        application.changed_at = now
        await application.save(update_fields=["title", "asked_cents", "least_cents", "changed_at"])


def summarise(application: Application, question: Question, kept: Any) -> None:
    """What the application itself knows of an answer: its name, and its amounts."""
    if question.key == form.TITLE:
        application.title = str(kept or "")[:200]
    if question.kind == "budget":
        sums = budget.sums(kept or [])
        application.asked_cents, application.least_cents = sums.asked, sums.least


def stamp(kept: Any) -> str:
    """What stands for a kept answer in a form; nothing for an answer that is not there."""
    return "" if kept is None else sealed.fingerprint(json.dumps(kept, sort_keys=True))[:16]


async def save_initiative(
    actor: Actor, public_id: str, kind: str, name: str, kvk: str, phone: str, now: datetime,
    *, seen: str | None = None,
) -> None:  # fmt: skip
    """Keep who applies. `seen` is the `stamp` of what the writer had before them, as with `save_answer`."""
    if problems := check_initiative(kind, name, kvk):
        raise Invalid(problems)
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.WRITE)
        if application.at is not Stage.DRAFT:
            raise Refusal("Dit kunt u nu niet meer wijzigen. Bel ons als er iets niet klopt.")
        after = (kind, clean(name), kvk, fitting(clean(phone), 20, "phone"))
        before = (await Initiative.get(id=application.initiative_id)).said
        if seen is not None and seen != stamp(before) and after != before:
            raise Stale(CHANGED_ELSEWHERE.text, field="kind")
        await Initiative.filter(id=application.initiative_id).update(
            **dict(zip(("kind", "name", "kvk", "phone"), after, strict=True))
        )
        await Application.filter(id=application.id).update(changed_at=now)


async def delete_draft(actor: Actor, public_id: str, now: datetime) -> list[str]:
    """Throw a draft away, with everything in it; returns where the bytes of its files lie, to be taken away now.

    Doing it twice changes nothing.
    """
    async with in_transaction():
        try:
            application = await lock_own(actor, public_id, Right.OWN)
        except NotFound:
            if await _thrown_away(actor, public_id):
                return []
            raise
        if application.at is not Stage.DRAFT:
            raise Refusal("Deze aanvraag is al verstuurd. U kunt hem wel intrekken.")
        await Answer.filter(application_id=application.id).delete()
        uploads = Upload.filter(application_id=application.id)
        paths = [row.path for row in await uploads]
        await uploads.delete()
        await outbox.call_back(application.id)
        await Companion.filter(application_id=application.id).delete()
        await Entry.filter(application_id=application.id).delete()
        await application.delete()
        await Initiative.filter(id=application.initiative_id).delete()
        await journal.note(
            actor, "draft.deleted", now, role=APPLICANT, round_id=application.round_id, draft=public_id
        )
        return paths


async def _thrown_away(actor: Actor, public_id: str) -> bool:
    """Did this person throw this draft away before?"""
    done = JournalEntry.filter(person_id=actor.person_id, act="draft.deleted")
    return bool(await done.filter(detail__contains=public_id).exists())


async def writable(application: Application, key: str, now: datetime) -> Question:
    """The question, if it may be answered now."""
    round_ = await Round.get(id=application.round_id)
    questions = rules_of.questions(round_.frozen)
    question = next((q for q in questions if q.key == key), None)
    if question is None:
        raise NotFound("Deze vraag staat niet op het formulier.")
    if application.at is Stage.DRAFT:
        check_window(application, round_, now)
        return question
    asked = await reopened(application, now)
    if asked is None:
        raise Refusal("Uw aanvraag is verstuurd. U kunt de antwoorden nu niet meer wijzigen.")
    if key not in form.reopened(questions, asked.questions):
        raise Refusal("Deze vraag hoeft u niet aan te vullen.")
    return question
