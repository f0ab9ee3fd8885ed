"""“Dit begrijp ik niet”: telling it from any page, signed in or not, and the officer who helps."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.access import OFFICER
from grants.errors import Problem
from grants.pages.layout import form_page, paging
from grants.steps import help as step
from grants.store.help import HelpRequest
from grants.store.people import Person
from grants.web.forms import Form, read_form, safe_path
from grants.web.guard import SIGN_IN_PATH, PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.session import Sessions, actor_of

ASK, ASKED, DESK = "/hulp", "/hulp/gevraagd", "/gemeente/hulp"
LETTER = "/brief"
"""What stands for a letter where the address of a page is asked; no page has it."""


async def ask(request: Request) -> Response:
    """The form; `?pagina=` tells which page is not understood."""
    response = _form(request, Form.of(pagina=about(request.query_params.get("pagina", ""))))
    sessions: Sessions = request.app.state.sessions
    sessions.name_browser(response, sessions.browser(request))  # so that a second press is known for one
    return response


async def send(request: Request) -> Response:
    """Note the question. What cannot be noted comes back as it was typed."""
    typed = await read_form(request, "pagina", "text", "contact")
    sessions: Sessions = request.app.state.sessions
    browser, subject = sessions.browser(request), about(typed.text("pagina"))
    with typed.attempt():
        typed.check()
        await step.ask_help(
            actor_of(request), browser, subject, typed.text("text"), typed.text("contact"),
            language_of(request), request.app.state.clock(),
        )  # fmt: skip
        response = redirect(f"{ASKED}?{urlencode({'pagina': subject})}")
        sessions.name_browser(response, browser)
        return response
    return _form(request, typed)


async def asked(request: Request) -> Response:
    """It is noted: what happens next, and when."""
    subject = about(request.query_params.get("pagina", ""))
    context = {"back": _way_back(subject), "due_on": step.due_on(request.app.state.clock())}
    return page(request, "grants/help/asked.html", context)


def about(address: str) -> str:
    """The page that is not understood; the secret in an address to sign in with is left out."""
    path = safe_path(address).partition("?")[0]
    return SIGN_IN_PATH if path.startswith(f"{SIGN_IN_PATH}/") else path[: step.MAX_PAGE]


def _way_back(subject: str) -> str:
    return "/" if subject == LETTER or subject.startswith(ASK) else subject


def _form(request: Request, typed: Form) -> Response:
    context = {
        "back": _way_back(about(typed.text("pagina"))),
        "max_text": step.MAX_TEXT,
        "letter": typed.text("pagina") == LETTER,
    }
    return form_page(request, "grants/help/ask.html", typed, context)


async def requests(request: Request) -> Response:
    """Who waits for help, the first to be helped on top; behind it what was done."""
    return await _requests(request, Form())


async def finish(request: Request) -> Response:
    """Write down how somebody was helped. Done twice with the same words, it is done once."""
    public_id = request.path_params["id"]
    field = f"outcome-{public_id}"
    form = await read_form(request, field)
    with form.attempt():
        form.check()
        await step.finish_help(actor_of(request), public_id, form.text(field), request.app.state.clock())
        return redirect(DESK)
    form.problems = [Problem(field, problem.said) for problem in form.problems]
    return await _requests(request, form, public_id)


async def _requests(request: Request, form: Form, public_id: str = "") -> Response:
    waiting = await HelpRequest.filter(done_at=None).order_by("due_on", "id")
    if public_id and all(one.public_id != public_id for one in waiting):
        waiting += await HelpRequest.filter(public_id=public_id)
    done = HelpRequest.exclude(done_at=None)
    part = paging(request, await done.count())
    people = {one.person_id for one in waiting if one.person_id}
    context = {
        "waiting": waiting,
        "done": await done.order_by("-done_at", "-id").offset(part.offset).limit(part.size),
        "people": {person.id: person for person in await Person.filter(id__in=people)} if people else {},
        "paging": part,
        "letter": LETTER,
        "today": calendar.local(request.app.state.clock()).date(),
        "may_finish": actor_of(request).has(OFFICER),
    }
    return form_page(request, "grants/help/requests.html", form, context)


ROUTES: tuple[PageRoute, ...] = (
    page_route(ASK, "help.ask", name="help", get=ask, post=send),
    page_route(ASKED, "help.ask", name="help_asked", get=asked),
    page_route(DESK, "desk.read", name="help_requests", get=requests),
    page_route(f"{DESK}/{{id}}", "help.finish", name="help_finish", post=finish),
)
