"""Reviews: a member's scores and sentences, and the joint reason the committee gives per criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from committee.store.members import Seat
from grants.store.applications import Application


class Review(Model):
    """One member's judgement of one application, of the version that was read. Blind until `done_at`."""

    id = fields.IntField(primary_key=True)
    seat: fields.ForeignKeyRelation[Seat] = fields.ForeignKeyField(
        "committee.Seat", related_name="reviews", on_delete=fields.RESTRICT
    )
    seat_id: int
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="reviews", on_delete=fields.RESTRICT
    )
    application_id: int
    version = fields.IntField()
    objection = fields.TextField(default="")
    changed_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    void_at = fields.DatetimeField(null=True)
    scores: fields.ReverseRelation[Score]

    class Meta:
        table = "review"
        unique_together = (("seat", "application"),)


class Score(Model):
    """One criterion: a place on the scale, or none for `can't judge`, with a sentence; `open` in a draft."""

    id = fields.IntField(primary_key=True)
    review: fields.ForeignKeyRelation[Review] = fields.ForeignKeyField(
        "committee.Review", related_name="scores", on_delete=fields.RESTRICT
    )
    review_id: int
    criterion = fields.CharField(max_length=40)
    value = fields.IntField(null=True)
    sentence = fields.TextField(default="")
    open = fields.BooleanField(default=False)

    class Meta:
        table = "score"
        unique_together = (("review", "criterion"),)
        constraints = (
            CheckConstraint(check="value IS NULL OR value BETWEEN 1 AND 10", name="score_value"),
            CheckConstraint(check="value IS NULL OR NOT open", name="score_open"),
        )


class JointReason(Model):
    """What the committee says together about one criterion of one application; the applicant reads this."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="joint_reasons", on_delete=fields.RESTRICT
    )
    application_id: int
    criterion = fields.CharField(max_length=40)
    text = fields.TextField()
    written_by: fields.ForeignKeyRelation[Seat] = fields.ForeignKeyField(
        "committee.Seat", related_name="joint_reasons", on_delete=fields.RESTRICT
    )
    written_by_id: int
    at = fields.DatetimeField()

    class Meta:
        table = "joint_reason"
        unique_together = (("application", "criterion"),)
        constraints = (CheckConstraint(check="text <> ''", name="joint_reason_text"),)


async def review_of(seat_id: int, application_id: int) -> Review | None:
    return await Review.get_or_none(seat_id=seat_id, application_id=application_id).prefetch_related("scores")


async def reviews_done(round_id: int) -> list[Review]:
    """The reviews of a round that are in and not void, with their scores."""
    return await Review.filter(
        application__round_id=round_id, done_at__isnull=False, void_at=None
    ).prefetch_related("scores")


async def objections(round_id: int, seats: Collection[int]) -> dict[int, int]:
    """How many reviews of these seats that count object with a reason, by application."""
    rows = (
        await Review.filter(application__round_id=round_id, done_at__isnull=False, void_at=None)
        .exclude(objection="")
        .values_list("application_id", "seat_id")
    )
    return dict(Counter(application_id for application_id, seat_id in rows if seat_id in seats))


async def joint_reasons(round_id: int) -> dict[int, dict[str, str]]:
    """The joint reasons of a round: by application, then by criterion key."""
    found: dict[int, dict[str, str]] = {}
    rows = await JointReason.filter(application__round_id=round_id).values(
        "application_id", "criterion", "text"
    )
    for row in rows:
        found.setdefault(row["application_id"], {})[row["criterion"]] = row["text"]
    return found
