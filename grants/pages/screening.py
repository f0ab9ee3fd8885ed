"""Screening an application: reading it, noting each check, and sending it on, back, or away with a reason.

Law: Awb 4:2 (ask only what is needed), 4:5 (a chance to complete), 3:46 (reasons).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants import round as rules_of
from grants.access import OFFICER
from grants.application import Stage
from grants.companion import PART_WORDS
from grants.errors import Sentence
from grants.initiative import KIND_WORDS, Kind
from grants.pages.dossier import answers_shown, application_of, events_in_words
from grants.pages.layout import form_page
from grants.pages.queue import UNDER_WAY
from grants.pages.words import STAGES
from grants.screening import Verdict
from grants.steps.screen import admit, ask_completion, not_handle, note_check
from grants.store import journal
from grants.store.applications import Application, Completion, ScreeningCheck
from grants.store.companions import live
from grants.store.entries import Entry
from grants.term import Asked, decision
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, redirect
from grants.web.say import say
from grants.web.session import actor_of

VERDICTS: dict[Verdict, Sentence] = {
    Verdict.GOOD: Sentence("In orde"),
    Verdict.MISSING: Sentence("Er ontbreekt iets"),
    Verdict.NOT_MET: Sentence("Voldoet niet"),
}
IN_SCREENING = (Stage.SUBMITTED, Stage.COMPLETING)
ADMIT = "toelaten"

CHANGED = Sentence(
    "Een collega vulde deze controle intussen ook in. Hieronder staat wat u koos. Klopt dat nog?"
)
NOT_ASKED = Sentence("Vraag eerst om een aanvulling. Pas daarna mag u besluiten om niet te behandelen.")
DONE = Sentence("Deze aanvraag is al gecontroleerd.")
NOT_NOW = Sentence("Om aanvulling vragen kan alleen zolang u de aanvraag nog controleert.")
NOT_YET = Sentence("De aanvrager heeft nog tot en met {due:date} om aan te vullen.")


async def show(request: Request) -> Response:
    """Everything about one application, and the checks to fill in."""
    application = await application_of(request)
    found = await _found(application)
    return await _show(request, application, found, _form_of(found))


async def save(request: Request) -> Response:
    """Keep the checks that were filled in; with the second button, let the application through as well."""
    application = await application_of(request)
    keys = [check.key for check in rules_of.checks(application.round.frozen)]
    form = await read_form(
        request, "doe", *(f"{part}-{key}" for key in keys for part in ("verdict", "note", "seen"))
    )
    found = await _found(application)
    for key in keys:
        await _note(request, application, form, key, found.get(key))
    if not form.problems and form.text("doe") == ADMIT:
        with form.attempt():
            await admit(actor_of(request), application.public_id, request.app.state.clock())
    if form.problems:
        return await _show(request, application, await _found(application), form)
    return redirect(f"/gemeente/aanvragen/{application.public_id}")


async def _note(
    request: Request, application: Application, form: Form, key: str, known: ScreeningCheck | None
) -> None:
    """Keep one check if it was filled in otherwise than it stands, and nobody else changed it meanwhile."""
    verdict, note = form.text(f"verdict-{key}"), form.text(f"note-{key}")
    if not verdict or (known is not None and (known.verdict, known.note) == (verdict, note)):
        return
    if verdict not in set(Verdict):
        form.add(f"verdict-{key}", Sentence("Kies wat u vond."))
        return
    if form.text(f"seen-{key}") != _stamp(known):
        form.add(f"verdict-{key}", CHANGED)
        form.status = 409
        return
    one = Form()
    with one.attempt():
        await note_check(
            actor_of(request), application.public_id, key, Verdict(verdict), note, request.app.state.clock()
        )
    for problem in one.problems:
        form.add(f"note-{key}" if problem.field == "note" else f"verdict-{key}", problem.said)
        form.status = one.status


async def _found(application: Application) -> dict[str, ScreeningCheck]:
    """What was found so far, by check, with who found it."""
    rows = await ScreeningCheck.filter(application_id=application.id).select_related("by")
    return {row.check_key: row for row in rows}


def _stamp(known: ScreeningCheck | None) -> str:
    """Which state of a check a form was made from."""
    return known.at.isoformat() if known else ""


def _form_of(found: Mapping[str, ScreeningCheck]) -> Form:
    values: dict[str, str] = {}
    for key, row in found.items():
        values |= {f"verdict-{key}": row.verdict, f"note-{key}": row.note}
    return Form.of(**values)


async def _show(
    request: Request, application: Application, found: Mapping[str, ScreeningCheck], form: Form
) -> Response:
    now = request.app.state.clock()
    today, language = calendar.local(now).date(), language_of(request)
    completions = await Completion.filter(application_id=application.id).order_by("id")
    asked = [Asked(row.asked_at, row.answered_at, row.due_on) for row in completions]
    checks = rules_of.checks(application.round.frozen)
    context = {
        "application": application,
        "entry": await Entry.get_or_none(application_id=application.id),
        "companions": [one for one in await live(application.id) if one.accepted_at],
        "part_words": PART_WORDS,
        "mark": STAGES[application.at],
        "shape": KIND_WORDS[Kind(application.initiative.kind)],
        "answers": await answers_shown(application),
        "checks": [(check, found.get(check.key), _stamp(found.get(check.key))) for check in checks],
        "verdicts": VERDICTS,
        "verdict_options": [(verdict.value, say(said, language)) for verdict, said in VERDICTS.items()],
        "completions": completions,
        "labels": _labels(application),
        "in_screening": application.at in IN_SCREENING,
        "filling_in": actor_of(request).has(OFFICER)
        and (application.at in IN_SCREENING or bool(form.problems)),
        "deciding": application.at in UNDER_WAY,
        "term": decision(application.round.decide_by, asked, today),
        "today": today,
        "chance": _lack_of_chance(completions[-1] if completions else None, now),
        "events": await events_in_words(await journal.about_application(application.id)),
    }
    return form_page(request, "grants/screening/application.html", form, context)


def _labels(application: Application) -> dict[str, str]:
    return {question.key: question.label for question in rules_of.questions(application.round.frozen)}


async def ask_form(request: Request) -> Response:
    """The request to complete, with what the checks found already written down."""
    application = await application_of(request)
    found = await _found(application)
    notes = [row.note for row in found.values() if row.verdict != Verdict.GOOD and row.note]
    return await _ask_page(request, application, Form.of(text="\n".join(notes)))


async def ask(request: Request) -> Response:
    """Ask for completion; asking the same twice is asking once."""
    application = await application_of(request)
    form = await read_form(request, "questions", "text")
    if not await _is_asked(application, form):
        with form.attempt():
            await ask_completion(
                actor_of(request), application.public_id, form.several("questions"), form.text("text"),
                request.app.state.clock(),
            )  # fmt: skip
    if form.problems:
        return await _ask_page(request, application, form)
    return redirect(f"/gemeente/aanvragen/{application.public_id}")


async def _is_asked(application: Application, form: Form) -> bool:
    last = await Completion.get_or_none(application_id=application.id, answered_at=None)
    return (
        last is not None
        and set(last.questions) == set(form.several("questions"))
        and last.text == form.text("text")
    )


async def _ask_page(request: Request, application: Application, form: Form) -> Response:
    weeks = int(application.round.frozen["round"]["completion_weeks"])
    today = calendar.local(request.app.state.clock()).date()
    context = {
        "application": application,
        "labels": {one.question.key: one.question.label for one in await answers_shown(application)},
        "due_on": calendar.term_last_day(today, weeks),
        "lack": None if application.at is Stage.SUBMITTED else NOT_NOW,
    }
    return form_page(request, "grants/screening/completion.html", form, context)


async def refuse_form(request: Request) -> Response:
    """The decision not to handle, once there was a chance to complete."""
    return await _refuse_page(request, await application_of(request), Form())


async def refuse(request: Request) -> Response:
    """Decide not to handle, and tell the applicant; done twice it is done once."""
    application = await application_of(request)
    form = await read_form(request, "reason")
    with form.attempt():
        await not_handle(
            actor_of(request), application.public_id, form.text("reason"), request.app.state.clock()
        )
    if form.problems:
        return await _refuse_page(request, application, form)
    return redirect(f"/gemeente/aanvragen/{application.public_id}")


async def _refuse_page(request: Request, application: Application, form: Form) -> Response:
    now = request.app.state.clock()
    last = await Completion.filter(application_id=application.id).order_by("-id").first()
    context = {
        "application": application,
        "lack": _lack_of_chance(last, now) if application.at in IN_SCREENING else DONE,
        "last_day": calendar.objection_last_day(calendar.local(now).date()),
    }
    return form_page(request, "grants/screening/not_handled.html", form, context)


def _lack_of_chance(last: Completion | None, now: Any) -> Sentence | None:
    """Why not handling is not possible yet (Awb 4:5); None when it is."""
    if last is None:
        return NOT_ASKED
    if last.answered_at is None and now < calendar.end_of(last.due_on):
        return Sentence(NOT_YET.text, {"due": last.due_on.isoformat()})
    return None


_PATH = "/gemeente/aanvragen/{id}"
ROUTES: tuple[PageRoute, ...] = (
    page_route(_PATH, "desk.read", name="screening", get=show, post=save, post_act="screening.do"),
    page_route(f"{_PATH}/aanvulling", "screening.do", name="ask_completion", get=ask_form, post=ask),
    page_route(f"{_PATH}/niet-behandelen", "screening.do", name="not_handle", get=refuse_form, post=refuse),
)
