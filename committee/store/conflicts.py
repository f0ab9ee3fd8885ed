"""Declarations: may this member judge this application, or do they stand aside?"""

from __future__ import annotations

from collections.abc import Mapping

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from committee.store.members import Seat
from grants.store.applications import Application
from grants.store.companions import Companion, who_wrote_along
from grants.store.entries import Entry, who_entered


class Declaration(Model):
    """What a member declared before the text opened. Standing aside is final, being free is not."""

    id = fields.IntField(primary_key=True)
    seat: fields.ForeignKeyRelation[Seat] = fields.ForeignKeyField(
        "committee.Seat", related_name="declarations", on_delete=fields.RESTRICT
    )
    seat_id: int
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="declarations", on_delete=fields.RESTRICT
    )
    application_id: int
    aside = fields.BooleanField()
    ground = fields.TextField(default="")
    at = fields.DatetimeField()

    class Meta:
        table = "declaration"
        unique_together = (("seat", "application"),)
        constraints = (CheckConstraint(check="NOT aside OR ground <> ''", name="declaration_ground"),)


async def too_close(applicants: Mapping[int, int]) -> dict[int, set[int]]:
    """By application, of which the applicant is given: who never judges it (Awb 2:4).

    That is the applicant, who ever wrote along, and who entered it in the applicant's name.
    """
    along, entered = await who_wrote_along(list(applicants)), await who_entered(list(applicants))
    return {
        key: {applicant, entered.get(key, applicant)} | along[key] for key, applicant in applicants.items()
    }


async def close_to(application: Application) -> set[int]:
    """Who never judges this application; see `too_close`."""
    return (await too_close({application.id: application.person_id}))[application.id]


async def standing_aside(round_id: int) -> dict[int, set[int]]:
    """For each application of the round, the seats that stand aside: declared, or too close; see `too_close`."""
    declared = await Declaration.filter(application__round_id=round_id, aside=True).values_list(
        "application_id", "seat_id"
    )
    own = await Application.filter(round_id=round_id, person__seats__id__isnull=False).values_list(
        "id", "person__seats__id"
    )
    along = await Companion.filter(
        application__round_id=round_id, person__seats__id__isnull=False
    ).values_list("application_id", "person__seats__id")
    entered = await Entry.filter(
        application__round_id=round_id, entered_by__seats__id__isnull=False
    ).values_list("application_id", "entered_by__seats__id")
    aside: dict[int, set[int]] = {}
    for application_id, seat_id in [*declared, *own, *along, *entered]:
        aside.setdefault(application_id, set()).add(seat_id)
    return aside


async def declared_by(seat_id: int, round_id: int) -> dict[int, bool]:
    """What this member declared in a round: by application, whether they stand aside."""
    rows = await Declaration.filter(seat_id=seat_id, application__round_id=round_id).values_list(
        "application_id", "aside"
    )
    return dict(rows)


async def declaration_of(seat_id: int, application_id: int) -> Declaration | None:
    return await Declaration.get_or_none(seat_id=seat_id, application_id=application_id)
