"""What a member may see: the one place that opens an application or a round to somebody on the committee.

Law: Awb 2:4. Who stands aside, or applied themselves, gets the answer that a wrong address gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from committee.access import ACTS, VOTING
from committee.conflict import must_stand_aside
from committee.store.ballots import Poll, poll_of
from committee.store.conflicts import close_to, declaration_of
from committee.store.members import Seat, seat_of
from grants.access import Actor
from grants.application import OPEN_TO_COMMITTEE, Stage
from grants.errors import Forbidden, NotFound
from grants.store.applications import Application
from grants.store.funds import Round


@dataclass(frozen=True)
class Case:
    """An application that lies open to a member; its text only once they `declared` to be free."""

    seat: Seat
    application: Application
    declared: bool

    @property
    def judging(self) -> bool:
        """Can it still be judged? The opening of the poll moves every application on."""
        return self.application.at is Stage.SCREENED


async def case_of(actor: Actor, public_id: str, act: str) -> Case:
    """The application for this member, with round and initiative. NotFound where it is not theirs to see."""
    application = await Application.get_or_none(
        public_id=public_id, stage__in=[stage.value for stage in OPEN_TO_COMMITTEE]
    ).select_related("round", "initiative")
    seat = await _seat(actor, application.round.fund_id, act) if application else None
    declared = await declaration_of(seat.id, application.id) if seat and application else None
    if (
        application is None
        or seat is None
        or (declared is not None and declared.aside)
        or must_stand_aside(seat.person_id, await close_to(application))
    ):
        raise NotFound("Deze aanvraag ligt niet bij de commissie.")
    return Case(seat, application, declared is not None)


@dataclass(frozen=True)
class Table:
    """A round as somebody on its committee finds it: their seat, and the poll once it has been opened."""

    seat: Seat
    round: Round
    poll: Poll | None

    def voting(self, now: datetime) -> bool:
        """Can ballots be handed in at this moment?"""
        poll = self.poll
        return poll is not None and poll.counted_at is None and poll.opened_at <= now < poll.closes_at

    @property
    def has_vote(self) -> bool:
        """Did this seat have a vote when the poll was opened?"""
        return self.seat.role in VOTING and (self.poll is None or self.seat.since <= self.poll.opened_at)


async def table_of(actor: Actor, round_id: str, act: str) -> Table:
    """The round with this public id for somebody on its committee; NotFound for everybody else."""
    round_ = await Round.get_or_none(public_id=round_id, opened_at__isnull=False)
    seat = await _seat(actor, round_.fund_id, act) if round_ else None
    if round_ is None or seat is None:
        raise NotFound("Deze ronde is er niet.")
    return Table(seat, round_, await poll_of(round_.id))


async def _seat(actor: Actor, fund_id: int, act: str) -> Seat | None:
    """The actor's seat in this fund, fit for the act: a chair elsewhere is not the chair here."""
    seat = await seat_of(actor.person_id, fund_id) if actor.person_id is not None else None
    if seat is not None and seat.role not in ACTS[act].roles:
        raise Forbidden("Dit hoort niet bij uw plaats in deze commissie.")
    return seat
