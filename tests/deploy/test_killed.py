"""Ten people type while the service is killed again and again: what it said it kept is there, word for word.

Five kills on each database; MEEBESLIS_LONG=1 makes it two hundred.
"""

import asyncio
import os
import random
from dataclasses import dataclass

import httpx2
import pytest

from deploy.database import open_database
from grants.pages.answers import SEEN
from grants.store.applications import Application, answers_of
from tests.journeys.desk import began, cookie
from tests.journeys.test_applicant import open_a_round_now
from tests.servers.service import Service, started_service

LONG = bool(os.environ.get("MEEBESLIS_LONG"))
KILLS = 200 if LONG else 5
PEOPLE = 10

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(7200 if LONG else 240)]


@dataclass
class Writer:
    """Somebody whose browser keeps what they type; `kept` is the last text that the service said it has."""

    key: str
    path: str
    address: str = ""
    typed: str = ""
    kept: str = ""
    seen: str = ""
    kept_times: int = 0

    async def type(self) -> None:
        """Word after word, for ever. Where no answer came, the same text goes again first, as from a page of ours."""
        cookies = dict([cookie(self.key)])
        async with httpx2.AsyncClient(base_url=self.address, cookies=cookies, timeout=5) as browser:
            if self.typed != self.kept:
                await self.keep(browser)
            for number in range(1_000_000):
                self.typed = f"{self.typed} woord{number}".strip()[-2500:]
                await self.keep(browser)
                await asyncio.sleep(random.uniform(0, 0.05))

    async def keep(self, browser: httpx2.AsyncClient) -> None:
        headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
        form = {"plan": self.typed, SEEN: self.seen}
        while True:
            try:
                answer = await browser.post(f"{self.path}/vraag/plan", data=form, headers=headers)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code == 200, answer.text
            self.seen, self.kept = answer.json()["seen"], self.typed
            self.kept_times += 1
            return


async def lost(writers: list[Writer]) -> list[str]:
    """Where less is kept than was promised: the last text that was answered, or the one that was under way."""
    found = []
    for writer in writers:
        application = await Application.get(public_id=writer.path.rpartition("/")[2])
        there = (await answers_of(application.id)).get("plan", "")
        if there not in (writer.kept, writer.typed):
            found.append(f"{there[-60:]!r} instead of {writer.kept[-60:]!r}")
    return found


async def killed_while_they_type(service: Service, writers: list[Writer], seconds: float) -> None:
    """Everybody types until all were answered, and so long; then the service dies in the middle of it."""
    goal = [writer.kept_times + 1 for writer in writers]
    typing = [asyncio.create_task(writer.type()) for writer in writers]
    while any(writer.kept_times < least for writer, least in zip(writers, goal, strict=True)):
        await asyncio.wait(typing, timeout=0.02, return_when=asyncio.FIRST_COMPLETED)
        assert not any(task.done() for task in typing), [task for task in typing if task.done()]
    await asyncio.sleep(seconds)
    await asyncio.to_thread(service.kill)
    await asyncio.sleep(0.1)
    ended = [task for task in typing if task.done()]
    for task in typing:
        task.cancel()
    await asyncio.wait(typing)
    for task in ended:
        task.result()


async def test_no_word_is_lost_when_the_service_is_killed(database_url: str) -> None:
    chance = random.Random(4)
    async with open_database(database_url):
        await open_a_round_now()
        writers = [Writer(*await began()) for _ in range(PEOPLE)]
    with started_service(database_url, "--no-worker") as service:
        for writer in writers:
            writer.address = service.address
        for _ in range(KILLS):
            await killed_while_they_type(service, writers, chance.uniform(0, 0.7))
            async with open_database(database_url):
                assert await lost(writers) == []
            await asyncio.to_thread(service.start)
    assert min(writer.kept_times for writer in writers) >= KILLS
