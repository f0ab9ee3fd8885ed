"""How little goes over the wire on a slow telephone, as the browser itself counts it: headers, pages and files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from grants import round as rules_of
from grants.store.funds import Round
from tests.journeys.desk import Desk
from tests.journeys.test_applicant import in_database

pytestmark = pytest.mark.timeout(120)

FIRST_PAGE = 30_000
QUESTION_PAGE = 15_000
"""Bytes over the wire: for who comes here for the first time, and for each question after that."""

TELEPHONE = {"viewport": {"width": 360, "height": 640}}


class Meter:
    """Counts what a page and everything it asks for take over the wire, and from whom."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._line = page.context.new_cdp_session(page)
        self._line.send("Network.enable")
        self._line.on("Network.loadingFinished", self._finished)
        self._line.on("Network.requestWillBeSent", self._asked)
        self.bytes = 0
        self.hosts: set[str] = set()

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _asked(self, event: dict[str, Any]) -> None:
        self.hosts.add(urlsplit(event["request"]["url"]).netloc)

    def open(self, address: str) -> int:
        """How many bytes it took to open this page, until nothing more came."""
        self.bytes = 0
        self._page.goto(address)
        self._page.wait_for_load_state("networkidle")
        return self.bytes


def test_first_page_of_a_new_visitor_is_light(desk: Desk) -> None:
    meter = Meter(desk.window.open(**TELEPHONE))
    assert 1_000 < meter.open(desk.address) <= FIRST_PAGE
    assert 1_000 < meter.open(f"{desk.address}/inloggen") <= QUESTION_PAGE
    assert meter.hosts == {urlsplit(desk.address).netloc}


def test_each_question_page_is_light(desk: Desk) -> None:
    questions = in_database(desk.database, _questions)
    page = desk.window.open(**TELEPHONE)
    page.context.add_cookies([{"name": desk.cookie[0], "value": desk.cookie[1], "url": desk.address}])
    meter = Meter(page)
    assert 1_000 < meter.open(f"{desk.address}{desk.path}") <= FIRST_PAGE
    paths = ["wie", *(f"vraag/{key}" for key in questions), "controleren"]
    sizes = {path: meter.open(f"{desk.address}{desk.path}/{path}") for path in paths}
    assert {path: size for path, size in sizes.items() if size > QUESTION_PAGE} == {}
    assert min(sizes.values()) > 1_000
    assert meter.hosts == {urlsplit(desk.address).netloc}


async def _questions() -> list[str]:
    return [question.key for question in rules_of.questions((await Round.get()).frozen)]
