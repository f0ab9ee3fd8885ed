"""A step further: keeping the committee's idea, the applicant's answer with consent, and the plan it led to.

Law: the application is the applicant's (Awb 4:1): only they change it, and only what was named reopens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from grants import form
from grants import round as rules_of
from grants.access import Actor
from grants.application import Stage
from grants.companion import Right
from grants.errors import Invalid, NotFound, Refusal, Sentence
from grants.letter import Letter
from grants.steps.draft import summarise
from grants.steps.submit import keep_copy, missing
from grants.store import journal, outbox
from grants.store.applications import Application, answers_of, last_submission, lock_own
from grants.store.companions import recipients
from grants.store.funds import Round
from grants.store.stretches import Stretch, stretch_of
from grants.stretch import CONSENT, Choice, check_proposal, last_day

TOO_LATE = Sentence("Dit idee is voorbij. Uw plan blijft zoals u het verstuurde.")


async def keep_idea(
    actor: Actor, application: Application, round_: Round, role: str, questions: list[str], text: str, now: datetime
) -> Stretch:  # fmt: skip
    """Keep an idea for a plan and tell its applicant, in the caller's transaction; the application is locked.

    The stage stays. One idea for each version of a plan: nobody is asked again and again.
    """
    known = await Stretch.get_or_none(application_id=application.id, version=application.version)
    if known is not None and known.text == text.strip():
        return known
    if known is not None:
        raise Refusal("De commissie gaf bij dit plan al een idee. Eén idee is genoeg.")
    if application.at is not Stage.SCREENED:
        raise Refusal("Een idee geven kan niet meer. De stemming is open, of de aanvraag is teruggetrokken.")
    readable = [question.key for question in rules_of.questions(round_.frozen) if question.committee]
    check_proposal(questions, readable, text)
    made = await Stretch.create(
        application_id=application.id, version=application.version, text=text.strip(),
        questions=[key for key in readable if key in questions], proposed_by_id=actor.person_id, role=role,
        at=now, due_on=last_day(now, round_.ballot_opens_at),
    )  # fmt: skip
    await _tell("stretch", application, made, now)
    await journal.note(
        actor, "committee.gave_idea", now, role=role, round_id=application.round_id,
        application_id=application.id, version=application.version, questions=made.questions,
    )  # fmt: skip
    return made


async def choose(actor: Actor, public_id: str, choice: Choice, consent: str, now: datetime) -> Stretch:
    """The applicant says yes, yes in another way, or no; and may think again until the last day.

    `consent` is the sentence as it was shown to them; it is kept with a yes.
    """
    async with in_transaction():
        application, stretch = await _running(actor, public_id, now)
        if stretch.choice is choice:
            return stretch
        stretch.answer, stretch.answered_by_id, stretch.answered_at = choice.value, actor.person_id, now
        stretch.consent = (consent.strip() or CONSENT.text) if choice.reopens else ""
        await stretch.save()
        if not choice.reopens:
            await _tell("stretch_answer", application, stretch, now)
        await journal.note(
            actor, f"stretch.{choice.value}", now, role=application.part, round_id=application.round_id,
            application_id=application.id, ground=stretch.consent, version=stretch.version,
        )  # fmt: skip
        return stretch


async def send_new_plan(actor: Actor, public_id: str, now: datetime) -> Application:
    """Send in the plan as it was changed after an idea: a new version, of which only what was named differs.

    Sending twice changes nothing. Refused with everything that is still missing.
    """
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.SEND)
        stretch = await stretch_of(application.id)
        if stretch is not None and stretch.led_to is not None:
            return application
        if stretch is None or not stretch.reopens(application, now):
            raise Refusal(TOO_LATE.text)
        round_ = await Round.get(id=application.round_id)
        answers = await new_answers(application, round_, stretch)
        for question in rules_of.questions(round_.frozen):
            summarise(application, question, answers.get(question.key))
        if problems := await missing(application, round_):
            raise Invalid(problems)
        await keep_copy(application, answers, now)
        application.changed_at = now
        await application.save(update_fields=["title", "asked_cents", "least_cents", "changed_at"])
        await Stretch.filter(id=stretch.id).update(led_to=application.version, sent_at=now)
        await _tell("stretch_answer", application, stretch, now)
        await journal.note(
            actor, "stretch.sent", now, role=application.part, round_id=application.round_id,
            application_id=application.id, ground=stretch.consent, version=application.version,
        )  # fmt: skip
        return application


async def new_answers(application: Application, round_: Round, stretch: Stretch) -> dict[str, Any]:
    """What was sent in last, with what was reopened as it is written now; what is not asked is left out."""
    questions = rules_of.questions(round_.frozen)
    last, now_written = await last_submission(application.id), await answers_of(application.id)
    opened = form.reopened(questions, stretch.questions)
    kept = {key: value for key, value in (last.answers if last else {}).items() if _base(key) not in opened}
    changed = {key: value for key, value in now_written.items() if _base(key) in opened}
    return form.given(questions, kept | changed)


def _base(key: str) -> str:
    """The question that an answer belongs to: what is said aloud has a key of its own behind a dot."""
    return key.partition(".")[0]


async def _running(actor: Actor, public_id: str, now: datetime) -> tuple[Application, Stretch]:
    """The application, locked, with the idea that can still be answered."""
    application = await lock_own(actor, public_id, Right.SEND)
    stretch = await stretch_of(application.id)
    if stretch is None:
        raise NotFound("Er is geen idee bij deze aanvraag.")
    if not stretch.running(application, now):
        raise Refusal(TOO_LATE.text)
    return application, stretch


async def _tell(kind: str, application: Application, stretch: Stretch, now: datetime) -> None:
    """One letter for each who gets letters about this application, once for each turn that the idea takes."""
    key = f"{kind}:{application.public_id}:{stretch.id}:{stretch.answer or ''}:{application.version}"
    letters = [
        Letter(kind, key, person.email, person.language, person.id, application.id, {"stretch": stretch.id})
        for person in await recipients(application)
    ]
    await outbox.queue(letters, now)
