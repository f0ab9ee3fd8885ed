"""Keeping a filter of the desk under a name, giving it another name, and throwing it away.

It is a convenience of one person and changes nothing about an application: the journal does not tell of it.
"""

from __future__ import annotations

from tortoise.transactions import in_transaction

from grants.access import Actor, require
from grants.errors import Refusal
from grants.store.filters import SavedFilter
from grants.store.people import Person

MOST = 20
LONGEST_NAME = 40


async def keep(actor: Actor, name: str, query: str) -> None:
    """Keep `query` under `name`; under a name that is there already, it takes the place of the old one."""
    require(actor, "desk.queue")
    if not query:
        raise Refusal("Kies eerst waarop u wilt filteren.", field="naam")
    name = _fitting(name)
    async with in_transaction():
        mine = await _locked(actor)
        if name not in mine and len(mine) >= MOST:
            raise Refusal("U heeft al {most} filters. Gooi er eerst een weg.", field="naam", most=MOST)
        await SavedFilter.update_or_create(person_id=actor.person_id, name=name, defaults={"query": query})


async def rename(actor: Actor, name: str, new: str) -> None:
    """Give a filter another name; one that is gone or has that name already stays as it is."""
    require(actor, "desk.queue")
    new = _fitting(new)
    async with in_transaction():
        mine = await _locked(actor)
        if new == name or name not in mine:
            return
        if new in mine:
            raise Refusal("Deze naam heeft u al. Kies een andere naam.", field="naam")
        await SavedFilter.filter(person_id=actor.person_id, name=name).update(name=new)


async def remove(actor: Actor, name: str) -> None:
    """Throw a filter away; one that is gone is gone."""
    require(actor, "desk.queue")
    await SavedFilter.filter(person_id=actor.person_id, name=name).delete()


async def _locked(actor: Actor) -> set[str]:
    """The names in use, while nobody else writes any for this person."""
    await Person.filter(id=actor.person_id).select_for_update().first()
    return {row.name for row in await SavedFilter.filter(person_id=actor.person_id)}


def _fitting(name: str) -> str:
    if not name.strip():
        raise Refusal("Geef het filter een naam.", field="naam")
    if len(name.strip()) > LONGEST_NAME:
        raise Refusal("De naam is te lang. Gebruik hoogstens {max} tekens.", field="naam", max=LONGEST_NAME)
    return name.strip()
