"""Ideas of the committee for a plan: what was proposed on which version, what the applicant said, what came of it."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants import calendar
from grants.application import Stage
from grants.store.applications import Application, Completion
from grants.store.people import Person
from grants.stretch import ROLES, Choice

_ROLES = ", ".join(f"'{role}'" for role in ROLES)
_CHOICES = ", ".join(f"'{choice.value}'" for choice in Choice)


class Stretch(Model):
    """One idea for one version of a plan. `consent` is what the applicant agreed to, as it was shown.

    `led_to` is the version that was sent in with it, at `sent_at`.
    """

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="stretches", on_delete=fields.RESTRICT
    )
    application_id: int
    version = fields.IntField()
    text = fields.TextField()
    questions = fields.JSONField[list[str]]()
    proposed_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="stretches", on_delete=fields.RESTRICT
    )
    proposed_by_id: int
    role = fields.CharField(max_length=10)
    at = fields.DatetimeField()
    due_on = fields.DateField()
    answer = fields.CharField(max_length=8, null=True)
    answered_by_id = fields.IntField(null=True)
    answered_at = fields.DatetimeField(null=True)
    consent = fields.TextField(default="")
    led_to = fields.IntField(null=True)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stretch"
        unique_together = (("application", "version"),)
        constraints = (
            CheckConstraint(check="text <> ''", name="stretch_text"),
            CheckConstraint(check=f"role IN ({_ROLES})", name="stretch_role"),
            CheckConstraint(check=f"answer IS NULL OR answer IN ({_CHOICES})", name="stretch_answer"),
            CheckConstraint(
                check="(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
                name="stretch_answered_by",
            ),
            CheckConstraint(
                check="(consent <> '') = (answer IS NOT NULL AND answer <> 'declined')",
                name="stretch_consent",
            ),
            CheckConstraint(check="led_to IS NULL OR led_to > version", name="stretch_led_to"),
            CheckConstraint(check="(led_to IS NULL) = (sent_at IS NULL)", name="stretch_sent_at"),
            CheckConstraint(check="led_to IS NULL OR consent <> ''", name="stretch_led_with_consent"),
        )

    @property
    def choice(self) -> Choice | None:
        return Choice(self.answer) if self.answer else None

    def running(self, application: Application, now: datetime) -> bool:
        """Can the applicant still answer, and change the plan?"""
        in_time = self.led_to is None and now < calendar.end_of(self.due_on)
        return in_time and application.at is Stage.SCREENED

    def reopens(self, application: Application, now: datetime) -> bool:
        """Are its questions open for writing?"""
        return self.running(application, now) and self.choice is not None and self.choice.reopens


async def stretch_of(application_id: int) -> Stretch | None:
    """The last idea for this plan."""
    return await Stretch.filter(application_id=application_id).order_by("-id").first()


async def reopened(application: Application, now: datetime) -> Completion | Stretch | None:
    """What opened some of the questions of an application that was sent in: a request, or an idea taken up."""
    if application.at is Stage.COMPLETING:
        return await Completion.get_or_none(application_id=application.id, answered_at=None)
    found = await stretch_of(application.id) if application.at is Stage.SCREENED else None
    return found if found and found.reopens(application, now) else None
