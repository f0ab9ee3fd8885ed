"""What was said with one person about their plans, as rows for their copy: messages, and ideas of the committee."""

from __future__ import annotations

from tortoise.expressions import Q

from grants.mine import Asker, Row
from grants.store.messages import Message, MessageRead
from grants.store.stretches import Stretch


async def messages(asker: Asker) -> list[Row]:
    """What was written about one's own applications, by the side that wrote it; and what one wrote elsewhere."""
    rows = Message.filter(Q(application__person_id=asker.person_id) | Q(author_id=asker.person_id))
    return await rows.order_by("id").values("side", "text", "at", "due_on", application="application__number")


async def messages_read(asker: Asker) -> list[Row]:
    rows = MessageRead.filter(Q(application__person_id=asker.person_id) | Q(by_id=asker.person_id))
    return await rows.order_by("id").values("side", "at", application="application__number")


async def stretches(asker: Asker) -> list[Row]:
    """The ideas for one's own plans, by the role in which they were given; and those that one gave."""
    rows = Stretch.filter(Q(application__person_id=asker.person_id) | Q(proposed_by_id=asker.person_id))
    return await rows.order_by("id").values(
        "role", "text", "at", "due_on", "answered_at", "consent", "sent_at",
        application="application__number", choice="answer",
    )  # fmt: skip
