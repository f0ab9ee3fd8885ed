"""Writing down that somebody read an application which is not theirs: the one thing that reading a page changes."""

from __future__ import annotations

from datetime import datetime

from grants import calendar
from grants.access import AUDITOR, FINANCE, OFFICER, Actor
from grants.look import Purpose
from grants.store.looks import Look, note_look


async def looked(actor: Actor, application_id: int, purpose: Purpose, now: datetime, role: str = "") -> None:
    """Keep once a day that this person read this application for this purpose. Not in the journal: decision 0011.

    `role` says in which role where it is a seat on the committee. An auditor always reads to audit.
    """
    if actor.person_id is None:
        return
    role = role or next((one for one in (OFFICER, FINANCE, AUDITOR) if actor.has(one)), "")
    if role == AUDITOR:
        purpose = Purpose.AUDIT
    await note_look(
        Look(
            application_id=application_id,
            person_id=actor.person_id,
            role=role,
            purpose=purpose.value,
            day=calendar.local(now).date(),
            at=now,
        )
    )
