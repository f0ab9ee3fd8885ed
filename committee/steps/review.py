"""Reviewing: a member scores each criterion with a sentence; then the committee writes its joint reason.

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
from grants.errors import NotFound, Refusal, Stale
from grants.store import journal
from grants.store.applications import Application
from grants.store.funds import Round
from grants.text import clean

MAX_REASON = 2000


async def save_review(
    actor: Actor,
    public_id: str,
    judged: dict[str, Judged],
    objection: str,
    now: datetime,
    *,
    done: bool,
    seen: str | None = None,
) -> Review:
    """Keep a member's scores and sentences; with `done` they are in, and from then on they must be whole.

    Once the poll is open nothing changes any more. `seen` is the `stamp` of what the member had before them:
    Stale if the application or their own review has changed since.
    """
    require(actor, "committee.review", ACTS)
    async with in_transaction():
        seat, application = await seat_and_application(actor, public_id, "committee.review")
        await require_free(seat, application)
        await Round.filter(id=application.round_id).select_for_update().get()
        if application.at is not Stage.SCREENED or await poll_of(application.round_id):
            raise Refusal("Beoordelen kan niet meer: de stemming is open. Wat u eerder schreef, is bewaard.")
        review = await Review.get_or_none(seat_id=seat.id, application_id=application.id)
        if seen is not None and seen != stamp(application, review):
            raise Stale(
                "Er is iets veranderd terwijl u schreef: aan de aanvraag, of u schreef ergens anders. "
                "Uw tekst staat er nog. Kijk of die nog klopt en bewaar hem dan opnieuw."
            )
        whole = done or (review is not None and review.done_at is not None)
        check_review(framework_of(application).criteria, judged, objection, whole=whole)
        review = review or Review(seat_id=seat.id, application_id=application.id)
        review.version, review.changed_at, review.objection = application.version, now, clean(objection)
        if done and review.done_at is None:
            review.done_at = now
        await review.save()
        await _keep_scores(review, judged)
        if done:
            await journal.note(
                actor, "committee.reviewed", now, role=seat.role, round_id=application.round_id,
                application_id=application.id, version=application.version,
            )  # fmt: skip
        return review


async def _keep_scores(review: Review, judged: dict[str, Judged]) -> None:
    """Keep what was filled in; a criterion on which nothing is said has no row."""
    for key, found in judged.items():
        if found.open and not found.sentence.strip():
            await Score.filter(review_id=review.id, criterion=key).delete()
            continue
        kept = {"value": found.value, "sentence": clean(found.sentence), "open": found.open}
        await Score.update_or_create(review_id=review.id, criterion=key, defaults=kept)


def stamp(application: Application, review: Review | None) -> str:
    """What a member has before them: a version of the application, and of their own review."""
    changed_at = int(review.changed_at.timestamp() * 1_000_000) if review else 0
    return f"{application.version}.{changed_at}"


def framework_of(application: Application) -> Framework:
    """The frozen framework of the round of an application whose round has been fetched."""
    return read_framework(application.round.frozen["committee"])


async def write_reason(
    actor: Actor, public_id: str, criterion: str, text: str, now: datetime, *, before: str | None = None
) -> JointReason:
    """Keep what the committee says together on one criterion; the applicant reads it, the public may.

    `before` is the text that the writer had before them: Stale if somebody else wrote another meanwhile.
    """
    require(actor, "committee.write_reason", ACTS)
    said = clean(text)
    if not said:
        raise Refusal("Schrijf de reden in een of twee zinnen. De aanvrager leest dit.", field=criterion)
    if len(said) > MAX_REASON:
        raise Refusal("De tekst is te lang. Gebruik hoogstens {max} tekens.", field=criterion, max=MAX_REASON)
    async with in_transaction():
        seat, application = await seat_and_application(actor, public_id, "committee.write_reason")
        await require_free(seat, application)
        if application.at is Stage.ALLOCATED:
            raise Refusal("Het advies is al gegeven. De redenen staan vast.")
        if criterion not in {c.key for c in framework_of(application).criteria}:
            raise NotFound("Dit punt staat niet in het toetsingskader.")
        await Application.filter(id=application.id).select_for_update().first()
        known = await JointReason.get_or_none(application_id=application.id, criterion=criterion)
        if before is not None and before != (known.text if known else ""):
            raise Stale(
                "Iemand anders schreef hier intussen ook iets. Lees dat hieronder. Uw tekst staat er nog.",
                field=criterion,
            )
        made, _ = await JointReason.update_or_create(
            application_id=application.id,
            criterion=criterion,
            defaults={"text": said, "written_by_id": seat.id, "at": now},
        )
        return made
