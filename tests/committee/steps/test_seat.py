"""Seating: who gets a place, who cannot, and what ends with it."""

import asyncio

import pytest
from tortoise.context import TortoiseContext

from committee.steps.seat import leave, seat
from committee.store.members import Seat, roles_of, seat_of, voting_seats
from grants.errors import Forbidden, NotFound, Refusal
from grants.store.funds import Fund
from grants.store.journal import JournalEntry
from grants.store.people import Person
from tests.factories import BEFORE, OPEN, OPERATOR, REVIEW, fund, person

pytestmark = pytest.mark.anyio


async def test_a_seat_gives_a_role_until_it_ends(database: TortoiseContext) -> None:
    loaded = await fund()
    officer = await person("Olga", "officer")
    made = await seat(officer, loaded.id, " Ada@Voorbeeld.example ", " Ada ", "member", BEFORE)
    someone = await Person.get(id=made.person_id)
    assert (someone.email, someone.name, made.alias) == ("ada@voorbeeld.example", "Ada", "Lid 1")
    assert await roles_of(made.person_id) == {"member"}
    assert await seat_of(made.person_id, loaded.id) == made
    await leave(officer, made.id, REVIEW)
    await leave(officer, made.id, REVIEW)
    assert await roles_of(made.person_id) == frozenset()
    assert await seat_of(made.person_id, loaded.id) is None
    assert [one.id for one in await voting_seats(loaded.id, OPEN)] == [made.id]
    assert await voting_seats(loaded.id, REVIEW) == []
    assert await JournalEntry.filter(act="committee.left").count() == 1
    back = await seat(officer, loaded.id, someone.email, "Ada", "chair", REVIEW, alias="De vos")
    assert (back.id != made.id, back.alias, back.role) == (True, "De vos", "chair")


async def test_whoever_has_a_seat_keeps_it_as_it_is(database: TortoiseContext) -> None:
    loaded = await fund()
    made = await seat(OPERATOR, loaded.id, "ada@voorbeeld.example", "Ada", "member", BEFORE)
    again = await seat(OPERATOR, loaded.id, "ada@voorbeeld.example", "Iemand", "member", OPEN)
    with pytest.raises(Refusal, match="een andere rol"):
        await seat(OPERATOR, loaded.id, "ada@voorbeeld.example", "Ada", "chair", OPEN)
    assert (again.id, again.role, again.since) == (made.id, "member", BEFORE)
    assert (await Person.get(id=made.person_id)).name == "Ada"


async def test_who_decides_for_the_municipality_cannot_vote(database: TortoiseContext) -> None:
    loaded = await fund()
    officer = await person("Olga", "officer")
    email = (await Person.get(id=officer.person_id)).email
    for role in ("member", "chair"):
        with pytest.raises(Refusal, match="kan geen stem hebben"):
            await seat(officer, loaded.id, email, "Olga", role, BEFORE)
    assert (await seat(officer, loaded.id, email, "Olga", "secretary", BEFORE)).role == "secretary"


async def test_wrong_addresses_roles_funds_and_seats_are_refused(database: TortoiseContext) -> None:
    loaded = await fund()
    for email in ("", "ada", "ada@", "a" * 250 + "@voorbeeld.example"):
        with pytest.raises(Refusal, match="geen e-mailadres"):
            await seat(OPERATOR, loaded.id, email, "Ada", "member", BEFORE)
    with pytest.raises(Refusal, match="Kies een rol"):
        await seat(OPERATOR, loaded.id, "ada@voorbeeld.example", "Ada", "koning", BEFORE)
    with pytest.raises(NotFound):
        await seat(OPERATOR, loaded.id + 99, "ada@voorbeeld.example", "Ada", "member", BEFORE)
    with pytest.raises(NotFound):
        await leave(OPERATOR, 99, BEFORE)
    for role in ("applicant", "finance", "auditor"):
        with pytest.raises(Forbidden):
            await seat(await person(role, role), loaded.id, "ada@voorbeeld.example", "Ada", "member", BEFORE)
    assert await Seat.all().count() == 0


async def test_seating_somebody_many_times_at_once_gives_one_seat(database: TortoiseContext) -> None:
    loaded = await Fund.get(id=(await fund()).id)
    made = await asyncio.gather(
        *(seat(OPERATOR, loaded.id, "ada@voorbeeld.example", "Ada", "member", BEFORE) for _ in range(8))
    )
    assert len({one.id for one in made}) == 1
    assert await Seat.all().count() == 1
