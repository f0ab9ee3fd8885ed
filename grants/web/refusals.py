"""Every no and every mishap as a calm page: what happened, what to do now, and the right status."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from grants.errors import Refusal, Sentence
from grants.web.guard import secure
from grants.web.render import page

log = logging.getLogger(__name__)

HEADINGS = {
    403: Sentence("Dit mag u niet doen"),
    404: Sentence("Deze pagina is er niet"),
    405: Sentence("Dit kan hier niet"),
    409: Sentence("Dit kan nu niet"),
    413: Sentence("Dit is te veel"),
    415: Sentence("Dit konden wij niet lezen"),
    422: Sentence("Dit klopt nog niet"),
    429: Sentence("Even wachten"),
}
SENTENCES = {
    404: Sentence("Misschien klopt het adres niet helemaal. Of de pagina is verplaatst."),
    405: Sentence("Ga terug naar de vorige pagina en kies daar opnieuw wat u wilt doen."),
    413: Sentence("Dit was te veel tegelijk. Ga terug en maak het kleiner. Wat u typte, staat er nog."),
    429: Sentence("U deed dit te vaak achter elkaar. Wacht een paar minuten en probeer het dan opnieuw."),
}
_FAILED = Sentence("Dit lukte niet")
_TRY_AGAIN = Sentence("Ga terug naar de vorige pagina en probeer het nog een keer.")


async def on_refusal(request: Request, refusal: Refusal) -> Response:
    """A no from a rule or a step that no form took upon itself."""
    return _page(request, refusal.status, refusal.said)


async def on_http_error(request: Request, error: HTTPException) -> Response:
    """No such page, wrong method, and whatever else the framework refuses."""
    await _know_actor(request)
    response = _page(request, error.status_code, SENTENCES.get(error.status_code, _TRY_AGAIN))
    response.headers.update(error.headers or {})
    return response


async def on_crash(request: Request, error: Exception) -> Response:
    """Something of ours is broken: no detail for the visitor, but a number that leads to it in the log."""
    reference = secrets.token_hex(4).upper()
    log.error("failure %s: %s %s", reference, request.method, request.url.path, exc_info=error)
    try:
        response = page(request, "errors/crash.html", {"reference": reference}, status=500)
    except Exception:
        log.exception("failure %s: its page is broken too", reference)
        response = PlainTextResponse(f"Er ging iets mis. Meld ons dit nummer: {reference}", 500)
    response.headers["cache-control"] = "no-store"
    secure(response.headers, https=request.app.state.site.base_url.startswith("https:"))
    return response


EXCEPTION_HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    HTTPException: on_http_error,
    Exception: on_crash,
}
"""What the app is made with. `on_crash` runs outside all middleware, so it adds the headers itself."""


def _page(request: Request, status: int, said: Sentence) -> Response:
    context = {"heading": HEADINGS.get(status, _FAILED), "said": said}
    response = page(request, "errors/refusal.html", context, status=status)
    response.headers["cache-control"] = "no-store"
    return response


async def _know_actor(request: Request) -> None:
    """Where no guard stood, the page around the message still greets who is signed in."""
    if not hasattr(request.state, "actor"):
        request.state.actor = await request.app.state.sessions.actor(request)
