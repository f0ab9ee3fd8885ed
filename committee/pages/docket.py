"""The docket: what asks for this member now, one thing first, and nothing of what they stand aside from."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.access import ACTS, CHAIR, VOTING
from committee.store.ballots import Box, Poll
from committee.store.conflicts import Declaration, too_close
from committee.store.members import Seat
from committee.store.reviews import JointReason, Review
from grants.access import Actor
from grants.application import OPEN_TO_COMMITTEE
from grants.errors import Sentence
from grants.store.applications import Application
from grants.store.funds import Round
from grants.web.guard import PageRoute, page_route
from grants.web.render import page
from grants.web.session import actor_of

NOTICES: dict[str, Sentence] = {
    "opzij": Sentence("U doet bij die aanvraag niet mee. U ziet er niets meer van. Dank dat u dit zei."),
    "bewaard": Sentence("Uw oordeel is bewaard. U kunt later verder."),
    "open": Sentence("De stemming is open. De leden kunnen nu stemmen."),
    "redenen": Sentence("De redenen zijn bewaard."),
}
"""What is said on the docket after something was done elsewhere, by the word in the address."""


class State(StrEnum):
    """How far a member is with an application, in the order in which it asks for them."""

    HALF = "half"
    JUDGE = "judge"
    DECLARE = "declare"
    DONE = "done"


class Entry(NamedTuple):
    """One application on the docket of one member."""

    id: int
    public_id: str
    number: str
    title: str
    asked_cents: int
    state: State
    changed: bool = False
    """Did the plan change since this member judged it?"""

    @property
    def path(self) -> str:
        return f"/commissie/aanvragen/{self.public_id}"


class Task(NamedTuple):
    """What a chair or secretary has to do for an application: how many reasons are still to be written.

    `judged` of `judges` members are done; both None where that is not (yet) theirs to see.
    """

    entry: Entry
    unwritten: int
    judged: int | None = None
    judges: int | None = None


class Step(StrEnum):
    """Where a round stands for its committee."""

    JUDGING = "judging"
    VOTING = "voting"
    COUNTING = "counting"
    COUNTED = "counted"


@dataclass
class Desk:
    """One round as it lies before one member."""

    round: Round
    seat: Seat
    poll: Poll | None
    now: datetime
    polls_voted: set[int]
    entries: list[Entry] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def step(self) -> Step:
        if self.poll is None:
            return Step.JUDGING
        if self.poll.counted_at is not None:
            return Step.COUNTED
        return Step.VOTING if self.now < self.poll.closes_at else Step.COUNTING

    @property
    def next(self) -> Entry | None:
        """The one thing to do now; each member begins somewhere else, so that every plan is read by some."""
        waiting = [entry for entry in self.entries if entry.state is not State.DONE]
        return min(waiting, key=lambda entry: list(State).index(entry.state), default=None)

    @property
    def changed(self) -> list[Entry]:
        """The plans that are others now than when this member judged them, while that can still be done anew."""
        return [entry for entry in self.entries if entry.changed] if self.step is Step.JUDGING else []

    def group(self, *states: State) -> list[Entry]:
        return [entry for entry in self.entries if entry.state in states]

    @property
    def voted(self) -> bool:
        return self.poll is not None and self.poll.id in self.polls_voted

    def leads(self, entry: Entry) -> bool:
        """May chair or secretary read what the members said of it?"""
        if self.step is Step.JUDGING:
            return entry.state is State.DONE
        return entry.state is not State.DECLARE

    @property
    def votes(self) -> bool:
        """May this member vote at the poll that there is?"""
        return self.poll is not None and self.seat.role in VOTING and self.seat.since <= self.poll.opened_at

    @property
    def can_open(self) -> bool:
        """Has the time to vote come, while the poll is still to be opened?"""
        return self.poll is None and self.round.ballot_opens_at <= self.now < self.round.ballot_closes_at


async def docket(request: Request) -> Response:
    """Everything that asks for this member, round by round; usually there is one."""
    desks = await _desks(actor_of(request), request.app.state.clock())
    notice = NOTICES.get(request.query_params.get("gezegd", ""))
    return page(request, "committee/docket.html", {"desks": desks, "notice": notice})


class Mine(NamedTuple):
    """What this person did so far, in all their seats."""

    person_id: int | None
    declared: dict[int, bool]
    """By application: do they stand aside?"""
    reviews: dict[int, datetime | None]
    """By application: when their review was done, None for a draft."""
    read: dict[int, int]
    """By application: the version that they judged."""
    polls: set[int]
    """The polls in which a ballot of theirs lies."""


async def _desks(actor: Actor, now: datetime) -> list[Desk]:
    """The rounds of this member's funds that are not closed, each with what they may see of it."""
    seats = {seat.fund_id: seat for seat in await Seat.filter(person_id=actor.person_id, until=None)}
    found = Round.filter(fund_id__in=list(seats), opened_at__isnull=False, closed_at=None).order_by("-year")
    rounds = {round_.id: round_ for round_ in await found}
    polls = {poll.round_id: poll for poll in await Poll.filter(round_id__in=list(rounds))}
    rows = await Application.filter(
        round_id__in=list(rounds), stage__in=[stage.value for stage in OPEN_TO_COMMITTEE]
    ).values("id", "public_id", "number", "title", "asked_cents", "round_id", "person_id", "version")
    close = await too_close({row["id"]: row["person_id"] for row in rows})
    for row in rows:
        row["involved"] = close[row["id"]]
    mine = await _mine(actor, [seat.id for seat in seats.values()], list(rounds))
    desks = [
        Desk(round_, seats[round_.fund_id], polls.get(round_.id), now, mine.polls)
        for round_ in rounds.values()
    ]
    for desk in desks:
        desk.entries = _entries(desk, mine, rows)
    if leading := [desk for desk in desks if desk.seat.role in ACTS["committee.write_reason"].roles]:
        await _add_tasks(leading, rows)
    return desks


async def _mine(actor: Actor, seats: list[int], rounds: list[int]) -> Mine:
    of_rounds = {"seat_id__in": seats, "application__round_id__in": rounds}
    declared = await Declaration.filter(**of_rounds).values_list("application_id", "aside")
    judged = Review.filter(**of_rounds, void_at=None)
    reviews = await judged.values_list("application_id", "done_at", "version")
    boxes = await Box.filter(seat_id__in=seats, poll__round_id__in=rounds).values_list("poll_id")
    return Mine(
        actor.person_id, dict(declared),
        {key: done_at for key, done_at, _ in reviews}, {key: version for key, _, version in reviews},
        {poll_id for (poll_id,) in boxes},
    )  # fmt: skip


def _entries(desk: Desk, mine: Mine, rows: list[dict[str, Any]]) -> list[Entry]:
    """The applications of a round that this member may know of, in an order of their own."""
    entries = [
        Entry(
            row["id"], row["public_id"], row["number"], row["title"], row["asked_cents"],
            _state(desk.seat, row["id"], mine),
            mine.read.get(row["id"], row["version"]) != row["version"],
        )
        for row in rows
        if row["round_id"] == desk.round.id
        and mine.person_id not in row["involved"]
        and not mine.declared.get(row["id"])
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: _spread(desk.seat.id, entry.public_id))


def _state(seat: Seat, key: int, mine: Mine) -> State:
    if key not in mine.declared:
        return State.DECLARE
    if seat.role not in VOTING or mine.reviews.get(key):
        return State.DONE
    return State.HALF if key in mine.reviews else State.JUDGE


def _spread(seat_id: int, public_id: str) -> str:
    """A place in this member's own order: always the same for them, another for everybody else."""
    return hashlib.sha256(f"{seat_id} {public_id}".encode()).hexdigest()


async def _add_tasks(desks: list[Desk], rows: list[dict[str, Any]]) -> None:
    """What chair and secretary have to do: only of what they are free to judge, and not before they did.

    Once the poll is open nobody judges any more, and what the members wrote is no longer kept apart.
    """
    shown = {entry.id: entry for desk in desks for entry in desk.entries if desk.leads(entry)}
    reasons = await JointReason.filter(application_id__in=list(shown)).values_list("application_id")
    written = Counter(key for (key,) in reasons)
    judging = [desk for desk in desks if desk.seat.role == CHAIR and desk.step is Step.JUDGING]
    progress = await _progress(judging, rows) if judging else {}
    for desk in desks:
        criteria = len(desk.round.frozen["committee"].get("criteria", ()))
        desk.tasks = [
            Task(entry, criteria - written[entry.id], *progress.get(entry.id, (None, None)))
            for entry in sorted(desk.entries, key=lambda entry: entry.number)
            if entry.id in shown
        ]


async def _progress(desks: list[Desk], rows: list[dict[str, Any]]) -> dict[int, tuple[int, int]]:
    """For what a chair has judged: how many members are done, out of how many who do not stand aside."""
    shown = {entry.id: desk.round.fund_id for desk in desks for entry in desk.group(State.DONE)}
    seats = await Seat.filter(role__in=VOTING, until=None).values("id", "fund_id", "person_id")
    aside = set(
        await Declaration.filter(application_id__in=list(shown), aside=True).values_list(
            "application_id", "seat_id"
        )
    )
    done = set(
        await Review.filter(
            application_id__in=list(shown), done_at__isnull=False, void_at=None
        ).values_list("application_id", "seat_id")
    )  # fmt: skip
    involved = {row["id"]: row["involved"] for row in rows}
    found = {}
    for key, fund_id in shown.items():
        judges = [
            seat["id"]
            for seat in seats
            if seat["fund_id"] == fund_id
            and seat["person_id"] not in involved[key]
            and (key, seat["id"]) not in aside
        ]
        found[key] = (sum((key, judge) in done for judge in judges), len(judges))
    return found


ROUTES: tuple[PageRoute, ...] = (page_route("/commissie", "committee.read", name="docket", get=docket),)
