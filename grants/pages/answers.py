"""Filling in an application: who applies, and one question per page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from grants import form
from grants.application import WRITABLE, Stage
from grants.budget import SOURCE_WORDS
from grants.errors import NotFound, Problem, Refusal, Sentence
from grants.form import Question
from grants.initiative import KIND_WORDS, Kind
from grants.pages import caution, fields
from grants.pages.application import OWN, applies, asked_of, base, own, questions_of
from grants.pages.files import ADD, REMOVE, Intake, said, shown_with, stays
from grants.pages.stretch import opened_by
from grants.steps import draft
from grants.steps.draft import CHANGED_ELSEWHERE, stamp
from grants.store.applications import Application, Completion, answers_of
from grants.store.stretches import Stretch, reopened
from grants.web import autosave
from grants.web.forms import Form, read_form
from grants.web.guard import MICROPHONE, PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.say import say
from grants.web.session import actor_of

SEEN = "stand-gezien"
"""Hidden field: a fingerprint of the kept answer as this page showed it. No question key holds a dash."""

GO, OVERVIEW, BACK = "knop-naar", "overzicht", "vorige"
AFTER, CHECK = "na-bewaren", "controleren"
"""In the address and then hidden in the form: who came from the check page goes back there."""

MAX_PHONE = 20
WHO = ("kind", "name", "kvk", "phone")


class Place(NamedTuple):
    """One question among those that are asked now: the whole form, or what a completion reopened.

    One that is not `asked` (any more, for who changed an answer elsewhere) stands where it would be.
    """

    question: Question
    asked: bool
    number: int
    total: int
    previous: str
    next: str
    completion: Completion | Stretch | None


async def who(request: Request) -> Response:
    """Who applies: the first question of every form."""
    application = await own(request)
    if application.at is not Stage.DRAFT:
        return redirect(base(application))
    known = {name: [getattr(application.initiative, name)] for name in WHO}
    return await _who_page(request, application, Form(known | _after(request)))


async def save_who(request: Request) -> Response:
    """Keep who applies."""
    application = await own(request)
    typed = await read_form(request, *WHO, SEEN, GO, AFTER)
    with typed.attempt():
        if len(typed.text("phone")) > MAX_PHONE:
            typed.add("phone", Sentence("Een telefoonnummer is korter. Schrijf één nummer op."))
        typed.check()
        await draft.save_initiative(
            actor_of(request), application.public_id, typed.text("kind"), typed.text("name"),
            "".join(typed.text("kvk").split()), typed.text("phone"), request.app.state.clock(),
            seen=typed.text(SEEN),
        )  # fmt: skip
        group = typed.text("kind") == Kind.GROUP
        following = "geld-via" if group else f"vraag/{questions_of(application)[0].key}"
        return redirect(_onward(request, application, typed, f"{base(application)}/{following}"))
    await application.initiative.refresh_from_db()
    return await _who_page(request, application, typed)


def _after(request: Request) -> dict[str, list[str]]:
    """Where to go after this page, when somebody came to change one thing."""
    return {AFTER: [CHECK]} if request.query_params.get(AFTER) == CHECK else {}


def _back(typed: Form) -> dict[str, str]:
    """What the address says of somebody who came to change one thing."""
    return {AFTER: CHECK} if typed.text(AFTER) == CHECK else {}


def _onward(request: Request, application: Application, typed: Form, following: str) -> str:
    """The page after a kept answer: by the button, by where the person came from, or the next question."""
    if stays(typed):
        return f"{request.url.path}?{urlencode(said(typed) | _back(typed))}"
    if typed.text(GO) == OVERVIEW:
        return base(application)
    return f"{base(application)}/{CHECK}" if typed.text(AFTER) == CHECK else following


async def _who_page(request: Request, application: Application, typed: Form) -> Response:
    answers = await answers_of(application.id)
    context = {
        "form": typed,
        "application": application,
        "base": base(application),
        "total": len(asked_of(application, answers)) + 1,
        "hidden": {SEEN: stamp(application.initiative.said), AFTER: typed.text(AFTER)},
        "now_kept": applies(application) if any(map(_is_stale, typed.problems)) else [],
        "options": [(kind.value, say(KIND_WORDS[kind], language_of(request))) for kind in Kind],
    }
    return page(request, "grants/answers/who.html", context, status=typed.status if typed.problems else 200)


async def ask(request: Request) -> Response:
    """One question, with what was kept of it; one that is not asked gives way to the next."""
    application = await own(request)
    answers = await answers_of(application.id)
    place = await _place(request, application, answers)
    if not may_write(application, place.completion):
        return redirect(base(application))
    if not place.asked:
        return redirect(place.next)
    kept = answers.get(place.question.key)
    shown = fields.filled_in(place.question, kept, language_of(request))
    return _question_page(request, application, place, Form(shown | _after(request)), answers)


async def keep(request: Request) -> Response:
    """Keep one answer and go on; what cannot be kept is shown again, with why."""
    application = await own(request)
    place = await _place(request, application, await answers_of(application.id))
    question = place.question
    intake = Intake(request, application, question)
    names = (*fields.names(question), SEEN, GO, fields.LINES, AFTER, ADD, REMOVE, caution.TOLD)
    typed = await read_form(request, *names, catch=intake.catch)
    if autosave.by_itself(request):
        return await _keep_meanwhile(request, application, question, typed)
    with typed.attempt():
        await intake.settle(typed)
        stepping = stays(typed) or typed.text(GO) == BACK
        if not stepping or any(map(typed.text, fields.names(question))):
            await _save(request, application, question, typed)
        if not typed.text(fields.LINES) and not intake.problems:
            return redirect(await _following(request, application, typed))
    unkept = bool(typed.problems) and fields.is_begun(question, typed)
    if typed.text(fields.LINES):
        typed.problems = [problem for problem in typed.problems if _is_stale(problem)]
    typed.problems += intake.problems
    answers = await answers_of(application.id)
    return _question_page(request, application, place, typed, answers, unkept=unkept)


async def _following(request: Request, application: Application, typed: Form) -> str:
    """The page after an answer was kept: by the button, by what was found in it, and by what it leads to."""
    answers = await answers_of(application.id)
    place = await _place(request, application, answers)
    if not stays(typed) and caution.untold(typed, answers.get(place.question.key)):
        stopping = typed.text(GO) == OVERVIEW
        return caution.look_again(request, stopping=stopping, back=_back(typed))
    if typed.text(GO) == BACK:
        return place.previous
    return _onward(request, application, typed, place.next)


async def _keep_meanwhile(
    request: Request, application: Application, question: Question, typed: Form
) -> Response:
    """Keep what is being typed; emptying an answer is left to the buttons."""
    try:
        if form.check_answer(question, fields.value(question, typed)) is None:
            return autosave.not_yet(request)
        kept = await _save(request, application, question, typed)
    except Refusal as refusal:
        return autosave.refused(request, refusal)
    told = [finding.reason for finding in caution.untold(typed, kept)]
    return autosave.kept(request, stamp(kept), request.app.state.clock(), *told[:1])


async def _save(request: Request, application: Application, question: Question, typed: Form) -> Any:
    typed.check()
    value = fields.value(question, typed)
    return await draft.save_answer(
        actor_of(request), application.public_id, question.key, value, request.app.state.clock(),
        seen=typed.text(SEEN),
    )  # fmt: skip


def _is_stale(problem: Problem) -> bool:
    return problem.said.text == CHANGED_ELSEWHERE.text


async def _place(request: Request, application: Application, answers: Mapping[str, Any]) -> Place:
    """Where the question of the address stands; a question that is not on the form is not there."""
    every, key = questions_of(application, language_of(request)), request.path_params["key"]
    if key not in {question.key for question in every}:
        raise NotFound("Deze vraag staat niet op het formulier.")
    asked = {question.key for question in form.asked(every, answers)}
    steps, first = [f"{base(application)}/wie"], 2
    completion = await reopened(application, request.app.state.clock())
    opened = form.reopened(every, completion.questions) if completion else ()
    if key in opened:
        asked &= set(opened)
        steps, first = [base(application)], 1
    walk = [question for question in every if question.key in asked | {key}]
    steps += [f"{base(application)}/vraag/{question.key}" for question in walk]
    steps.append(f"{base(application)}/controleren")
    at = next(place for place, question in enumerate(walk) if question.key == key)
    total = len(walk) + first - 1
    return Place(walk[at], key in asked, at + first, total, steps[at], steps[at + 2], completion)


def may_write(application: Application, opened: Completion | Stretch | None) -> bool:
    """Can anything be written now: a draft, or what was opened again?"""
    return application.at in WRITABLE or opened is not None


def _left_so(request: Request, application: Application, place: Place, typed: Form) -> str:
    """Where somebody goes on who leaves an answer as it is."""
    if request.query_params.get(caution.LOOK) == caution.STOP:
        return base(application)
    return f"{base(application)}/{CHECK}" if typed.text(AFTER) == CHECK else place.next


def _question_page(
    request: Request, application: Application, place: Place, typed: Form, answers: Mapping[str, Any],
    *, unkept: bool = False,
) -> Response:  # fmt: skip
    question = place.question
    kept = answers.get(question.key)
    context = {
        "form": typed,
        "place": place,
        "completion": place.completion,
        "opened": opened_by(place.completion),
        "question": question,
        "base": base(application),
        "hidden": {SEEN: stamp(kept), AFTER: typed.text(AFTER), caution.TOLD: caution.marks(kept)},
        "cautions": caution.shown(request, typed, kept),
        "left_so": _left_so(request, application, place, typed),
        "kept": kept,
        "stale": any(map(_is_stale, typed.problems)),
        "lines": fields.line_count(question, typed),
        "more": fields.MORE_LINES,
        "unkept": unkept,
        "sources": [(source.value, say(said, language_of(request))) for source, said in SOURCE_WORDS.items()],
    }
    context |= shown_with(request, question, answers, base(application))
    status = typed.status if typed.problems else 200
    response = page(request, "grants/answers/question.html", context, status=status)
    if question.spoken_minutes:
        response.headers.update(MICROPHONE)
    return response


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/wie", "application.own", name="application.who",
        get=who, post=save_who, post_act="application.write",
    ),
    page_route(
        f"{OWN}/vraag/{{key}}", "application.own", name="application.question",
        get=ask, post=keep, post_act="application.write",
    ),
)  # fmt: skip
