"""Declaring: before a text opens a member says whether they are free to judge it, or stands aside.

Law: Awb 2:4. Whoever stands aside sees nothing of it any more; what they had said and voted on it is void.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from committee.access import ACTS
from committee.conflict import NONE, check_ground, must_stand_aside
from committee.store.ballots import Box, Mark, poll_of
from committee.store.conflicts import Declaration, close_to
from committee.store.members import Seat, lock_seat
from committee.store.reviews import Review
from grants.access import Actor, require
from grants.application import OPEN_TO_COMMITTEE
from grants.errors import NotFound, Refusal
from grants.store import journal
from grants.store.applications import Application


async def declare(actor: Actor, public_id: str, ground: str, now: datetime) -> Declaration:
    """Write down that a member is free to judge, or stands aside on this ground. Standing aside is final."""
    require(actor, "committee.declare", ACTS)
    check_ground(ground)
    async with in_transaction():
        seat, application = await seat_and_application(actor, public_id, "committee.declare")
        if must_stand_aside(seat.person_id, await close_to(application)):
            ground = "own"
        known = (
            await Declaration.filter(seat_id=seat.id, application_id=application.id)
            .select_for_update()
            .first()
        )
        if known is not None and (known.aside or ground == NONE):
            return known
        aside = ground != NONE
        if aside:
            await _void(seat, application, now)
        made, _ = await Declaration.update_or_create(
            seat_id=seat.id,
            application_id=application.id,
            defaults={"aside": aside, "ground": ground if aside else "", "at": now},
        )
        await journal.note(
            actor, "committee.stood_aside" if aside else "committee.declared_free", now, role=seat.role,
            round_id=application.round_id, application_id=application.id, ground=ground if aside else "",
        )  # fmt: skip
        return made


async def _void(seat: Seat, application: Application, now: datetime) -> None:
    """Take out what this member scored and voted on it. Their whole ballot is void: they may vote again."""
    await Review.filter(seat_id=seat.id, application_id=application.id).update(void_at=now)
    poll = await poll_of(application.round_id)
    if poll is None:
        return
    box = await Box.get_or_none(poll_id=poll.id, seat_id=seat.id)
    if box is None or not await Mark.exists(ballot_id=box.ballot_id, application_id=application.id):
        return
    if poll.counted_at is not None:
        raise Refusal("De stemmen zijn al geteld. Meld dit nu bij de voorzitter en de gemeente.")
    await box.delete()


async def seat_and_application(actor: Actor, public_id: str, act: str) -> tuple[Seat, Application]:
    """The actor's seat, fit for `act`, in the fund of this application, which is before the committee."""
    application = await Application.get_or_none(
        public_id=public_id, stage__in=[stage.value for stage in OPEN_TO_COMMITTEE]
    ).select_related("round")
    if application is None:
        raise NotFound("Deze aanvraag ligt niet bij de commissie.")
    return await lock_seat(actor, application.round.fund_id, ACTS[act].roles), application


async def require_free(seat: Seat, application: Application) -> None:
    """Refuse unless this member declared to be free to judge it."""
    declared = await Declaration.get_or_none(seat_id=seat.id, application_id=application.id)
    if declared is None:
        raise Refusal("Zeg eerst of u deze aanvraag eerlijk kunt beoordelen. Daarna ziet u de tekst.")
    if declared.aside:
        raise NotFound("U doet niet mee bij deze aanvraag.")
