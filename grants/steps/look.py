"""Writing down that somebody read an application which is not theirs: the one thing that reading a page changes."""

from __future__ import annotations

from datetime import datetime

from grants import calendar
from grants.access import Actor
from grants.look import Purpose
from grants.store.looks import Look, note_look


async def looked(actor: Actor, application_id: int, purpose: Purpose, now: datetime, role: str = "") -> None:
    """Keep once a day that this person read this application for this purpose. Not in the journal: see decision 0010.

    `role` says in which role, where it is not the first of the actor's own.
    """
    if actor.person_id is None:
        return
    await note_look(
        Look(
            application_id=application_id,
            person_id=actor.person_id,
            role=role or next(iter(sorted(actor.roles)), "visitor"),
            purpose=purpose.value,
            day=calendar.local(now).date(),
            at=now,
        )
    )
