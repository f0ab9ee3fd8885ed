"""How an application stands: what is still open, what was sent, what happened and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar, term
from grants import round as rules_of
from grants.application import STAGE_WORDS, WITHDRAWABLE, Stage
from grants.companion import Part
from grants.decision import KIND_WORDS, Kind
from grants.difference import changes
from grants.errors import NotFound, Sentence
from grants.form import spoken_key
from grants.initiative import Kind as Shape
from grants.message import Side
from grants.pages.application import OWN, applies, asked_of, base, own, questions_of
from grants.pages.together import sent_by_another
from grants.pages.turn import turn
from grants.round import Phase
from grants.store.applications import Application, Completion, Submission, answers_of
from grants.store.decisions import Decision
from grants.store.entries import Entry
from grants.store.journal import JournalEntry
from grants.store.messages import unread
from grants.store.payments import Determination, Payment, PayoutAccount
from grants.store.stretches import stretch_of
from grants.term import Asked, Term
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page

STEPS = (
    {Stage.SUBMITTED, Stage.COMPLETING},
    {Stage.SCREENED, Stage.REVIEWED},
    {Stage.ALLOCATED, Stage.DECIDED},
    {Stage.ANNOUNCED},
    {Stage.PUBLISHED},
    {Stage.ACCOUNTED},
)
"""What happens after sending: looked through, read and voted on, decided, published, told of, determined."""


async def status(request: Request) -> Response:
    """How my application stands: what is still to be filled in, or what happened and what comes."""
    application = await own(request)
    if application.at is Stage.DRAFT:
        return await _task_list(request, application)
    if not application.sees_outcome:
        return await sent_by_another(request, application)
    completions = await Completion.filter(application_id=application.id).order_by("id")
    moved = JournalEntry.filter(application_id=application.id, act__startswith="application.")
    decision = await Decision.get_or_none(application_id=application.id, announced_at__isnull=False)
    gives = decision is not None and Kind(decision.kind).gives_money
    money = await _money(application, decision.cents) if decision and gives else None
    completion = next((one for one in completions if one.answered_at is None), None)
    now = request.app.state.clock()
    decide_by = _decide_by(application, completions, now)
    idea = await stretch_of(application.id)
    context = {
        "application": application,
        "round": application.round,
        "base": base(application),
        "said": STAGE_WORDS[application.at],
        "states": states(application.at),
        "moments": dict(await moved.order_by("place").values_list("act", "at")),
        "completions": completions,
        "completion": completion,
        "unconfirmed": await Entry.get_or_none(application_id=application.id, confirmed_at=None),
        "turn": turn(application, completion, decision, money, decide_by, now),
        "labels": {q.key: q.label for q in questions_of(application, language_of(request))},
        "decide_by": decide_by.last_day,
        "decision": decision,
        "word": KIND_WORDS[Kind(decision.kind)] if decision else None,
        "money": money,
        "withdrawable": application.at in WITHDRAWABLE,
        "unread": await unread(application.id, Side.APPLICANT),
        "idea": idea,
        "idea_runs": idea is not None and idea.running(application, now),
        "idea_opens": idea is not None and idea.reopens(application, now),
    }
    return page(request, "grants/application/status.html", context)


def states(stage: Stage) -> list[str]:
    """For each of `STEPS`: done, now or later."""
    now_at = next((place for place, stages in enumerate(STEPS) if stage in stages), len(STEPS))
    return ["done"] * now_at + (["now"] + ["later"] * len(STEPS))[: len(STEPS) - now_at]


def _decide_by(application: Application, completions: list[Completion], now: datetime) -> Term:
    """The term to decide, moved on by the days we waited."""
    asked = [Asked(one.asked_at, one.answered_at, one.due_on) for one in completions]
    return term.decision(application.round.decide_by, asked, calendar.local(now).date())


async def _money(application: Application, granted_cents: int) -> dict[str, Any]:
    """Under what regime the money was granted, and what became of it so far."""
    return {
        "regime": rules_of.regime_for(application.round.frozen, granted_cents),
        "account": await PayoutAccount.get_or_none(application_id=application.id),
        "payments": await Payment.filter(application_id=application.id).order_by("instalment"),
        "determination": await Determination.get_or_none(application_id=application.id),
    }


async def _task_list(request: Request, application: Application) -> Response:
    """A draft as a list of tasks, each done or not."""
    answers, round_ = await answers_of(application.id), application.round
    questions = asked_of(application, answers, language_of(request))
    tasks = [("wie", Sentence("Wie vraagt er aan?"), bool(application.initiative.kind))]
    if application.initiative.kind == Shape.GROUP:
        tasks.append(("geld-via", Sentence("Wie krijgt het geld?"), application.initiative.host is not None))
    for question in questions:
        said = Sentence("{label}", {"label": question.label})
        tasks.append(
            (f"vraag/{question.key}", said, question.key in answers or spoken_key(question.key) in answers)
        )
    optional = {f"vraag/{question.key}" for question in questions if not question.required} | {"geld-via"}
    needed = [path for path, _, done in tasks if not done and path not in optional]
    context = {
        "application": application,
        "round": round_,
        "base": base(application),
        "tasks": tasks,
        "optional": optional,
        "next": needed[0] if needed else "controleren",
        "todo": len(needed),
        "open": round_.phase(request.app.state.clock()) is Phase.OPEN or application.part is Part.DESK,
    }
    return page(request, "grants/application/tasks.html", context)


async def receipt(request: Request) -> Response:
    """The receipt: number, time, a copy of what was sent, and what comes next (Awb, division 2.3)."""
    application = await own(request)
    versions = await Submission.filter(application_id=application.id).order_by("-version").limit(2)
    if not versions:
        raise NotFound("U heeft deze aanvraag nog niet verstuurd. Daarom is er nog geen ontvangstbewijs.")
    sent, every = versions[0], questions_of(application, language_of(request))
    context = {
        "application": application,
        "round": application.round,
        "base": base(application),
        "sent": sent,
        "answers": sent.answers,
        "questions": asked_of(application, sent.answers, language_of(request)),
        "changes": changes(every, versions[1].answers, sent.answers) if len(versions) > 1 else [],
        "who": applies(application),
    }
    return page(request, "grants/application/receipt.html", context)


ROUTES: tuple[PageRoute, ...] = (
    page_route(OWN, "application.own", name="application", get=status),
    page_route(f"{OWN}/ontvangst", "application.own", name="application.receipt", get=receipt),
)
