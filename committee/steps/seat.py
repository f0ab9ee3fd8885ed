"""Seating: a person takes a place on the committee of a fund, and leaves it."""

from __future__ import annotations

import secrets
from datetime import datetime

from tortoise.transactions import in_transaction

from committee.access import ACTS, VOTING
from committee.member import alias_for, check_role
from committee.store.conflicts import Declaration
from committee.store.members import Seat
from grants.access import Actor, require
from grants.errors import NotFound, Refusal
from grants.steps.sign_in import read_address
from grants.store import journal
from grants.store.funds import Fund
from grants.store.people import Person, RoleHeld


async def seat(
    actor: Actor, fund_id: int, email: str, name: str, role: str, now: datetime, *, alias: str = ""
) -> Seat:
    """Give somebody a seat. Whoever has one already keeps it; the role of a seat does not change."""
    require(actor, "committee.seat", ACTS)
    check_role(role)
    address = read_address(email)
    async with in_transaction():
        if await Fund.filter(id=fund_id).select_for_update().first() is None:
            raise NotFound("Dit fonds is er niet.")
        person, _ = await Person.get_or_create(
            email=address,
            defaults={"public_id": secrets.token_hex(16), "name": name.strip()[:120], "created_at": now},
        )
        if role in VOTING and await RoleHeld.exists(person_id=person.id, role="officer", until=None):
            raise Refusal("Wie voor de gemeente beslist, kan geen stem hebben in de commissie.", field="role")
        known = await Seat.get_or_none(fund_id=fund_id, person_id=person.id, until=None)
        if known is not None and known.role != role:
            raise Refusal(
                "Deze persoon zit al in de commissie, in een andere rol. Beëindig die plaats eerst.",
                field="role",
            )
        if known is not None:
            return known
        place = await Seat.filter(fund_id=fund_id).count() + 1
        made = await Seat.create(
            fund_id=fund_id,
            person_id=person.id,
            role=role,
            alias=alias.strip()[:60] or alias_for(place),
            since=now,
        )
        await _keep_aside(made)
        await journal.note(
            actor,
            "committee.seated",
            now,
            role=actor.role_for(ACTS["committee.seat"]),
            seat=made.id,
            seat_role=role,
        )
        return made


async def _keep_aside(seat: Seat) -> None:
    """Standing aside is final for a person: what they declared in an earlier seat holds in the new one."""
    earlier = await Declaration.filter(
        seat__fund_id=seat.fund_id, seat__person_id=seat.person_id, aside=True
    ).exclude(seat_id=seat.id)
    for declared in {one.application_id: one for one in earlier}.values():
        await Declaration.create(
            seat_id=seat.id,
            application_id=declared.application_id,
            aside=True,
            ground=declared.ground,
            at=declared.at,
        )


async def leave(actor: Actor, seat_id: int, now: datetime) -> None:
    """End a seat; what the member said and voted stays as it is."""
    require(actor, "committee.seat", ACTS)
    async with in_transaction():
        found = await Seat.filter(id=seat_id).select_for_update().first()
        if found is None:
            raise NotFound("Deze plaats in de commissie is er niet.")
        if found.until is None:
            found.until = now
            await found.save(update_fields=["until"])
            await journal.note(
                actor, "committee.left", now, role=actor.role_for(ACTS["committee.seat"]), seat=seat_id
            )
