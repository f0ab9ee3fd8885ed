"""The poll of a round and its ballots: who voted stands apart from what was voted until the count needs it.

A ballot is never changed: voting again adds one and points the member's place in the box to it.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from committee import ballot
from committee.store.members import Seat
from grants.store.applications import Application
from grants.store.funds import Round


class Poll(Model):
    """The vote of one round: what may be divided, the lot order published before any ballot, the deadline."""

    id = fields.IntField(primary_key=True)
    round: fields.OneToOneRelation[Round] = fields.OneToOneField(
        "grants.Round", related_name="poll", on_delete=fields.RESTRICT
    )
    round_id: int
    budget_cents = fields.BigIntField()
    seed = fields.CharField(max_length=200)
    opened_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    counted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "poll"
        constraints = (
            CheckConstraint(check="budget_cents >= 0", name="poll_budget"),
            CheckConstraint(check="seed <> ''", name="poll_seed"),
        )


class PollItem(Model):
    """One application at the poll: its amounts, its place in the lot, and what the gate said of it."""

    id = fields.IntField(primary_key=True)
    poll: fields.ForeignKeyRelation[Poll] = fields.ForeignKeyField(
        "committee.Poll", related_name="items", on_delete=fields.RESTRICT
    )
    poll_id: int
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "grants.Application", related_name="poll_item", on_delete=fields.RESTRICT
    )
    application_id: int
    asked_cents = fields.BigIntField()
    least_cents = fields.BigIntField()
    lot = fields.IntField()
    passed = fields.BooleanField()
    gate = fields.TextField(default="{}")

    class Meta:
        table = "poll_item"
        unique_together = (("poll", "lot"),)
        constraints = (
            CheckConstraint(check="least_cents > 0 AND least_cents <= asked_cents", name="poll_item_amounts"),
        )


class Ballot(Model):
    """One ballot: marks, or a real abstention. No name and no time on it."""

    id = fields.CharField(max_length=32, primary_key=True)
    poll: fields.ForeignKeyRelation[Poll] = fields.ForeignKeyField(
        "committee.Poll", related_name="ballots", on_delete=fields.RESTRICT
    )
    poll_id: int
    abstains = fields.BooleanField(default=False)

    class Meta:
        table = "ballot"


class Mark(Model):
    """One application supported on one ballot."""

    id = fields.CharField(max_length=32, primary_key=True)
    ballot: fields.ForeignKeyRelation[Ballot] = fields.ForeignKeyField(
        "committee.Ballot", related_name="marks", on_delete=fields.RESTRICT
    )
    ballot_id: str
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="marks", on_delete=fields.RESTRICT
    )
    application_id: int

    class Meta:
        table = "mark"
        unique_together = (("ballot", "application"),)


class Box(Model):
    """The one ballot of a member that counts. Voting again points it elsewhere, standing aside empties it.

    A ballot that was read from an election's file has no seat.
    """

    id = fields.IntField(primary_key=True)
    poll: fields.ForeignKeyRelation[Poll] = fields.ForeignKeyField(
        "committee.Poll", related_name="box", on_delete=fields.RESTRICT
    )
    poll_id: int
    seat: fields.ForeignKeyNullableRelation[Seat] = fields.ForeignKeyField(
        "committee.Seat", related_name="box", on_delete=fields.RESTRICT, null=True
    )
    seat_id: int | None
    ballot: fields.OneToOneRelation[Ballot] = fields.OneToOneField(
        "committee.Ballot", related_name="box", on_delete=fields.RESTRICT
    )
    ballot_id: str

    class Meta:
        table = "box"
        unique_together = (("poll", "seat"),)


async def poll_of(round_id: int) -> Poll | None:
    return await Poll.get_or_none(round_id=round_id)


async def items_of(poll_id: int) -> list[PollItem]:
    """The applications at the poll, in the published lot order."""
    return await PollItem.filter(poll_id=poll_id).order_by("lot").select_related("application")


async def ballot_in_box(poll_id: int, seat_id: int) -> ballot.Ballot | None:
    """This member's counting ballot, its marks by public id; None without one."""
    box = await Box.get_or_none(poll_id=poll_id, seat_id=seat_id).select_related("ballot")
    if box is None:
        return None
    marks = await Mark.filter(ballot_id=box.ballot_id).values("application__public_id")
    return ballot.Ballot(frozenset(row["application__public_id"] for row in marks), box.ballot.abstains)


async def counting_ballots(poll_id: int) -> list[ballot.Ballot]:
    """Every ballot that counts, its marks by number, in an order that tells nothing. For the count only."""
    abstains = {
        row["ballot_id"]: row["ballot__abstains"]
        for row in await Box.filter(poll_id=poll_id).values("ballot_id", "ballot__abstains")
    }
    marks: dict[str, set[str]] = {ballot_id: set() for ballot_id in abstains}
    for row in await Mark.filter(ballot__poll_id=poll_id).values("ballot_id", "application__number"):
        if row["ballot_id"] in marks:
            marks[row["ballot_id"]].add(row["application__number"])
    found = [ballot.Ballot(frozenset(chosen), abstains[ballot_id]) for ballot_id, chosen in marks.items()]
    return sorted(found, key=lambda one: (one.abstains, sorted(one.marks)))
