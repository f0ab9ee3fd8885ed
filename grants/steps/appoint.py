"""Appointing: somebody gets a role on the municipality's side, or loses it. Only from the command line."""

from __future__ import annotations

import secrets
from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import ACTS, OFFICER, ROLES, Actor, require
from grants.errors import NotFound, Refusal
from grants.steps.sign_in import read_address
from grants.store import journal
from grants.store.people import Person, RoleHeld, Session


async def appoint(
    actor: Actor, email: str, role: str, now: datetime, *, name: str = "", advises: bool = False
) -> Person:
    """Give the person with this address a role; they sign in by mail like everybody. Twice changes nothing.

    Who `advises` in the deciding body cannot become officer: advice and decision stay in different hands.
    """
    require(actor, "role.grant")
    if role not in ROLES:
        raise Refusal("Kies een rol: {roles}.", roles=", ".join(ROLES))
    if advises and role == OFFICER:
        raise Refusal("Wie een stem heeft in de commissie, kan niet ook voor de gemeente beslissen.")
    async with in_transaction():
        person, _ = await Person.get_or_create(
            email=read_address(email),
            defaults={"public_id": secrets.token_hex(16), "name": name.strip()[:120], "created_at": now},
        )
        if not await RoleHeld.exists(person_id=person.id, role=role, until=None):
            await RoleHeld.create(person_id=person.id, role=role, since=now)
            await journal.note(
                actor,
                "role.granted",
                now,
                role=actor.role_for(ACTS["role.grant"]),
                person=person.public_id,
                given=role,
            )
        return person


async def dismiss(actor: Actor, email: str, role: str, now: datetime) -> None:
    """End a role, and every session of that person with it."""
    require(actor, "role.grant")
    async with in_transaction():
        person = await Person.get_or_none(email=read_address(email))
        held = person and await RoleHeld.get_or_none(person_id=person.id, role=role, until=None)
        if not person or not held:
            raise NotFound("Deze persoon heeft deze rol niet.")
        await RoleHeld.filter(id=held.id).update(until=now)
        await Session.filter(person_id=person.id, revoked_at=None).update(revoked_at=now)
        await journal.note(
            actor,
            "role.ended",
            now,
            role=actor.role_for(ACTS["role.grant"]),
            person=person.public_id,
            ended=role,
        )
