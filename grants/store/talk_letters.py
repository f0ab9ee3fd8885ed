"""What letters tell of messages and of ideas of the committee: that they are there, never what they say."""

from __future__ import annotations

from typing import Any

from grants.store.messages import Message
from grants.store.outbox import LetterRow
from grants.store.stretches import Stretch


async def message_facts(row: LetterRow) -> dict[str, Any]:
    """By when an answer is asked, if it is."""
    return {"due_on": (await Message.get(id=row.values["message"])).due_on}


async def stretch_facts(row: LetterRow) -> dict[str, Any]:
    """Until when one may answer; and whether the plan had `changed` when the letter was queued."""
    given = await Stretch.get(id=row.values["stretch"])
    return {"due_on": given.due_on, "changed": given.sent_at is not None and row.queued_at >= given.sent_at}
