"""Consent to hear from the municipality electronically: per kind of message, dated, and taken back at any time.

Law: Awb 2:8 and further (Wmebv): nothing official goes by mail to who did not agree to it; paper always remains.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants.letter import MAIL, MESSAGES, Agreed
from grants.store.people import Person


class Consent(Model):
    """One person's yes to one channel for one kind of message. `by_id`: who wrote it down; none: a file.

    `email` is a helper's address; letters to the person's own address go to the one they have.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="consents", on_delete=fields.RESTRICT
    )
    person_id: int
    message = fields.CharField(max_length=12)
    channel = fields.CharField(max_length=8)
    email = fields.CharField(max_length=254, null=True)
    given_at = fields.DatetimeField()
    by_id = fields.IntField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "consent"
        constraints = (
            CheckConstraint(check="message IN ('application', 'decision', 'money')", name="consent_message"),
            CheckConstraint(
                check="channel IN ('mail', 'post', 'helper') AND (channel = 'helper') = (email IS NOT NULL)",
                name="consent_channel",
            ),
            CheckConstraint(check="revoked_at IS NULL OR revoked_at >= given_at", name="consent_times"),
            UniqueConstraint(
                fields=("person", "message", "channel"), name="consent_once", condition="revoked_at IS NULL"
            ),
        )


async def agreed_by(people: Collection[int]) -> dict[int, list[Agreed]]:
    """What each of these people agreed to and did not take back, in one query."""
    if not people:
        return {}
    rows = await Consent.filter(person_id__in=list(people), revoked_at=None).values(
        "person_id", "message", "channel", "email"
    )
    found: dict[int, list[Agreed]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(Agreed(row["message"], row["channel"], row["email"]))
    return found


async def agree_to_mail(person_id: int, by_id: int | None, now: datetime) -> None:
    """Note that somebody agreed to mail for every kind of message, unless they ever chose before."""
    if await Consent.exists(person_id=person_id):
        return
    await Consent.bulk_create(
        [
            Consent(person_id=person_id, message=message, channel=MAIL, given_at=now, by_id=by_id)
            for message in MESSAGES
        ]
    )
