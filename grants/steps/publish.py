"""Publishing: after every applicant knows, the public may know, through one gate.

Law: Woo 3.3a (subsidy overview), 5.1(4) (the recipient knows first).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from grants import calendar, publication
from grants.access import ACTS, Actor, require
from grants.application import Stage
from grants.decision import Kind
from grants.errors import Refusal
from grants.initiative import Kind as Shape
from grants.store import journal
from grants.store.applications import Application, in_stage, move
from grants.store.decisions import Advice, Decision, Publication
from grants.store.funds import Round
from grants.store.payments import Determination


async def publish(actor: Actor, round_id: int, now: datetime) -> Publication:
    """Publish a round whose decisions have all been announced. Doing it again changes nothing.

    A grant that was determined at once has come to its end: no report is asked.
    """
    require(actor, "round.publish")
    async with in_transaction():
        round_ = await Round.filter(id=round_id).select_for_update().get()
        known = await Publication.get_or_none(round_id=round_id)
        if known is not None:
            return known
        if round_.announced_at is None:
            raise Refusal("Maak eerst de besluiten bekend. De aanvragers horen het als eersten.")
        shown = await document(round_)
        made = await Publication.create(
            round_id=round_id,
            document=json.dumps(shown, ensure_ascii=False, sort_keys=True),
            published_at=now,
        )
        role = actor.role_for(ACTS["round.publish"])
        fixed = await Determination.filter(application__round_id=round_id)
        at_once = {one.application_id for one in fixed}
        for application in await in_stage(round_id, Stage.ANNOUNCED):
            await move(application, Stage.PUBLISHED, actor, now, role=role)
            if application.id in at_once:
                await move(application, Stage.DETERMINED, actor, now, role=role)
        await Round.filter(id=round_id).update(published_at=now)
        await journal.note(actor, "round.published", now, role=role, round_id=round_id)
        return made


async def document(round_: Round) -> dict[str, Any]:
    """What the public may see of a round once it is published: everything in it has passed the gate."""
    decisions = (
        await Decision.filter(application__round_id=round_.id)
        .order_by("application__number")
        .select_related("application__initiative")
    )
    advice = await Advice.get_or_none(round_id=round_.id)
    handled = [d for d in decisions if Kind(d.kind) is not Kind.NOT_HANDLED]
    return {
        "awards": [_award(d, d.application).as_json() for d in decisions if Kind(d.kind).gives_money],
        "totals": publication.totals(Kind(d.kind) for d in decisions),
        "asked_cents": sum(d.application.asked_cents for d in handled),
        "followed": sum(d.followed for d in handled),
        "handled": len(handled),
        "left_over": json.loads(advice.left_over) if advice else None,
        "record_hash": advice.record_hash if advice else None,
    }


def _award(decision: Decision, application: Application) -> publication.Award:
    return publication.award(
        number=application.number or "",
        kind=Shape(application.initiative.kind),
        name=application.initiative.name,
        title=application.title,
        asked_cents=application.asked_cents,
        granted_cents=decision.cents,
        explanation=decision.said,
        reasons=decision.reasons_by_criterion,
        deviation="" if decision.followed else decision.deviation,
        decided_on=calendar.local(decision.decided_at).date(),
        outcome=Kind(decision.kind),
    )
