"""Whoever chose English meets no Dutch of ours: every page of the demonstration, walked by its people."""

import re
from html.parser import HTMLParser

import pytest

from tests.pages.conftest import Visitor
from tests.walk import any_of, demonstration, of_fund, written

pytestmark = pytest.mark.anyio

DUTCH = re.compile(
    r"\b(aan|aanvraag|aanvragen|besluit|bij|de|deze|dit|een|geen|het|jaar|met|naar|niet|nog|om|op|ronde|"
    r"tot|uw|van|voor|wij|wordt|zijn)\b",
    re.IGNORECASE,
)
WITHOUT_END = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """What a page says in its own language; what is marked as Dutch is left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.title = ""
        self._within: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in WITHOUT_END:
            left_out = given.get("lang", "en") != "en" or tag in ("pre", "textarea")
            self._within.append((tag, left_out))
        if not self._left_out:
            self.said += [given[name] for name in ("alt", "aria-label", "data-left") if name in given]

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


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_dutch_of_ours_on_an_english_page(demo_client: Visitor) -> None:
    """What people wrote is theirs; what the fund file says is marked, but in a title and in a quotation."""
    seen = [one async for one in demonstration(demo_client, "en")]
    theirs, fund = await written(), await of_fund()
    ours, in_title = any_of(theirs | {f"“{text}”" for text in fund}), any_of(theirs | fund)
    dutch = set()
    for _, path, html in seen:
        page = Page(html)
        left = [ours.sub("", text) for text in page.said] + [in_title.sub("", page.title)]
        dutch |= {(path, text) for text in left if DUTCH.search(text)}
    assert dutch == set()
