"""A member with a telephone and no JavaScript: stands aside from one plan, judges one, votes, reads the outcome.

A second browser, with JavaScript, looks at each page on the way: nobody may meet a barrier there.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from committee.steps.allocate import allocate
from committee.steps.vote import cast
from committee.store.ballots import Ballot, Box
from tests.committee.scene import Scene, scene
from tests.factories import AFTER_VOTE, REVIEW, VOTING
from tests.journeys.hall import Hall, open_hall
from tests.servers.browser import Window, barriers

TELEPHONE = {"viewport": {"width": 390, "height": 844}}
ASIDE, JUDGED, UNREAD = "Nachtwandeling", "Samen eten", "Reparatiecafé"


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'hall.sqlite3')}") as made:
        yield made


@dataclass
class Visit:
    """The telephone of a member, and the second browser that looks for barriers on the same page."""

    telephone: Page
    looking: Page
    hall: Hall

    def come(self, now: datetime) -> None:
        """Another day: sign in again, and begin at the docket."""
        self.hall.now = now
        cookie = self.hall.cookie("ada")
        for page in (self.telephone, self.looking):
            page.context.clear_cookies()
            page.context.add_cookies([cookie])
        self.telephone.goto(f"{self.hall.address}/commissie")

    def unfold(self) -> None:
        """Open the list of all plans, which is folded under the one to do next."""
        self.telephone.get_by_text("Bekijk alle plannen").click()

    def look(self) -> None:
        """No barrier here, and nothing wider than the screen."""
        self.looking.goto(self.telephone.url)
        self._no_barrier()

    def refused(self, button: str) -> None:
        """Press a button too soon, here and there: the page says what is missing, without a barrier."""
        self.looking.goto(self.telephone.url)
        for page in (self.telephone, self.looking):
            page.locator("main").get_by_role("button", name=button, exact=True).click()
            expect(page.locator("#fouten")).to_be_visible()
        expect(self.looking.locator("#fouten")).to_be_focused()
        self._no_barrier()

    def _no_barrier(self) -> None:
        assert barriers(self.looking) == [], self.looking.url
        assert self.looking.evaluate("document.documentElement.scrollWidth") <= 390, self.looking.url

    def press(self, name: str) -> None:
        """Look at the page, then press the button or follow the link of this name."""
        self.look()
        main = self.telephone.locator("main")
        target = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        target.first.click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.telephone.locator("main")).to_contain_text(text)

    def sees_nothing_of(self, title: str) -> None:
        expect(self.telephone.locator("main")).not_to_contain_text(title)


def stand_aside(visit: Visit) -> None:
    """Recognise somebody in the summary, say so twice, and find nothing of it any more."""
    visit.unfold()
    visit.press(ASIDE)
    visit.sees("Kunt u hier eerlijk over kiezen?", f"Stichting {ASIDE}")
    visit.sees_nothing_of(f"Over {ASIDE}.")
    address = visit.telephone.url
    visit.refused("Verder")
    visit.telephone.get_by_label("Iemand uit mijn familie of een goede vriend vraagt aan").check()
    visit.telephone.get_by_role("button", name="Verder").click()
    visit.sees(f"U doet niet mee bij “{ASIDE}”.", "Dit kan niet meer worden teruggedraaid.")
    visit.telephone.get_by_role("button", name="Ja, ik doe niet mee").click()
    visit.sees("U doet bij die aanvraag niet mee.", JUDGED)
    visit.sees_nothing_of(ASIDE)
    visit.telephone.goto(address)
    visit.sees("Deze aanvraag ligt niet bij de commissie.")
    visit.telephone.goto(f"{visit.hall.address}/commissie")


def judge(visit: Visit) -> None:
    """Be free, read, keep half a judgement, come back, and be done; only then others show."""
    page = visit.telephone
    visit.unfold()
    visit.press(JUDGED)
    page.get_by_label("Nee, ik kan hier eerlijk over kiezen").check()
    page.get_by_role("button", name="Verder").click()
    visit.sees(f"Over {JUDGED}.", "€\u00a05.000,00")
    visit.press("Geef uw oordeel")
    visit.refused("Klaar")
    page.get_by_label("heel sterk").check()
    page.locator("main textarea").first.fill("De koks beslissen zelf.")
    page.get_by_role("button", name="Bewaar, ik ga later verder").click()
    visit.sees("Uw oordeel is bewaard.", "Half klaar")
    visit.press("Ga verder")
    assert page.get_by_label("heel sterk").is_checked()
    for name in ("different", "joining_in"):
        page.locator(f"[name='{name}'][value='4']").check()
        page.locator(f"[id='{name}.sentence']").fill(f"Dat zie ik voor mij: {name}.")
    page.get_by_label("Dit kan ik niet beoordelen").last.check()
    visit.sees_nothing_of("Bo Lid vindt")
    page.get_by_role("button", name="Klaar").click()
    visit.sees("U bent klaar met dit plan", "De koks beslissen zelf.", "Bo Lid vindt dit van Samen eten")
    visit.press("Naar het volgende")


def be_free(visit: Visit, title: str) -> None:
    """Declare to be free, and stop there for today."""
    visit.unfold()
    visit.press(title)
    visit.telephone.get_by_label("Nee, ik kan hier eerlijk over kiezen").check()
    visit.telephone.get_by_role("button", name="Verder").click()
    visit.look()


def vote(visit: Visit) -> None:
    """Find nothing marked, mark one, change it to two, and be told until when."""
    page = visit.telephone
    visit.sees("Stem vóór 4 december 2026 om 17.00 uur.")
    visit.press("Naar het stembriefje")
    visit.sees("In de pot zit €\u00a0100.000.", JUDGED, UNREAD)
    visit.sees_nothing_of(ASIDE)
    visit.refused("Lever uw stembriefje in")
    page.get_by_label(JUDGED, exact=True).check()
    page.get_by_role("button", name="Lever uw stembriefje in").click()
    visit.sees("Uw stembriefje kwam binnen op 20 november 2026 om 10.00 uur.")
    visit.press("Wijzig uw stem")
    assert page.get_by_label(JUDGED, exact=True).is_checked()
    page.get_by_label(UNREAD, exact=True).check()
    page.get_by_role("button", name="Lever uw stembriefje in").click()
    visit.sees("U kunt het wijzigen tot 4 december 2026 om 17.00 uur.")
    visit.press("Klaar")
    visit.sees("U heeft gestemd")


async def open_the_poll(made: Scene) -> None:
    await made.judge_all(made.chair)
    await made.reasons()
    await made.poll()
    for actor in (made.bo, made.chair):
        await cast(actor, made.round.public_id, made.ids, False, VOTING)


async def in_the_box() -> tuple[int, int]:
    return await Box.all().count(), await Ballot.all().count()


async def members_at_work() -> Scene:
    made = await scene(3)
    await made.judge_all(made.bo)
    return made


@pytest.mark.timeout(300)
def test_member(hall: Hall, window: Window) -> None:
    made: Scene = hall.do(members_at_work)
    hall.people = {"ada": made.ada}
    visit = Visit(window.open(java_script_enabled=False, **TELEPHONE), window.open(**TELEPHONE), hall)
    visit.come(REVIEW)
    visit.sees("Volgende voor u")
    stand_aside(visit)
    judge(visit)
    be_free(visit, UNREAD)
    hall.do(lambda: open_the_poll(made))
    visit.come(VOTING)
    vote(visit)
    visit.come(AFTER_VOTE)
    visit.sees("De stemming is gesloten")
    visit.look()
    hall.do(lambda: allocate(made.chair, made.round.public_id, AFTER_VOTE))
    visit.come(AFTER_VOTE)
    visit.press("Bekijk de uitslag")
    visit.sees(JUDGED, UNREAD, "Toegekend", "Daarom ziet u hier geen totaal")
    visit.sees_nothing_of(ASIDE)
    visit.look()
    assert re.search("/uitslag$", visit.telephone.url)
    assert hall.do(in_the_box) == (3, 4)
    window.errors[:] = [error for error in window.errors if "with a status of 4" not in error]
