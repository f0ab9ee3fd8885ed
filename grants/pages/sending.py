"""The check page, with everything that is missing named, and sending it in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants import form
from grants.application import Stage
from grants.companion import Part
from grants.errors import Problem
from grants.pages import caution
from grants.pages.answers import WHO, may_write
from grants.pages.application import OWN, applies, base, own, questions_of
from grants.steps.stretch import send_new_plan
from grants.steps.submit import complete, missing, submit
from grants.store.applications import Application, answers_of
from grants.store.stretches import Stretch, reopened
from grants.web.forms import Form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.session import actor_of


async def check(request: Request) -> Response:
    """Everything on one page, with what is missing named, before it is sent."""
    application = await own(request)
    if not may_write(application, await reopened(application, request.app.state.clock())):
        return redirect(base(application))
    return await _check_page(request, application, await missing(application, application.round), 200)


SENDING = {Stage.COMPLETING: complete, Stage.SCREENED: send_new_plan}
"""What sending does in a stage: everywhere else it sends the application itself, once."""


async def send(request: Request) -> Response:
    """Send it in; a second press shows the same receipt."""
    application = await own(request)
    step = SENDING.get(application.at, submit)
    typed = Form()
    with typed.attempt():
        await step(actor_of(request), application.public_id, request.app.state.clock())
        return redirect(_sent(application))
    return await _check_page(request, application, typed.problems, typed.status)


async def _check_page(
    request: Request, application: Application, lacks: list[Problem], status: int
) -> Response:
    completion = await reopened(application, request.app.state.clock())
    answers = await answers_of(application.id)
    every = questions_of(application, language_of(request))
    context = {
        "application": application,
        "base": base(application),
        "completion": completion,
        "idea": isinstance(completion, Stretch),
        "who": applies(application),
        "questions": form.asked(every, answers),
        "reopened": form.reopened(every, completion.questions) if completion else None,
        "answers": answers,
        "cautions": caution.found(form.asked(every, answers), answers),
        "lacks": [(lack.said, _where(application, lack.field)) for lack in lacks],
        "sent": status != 200,
    }
    return page(request, "grants/answers/check.html", context, status=status)


def _sent(application: Application) -> str:
    """Where somebody goes who sent it in: to the receipt, an officer to what is left to do for the applicant."""
    if application.part is Part.DESK:
        return f"/gemeente/invoeren/{application.public_id}"
    return f"{base(application)}/ontvangst"


def _where(application: Application, field: str) -> str:
    """The page on which something that is missing can be filled in."""
    key = field.partition(".")[0]
    if key in WHO:
        return f"{base(application)}/wie"
    known = key in {question.key for question in questions_of(application)}
    return f"{base(application)}/vraag/{key}" if known else ""


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/controleren", "application.own", name="application.check",
        get=check, post=send, post_act="application.write",
    ),
)  # fmt: skip
