"""A visitor of the whole service, on a real database: signs in as anybody, fills in forms, at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from tortoise.context import TortoiseContext

from deploy.app import create_app
from deploy.settings import Settings
from grants.access import Actor
from grants.steps.sign_in import sign_in_as
from tests.factories import OPEN

BASE_URL = "http://127.0.0.1:8000"


@dataclass
class Clock:
    """What time it is for the service; a test sets `now`."""

    now: datetime = OPEN

    def __call__(self) -> datetime:
        return self.now


class Visitor(httpx2.AsyncClient):
    """One browser. Its answers come straight from the app: no redirect is followed, a crash is a 500."""

    def __init__(self, app: Starlette, clock: Clock) -> None:
        super().__init__(
            transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False),
            base_url=BASE_URL,
            headers={"sec-fetch-site": "same-origin", "accept-language": "nl"},
        )
        self.app = app
        self.clock = clock

    def another(self) -> Visitor:
        """Another browser, at the same site and the same time."""
        return Visitor(self.app, self.clock)

    async def sign_in(self, actor: Actor) -> Visitor:
        """Sign this person in, in this browser, and give the browser back."""
        assert actor.person_id is not None
        key = await sign_in_as(actor.person_id, self.clock.now)
        response = Response()
        self.app.state.sessions.open(response, key)
        name, _, value = response.headers["set-cookie"].split(";")[0].partition("=")
        self.cookies.set(name, value)
        return self

    async def send(self, *args: Any, **kwargs: Any) -> httpx2.Response:
        """Send a request; a crash of ours fails the test there and then."""
        answer = await super().send(*args, **kwargs)
        assert answer.status_code != 500, answer.text
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An installation as it runs in a town, on this test's own database."""
    return Settings(
        database_url=database_url,
        base_url=BASE_URL,
        secret_key="s" * 32,
        field_key="f" * 32,
        smtp=None,
        mail_from="",
        files_url=f"file://{tmp_path / 'files'}",
        theme_class="",
        theme_css="",
        demo=False,
    )


@pytest.fixture
async def client(database: TortoiseContext, settings: Settings, clock: Clock) -> Visitor:
    """A visitor who is not signed in, at a time when the example round is open."""
    return Visitor(create_app(settings, clock=clock, with_worker=False), clock)


@pytest.fixture
async def demo_client(database: TortoiseContext, settings: Settings, clock: Clock) -> Visitor:
    """A visitor of a demonstration."""
    return Visitor(create_app(replace(settings, demo=True), clock=clock, with_worker=False), clock)
