"""Finds every page that somebody may see, in every shape it has, and looks at each as people with a handicap do.

Finding is done over plain HTTP, by following links. A page is opened in the browser when its address was not yet
seen by anybody in this role, or when it is made of other parts than before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, NamedTuple

import httpx2
from playwright.sync_api import Page
from starlette.routing import Match

from grants.web.guard import PageRoute
from tests.journeys.hall import Hall
from tests.servers.browser import COLOURS, EVERYTHING, asked, look_around
from tests.walk import Links

LANGUAGES = ("nl", "en")
WIDTHS = (320, 1280)
HEIGHT = 900
LIGHT = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
SCHEMES: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "more contrast": {"contrast": "more"},
    "dark, more contrast": {"color_scheme": "dark", "contrast": "more"},
    "forced colours": {"forced_colors": "active"},
}
VISITOR = "visitor"
SEND = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: path });
    for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
}"""


class Sight(NamedTuple):
    """One page to look at: who comes where, and what form was sent to come there (none: by its address)."""

    who: str
    path: str
    sent: tuple[tuple[str, str], ...] = ()
    fresh: bool = True
    """It is the first page of its route, or has a part that no page before had."""


class Parts(HTMLParser):
    """Of what a page is made: the tags with their classes, whatever their order and number."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found.add(f"{tag} {given.get('class')} {given.get('type')}")


@dataclass
class Finder:
    """Follows links, and remembers which addresses and which shapes of pages have been found."""

    hall: Hall
    refused_when_empty: frozenset[str]
    doors: set[tuple[str, str]] = field(default_factory=set)
    """(route, role) of every page that somebody with this one role has been shown."""

    shapes: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    pages: int = 0
    _kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def find(self, who: str, starts: Sequence[str], most: int) -> Iterator[Sight]:
        """What this person finds from these addresses on that is new; so many of one route in one role."""
        to_see, met = list(starts), set[str]()
        with self.browser(who) as browser:
            while to_see:
                path = to_see.pop(0).partition("#")[0]
                kind = (self.route(path), self.role(who))
                if path in met or self._kinds[kind] >= most:
                    continue
                met.add(path)
                answer = browser.get(path)
                if answer.status_code == 303:
                    to_see.append(answer.headers["location"])
                if not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                self._kinds[kind] += 1
                to_see += Links(answer.text).found
                yield from self._new(who, Sight(who, path), answer)
                if answer.status_code == 200 and kind[0] in self.refused_when_empty:
                    yield from self._refused(browser, who, path)

    def _refused(self, browser: httpx2.Client, who: str, path: str) -> Iterator[Sight]:
        """The same page when its form comes in with nothing in it."""
        fields = {"leeg": "leeg"}
        answer = browser.post(path.partition("?")[0], data=fields)
        assert answer.status_code >= 400, f"{path} took an empty form from {who}"
        yield from self._new(who, Sight(who, path.partition("?")[0], tuple(fields.items())), answer)

    def _new(self, who: str, sight: Sight, answer: httpx2.Response) -> Iterator[Sight]:
        self.pages += 1
        route, role = self.route(sight.path), self.role(who)
        door = (route, role) if answer.status_code == 200 and not sight.sent else None
        refused = answer.status_code != 200 and not sight.sent
        shape = (str(answer.status_code) if refused else route, frozenset(Parts(answer.text).found))
        if shape not in self.shapes or (door and door not in self.doors):
            yield sight._replace(fresh=self._fresh(shape))
        self.shapes.add(shape)
        if door:
            self.doors.add(door)

    def _fresh(self, shape: tuple[str, frozenset[str]]) -> bool:
        kind, parts = shape
        return kind not in {one for one, _ in self.shapes} or not parts <= set().union(
            *(found for _, found in self.shapes)
        )

    def role(self, who: str) -> str:
        return VISITOR if who == VISITOR else "+".join(sorted(self.hall.people[who].roles))

    def route(self, path: str) -> str:
        """The route of the service that answers this address, as routes.txt names it."""
        assert self.hall.app is not None
        scope = {"type": "http", "path": path.partition("?")[0], "method": "GET"}
        for route in self.hall.app.routes:
            if isinstance(route, PageRoute) and route.matches(scope)[0] != Match.NONE:
                return re.sub(r":[a-z]+}", "}", route.path)
        return path

    def browser(self, who: str) -> httpx2.Client:
        """Somebody's browser, for plain HTTP."""
        cookies = {} if who == VISITOR else {(held := self.hall.cookie(who))["name"]: held["value"]}
        headers = {"sec-fetch-site": "same-origin", "accept-language": "nl"}
        return httpx2.Client(base_url=self.hall.address, headers=headers, cookies=cookies, timeout=30)


@dataclass
class Looker:
    """One browser, which looks at one page after the other.

    Where the route or a part is new: in Dutch at both widths and in every colour scheme, and in English on a
    telephone. Where known parts come together anew, or for another role: in Dutch on a telephone.
    """

    page: Page
    hall: Hall
    sheets: int
    findings: list[str] = field(default_factory=list)
    titles: dict[tuple[str, str, str], str] = field(default_factory=dict)
    looks: int = 0
    refused: bool = False

    def look(self, sights: Sequence[Sight]) -> None:
        """Look at all of these, person after person."""
        for who in dict.fromkeys(sight.who for sight in sights):
            held = [] if who == VISITOR else [self.hall.cookie(who)]
            for language in LANGUAGES:
                chosen = {"name": "taal", "value": language, "url": self.hall.address}
                self.page.context.clear_cookies()
                self.page.context.add_cookies([*held, chosen])
                for sight in sights:
                    if sight.who == who and (language == LANGUAGES[0] or sight.fresh):
                        self._see(sight, language)

    def _see(self, sight: Sight, language: str) -> None:
        place = f"{sight.path}{' after a form' if sight.sent else ''} ({sight.who}, {language})"
        self.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        self._come(sight)
        look_around(self.page)
        self._note(place, self._title(sight, language))
        self._note(place, asked(self.page, "onArrival", self.sheets))
        self.page.keyboard.press("Tab")
        for width in WIDTHS if language == LANGUAGES[0] and sight.fresh else WIDTHS[:1]:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.looks += 1
            self._note(f"{place} at {width}", asked(self.page, "everything", EVERYTHING))
        if language == LANGUAGES[0] and sight.fresh:
            self._see_in_colours(place)

    def _see_in_colours(self, place: str) -> None:
        for name, scheme in SCHEMES.items():
            self.page.emulate_media(**(LIGHT | scheme))
            self.looks += 1
            self._note(f"{place} in {name}", asked(self.page, "colours", COLOURS))
        self.page.emulate_media(**LIGHT)

    def _come(self, sight: Sight) -> None:
        if not sight.sent:
            answer = self.page.goto(self.hall.address + sight.path)
            self.refused = answer is None or not answer.ok
            return
        self.page.goto(f"{self.hall.address}/health")
        with self.page.expect_navigation():
            self.page.evaluate(SEND, [sight.path, dict(sight.sent)])

    def _title(self, sight: Sight, language: str) -> list[str]:
        """The title says what the page is, and no other page that this person may read has the same one."""
        title, address = self.page.title(), self.page.url.partition("?")[0]
        said = title.rpartition(" – ")[0]
        if not said:
            return [f"The title says nothing: {title}"]
        if self.refused or sight.sent:
            return []
        first = self.titles.setdefault((sight.who, language, title), address)
        return [] if first == address else [f"Has the title of {first}: {title}"]

    def _note(self, place: str, found: list[str]) -> None:
        self.findings += [f"{place}: {finding}" for finding in found]
