"""Every page, for everybody who may see it, in every state: no barrier for anyone, in either language.

In each chapter of a fund's life people follow links. `every_page.py` says when a page is opened in the browser.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy.app import ACTS, refresh_site
from grants import calendar
from grants.access import ANYBODY, Actor, may
from grants.web.say import TEMPLATES
from tests.factories import BEFORE, OPEN, REVIEW
from tests.house.test_routes import LISTED, ROLES
from tests.journeys import chapters
from tests.journeys.every_page import HEIGHT, WIDTHS, Finder, Looker, Sight
from tests.journeys.hall import Hall, open_hall
from tests.servers.browser import AXE_VERSION, Window

pytestmark = pytest.mark.timeout(1200)

NO_PAGE = {
    "/.well-known/security.txt": "text",
    "/aanvragen/{id}/aanvraag.pdf": "a file",
    "/aanvragen/{id}/bestanden/{file}": "a file",
    "/commissie/aanvragen/{id}/bestanden/{file}": "a file",
    "/formulier.pdf": "a file",
    "/gemeente/aanvragen/{id}/bestanden/{file}": "a file",
    "/gemeente/aanvragen/{id}/geld/terug": "only takes a form",
    "/gemeente/invoeren/{id}/scan/{file}": "a file",
    "/gemeente/post/{id}/brief.pdf": "a file",
    "/health": "for machines",
    "/metrics": "for machines",
    "/open-data/rondes/{id}/telling.pb": "a file",
    "/open-data/rondes/{round}/regels.json": "a file",
    "/open-data/rondes/{round}/telling.json": "a file",
    "/open-data/{year}/subsidies.csv": "a file",
    "/open-data/{year}/subsidies.json": "a file",
    "/static/{name}": "a file",
}
FOR_ONE = {"/inloggen": ("visitor",), "/inloggen/papier": ("visitor",)}
"""Who is signed in already is led on."""

REFUSED_WHEN_EMPTY = frozenset({
    "/aanvragen/{id}/berichten", "/aanvragen/{id}/stap-verder",
    "/aanvragen/nieuw", "/aanvragen/{id}/geld-via", "/aanvragen/{id}/rekening", "/aanvragen/{id}/samen",
    "/aanvragen/{id}/verslag", "/aanvragen/{id}/wie",
    "/commissie/aanvragen/{id}/stap-verder", "/gemeente/aanvragen/{id}/berichten",
    "/commissie/aanvragen/{id}/verklaring", "/commissie/plaatsen", "/commissie/rondes/{id}/openen",
    "/gemeente/aanvragen/{id}/aanvulling", "/gemeente/aanvragen/{id}/niet-behandelen", "/gemeente/fonds",
    "/hulp", "/inloggen", "/inloggen/{token}", "/klacht", "/mijn/contact",
    "/aanvragen/{id}/bezwaar", "/aanvragen/{id}/ingebrekestelling",
})  # fmt: skip
STATEMENT = TEMPLATES / "grants/home/accessibility.json"
THEME = """.proef-theme {
    --utrecht-document-color: #222; --utrecht-heading-color: #024; --utrecht-link-color: #c8d;
    --utrecht-button-primary-action-background-color: #050; --utrecht-button-primary-action-color: #fff;
}"""
"""The house style of some town; the colour of its links is too faint, and is not taken."""

MOST_OF_A_ROUTE = 10


class Seen:
    """What was found and looked at in the halls of this run."""

    def __init__(self, window: Window, template: Path, folder: Path) -> None:
        self.page = window.open(viewport={"width": WIDTHS[0], "height": HEIGHT}, reduced_motion="reduce")
        self.template, self.folder = template, folder
        self.doors: set[tuple[str, str]] = set()
        self.shapes: set[Any] = set()
        self.findings: list[str] = []
        self.pages = self.sights = self.looks = 0

    @contextmanager
    def hall(self, name: str, now: datetime, **settings: Any) -> Iterator[Hall]:
        """The service on a database of its own."""
        database = shutil.copy(self.template, self.folder / f"{name}.sqlite3")
        with open_hall(f"sqlite://{database}", **settings) as made:
            made.now = now
            yield made

    def look(self, hall: Hall, starts: dict[str, Sequence[str]], extra: Sequence[Sight] = ()) -> None:
        """Have each of these people follow links from where they start; look at what nobody saw before."""
        finder = Finder(hall, REFUSED_WHEN_EMPTY, self.doors, self.shapes)
        found = [sight for who, paths in starts.items() for sight in finder.find(who, paths, MOST_OF_A_ROUTE)]
        looker = Looker(self.page, hall, sheets=1)
        looker.look([*found, *extra])
        self.findings += looker.findings
        self.pages, self.looks = self.pages + finder.pages, self.looks + looker.looks
        self.sights += len(found) + len(extra)


def walk_through(seen: Seen) -> None:
    """All chapters, in three halls: an empty service, the demonstration, and one year from reading to closing."""
    with seen.hall("empty", BEFORE) as hall:
        first_day(seen, hall)
    with seen.hall("demo", OPEN, demo=True) as hall:
        demonstration(seen, hall)
    with seen.hall("year", REVIEW) as hall:
        one_year(seen, hall)
    theme = seen.folder / "theme.css"
    theme.write_text(THEME, encoding="utf-8")
    with seen.hall("themed", OPEN, demo=True, theme_class="proef-theme", theme_css=str(theme)) as hall:
        seen.look(hall, {}, [Sight("visitor", path) for path in ("/patronen", "/inloggen", "/uitleg")])


def first_day(seen: Seen, hall: Hall) -> None:
    """Nothing is there yet; then a fund, whose round has not begun."""
    hall.people = hall.do(chapters.nothing_yet)
    seen.look(hall, {"visitor": ["/", "/vragen", "/resultaten", "/open-data"]} | begins(hall))
    hall.do(chapters.loaded)
    refreshed(hall)
    seen.look(hall, {"visitor": ["/", "/vragen"], "officer": ["/gemeente/fonds"]})


def demonstration(seen: Seen, hall: Hall) -> None:
    """Everybody of the demonstration at every page; then everything breaks."""
    hall.people = hall.do(chapters.demonstration)
    refreshed(hall)
    everybody = {
        who: [*paths, *chapters.PUBLIC, *chapters.OWN, chapters.address_page(who)]
        for who, paths in begins(hall).items()
    }
    seen.look(hall, {"visitor": chapters.PUBLIC} | everybody, refusals(hall))
    hall.now = None  # type: ignore[assignment]
    seen.look(hall, {}, [Sight("visitor", "/")])


def one_year(seen: Seen, hall: Hall) -> None:
    """From the first reading to the closed year, chapter after chapter."""
    story = hall.do(chapters.year)
    hall.people = story.people
    refreshed(hall)
    for now, deed, who in chapters.CHAPTERS:
        hall.now = now
        hall.do(partial(deed, story))
        seen.look(hall, {one: story.starts(one) for one in who})


def begins(hall: Hall) -> dict[str, Sequence[str]]:
    return {who: chapters.first_pages(actor) for who, actor in hall.people.items()}


def refreshed(hall: Hall) -> None:
    """The name and the telephone number of the fund stand around every page, as after half a minute."""
    hall.do(partial(refresh_site, hall.app))


def refusals(hall: Hall) -> list[Sight]:
    """What somebody gets who comes at a wrong address, or may not pass."""
    applicant = next(who for who, actor in hall.people.items() if actor.roles == {"applicant"})
    return [
        Sight("visitor", "/nergens"),
        Sight("visitor", "/", (("leeg", "leeg"),)),
        Sight("visitor", "/aanvragen/nieuw", (("naam", "Wat ik typte"),)),
        Sight(applicant, "/gemeente"),
        Sight(applicant, f"/aanvragen/{'0' * 32}"),
    ]


@pytest.fixture(scope="module")
def seen(browser: Any, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Everything, found and looked at once for all tests here."""
    window = Window(browser)
    made = Seen(window, sqlite_template, tmp_path_factory.mktemp("pages"))
    walk_through(made)
    yield made
    window.close()


def test_every_page_was_seen_by_everybody_who_may(seen: Seen) -> None:
    """A route that nobody came to fails here, unless it stands above as no page."""
    assert expected() - seen.doors == set()


def expected() -> set[tuple[str, str]]:
    """(route, role) for every page, and everybody whom its act lets in."""
    pairs = set()
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        method, route, act = line.split()
        if method == "GET" and route not in NO_PAGE:
            roles = FOR_ONE.get(route, ["applicant"] if ACTS[act].own else ROLES)
            pairs |= {(route, role) for role in roles if may(ACTS, actor_in(role), act).allowed}
    return pairs


def actor_in(role: str) -> Actor:
    return ANYBODY if role == "visitor" else Actor(person_id=1, roles=frozenset({role}))


def test_nobody_meets_a_barrier(seen: Seen) -> None:
    """What was found is written into the accessibility statement when MEEBESLIS_WRITE_STATEMENT says so."""
    if os.environ.get("MEEBESLIS_WRITE_STATEMENT"):
        STATEMENT.write_text(json.dumps(statement(seen), indent=2) + "\n", encoding="utf-8")
    assert seen.findings == []


def statement(seen: Seen) -> dict[str, str | int]:
    """The figures of this run; `looks` counts each page once for each width and each colour scheme."""
    return {
        "date": f"{calendar.local(datetime.now(UTC)):%Y-%m-%d}",
        "axe": AXE_VERSION,
        "pages": seen.sights,
        "looks": seen.looks,
        "findings": len(seen.findings),
    }
