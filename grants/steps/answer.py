"""Answering an official message, taking longer for it within the law, and taking it back.

Law: Awb 7:10 and 7:13 (objection), 9:11 and 9:12 (complaint), 6:21 (taking an objection back), 2:4 (own matters).
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants import calendar
from grants.access import ACTS, Actor, require
from grants.errors import NotFound, Refusal, Stale
from grants.notice import RULES, Kind, Longer, answer_by
from grants.screening import require_reason
from grants.steps.hand_in import note, write
from grants.store.applications import Application, check_stranger
from grants.store.notices import NOT_THERE, Notice, check_theirs, lock_notice
from grants.text import clean

TOOK_BACK = "Dit bericht is intussen ingetrokken. U hoeft niets meer te doen."


async def answer(actor: Actor, public_id: str, outcome: str, now: datetime) -> Notice:
    """Write down what was decided or done, and send it. The same words twice are one answer.

    Stale when a colleague was first or when it was taken back meanwhile.
    """
    require(actor, "notice.answer")
    said = require_reason(clean(outcome), "outcome")
    async with in_transaction():
        found = await lock_notice(public_id)
        await check_not_theirs(actor, found)
        if found.answered_at is not None and found.outcome == said:
            return found
        check_open(found)
        await close(found, actor, said, now)
        return found


async def close(found: Notice, actor: Actor, outcome: str, now: datetime) -> None:
    """The message is answered: kept, told to whoever sent it, noted. In the caller's transaction."""
    found.answered_at, found.answered_by_id, found.outcome = now, actor.person_id, outcome
    await found.save(update_fields=["answered_at", "answered_by_id", "outcome"])
    await write(found, "notice_answer", now)
    await note(actor, found, "answered", now, actor.role_for(ACTS["notice.answer"]))


def check_open(found: Notice) -> None:
    """Refuse when it was answered or taken back."""
    if found.withdrawn_at is not None:
        raise Stale(TOOK_BACK)
    if found.answered_at is not None:
        raise Stale("Een collega heeft dit al beantwoord: “{outcome}”.", outcome=found.outcome)


async def check_not_theirs(actor: Actor, found: Notice) -> None:
    """Refuse that somebody handles what they sent themselves, or what is about their own application."""
    if actor.person_id == found.person_id:
        raise Refusal("Dit stuurde u zelf. Een collega moet dit doen.")
    if found.application_id is not None:
        await check_stranger(actor, await Application.get(id=found.application_id))


async def take_longer(actor: Actor, public_id: str, why: Longer, reason: str, now: datetime) -> Notice:
    """Move the last day to answer on as the law allows, once for each ground, and tell it with the reason.

    Refused once that day has passed: then it is too late to ask for more time.
    """
    require(actor, "notice.answer")
    said = require_reason(clean(reason))
    async with in_transaction():
        found = await lock_notice(public_id)
        await check_not_theirs(actor, found)
        if getattr(found, _COLUMNS[why]):
            return found
        check_open(found)
        if why not in RULES[found.of].longer:
            raise Refusal("Voor dit bericht mag u niet langer de tijd nemen.")
        if calendar.local(now).date() > found.due_on:
            raise Refusal("De laatste dag is al voorbij. Meer tijd nemen kan dan niet meer.")
        setattr(found, _COLUMNS[why], True)
        received_on = calendar.local(found.received_at).date()
        found.due_on = answer_by(
            found.of, received_on, found.term_ends_on, advisers=found.advisers, longer=found.longer
        )
        found.longer_reason = said
        await found.save(update_fields=[_COLUMNS[why], "due_on", "longer_reason"])
        await write(found, "notice_longer", now)
        await note(actor, found, "longer", now, actor.role_for(ACTS["notice.answer"]), why=why.value)
        return found


_COLUMNS = {Longer.ADVISERS: "advisers", Longer.MORE_TIME: "longer"}


async def take_back(actor: Actor, public_id: str, now: datetime) -> Notice:
    """Whoever sent it, or speaks in its application, takes it back. Twice is once; refused once it was answered."""
    require(actor, "notice.send")
    async with in_transaction():
        found = await lock_notice(public_id)
        await check_theirs(actor, found)
        if found.of is Kind.CONTACT:
            raise NotFound(NOT_THERE.text)
        if found.withdrawn_at is not None:
            return found
        if found.answered_at is not None:
            raise Refusal("Wij hebben dit al beantwoord. Intrekken kan niet meer.")
        found.withdrawn_at = now
        await found.save(update_fields=["withdrawn_at"])
        await write(found, "notice_withdrawn", now)
        await note(actor, found, "withdrawn", now)
        return found
