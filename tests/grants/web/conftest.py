"""A small site to try the glue on: people are found by the key in their cookie, no database behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute

from grants.access import ACTS
from grants.errors import Sentence
from grants.store.people import SessionData
from grants.web.guard import SecureHeaders
from grants.web.refusals import EXCEPTION_HANDLERS
from grants.web.render import Contact, Place, Shelf, Site
from grants.web.say import LANGUAGES, TEMPLATES, environment
from grants.web.session import Sessions, key_hash

NOON = datetime(2027, 2, 11, 11, 0, tzinfo=UTC)
KEY = "key-of-fatma"
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


@dataclass
class Town:
    """The site under test: who is known, what time it is, and a browser to visit it with."""

    base_url: str = "http://127.0.0.1:8000"
    now: datetime = NOON
    known: dict[str, SessionData] = field(default_factory=dict)
    theme_class: str = ""
    theme_css: str = ""

    async def find(self, hashed: str, _: datetime) -> SessionData | None:
        return self.known.get(hashed)

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def sessions(self) -> Sessions:
        return Sessions("s" * 32, self.https, self.find, clock=lambda: self.now)

    @property
    def site(self) -> Site:
        contact = Contact("Anja", "030 123 45 67", "fonds@voorbeeld.nl", "maandag tot en met donderdag")
        places = (
            Place(Sentence("Open data"), "/resultaten"),
            Place(Sentence("Privacy"), "/gemeente", frozenset({"officer"})),
        )
        site = Site(self.base_url, "Participatiefonds", "Gemeente Voorbeeld", contact, places)
        return replace(site, theme_class=self.theme_class, shelf=Shelf(self.theme_css))

    def app(self, *routes: BaseRoute) -> Starlette:
        app = Starlette(
            routes=routes,
            middleware=[Middleware(SecureHeaders, https=self.https)],
            exception_handlers=EXCEPTION_HANDLERS,
        )
        app.state.sessions = self.sessions
        app.state.acts = ACTS
        app.state.site = self.site
        return app

    def browser(self, *routes: BaseRoute) -> httpx2.AsyncClient:
        """A browser set to Dutch that shows what went wrong as a visitor would see it."""
        transport = httpx2.ASGITransport(app=self.app(*routes), raise_app_exceptions=False)
        dutch = {"accept-language": "nl"}
        return httpx2.AsyncClient(transport=transport, base_url=self.base_url, headers=dutch)

    def admit(self, client: httpx2.AsyncClient, *roles: str, language: str = "nl") -> None:
        """Sign somebody with these roles in, in this browser, now."""
        self.known[key_hash(KEY)] = SessionData(7, 7, "Fatma", "f@voorbeeld.nl", language, frozenset(roles))
        response = Response()
        self.sessions.open(response, KEY)
        name, _, value = response.headers["set-cookie"].split(";")[0].partition("=")
        client.cookies.set(name, value, domain=client.base_url.host)

    def later(self, **wait: float) -> None:
        self.now += timedelta(**wait)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def own_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and letters may come from this folder as well."""
    loader = ChoiceLoader(
        [FileSystemLoader(TEMPLATES), FileSystemLoader(Path(__file__).parent / "templates")]
    )
    for language in LANGUAGES:
        monkeypatch.setattr(environment(language), "loader", loader)
