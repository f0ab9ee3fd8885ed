"""Every door: who may pass, which way (reading never changes anything), and what a browser must respect."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grants.access import ANYBODY, may
from grants.errors import Forbidden, NotFound
from grants.web.body import read_pairs
from grants.web.render import page, redirect
from grants.web.session import Sessions

Handler = Callable[[Request], Awaitable[Response]]

SIGN_IN_PATH = "/inloggen"
NO_ID = "0" * 32
_PUBLIC_ID = re.compile(r"[0-9a-f]{32}")
"""What stands for a thing in an address; anything else is no address of ours and never reaches the database."""

PERMISSIONS = "camera=(), geolocation=(), microphone={microphone}, payment=(), usb=()"
MICROPHONE = {"permissions-policy": PERMISSIONS.format(microphone="(self)")}
"""For the one kind of page on which somebody may record an answer."""

SECURE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with that a browser sends "Origin: null" with our own forms.
    "referrer-policy": "same-origin",
    "permissions-policy": PERMISSIONS.format(microphone="()"),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000"
_PLAIN = tuple((name.encode(), value.encode()) for name, value in SECURE_HEADERS.items())
_LINES = {False: _PLAIN, True: (*_PLAIN, (b"strict-transport-security", HSTS.encode()))}


class PageRoute(Route):
    """A route that knows which act each of its methods is, so that a test can walk them all."""

    def __init__(self, path: str, handler: Handler, acts: dict[str, str], name: str) -> None:
        super().__init__(path, handler, methods=list(acts), name=name)
        self.acts = acts
        self._begins = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look closely only at an address that begins as this one does: every route before the right one is asked."""
        return super().matches(scope) if scope["path"].startswith(self._begins) else (Match.NONE, {})


def page_route(
    path: str,
    act: str,
    *,
    name: str,
    get: Handler | None = None,
    post: Handler | None = None,
    post_act: str = "",
) -> PageRoute:
    """One address: `get` shows, `post` changes. `act` is asked for both unless `post_act` names another.

    HEAD and everything else that is not POST only ever reaches `get`.
    """
    handlers, acts = {}, {}
    if get is not None:
        handlers["GET"], acts["GET"] = guard(act, get), act
    if post is not None:
        handlers["POST"], acts["POST"] = guard(post_act or act, post), post_act or act

    async def door(request: Request) -> Response:
        return await handlers["POST" if request.method == "POST" else "GET"](request)

    return PageRoute(path, door, acts, name)


def file_route(path: str, get: Handler, *, name: str, act: str = "public.read") -> PageRoute:
    """An address that is the same for everybody: nobody is asked who they are."""
    return PageRoute(path, get, {"GET": act}, name)


def guard(act: str, handler: Handler) -> Handler:
    """`handler` for those who may do `act`; others are sent to sign in, or told why not."""

    async def guarded(request: Request) -> Response:
        request.state.actor = ANYBODY
        if not _PUBLIC_ID.fullmatch(request.path_params.get("id", NO_ID)):
            raise NotFound("Misschien klopt het adres niet helemaal. Of de pagina is verplaatst.")
        if request.method == "POST":
            require_own_form(request)
        sessions: Sessions = request.app.state.sessions
        actor = request.state.actor = await sessions.actor(request)
        answer = may(request.app.state.acts, actor, act)
        if answer.allowed:
            response = await handler(request)
        elif actor.signed_in:
            raise Forbidden(answer.why.text, **answer.why.values)
        else:
            response = await _sign_in_first(request)
        if actor.signed_in:
            sessions.renew(request, response)
        response.headers.setdefault("cache-control", "no-store" if actor.signed_in else "no-cache")
        return response

    return guarded


async def _sign_in_first(request: Request) -> Response:
    """To the sign-in page and back; what was typed meanwhile is kept on a page that can send it again."""
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "POST":
        context = {"target": target, "typed": await read_pairs(request)}
        return page(request, "errors/signed_out.html", context, status=403)
    return redirect(f"{SIGN_IN_PATH}?{urlencode({'next': target})}")


def require_own_form(request: Request) -> None:
    """Refuse a form that was not sent from a page of ours.

    Browsers of today say so in Sec-Fetch-Site; older ones, and those on plain http, in Origin. A request with
    neither comes from no browser we serve.
    """
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        own = fetched_from == "same-origin"
    else:
        base_url: str = request.app.state.site.base_url
        own = request.headers.get("origin", "") == base_url.rstrip("/")
    if not own:
        raise Forbidden(
            "Dit formulier komt niet van onze website. Open de pagina opnieuw en probeer het nog een keer."
        )


def secure(headers: MutableHeaders, https: bool) -> None:
    """Add the headers that every answer carries; what a page has set itself stays."""
    present = {name for name, _ in headers.raw}
    headers.raw.extend(line for line in _LINES[https] if line[0] not in present)


class SecureHeaders:
    """Middleware, plain ASGI: `secure` on every answer."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self.app = app
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), self.https)
            await send(message)

        await self.app(scope, receive, send_secured)
