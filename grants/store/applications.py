"""Applications and their answers; the one place where a stage changes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants.access import OFFICER, Actor
from grants.application import COMMITTEE, Move, Stage, check_move, check_not_own
from grants.companion import RIGHTS, Part, Right, check_may
from grants.errors import Forbidden, NotFound, Refusal, Sentence, Stale
from grants.store import companions, entries, journal
from grants.store.funds import Round
from grants.store.initiatives import Initiative
from grants.store.people import Person

NOT_THERE = Sentence("Deze aanvraag is er niet. Kijk bij “Mijn aanvragen”.")
STAGES = ", ".join(f"'{stage.value}'" for stage in Stage)


class Application(Model):
    """One plan in one round. Amounts are the sums of its budget lines, in cents."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    begin_key = fields.CharField(max_length=64, unique=True)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "grants.Round", related_name="applications", on_delete=fields.RESTRICT
    )
    round_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="applications", on_delete=fields.RESTRICT
    )
    person_id: int
    initiative: fields.ForeignKeyRelation[Initiative] = fields.ForeignKeyField(
        "grants.Initiative", related_name="applications", on_delete=fields.RESTRICT
    )
    initiative_id: int
    stage = fields.CharField(max_length=12, default=Stage.DRAFT.value)
    number = fields.CharField(max_length=40, null=True)
    title = fields.CharField(max_length=200, default="")
    asked_cents = fields.BigIntField(default=0)
    least_cents = fields.BigIntField(default=0)
    version = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    part: Part
    """In what part whoever asked for it stands to it, and `under` which invitation; set by `entered`, no columns."""
    under: companions.Companion | None

    class Meta:
        table = "application"
        constraints = (
            CheckConstraint(check=f"stage IN ({STAGES})", name="application_stage"),
            CheckConstraint(
                check="least_cents >= 0 AND least_cents <= asked_cents", name="application_amounts"
            ),
            CheckConstraint(
                check="stage = 'draft' OR (number IS NOT NULL AND submitted_at IS NOT NULL AND asked_cents > 0)",
                name="application_submitted",
            ),
            UniqueConstraint(fields=("round", "number"), name="application_number"),
        )

    @property
    def at(self) -> Stage:
        return Stage(self.stage)

    @property
    def owns(self) -> bool:
        """Is it the applicant who asked for it?"""
        return Right.OWN in RIGHTS[self.part]

    @property
    def sends(self) -> bool:
        """May who asked for it send it in, and say what counts in law?"""
        return Right.SEND in RIGHTS[self.part]

    @property
    def speaks(self) -> bool:
        """May who asked for it turn to us in the applicant's name?"""
        return Right.SPEAK in RIGHTS[self.part]

    @property
    def sees_outcome(self) -> bool:
        """May who asked for it see the decision and the money?"""
        return Right.OUTCOME in RIGHTS[self.part]


class Answer(Model):
    """One answer as the form keeps it, as JSON text, and who wrote it last."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="answers", on_delete=fields.RESTRICT
    )
    application_id: int
    question = fields.CharField(max_length=48)
    value = fields.TextField()
    saved_at = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="answers_written", on_delete=fields.RESTRICT
    )
    by_id: int

    class Meta:
        table = "answer"
        unique_together = (("application", "question"),)


class Submission(Model):
    """A copy of everything at the moment of sending: what the committee reads and the receipt repeats."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="submissions", on_delete=fields.RESTRICT
    )
    application_id: int
    version = fields.IntField()
    content = fields.TextField()
    content_hash = fields.CharField(max_length=64)
    at = fields.DatetimeField()

    class Meta:
        table = "submission"
        unique_together = (("application", "version"),)

    @property
    def answers(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


class ScreeningCheck(Model):
    """What an officer found on one check."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="checks", on_delete=fields.RESTRICT
    )
    application_id: int
    check_key = fields.CharField(max_length=40)
    verdict = fields.CharField(max_length=8)
    note = fields.TextField(default="")
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="checks_done", on_delete=fields.RESTRICT
    )
    by_id: int
    at = fields.DatetimeField()

    class Meta:
        table = "screening_check"
        unique_together = (("application", "check_key"),)
        constraints = (
            CheckConstraint(
                check="verdict IN ('good', 'missing', 'not_met')", name="screening_check_verdict"
            ),
        )


class Completion(Model):
    """A request to complete: the questions that reopen, the clock standing still between its two times."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="completions", on_delete=fields.RESTRICT
    )
    application_id: int
    questions = fields.JSONField[list[str]]()
    text = fields.TextField()
    due_on = fields.DateField()
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "completion"
        constraints = (
            CheckConstraint(check="answered_at IS NULL OR answered_at >= asked_at", name="completion_times"),
            UniqueConstraint(
                fields=("application",), name="completion_open", condition="answered_at IS NULL"
            ),
        )


async def lock_application(public_id: str) -> Application:
    """The application, locked until the end of the transaction."""
    found = await Application.filter(public_id=public_id).select_for_update().first()
    if found is None:
        raise NotFound(NOT_THERE.text)
    return found


async def lock_own(actor: Actor, public_id: str, right: Right = Right.OWN) -> Application:
    """The application, locked, for whoever has this right in it; see `companion`. `part` says who they are there.

    A stranger's is as if it were not there; who writes along and may not do this is told why (Forbidden).
    """
    if actor.person_id is None:
        raise Forbidden("Log eerst in. Daarna kunt u verder.")
    return await entered(await lock_application(public_id), actor, right)


async def entered(application: Application | None, actor: Actor, right: Right) -> Application:
    """The application, if it is there and the actor has this right in it; with their `part` and invitation."""
    if application is None or actor.person_id is None:
        raise NotFound(NOT_THERE.text)
    application.under = await companions.companion_of(application, actor.person_id)
    application.part = await _part(application, actor)
    check_may(application.part, right)
    return application


async def _part(application: Application, actor: Actor) -> Part:
    if application.under is not None:
        return application.under.part
    if application.person_id == actor.person_id:
        return Part.APPLICANT
    if actor.has(OFFICER) and await entries.entered_by(application, actor.person_id):
        return Part.DESK
    raise NotFound(NOT_THERE.text)


async def check_stranger(actor: Actor, application: Application) -> None:
    """Refuse unless the actor has nothing to do with the application: neither theirs, nor written along on."""
    if actor.signed_in:
        check_not_own(actor.person_id, await companions.involved(application))


async def own_untold(actor: Actor, round_id: int) -> set[int]:
    """The applications of a round that are the actor's own (see `check_stranger`), advised on, and not told yet."""
    theirs = Q(person_id=actor.person_id) | Q(companions__person_id=actor.person_id)
    between = [Stage.ALLOCATED.value, Stage.DECIDED.value]
    rows = Application.filter(theirs, round_id=round_id, stage__in=between)
    return {key for (key,) in await rows.values_list("id")}


async def check_none_own(actor: Actor, round_id: int) -> None:
    """Refuse to show all outcomes of a round to somebody who would read their own before the letter."""
    if await own_untold(actor, round_id):
        raise Refusal("Uw eigen aanvraag is hierbij, of u schreef mee. Een collega moet dit doen.")


async def move(
    application: Application,
    target: Stage,
    actor: Actor,
    now: datetime,
    *,
    role: str,
    ground: str = "",
    **detail: Any,
) -> Move:
    """Change the stage: checked against the table of moves, written down in the journal. From steps only.

    Returns the row of the table, which names the letter that the applicant gets.
    """
    source = application.at
    allowed = check_move(source, target, role)
    here = Application.filter(id=application.id, stage=source.value)
    if not await here.update(stage=target.value, changed_at=now):
        raise Stale("Deze aanvraag is intussen veranderd. Ververs de pagina en kijk hoe het ermee staat.")
    application.stage, application.changed_at = target.value, now
    await journal.note(
        actor,
        f"application.{target.value}",
        now,
        role="" if role == COMMITTEE else role,
        round_id=application.round_id,
        application_id=application.id,
        ground=ground,
        **{"from": source.value, **detail},
    )
    return allowed


async def answers_of(application_id: int) -> dict[str, Any]:
    """The kept answers by question key."""
    rows = await Answer.filter(application_id=application_id).values_list("question", "value")
    return {question: json.loads(value) for question, value in rows}


async def last_submission(application_id: int) -> Submission | None:
    return await Submission.filter(application_id=application_id).order_by("-version").first()


async def in_stage(round_id: int, *stages: Stage) -> list[Application]:
    """The applications of a round in these stages, by number."""
    return await Application.filter(round_id=round_id, stage__in=[s.value for s in stages]).order_by("number")
