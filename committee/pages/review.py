"""Judging one application: declare to be free, read the plan, then a word and a sentence on each criterion.

Blind: what others said shows only to whoever is done, without names, in an order that tells nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.conflict import GROUNDS, NONE
from committee.framework import Criterion
from committee.judgement import MAX_OBJECTION, Judged
from committee.pages.sight import Case, case_of
from committee.scoring import spread
from committee.steps.recuse import declare
from committee.steps.review import framework_of, save_review, stamp
from committee.store.reviews import Review, Score, review_of
from grants import round as rules_of
from grants.difference import Change, changes
from grants.errors import Refusal, Sentence, Stale
from grants.form import TITLE, Question, heard
from grants.initiative import Kind, public_name
from grants.look import Purpose
from grants.steps.look import looked
from grants.store.applications import Application, Submission, last_submission
from grants.web import autosave
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

PATH = "/commissie/aanvragen/{id}"
CANNOT_JUDGE = "geen"
CLOSED_QUESTIONS = ("choice", "several")
"""Kinds of questions with fixed answers: no name or address can stand in them."""

SPREAD_FROM = 5
"""With fewer scores than this, how far they lie apart would tell who gave which."""


async def application(request: Request) -> Response:
    """The plan, for who declared to be free; for everybody else the question whether they are."""
    case = await _case(request, "committee.read")
    if not case.declared:
        return await _declaration_page(request, case, Form())
    await _looked(request, case)
    review = await review_of(case.seat.id, case.application.id)
    context = {
        "case": case,
        "review": review,
        "answers": await plan_of(case.application),
        "changes": await changed_since(case.application, review.version) if review else [],
    }
    return page(request, "committee/plan.html", context)


async def declaration(request: Request) -> Response:
    """The question again, for who found out later that they cannot judge fairly."""
    return await _declaration_page(request, await _case(request, "committee.declare"), Form())


async def declare_here(request: Request) -> Response:
    """Take the declaration. Standing aside is for good, so it is asked twice."""
    case = await _case(request, "committee.declare")
    form = await read_form(request, "ground", "zeker")
    ground = form.text("ground")
    if ground in GROUNDS and not form.text("zeker"):
        context = {"case": case, "ground": ground, "words": GROUNDS[ground]}
        return page(request, "committee/aside.html", context)
    form.need("ground", Sentence("Kies eerst een van de antwoorden. Daarna ziet u de aanvraag."))
    with form.attempt():
        form.check()
        made = await declare(actor_of(request), case.application.public_id, ground, request.app.state.clock())
        return redirect("/commissie?gezegd=opzij" if made.aside else _path(case))
    return await _declaration_page(request, case, form)


async def _declaration_page(request: Request, case: Case, form: Form) -> Response:
    """What a member needs to recognise a tie with the applicant, and no more."""
    application = case.application
    context = {
        "case": case,
        "form": form,
        "grounds": GROUNDS.items(),
        "free": NONE,
        "who": _who(application),
        "answers": [
            (question, answer)
            for question, answer in await plan_of(application)
            if question.kind in CLOSED_QUESTIONS
        ],
    }
    return page(request, "committee/declare.html", context, status=form.status if form.problems else 200)


def _who(application: Application) -> Sentence:
    """Who applies, as far as a member must know: the name of an organisation or a group, never a person's."""
    initiative = application.initiative
    if initiative.kind == Kind.PERSON or not initiative.name:
        return public_name(Kind.PERSON, "")
    return Sentence("{name}", {"name": initiative.name})


async def plan_of(application: Application) -> list[tuple[Question, Any]]:
    """The answers that the committee may read, as they were sent in last; the title stands above them."""
    submission = await last_submission(application.id)
    answers = submission.answers if submission else {}
    return [
        (question, answers[question.key])
        for question in heard(rules_of.questions(application.round.frozen), answers)
        if question.committee and question.key != TITLE and answers.get(question.key) is not None
    ]


async def changed_since(application: Application, version: int) -> list[Change]:
    """What the committee may read that is other than in this earlier version."""
    if version == application.version:
        return []
    read = await Submission.get(application_id=application.id, version=version)
    last = await Submission.get(application_id=application.id, version=application.version)
    readable = [question for question in rules_of.questions(application.round.frozen) if question.committee]
    return changes(readable, read.answers, last.answers)


async def judgement(request: Request) -> Response:
    """The form to judge with; for who is done what they said, and what the others said."""
    case = await _case(request, "committee.review")
    if not case.declared:
        return redirect(_path(case))
    await _looked(request, case)
    review = await review_of(case.seat.id, case.application.id)
    done = review is not None and review.done_at is not None
    if case.judging and (not done or request.query_params.get("aanpassen")):
        return await _judging_page(request, case, review, _typed(review))
    return await _judged_page(request, case, review)


async def judge(request: Request) -> Response:
    """Keep a judgement, as a draft or as done; what could not be kept comes back as it was typed."""
    case = await _case(request, "committee.review")
    if not case.declared:
        return redirect(_path(case))
    criteria = framework_of(case.application).criteria
    names = [name for criterion in criteria for name in (criterion.key, f"{criterion.key}.sentence")]
    form = await read_form(request, *names, "objection", "gezien", "klaar")
    if autosave.by_itself(request):
        return await _keep_meanwhile(request, case, criteria, form)
    done = bool(form.text("klaar"))
    with form.attempt():
        await _save(request, case, criteria, form, done=done)
        return redirect(f"{_path(case)}/oordeel" if done else "/commissie?gezegd=bewaard")
    review = await review_of(case.seat.id, case.application.id)
    return await _judging_page(request, case, review, form)


async def _keep_meanwhile(
    request: Request, case: Case, criteria: Sequence[Criterion], form: Form
) -> Response:
    """Keep a draft while it is written. What is done counts at once, so that only buttons change it."""
    review = await review_of(case.seat.id, case.application.id)
    if review is not None and review.done_at is not None:
        return autosave.refused(request, Stale(autosave.ELSEWHERE.text))
    try:
        review = await _save(request, case, criteria, form, done=False)
    except Refusal as refusal:
        return autosave.refused(request, refusal)
    return autosave.kept(request, stamp(case.application, review), request.app.state.clock())


async def _save(
    request: Request, case: Case, criteria: Sequence[Criterion], form: Form, *, done: bool
) -> Review:
    form.check()
    return await save_review(
        actor_of(request),
        case.application.public_id,
        {criterion.key: _judged(form, criterion) for criterion in criteria},
        form.text("objection"),
        request.app.state.clock(),
        done=done,
        seen=form.text("gezien"),
    )


def _judged(form: Form, criterion: Criterion) -> Judged:
    """What was filled in at one criterion; what is not on the scale becomes a score that no scale has."""
    chosen, sentence = form.text(criterion.key), form.text(f"{criterion.key}.sentence")
    if not chosen:
        return Judged(None, sentence, open=True)
    if chosen == CANNOT_JUDGE:
        return Judged(None, sentence)
    return Judged(int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else 0, sentence)


def _typed(review: Review | None) -> Form:
    """The form with what was kept before."""
    kept: dict[str, str] = {"objection": review.objection if review else ""}
    for score in review.scores if review else ():
        if not score.open:
            kept[score.criterion] = CANNOT_JUDGE if score.value is None else str(score.value)
        kept[f"{score.criterion}.sentence"] = score.sentence
    return Form.of(**kept)


async def _judging_page(request: Request, case: Case, review: Review | None, form: Form) -> Response:
    context = {
        "case": case,
        "review": review,
        "form": form,
        "criteria": framework_of(case.application).criteria,
        "answers": await plan_of(case.application),
        "seen": stamp(case.application, review),
        "cannot_judge": CANNOT_JUDGE,
        "max_objection": MAX_OBJECTION,
    }
    return page(request, "committee/judge.html", context, status=form.status if form.problems else 200)


class Voices(NamedTuple):
    """One criterion after judging: the member's own word, what others wrote, and how far apart all lie."""

    criterion: Criterion
    own: Score | None
    others: list[str]
    lowest: str = ""
    highest: str = ""


async def _judged_page(request: Request, case: Case, review: Review | None) -> Response:
    scores = []
    if review is not None and review.done_at is not None:
        scores = await Score.filter(
            review__application_id=case.application.id, review__done_at__isnull=False, review__void_at=None
        )
    criteria = framework_of(case.application).criteria
    context = {
        "case": case,
        "review": review,
        "voices": [_voices(criterion, review, scores) for criterion in criteria],
        "alone": all(review is not None and score.review_id == review.id for score in scores),
    }
    return page(request, "committee/judged.html", context)


def _voices(criterion: Criterion, review: Review | None, scores: Sequence[Score]) -> Voices:
    """What was said of one criterion; `scores` of everybody who is done, and only for who is done."""
    here = [score for score in scores if score.criterion == criterion.key]
    mine = review.scores if review else ()
    own = next((score for score in mine if score.criterion == criterion.key), None)
    others = shuffled([score.sentence for score in here if review is None or score.review_id != review.id])
    values = [score.value for score in here if score.value is not None]
    if len(values) < SPREAD_FROM:
        return Voices(criterion, own, others)
    low = min(values)
    high = low + spread(values)
    return Voices(criterion, own, others, criterion.scale[low - 1], criterion.scale[high - 1])


def shuffled(sentences: Sequence[str]) -> list[str]:
    """The sentences in an order that depends on their words alone, so that it tells of nobody."""
    written = [sentence for sentence in sentences if sentence]
    return sorted(written, key=lambda sentence: hashlib.sha256(sentence.encode()).digest())


async def _case(request: Request, act: str) -> Case:
    return await case_of(actor_of(request), request.path_params["id"], act)


async def _looked(request: Request, case: Case) -> None:
    """The plan itself was read: written down for the applicant, by the role of the seat."""
    now = request.app.state.clock()
    await looked(actor_of(request), case.application.id, Purpose.JUDGE, now, case.seat.role)


def _path(case: Case) -> str:
    return PATH.format(id=case.application.public_id)


ROUTES: tuple[PageRoute, ...] = (
    page_route(PATH, "committee.read", name="case", get=application),
    page_route(
        f"{PATH}/verklaring", "committee.declare", name="declaration", get=declaration, post=declare_here
    ),
    page_route(f"{PATH}/oordeel", "committee.review", name="judgement", get=judgement, post=judge),
)
