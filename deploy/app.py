"""The whole service put together: the only place where the two packages, the settings and the web meet."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

import committee.access
import committee.pages.guide
import committee.store.mine
import grants.access
import grants.pages.guide
import grants.store.mine
from committee.framework import check_body
from committee.pages.routes import ROUTES as COMMITTEE_ROUTES
from committee.store.members import roles_of
from deploy import operations, theme, worker
from deploy.busy import Busy
from deploy.database import InContext, check_pragmas, open_database
from deploy.files import keep_swept, open_files
from deploy.settings import CannotStart, Settings
from grants.errors import Sentence
from grants.pages.routes import DEMO_ROUTES
from grants.pages.routes import ROUTES as GRANTS_ROUTES
from grants.store.funds import Fund
from grants.store.people import session_by_key
from grants.web.guard import SecureHeaders
from grants.web.refusals import EXCEPTION_HANDLERS
from grants.web.render import STYLESHEET, Contact, Place, Shelf, Site, page
from grants.web.session import Sessions

ACTS = grants.access.ACTS | committee.access.ACTS
GUIDES = committee.pages.guide.GUIDES | grants.pages.guide.GUIDES
SITE_REFRESHED_EVERY = 30.0

log = logging.getLogger(__name__)

NAVIGATION = (
    Place(Sentence("Het fonds"), "/"),
    Place(Sentence("Resultaten"), "/resultaten"),
    Place(Sentence("Mijn aanvragen"), "/aanvragen", frozenset({grants.access.APPLICANT})),
    Place(Sentence("Commissie"), "/commissie", frozenset(committee.access.ROLES)),
    Place(
        Sentence("Gemeente"),
        "/gemeente",
        frozenset({grants.access.OFFICER, grants.access.FINANCE, grants.access.AUDITOR}),
    ),
    Place(Sentence("Uitleg"), "/uitleg"),
)
DEMO_PLACES = (
    Place(Sentence("Postvak (proef)"), "/demo/postvak"),
    Place(Sentence("Wie is wie (proef)"), "/demo"),
)


def utcnow() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings, *, clock: Callable[[], datetime] = utcnow, with_worker: bool = True
) -> Starlette:
    """The service for these settings. `clock` says what time it is for every rule that asks."""
    routes = [
        *GRANTS_ROUTES,
        *COMMITTEE_ROUTES,
        *(DEMO_ROUTES if settings.demo else ()),
        *operations.ROUTES,
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecureHeaders, https=settings.https), Middleware(InContext)],
        exception_handlers=EXCEPTION_HANDLERS | {Busy: on_busy},
        lifespan=_lifespan(settings, clock, with_worker),
    )
    app.router.redirect_slashes = False  # it would build the address from the Host header
    app.state.settings = settings
    app.state.clock = clock
    app.state.acts = ACTS
    app.state.guides = GUIDES
    app.state.check_body = check_body
    app.state.kept = grants.store.mine.KEPT + committee.store.mine.KEPT
    app.state.secret_key = settings.secret_key
    app.state.field_key = settings.field_key
    app.state.files = open_files(settings.files_url)
    app.state.sessions = Sessions(settings.secret_key, settings.https, session_by_key, roles_of, clock)
    app.state.shelf = Shelf(_theme_css(settings))
    app.state.site = _site(settings, app.state.shelf, None)
    app.state.render_letter = worker.Sender.of(settings).render
    if settings.demo:
        _add_demo(app)
    return app


def _theme_css(settings: Settings) -> str:
    """What pages take from the municipality's theme; what cannot be read well is told on the log."""
    if not settings.theme_css:
        return ""
    found = theme.read(settings.theme_css, settings.theme_class, STYLESHEET.read_text(encoding="utf-8"))
    for one in found.given_up:
        log.warning("theme: %s; our own value instead of %s", one.said, ", ".join(one.tokens))
    return found.css


def _add_demo(app: Starlette) -> None:
    """What the pages of the demonstration need to know: whom to sign in as."""
    from deploy.demo import WHO  # noqa: PLC0415 - only a demonstration reads its data

    app.state.demo_people = [(who.email, who.name, who.hint) for who in WHO]


async def on_busy(request: Request, _: Exception) -> Response:
    """The database could not do it now: nothing was changed, and a moment later it will go."""
    said = Sentence("Het is nu erg druk. Er is niets veranderd. Probeer het over een minuut nog een keer.")
    context = {"heading": Sentence("Even wachten"), "said": said}
    response = page(request, "errors/refusal.html", context, status=503)
    response.headers.update({"retry-after": "10", "cache-control": "no-store"})
    return response


def _lifespan(settings: Settings, clock: Callable[[], datetime], with_worker: bool) -> Any:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        async with open_database(settings.database_url) as context:
            if wrong := await check_pragmas(context):
                raise CannotStart(" ".join(wrong))
            await refresh_site(app)
            gc.freeze()  # what was loaded stays: collecting garbage need not look at it with every thousand objects
            stop = asyncio.Event()
            tasks = [asyncio.create_task(_keep_site_current(app, stop))]
            if with_worker:
                tasks.append(asyncio.create_task(worker.run(settings, stop, clock=clock)))
                tasks.append(asyncio.create_task(keep_swept(app.state.files, stop, clock)))
            try:
                yield {"database": context}
            finally:
                stop.set()
                await asyncio.wait(tasks, timeout=5)  # a letter that is being handed over is finished
                for task in tasks:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    return lifespan


async def refresh_site(app: Starlette) -> None:
    """Take name and contact of the fund into what stands around every page."""
    fund = await Fund.all().order_by("-loaded_at").first()
    app.state.site = _site(app.state.settings, app.state.shelf, fund)


async def _keep_site_current(app: Starlette, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SITE_REFRESHED_EVERY)
        with suppress(Exception):
            await refresh_site(app)


def _site(settings: Settings, shelf: Shelf, fund: Fund | None) -> Site:
    contact = fund.contact if fund else {}
    return Site(
        base_url=settings.base_url,
        name=fund.name if fund else "Meebeslis",
        municipality=fund.municipality if fund else "",
        contact=Contact(*(contact.get(key, "") for key in ("name", "phone", "email", "hours"))),
        navigation=NAVIGATION + (DEMO_PLACES if settings.demo else ()),
        theme_class=settings.theme_class,
        demo=settings.demo,
        shelf=shelf,
    )
