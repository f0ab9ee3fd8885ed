"""The service with a clock that a test sets, and a person at their screen."""

import asyncio
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import Response

from deploy.app import create_app
from deploy.database import open_database
from deploy.settings import Settings
from grants.access import Actor
from grants.steps.sign_in import sign_in_as
from tests.factories import BEFORE
from tests.pages.officers import FIELD_KEY
from tests.servers.browser import barriers
from tests.servers.ports import free_port

DESK = {"width": 1280, "height": 900}
TELEPHONE = {"width": 390, "height": 844}


@dataclass
class Hall:
    """The service with a clock that the test sets, its database, and the people who work with it."""

    url: str
    now: datetime = BEFORE
    address: str = ""
    app: Starlette | None = None
    people: dict[str, Actor] = field(default_factory=dict)

    def do(self, act: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Do something in the database, beside the event loop of the browser."""

        async def done() -> Any:
            async with open_database(self.url):
                return await act()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, done()).result()

    def cookie(self, name: str) -> dict[str, str]:
        """What the browser of this person holds once they have signed in, now."""
        person_id = self.people[name].person_id
        assert self.app is not None
        assert person_id is not None
        response = Response()
        key = self.do(lambda: sign_in_as(person_id, self.now))
        self.app.state.sessions.open(response, key)
        cookie, _, value = response.headers["set-cookie"].split(";")[0].partition("=")
        return {"name": cookie, "value": value, "url": self.address}


@contextmanager
def open_hall(url: str, **settings: Any) -> Iterator[Hall]:
    """Serve the whole service from a thread of this test, with these settings of its own."""
    port, folder = free_port(), tempfile.TemporaryDirectory()
    hall = Hall(url, address=f"http://127.0.0.1:{port}")
    given: dict[str, Any] = {
        "database_url": url,
        "base_url": hall.address,
        "secret_key": "s" * 32,
        "field_key": FIELD_KEY,
        "smtp": None,
        "mail_from": "",
        "files_url": f"file://{folder.name}",
        "theme_class": "",
        "theme_css": "",
        "demo": False,
    }
    hall.app = create_app(Settings(**(given | settings)), clock=lambda: hall.now, with_worker=False)
    server = uvicorn.Server(uvicorn.Config(hall.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield hall
    finally:
        server.should_exit = True
        thread.join()
        folder.cleanup()


@dataclass
class Visit:
    """One person at their screen."""

    page: Page
    hall: Hall
    name: str

    def come_back(self, now: datetime, path: str = "/gemeente") -> None:
        """Another day: sign in again, and begin at the list of work, or where this person begins."""
        self.hall.now = now
        self.page.context.clear_cookies()
        self.page.context.add_cookies([self.hall.cookie(self.name)])
        self.go(path)

    def go(self, path: str) -> None:
        self.page.goto(self.hall.address + path)
        self.look()

    def look(self) -> None:
        """No barrier on this page, and nothing wider than a telephone."""
        assert barriers(self.page) == [], self.page.url
        self.page.set_viewport_size(TELEPHONE)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, self.page.url
        self.page.set_viewport_size(DESK)

    def press(self, name: str) -> None:
        """Press the button or follow the link of this name, and look at the page that follows."""
        main = self.page.locator("main")
        target = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        with self.page.expect_navigation():
            target.first.click()
        self.look()

    def open_job(self, job: str, about: str) -> None:
        """Follow the row of the list of work that says what to do, about what."""
        row = self.page.locator("main tbody tr").filter(has_text=job).filter(has_text=about)
        with self.page.expect_navigation():
            row.get_by_role("link").click()
        self.look()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)
