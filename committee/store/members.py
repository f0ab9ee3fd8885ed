"""Seats on the committee: who sits, in what role, under which alias, until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tortoise import connections, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from committee.access import ROLES, VOTING
from grants.access import Actor
from grants.errors import Forbidden
from grants.store.funds import Fund
from grants.store.people import Person


class Seat(Model):
    """One person's place on the committee of one fund. Members and chairs vote, a secretary does not."""

    id = fields.IntField(primary_key=True)
    fund: fields.ForeignKeyRelation[Fund] = fields.ForeignKeyField(
        "grants.Fund", related_name="seats", on_delete=fields.RESTRICT
    )
    fund_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="seats", on_delete=fields.RESTRICT
    )
    person_id: int
    role = fields.CharField(max_length=10)
    alias = fields.CharField(max_length=60, default="")
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "seat"
        constraints = (
            CheckConstraint(check="role IN ('member', 'chair', 'secretary')", name="seat_role"),
            UniqueConstraint(fields=("fund", "person"), name="seat_once", condition="until IS NULL"),
        )


async def seat_of(person_id: int, fund_id: int) -> Seat | None:
    """This person's present seat in this fund's committee."""
    return await Seat.get_or_none(person_id=person_id, fund_id=fund_id, until=None)


async def lock_seat(actor: Actor, fund_id: int, roles: Collection[str] = ROLES) -> Seat:
    """The actor's own seat, locked: what one member does at the same time in two places happens in turn.

    Forbidden without a seat in this fund, or with one in another of the `roles` that the act asks for.
    """
    seat = (
        await Seat.filter(person_id=actor.person_id, fund_id=fund_id, until=None).select_for_update().first()
    )
    if seat is None:
        raise Forbidden("U zit niet in de commissie van dit fonds.")
    if seat.role not in roles:
        raise Forbidden("Dit hoort niet bij uw plaats in deze commissie.")
    return seat


async def roles_of(person_id: int) -> frozenset[str]:
    """The committee roles this person holds now, in any fund; asked with every request, so in plain SQL."""
    statement = f"SELECT role FROM seat WHERE until IS NULL AND person_id = {int(person_id)}"  # noqa: S608 - a number
    return frozenset(row["role"] for row in await connections.get("default").execute_query_dict(statement))


async def voting_seats(fund_id: int, at: datetime) -> list[Seat]:
    """Everyone who may judge and vote at this moment, in the order they were seated."""
    seats = await Seat.filter(fund_id=fund_id, role__in=VOTING, since__lte=at).order_by("id")
    return [seat for seat in seats if seat.until is None or seat.until > at]
