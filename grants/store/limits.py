"""What limits remember: until when something is used, for whom only as a fingerprint, nothing of what was done."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants import sealed
from grants.limit import Limit


class Used(Model):
    """One limit in use by one person, address or browser; at `free_at` it is as if nothing had been done."""

    id = fields.IntField(primary_key=True)
    purpose = fields.CharField(max_length=24)
    key_hash = fields.CharField(max_length=64)
    free_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "limit_used"
        unique_together = (("purpose", "key_hash"),)
        constraints = (
            CheckConstraint(check="purpose <> ''", name="limit_used_purpose"),
            CheckConstraint(check="length(key_hash) = 64", name="limit_used_key"),
        )


async def count(limit: Limit, now: datetime, *whose: str | int) -> None:
    """Count one use, in the caller's transaction; raises Often when there is none left.

    `whose` is for example "person", 12. A refusal later in the transaction takes the use back: what should
    count although it fails, as a wrong code, is counted in a transaction of its own before it is tried.
    """
    used = await hold(limit, now, *whose)
    await Used.filter(id=used.id).update(free_at=limit.after(used.free_at, now))


async def hold(limit: Limit, now: datetime, *whose: str | int) -> Used:
    """What they used so far. Until the caller's transaction ends, whoever wants the same waits, as for a lock."""
    key = sealed.fingerprint("\0".join(map(str, (limit.purpose, *whose))))
    row = Used(purpose=limit.purpose, key_hash=key, free_at=now)
    # Writing what stood there already makes the first two at once wait for each other too.
    await Used.bulk_create([row], on_conflict=["purpose", "key_hash"], update_fields=["purpose"])
    return await Used.get(purpose=limit.purpose, key_hash=key)


async def forget(now: datetime) -> int:
    """Take away what says nothing any more; returns how many rows that were."""
    return int(await Used.filter(free_at__lt=now).delete())
