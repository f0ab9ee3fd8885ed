"""Whoever chose English meets no Dutch of ours: every page of the demonstration, walked by its people."""

import re
import tomllib
from html.parser import HTMLParser
from typing import Any

import pytest

from deploy.demo import WHO, fill
from deploy.demo_story import FOLDER, read
from grants.access import Actor
from grants.store.funds import Fund
from grants.store.journal import JournalEntry
from grants.store.people import Person
from tests.factories import OPEN
from tests.pages.conftest import Visitor

pytestmark = pytest.mark.anyio

DUTCH = re.compile(
    r"\b(aan|aanvraag|aanvragen|besluit|bij|de|deze|dit|een|geen|het|jaar|met|naar|niet|nog|om|op|ronde|"
    r"tot|uw|van|voor|wij|wordt|zijn)\b",
    re.IGNORECASE,
)
STARTS = ("/", "/aanvragen", "/commissie", "/demo", "/gemeente", "/inloggen", "/mijn")
OF_EACH_KIND = 3
WITHOUT_END = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """What a page says in its own language, and where its links go; what is marked as Dutch is left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.title = ""
        self.links: list[str] = []
        self._within: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in WITHOUT_END:
            left_out = given.get("lang", "en") != "en" or tag in ("pre", "textarea")
            self._within.append((tag, left_out))
        if not self._left_out:
            self.said += [given[name] for name in ("alt", "aria-label", "data-left") if name in given]
        if given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._within and self._within[-1][0] == "title":
            self.title += data
        elif not self._left_out:
            self.said.append(" ".join(data.split()))

    @property
    def _left_out(self) -> bool:
        return any(left_out for _, left_out in self._within)


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


def without(written: set[str]) -> re.Pattern[str]:
    """Finds what people wrote themselves, the longest first."""
    return re.compile("|".join(sorted(map(re.escape, written), key=len, reverse=True)))


async def walk(browser: Visitor) -> dict[str, Page]:
    """Every page this visitor can come to; a few of those whose addresses differ in their numbers only."""
    found: dict[str, Page] = {}
    to_see = list(STARTS)
    kinds: dict[str, int] = {}
    while to_see:
        path = to_see.pop(0)
        kind = re.sub(r"[0-9a-f]{32}|\d+", "", path)
        if path in found or kinds.get(kind, 0) == OF_EACH_KIND:
            continue
        answer = await browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            found[path] = Page(answer.text)
            kinds[kind] = kinds.get(kind, 0) + 1
            to_see += found[path].links
        elif answer.status_code == 303:
            to_see.append(answer.headers["location"])
    return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_dutch_of_ours_on_an_english_page(demo_client: Visitor) -> None:
    """What people wrote is theirs; what the fund file says is marked, but in a title and in a quotation."""
    demo_client.clock.now = OPEN
    await fill(OPEN)
    grounds: Any = await JournalEntry.all().distinct().values_list("ground", flat=True)
    theirs = texts([read(file.stem) for file in FOLDER.glob("*.toml")]) | texts(list(grounds))
    of_fund = texts([tomllib.loads(fund.source) for fund in await Fund.all()])
    written, in_title = without(theirs | {f"“{text}”" for text in of_fund}), without(theirs | of_fund)
    ids = dict(await Person.all().values_list("email", "id"))
    dutch = set()
    for who in (None, *(one.email for one in WHO)):
        browser = demo_client.another()
        if who:
            await browser.sign_in(Actor(person_id=ids[who]))
        browser.cookies.set("taal", "en")
        for path, page in (await walk(browser)).items():
            left = [written.sub("", text) for text in page.said] + [in_title.sub("", page.title)]
            dutch |= {(path, text) for text in left if DUTCH.search(text)}
    assert dutch == set()
