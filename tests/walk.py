"""Walks the demonstration as each of its people, and tells what people wrote there apart from what is ours."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

from deploy.demo import WHO, fill
from deploy.demo_story import FOLDER, read
from grants.access import Actor
from grants.store.funds import Fund
from grants.store.journal import JournalEntry
from grants.store.people import Person
from tests.factories import OPEN
from tests.pages.conftest import Visitor

STARTS = ("/", "/aanvragen", "/commissie", "/demo", "/gemeente", "/inloggen", "/mijn")
OF_EACH_KIND = 3


class Seen(NamedTuple):
    """One page, by whom (an address, or nobody's) and where it was seen."""

    who: str
    path: str
    html: str


class Links(HTMLParser):
    """The addresses of ours that a page links to, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if href.startswith("/"):
            self.found.append(href.partition("#")[0])


def texts(data: Any) -> set[str]:
    """Every line of text in a file."""
    match data:
        case str():
            return {" ".join(line.split()) for line in data.splitlines() if line.strip()}
        case dict():
            return texts(list(data.values()))
        case list():
            return {text for item in data for text in texts(item)}
    return set()


def any_of(written: set[str]) -> re.Pattern[str]:
    """Finds any of these texts, the longest first; a short one never within a word."""
    longest_first = sorted(map(re.escape, written), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")


async def written() -> set[str]:
    """What the people of the demonstration wrote and are called; not what the fund file says."""
    grounds: Any = await JournalEntry.all().distinct().values_list("ground", flat=True)
    return texts([read(file.stem) for file in FOLDER.glob("*.toml")]) | texts(list(grounds))


async def of_fund() -> set[str]:
    """What the fund file says."""
    return texts([tomllib.loads(fund.source) for fund in await Fund.all()])


async def demonstration(browser: Visitor, language: str = "nl") -> AsyncIterator[Seen]:
    """Every page of the demonstration in this language: first as a visitor, then as each who can be tried."""
    browser.clock.now = OPEN
    await fill(OPEN)
    ids = dict(await Person.all().values_list("email", "id"))
    for who in ("", *(one.email for one in WHO)):
        other = browser.another()
        if who:
            await other.sign_in(Actor(person_id=ids[who]))
        other.cookies.set("taal", language)
        async for path, html in walk(other):
            yield Seen(who, path, html)


async def walk(browser: Visitor) -> AsyncIterator[tuple[str, str]]:
    """Every page this visitor can come to; a few of those whose addresses differ in their numbers only."""
    found: set[str] = set()
    to_see = list(STARTS)
    kinds: dict[str, int] = {}
    while to_see:
        path = to_see.pop(0)
        kind = re.sub(r"[0-9a-f]{32}|\d+", "", path)
        if path in found or kinds.get(kind, 0) == OF_EACH_KIND:
            continue
        answer = await browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            found.add(path)
            kinds[kind] = kinds.get(kind, 0) + 1
            to_see += Links(answer.text).found
            yield path, answer.text
        elif answer.status_code == 303:
            to_see.append(answer.headers["location"])
