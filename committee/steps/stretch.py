"""A step further: chair or secretary writes down an idea for a plan, in the committee's name.

Law: Awb 2:4. Who stands aside, applied or wrote along neither sees nor writes it.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from committee.access import ACTS
from committee.steps.recuse import require_free, seat_and_application
from committee.store.ballots import poll_of
from grants.access import Actor, require
from grants.errors import Refusal
from grants.steps.stretch import keep_idea
from grants.store.applications import lock_application
from grants.store.stretches import Stretch
from grants.text import clean


async def give_idea(actor: Actor, public_id: str, questions: list[str], text: str, now: datetime) -> Stretch:
    """Give an idea for a plan that lies before the committee, as long as nobody votes. Sent twice it is one idea."""
    require(actor, "committee.stretch", ACTS)
    async with in_transaction():
        seat, found = await seat_and_application(actor, public_id, "committee.stretch")
        await require_free(seat, found)
        if await poll_of(found.round_id) is not None:
            raise Refusal("De stemming is open. Een idee geven kan nu niet meer.")
        application = await lock_application(public_id)
        return await keep_idea(actor, application, found.round, seat.role, questions, clean(text), now)
