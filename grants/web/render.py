"""What a person gets: pages and letters in their language, and the files that a page asks for."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from grants.errors import NotFound, Sentence
from grants.language import DUTCH
from grants.web.forms import read_form, safe_path
from grants.web.say import DATA, LANGUAGES, environment
from grants.web.session import actor_of

LANGUAGE_COOKIE = "taal"
_YEAR_SECONDS = 31_536_000
STYLESHEET = DATA / "static" / "meebeslis.css"


class Place(NamedTuple):
    """One entry of the navigation; without roles it is there for everybody."""

    said: Sentence
    path: str
    roles: frozenset[str] = frozenset()


class Contact(NamedTuple):
    """Where a person finds help; the same on every page and in every letter."""

    name: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""


NOBODY = Contact()


class Asset(NamedTuple):
    """A file for the browser, as it is and packed."""

    body: bytes
    packed: bytes
    media_type: str


class Shelf:
    """The static files, read once; each address carries a hash of the content, so browsers may keep it.

    What a theme says stands at the top of our own stylesheet, so that a page asks for one.
    """

    def __init__(self, theme_css: str = "") -> None:
        self._addresses: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for path in sorted(STYLESHEET.parent.iterdir()):
            if path.is_file():
                top = theme_css.encode() if path == STYLESHEET else b""
                self._add(path.name, top + path.read_bytes())

    def _add(self, name: str, body: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{suffix}"
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._addresses[name] = f"/static/{hashed}"
        self._assets[hashed] = Asset(body, gzip.compress(body, mtime=0), media_type)

    def url(self, name: str) -> str:
        """The address of a file by its plain name; an unknown name is a KeyError."""
        return self._addresses[name]

    def asset(self, hashed: str) -> Asset:
        if hashed not in self._assets:
            raise NotFound("Dit bestand is er niet.")
        return self._assets[hashed]


@dataclass(frozen=True)
class Site:
    """What every page shows around its content. It stands in `app.state.site`."""

    base_url: str
    name: str = "Meebeslis"
    municipality: str = ""
    contact: Contact = NOBODY
    navigation: tuple[Place, ...] = ()
    theme_class: str = ""
    demo: bool = False
    shelf: Shelf = field(default_factory=Shelf)


def language_of(request: Request) -> str:
    """The language of the answer: chosen in this browser, else the person's own, else what the browser asks.

    A browser that reads Dutch at all gets Dutch: many residents have a computer that is set to English.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    actor = actor_of(request)
    if actor.signed_in:
        return actor.language if actor.language in LANGUAGES else DUTCH
    accepted = request.headers.get("accept-language", "").lower().split(",")
    asked = [part.strip()[:2] for part in accepted]
    return DUTCH if DUTCH in asked else next((code for code in asked if code in LANGUAGES), DUTCH)


def page(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> Response:
    """A page of the site. The template also knows `site`, `actor`, `language`, `path` and `places`,
    and `for_whom`: the application that an officer is entering for somebody.
    """
    site: Site = request.app.state.site
    actor = actor_of(request)
    language = language_of(request)
    around = {
        "site": site,
        "actor": actor,
        "language": language,
        "path": request.url.path,
        "places": [place for place in site.navigation if not place.roles or actor.has(*place.roles)],
        "form": None,
        "for_whom": getattr(request.state, "for_whom", None),
    }
    html = environment(language).get_template(template).render({**around, **(context or {})})
    return HTMLResponse(html, status, {"vary": "Cookie, Accept-Language"})


async def choose_language(request: Request) -> Response:
    """Keep the language somebody chose for a year, in this browser only, and show the same page in it."""
    form = await read_form(request, "taal", "terug")
    site: Site = request.app.state.site
    response = redirect(safe_path(form.text("terug")))
    if form.text("taal") in LANGUAGES:
        https = site.base_url.startswith("https:")
        response.set_cookie(
            LANGUAGE_COOKIE, form.text("taal"), _YEAR_SECONDS, secure=https, httponly=True, samesite="lax"
        )
    return response


def redirect(path: str) -> Response:
    """Go and read `path`: the answer to every form that was taken."""
    return RedirectResponse(path, 303)


def render_letter(kind: str, params: Mapping[str, Any], language: str, site: Site) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a letter. The subject is the first line of `letters/<kind>.txt`.

    The templates know `site`, `language` and the letter's own `params`. Blank lines come one at a time.
    """
    context = {"site": site, "language": language, **params}
    made = environment(language)
    text = made.get_template(f"letters/{kind}.txt").render(context).strip()
    html = made.get_template(f"letters/{kind}.html").render(context)
    subject, _, body = text.partition("\n")
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n", html


async def static_file(request: Request) -> Response:
    """A file from the shelf; its address changes with its content."""
    site: Site = request.app.state.site
    asset = site.shelf.asset(request.path_params["name"])
    headers = {"cache-control": f"public, max-age={_YEAR_SECONDS}, immutable", "vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(asset.packed if packed else asset.body, headers=headers, media_type=asset.media_type)
