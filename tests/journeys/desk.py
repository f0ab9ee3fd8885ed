"""A draft of somebody, and how to open its pages in any number of browsers."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from playwright.sync_api import Page
from starlette.responses import Response

from grants.steps.draft import begin
from grants.steps.sign_in import sign_in_as
from grants.store.applications import Application, answers_of
from grants.store.funds import Round
from grants.web.session import Sessions
from tests.factories import person
from tests.journeys.test_applicant import in_database
from tests.servers.browser import Window

SECRET = "of the tests"


@dataclass
class Desk:
    """A draft of somebody, and how to open its pages in any number of browsers."""

    window: Window
    database: str
    address: str
    cookie: tuple[str, str]
    path: str

    def open(self, path: str, **visitor: Any) -> Page:
        page = self.window.open(**visitor)
        page.context.add_cookies([{"name": self.cookie[0], "value": self.cookie[1], "url": self.address}])
        page.goto(f"{self.address}{path}")
        return page

    def question(self, key: str, **visitor: Any) -> Page:
        return self.open(f"{self.path}/vraag/{key}", **visitor)

    def kept(self) -> dict[str, Any]:
        return dict(in_database(self.database, partial(_kept, self.path.rpartition("/")[2])))


async def _kept(public_id: str) -> dict[str, Any]:
    return await answers_of((await Application.get(public_id=public_id)).id)


async def began() -> tuple[str, str]:
    """Somebody new with a draft: the key of their session, and where the draft is."""
    actor = await person(secrets.token_hex(8), "applicant")
    made = await begin(actor, (await Round.get()).public_id, "sleutel", datetime.now(UTC))
    assert actor.person_id is not None
    return await sign_in_as(actor.person_id, datetime.now(UTC)), f"/aanvragen/{made.public_id}"


def cookie(key: str) -> tuple[str, str]:
    """The session as the service itself would give it to a browser."""
    response, sessions = Response(), Sessions(SECRET, https=False, find=None)  # type: ignore[arg-type]
    sessions.open(response, key)
    name, _, value = response.headers["set-cookie"].split(";")[0].partition("=")
    return name, value
