"""Reviewing: a member scores each criterion with a sentence; afterwards the committee writes its joint reason.

A review is blind until it is done: nobody sees another's before their own is in.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from committee.access import ACTS
from committee.framework import Framework, read_framework
from committee.judgement import Judged, check_review
from committee.steps.recuse import require_free, seat_and_application
from committee.store.ballots import poll_of
from committee.store.reviews import JointReason, Review, Score
from grants.access import Actor, require
from grants.application import Stage
from grants.errors import NotFound, Refusal
from grants.store import journal
from grants.store.applications import Application
from grants.text import clean

MAX_REASON = 2000


async def save_review(
    actor: Actor, public_id: str, judged: dict[str, Judged], objection: str, now: datetime, *, done: bool
) -> Review:
    """Keep a member's scores and sentences; with `done` they are in, and must be whole.

    The clock decides: once the poll is open nothing changes any more. Bound to the version that was read.
    """
    require(actor, "committee.review", ACTS)
    async with in_transaction():
        seat, application = await seat_and_application(actor, public_id)
        await require_free(seat, application)
        if application.at is not Stage.SCREENED or await poll_of(application.round_id):
            raise Refusal("Beoordelen kan niet meer: de stemming is open. Wat u eerder schreef, is bewaard.")
        check_review(framework_of(application).criteria, judged, whole=done)
        review, _ = await Review.get_or_create(
            seat_id=seat.id,
            application_id=application.id,
            defaults={"version": application.version, "changed_at": now},
        )
        review.version, review.changed_at, review.objection = (
            application.version,
            now,
            clean(objection)[:MAX_REASON],
        )
        if done and review.done_at is None:
            review.done_at = now
        await review.save()
        for key, found in judged.items():
            if found.open:
                continue
            await Score.update_or_create(
                review_id=review.id,
                criterion=key,
                defaults={"value": found.value, "sentence": clean(found.sentence)},
            )
        if done:
            await journal.note(
                actor, "committee.reviewed", now, role=seat.role, round_id=application.round_id,
                application_id=application.id, version=application.version,
            )  # fmt: skip
        return review


def framework_of(application: Application) -> Framework:
    """The frozen framework of the round of an application whose round has been fetched."""
    return read_framework(application.round.frozen["committee"])


async def write_reason(actor: Actor, public_id: str, criterion: str, text: str, now: datetime) -> JointReason:
    """Keep what the committee says together on one criterion; the applicant and, for awards, the public read it."""
    require(actor, "committee.write_reason", ACTS)
    said = clean(text)
    if not said:
        raise Refusal("Schrijf de reden in een of twee zinnen. De aanvrager leest dit.", field=criterion)
    if len(said) > MAX_REASON:
        raise Refusal("De tekst is te lang. Gebruik hoogstens {max} tekens.", field=criterion, max=MAX_REASON)
    async with in_transaction():
        seat, application = await seat_and_application(actor, public_id)
        await require_free(seat, application)
        if application.at is Stage.ALLOCATED:
            raise Refusal("Het advies is al gegeven. De redenen staan vast.")
        if criterion not in {c.key for c in framework_of(application).criteria}:
            raise NotFound("Dit punt staat niet in het toetsingskader.")
        made, _ = await JointReason.update_or_create(
            application_id=application.id,
            criterion=criterion,
            defaults={"text": said, "written_by_id": seat.id, "at": now},
        )
        return made
