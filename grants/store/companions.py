"""Who writes along on an application: invited by the applicant, there once they accepted, until it ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants import sealed
from grants.companion import INVITED, Part
from grants.store.funds import fund_facts
from grants.store.people import Person

if TYPE_CHECKING:
    from grants.store.applications import Application
    from grants.store.outbox import LetterRow

ROLES = ", ".join(f"'{part.value}'" for part in INVITED)


class Companion(Model):
    """One invitation and what came of it. The row holds the hash of its key; ending is a date.

    `authorised_at` is when the applicant said that a representative may act for them (Awb 2:1). `name` is how the
    applicant calls the other, `from_name` how they call themselves.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="companions", on_delete=fields.RESTRICT
    )
    application_id: int
    role = fields.CharField(max_length=16)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=120)
    from_name = fields.CharField(max_length=120)
    key_hash = fields.CharField(max_length=64, unique=True)
    invited_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    authorised_at = fields.DatetimeField(null=True)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="accompanies", on_delete=fields.RESTRICT, null=True
    )
    person_id: int | None
    accepted_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "companion"
        constraints = (
            CheckConstraint(check=f"role IN ({ROLES})", name="companion_role"),
            CheckConstraint(check="email = lower(email) AND email <> ''", name="companion_email_lower"),
            CheckConstraint(check="name <> '' AND from_name <> ''", name="companion_names"),
            CheckConstraint(check="expires_at > invited_at", name="companion_expires"),
            CheckConstraint(
                check="(accepted_at IS NULL) = (person_id IS NULL)", name="companion_accepted_by"
            ),
            CheckConstraint(
                check="accepted_at IS NULL OR (accepted_at >= invited_at AND accepted_at < expires_at)",
                name="companion_accepted_in_time",
            ),
            CheckConstraint(check="ended_at IS NULL OR ended_at >= invited_at", name="companion_ended"),
            CheckConstraint(
                check="(authorised_at IS NOT NULL) = (role = 'representative')", name="companion_authorised"
            ),
            UniqueConstraint(
                fields=("application", "email"), name="companion_address_once", condition="ended_at IS NULL"
            ),
            UniqueConstraint(
                fields=("application", "person"), name="companion_person_once", condition="ended_at IS NULL"
            ),
        )

    @property
    def part(self) -> Part:
        return Part(self.role)

    def waiting(self, now: datetime) -> bool:
        """Can this invitation still be accepted?"""
        return self.accepted_at is None and self.ended_at is None and now < self.expires_at


def invitation_key(secret: str, public_id: str) -> str:
    """The key in the link of an invitation: made from the secret when the letter is written, never kept."""
    return sealed.derived(secret, "invitation", public_id)


async def invitation_facts(row: LetterRow) -> dict[str, Any]:
    """What the letter to an invited person tells; of no use once the invitation is over."""
    found = await Companion.get(public_id=row.values["id"]).select_related("application__round__fund")
    return {
        "fund": fund_facts(found.application.round.fund),
        "name": found.name,
        "from_name": found.from_name,
        "role": found.role,
        "expires_at": found.ended_at or found.expires_at,
    }


async def for_another(row: LetterRow) -> dict[str, Any]:
    """To whom a letter is, and for whom, where it goes to somebody who acts for the applicant; else nothing."""
    if row.application_id is None or row.person_id is None:
        return {}
    acts = Companion.filter(
        application_id=row.application_id, person_id=row.person_id, role=Part.REPRESENTATIVE.value
    )
    found = await acts.order_by("-id").select_related("person").first()
    if found is None or found.person is None:
        return {}
    return {"name": found.person.name or found.name, "on_behalf_of": found.from_name}


async def companion_of(application: Application, person_id: int | None) -> Companion | None:
    """Under what invitation this person writes along now; None for the applicant and for a stranger."""
    if person_id is None or person_id == application.person_id:
        return None
    return await Companion.get_or_none(application_id=application.id, person_id=person_id, ended_at=None)


async def accompanied(person_id: int | None) -> dict[int, Companion]:
    """By application of somebody else: under what invitation this person writes along now."""
    rows = await Companion.filter(person_id=person_id, ended_at=None) if person_id is not None else []
    return {row.application_id: row for row in rows}


async def live(application_id: int) -> list[Companion]:
    """Who was invited or writes along now, in the order in which they were asked."""
    return await Companion.filter(application_id=application_id, ended_at=None).order_by("id")


async def recipients(application: Application) -> list[Person]:
    """Who gets the letters about an application: the applicant, and who may act for them (Awb 2:1)."""
    rows = await Companion.filter(
        application_id=application.id, role=Part.REPRESENTATIVE.value, accepted_at__isnull=False,
        ended_at=None,
    ).order_by("id").select_related("person")  # fmt: skip
    return [await Person.get(id=application.person_id), *(row.person for row in rows if row.person)]


async def involved(application: Application) -> frozenset[int]:
    """Everybody whose own it is in the sense of Awb 2:4: the applicant, and who ever wrote along."""
    along = await who_wrote_along([application.id])
    return frozenset({application.person_id} | along[application.id])


async def who_wrote_along(application_ids: Collection[int]) -> defaultdict[int, set[int]]:
    """For each of these applications who, beside the applicant, ever wrote along; also where that has ended."""
    rows = await Companion.filter(application_id__in=application_ids, person_id__isnull=False).values_list(
        "application_id", "person_id"
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for application_id, person_id in rows:
        found[application_id].add(person_id)
    return found
