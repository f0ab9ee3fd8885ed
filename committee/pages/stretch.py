"""A step further: the page on which chair or secretary writes an idea for a plan, and reads what came of it."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from committee.pages.review import PATH
from committee.pages.sight import Case, case_of
from committee.steps.stretch import give_idea
from grants import round as rules_of
from grants.errors import Refusal, Sentence
from grants.screening import MAX_REASON
from grants.store.stretches import Stretch, stretch_of
from grants.stretch import CHOSEN, last_day
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of


async def ideas(request: Request) -> Response:
    """The idea that was given, with its answer; or the form to give one."""
    case = await _case(request)
    if not case.declared:
        return redirect(PATH.format(id=case.application.public_id))
    return await _page(request, case, Form())


async def give(request: Request) -> Response:
    """Give an idea; what cannot be sent comes back as it was typed."""
    case = await _case(request)
    if not case.declared:
        return redirect(PATH.format(id=case.application.public_id))
    form = await read_form(request, "questions", "text")
    with form.attempt():
        form.check()
        await give_idea(
            actor_of(request), case.application.public_id, form.several("questions"), form.text("text"),
            request.app.state.clock(),
        )  # fmt: skip
        return redirect(f"{PATH.format(id=case.application.public_id)}/stap-verder")
    return await _page(request, case, form)


async def _page(request: Request, case: Case, form: Form) -> Response:
    application, now = case.application, request.app.state.clock()
    questions = rules_of.questions(application.round.frozen)
    given = await stretch_of(application.id)
    last, lack = _term(case, given, request)
    context = {
        "case": case,
        "form": form,
        "labels": {question.key: question.label for question in questions if question.committee},
        "given": given,
        "running": given is not None and given.running(application, now),
        "chosen": CHOSEN,
        "due_on": last,
        "lack": lack,
        "most": MAX_REASON,
    }
    status = form.status if form.problems else 200
    return page(request, "committee/stretch.html", context, status=status)


def _term(case: Case, given: Stretch | None, request: Request) -> tuple[date | None, Sentence | None]:
    """Until when the applicant would have, or why no idea can be given now."""
    if given is not None and given.version == case.application.version:
        return None, Sentence("De commissie gaf bij dit plan al een idee. Eén idee is genoeg.")
    if not case.judging:
        return None, Sentence("De stemming is open. Een idee geven kan nu niet meer.")
    try:
        return last_day(request.app.state.clock(), case.application.round.ballot_opens_at), None
    except Refusal as refusal:
        return None, refusal.said


async def _case(request: Request) -> Case:
    return await case_of(actor_of(request), request.path_params["id"], "committee.stretch")


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{PATH}/stap-verder", "committee.stretch", name="stretch", get=ideas, post=give),
)
