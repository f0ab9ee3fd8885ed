"""Signing in with a code from a paper letter, for who has no mail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants.pages.sign_in import device, welcome
from grants.steps.paper_code import use
from grants.web.forms import Form, read_form
from grants.web.guard import SIGN_IN_PATH, PageRoute, page_route
from grants.web.render import page
from grants.web.session import Sessions

PAPER = f"{SIGN_IN_PATH}/papier"


async def ask(request: Request) -> Response:
    """Where somebody types the code of the letter."""
    response = page(request, "grants/sign_in/paper.html", {"form": Form()})
    sessions: Sessions = request.app.state.sessions
    sessions.name_browser(response, sessions.browser(request))  # so that a second press is known for one
    return response


async def enter(request: Request) -> Response:
    """Sign in with it; every wrong code gets the same answer."""
    form = await read_form(request, "code")
    state = request.app.state
    sessions: Sessions = state.sessions
    browser = sessions.browser(request)
    with form.attempt():
        form.check()
        key = await use(
            form.text("code"), browser, sessions.roles_beside, state.secret_key, state.clock(),
            browser=device(request),
        )  # fmt: skip
        return await welcome(request, key)
    response = page(request, "grants/sign_in/paper.html", {"form": form}, status=form.status)
    sessions.name_browser(response, browser)
    return response


ROUTES: tuple[PageRoute, ...] = (page_route(PAPER, "sign_in", name="sign_in.paper", get=ask, post=enter),)
