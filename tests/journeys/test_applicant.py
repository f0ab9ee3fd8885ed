"""An applicant with an old telephone: no JavaScript, 320 pixels, from the mail with a link to the receipt.

A second browser, with JavaScript, looks at each page on the way: nobody may meet a barrier there.
"""

import asyncio
import io
import re
import shutil
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from committee.framework import check_body
from deploy.database import open_database
from grants import calendar
from grants.steps.open_round import load_fund, open_round
from grants.store.applications import Application
from tests.factories import FUND_FILE, OPERATOR
from tests.servers.browser import Window, barriers
from tests.servers.service import running_service
from tests.servers.smtp import SmtpServer

TELEPHONE = {"viewport": {"width": 320, "height": 640}}
TYPED = {"title": "Samen koken op dinsdag", "people": "25", "when": "1-5-2030"}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of this journey's own; the browser's event loop leaves no room to migrate one later."""
    return f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'journey.sqlite3')}"


def in_database(url: str, act: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Do something in the database, beside the browser's own event loop."""

    async def done() -> Any:
        async with open_database(url):
            return await act()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, done()).result()


async def open_a_round_now() -> None:
    """The example fund with one round, open since yesterday."""
    now = datetime.now(UTC)
    at = {
        name: calendar.local(now + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
        for name, days in {"opens": -1, "closes": 20, "ballot_opens": 40, "ballot_closes": 60}.items()
    }
    windows = "\n".join(f"{name} = {moment:%Y-%m-%dT%H:%M:%S}" for name, moment in at.items())
    before, _, rest = FUND_FILE.read_text().partition("[[rounds]]")
    source = f"""{before}[[rounds]]
year = {now.year}
title = "Ronde van nu"
ceiling = "100.000"
ceiling_published_on = {now - timedelta(days=30):%Y-%m-%d}
ceiling_published_in = "Gemeenteblad"
{windows}
decide_by = {now + timedelta(days=80):%Y-%m-%d}
completion_weeks = 2

[[questions]]{rest.partition("[[questions]]")[2]}"""
    loaded = await load_fund(OPERATOR, source, check_body, now - timedelta(days=3))
    await open_round(OPERATOR, loaded.slug, now.year, check_body, now - timedelta(days=3))


@dataclass
class Visit:
    """The telephone of the applicant, and the second browser that looks for barriers on the same page."""

    telephone: Page
    looking: Page
    address: str

    def look(self) -> None:
        """No barrier here, for who is signed in as the telephone is, and nothing wider than the screen."""
        self.looking.context.clear_cookies()
        self.looking.context.add_cookies(self.telephone.context.cookies())
        self.looking.goto(self.telephone.url)
        assert barriers(self.looking) == [], self.telephone.url
        assert self.looking.evaluate("document.documentElement.scrollWidth") <= 320, self.telephone.url

    def look_at_a_refusal(self) -> None:
        """No barrier either where the page says that nothing was filled in."""
        self.look()
        self.looking.get_by_role("button", name="Bewaar en ga verder").click()
        expect(self.looking.locator("#fouten")).to_be_focused()
        assert barriers(self.looking) == [], self.telephone.url

    def press(self, name: str) -> None:
        """Look at the page, then press the button or follow the link of this name."""
        self.look()
        main = self.telephone.locator("main")
        main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        ).first.click()

    def sees(self, heading: str) -> None:
        expect(self.telephone.get_by_role("heading", level=1)).to_have_text(heading)


def sign_in(visit: Visit, smtp: SmtpServer) -> None:
    """From the front page to the form, by the link of the mail."""
    visit.telephone.goto(visit.address)
    visit.press("Begin uw aanvraag")
    visit.sees("Inloggen")
    visit.telephone.get_by_label("Uw e-mailadres").fill("  Samira@Voorbeeld.example ")
    visit.press("Stuur mij een mail")
    visit.sees("Kijk in uw mail")
    visit.look()
    mail = smtp.wait_for(1)[0]
    assert mail.recipients == ["samira@voorbeeld.example"]
    link = re.search(rf"{visit.address}/inloggen/\S+", mail.body())
    assert link is not None
    visit.telephone.goto(link[0])
    visit.sees("Nog één klik")
    visit.press("Log in")
    visit.sees("Begin uw aanvraag")


def fill_in(visit: Visit) -> None:
    """Who applies, then one question after the other, until the check page."""
    page = visit.telephone
    visit.press("Begin")
    page.get_by_label("Een stichting, vereniging of andere organisatie").check()
    page.get_by_label("Naam").fill("Stichting De Pan")
    visit.press("Bewaar en ga verder")
    while not page.url.endswith("/controleren"):
        key = page.url.rpartition("/")[2]
        if key in ("title", "where", "budget"):
            visit.look_at_a_refusal()
        if key in SPECIAL:
            SPECIAL[key](visit)
        elif page.locator("main textarea").count():
            page.locator("main textarea").fill(f"Dit schrijf ik bij {key}.\nEn nog een regel.")
        elif key in TYPED:
            page.locator(f"[id='{key}']").fill(TYPED[key])
        else:
            page.locator("main input[type=checkbox], main input[type=radio]").first.check()
        visit.press("Bewaar en ga verder")


def fill_in_place(visit: Visit) -> None:
    """A place that is not on the list."""
    visit.telephone.get_by_label("Een andere plek").check()
    visit.telephone.get_by_label("Welke andere plek is dat?").fill("De kantine van de opvang")


def fill_in_partners(visit: Visit) -> None:
    """One organisation; whoever said that there is one, may not leave it out."""
    visit.press("Bewaar en ga verder")
    expect(visit.telephone.locator("#fouten")).to_be_visible()
    visit.telephone.locator("[id='partners.1.name']").fill("Buurthuis De Hoek")
    visit.telephone.locator("[id='partners.1.does']").fill("Geeft ons de keuken.")


def show_a_photo(visit: Visit) -> None:
    """A photo from the telephone, with where it was taken in it; and a file that only looks like one."""
    picker = visit.telephone.locator("main input[type=file]")
    picker.set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"geen foto"})
    visit.telephone.get_by_role("button", name="Voeg toe").click()
    expect(visit.telephone.locator("#fouten")).to_be_visible()
    picker.set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    visit.telephone.get_by_role("button", name="Voeg toe").click()
    expect(visit.telephone.locator("main")).to_contain_text("Toegevoegd en bewaard.")


def photo() -> bytes:
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG")
    return made.getvalue()


def fill_in_budget(visit: Visit) -> None:
    """Two lines, after an amount that nobody can read: it is named, and what was typed stays."""
    page = visit.telephone
    for name, text in (("1.what", "Eten & drinken"), ("1.wished", "veel"), ("1.least", "500")):
        page.locator(f"[id='budget.{name}']").fill(text)
    visit.press("Bewaar en ga verder")
    page.get_by_role("link", name="Wij kunnen het bedrag bij").click()
    assert page.url.endswith("#budget.1.wished")
    assert page.locator("[id='budget.1.wished']").input_value() == "veel"
    page.locator("[id='budget.1.wished']").fill("€ 1.250,50")
    visit.press("Bewaar en maak meer regels")
    for name, text in (("2.what", "Huur"), ("2.wished", "749,50"), ("2.least", "0")):
        page.locator(f"[id='budget.{name}']").fill(text)
    assert page.locator("[id='budget.6.what']").is_visible()


SPECIAL: dict[str, Callable[[Visit], None]] = {
    "budget": fill_in_budget,
    "joint": lambda visit: visit.telephone.get_by_label("Ja", exact=True).check(),
    "papers": show_a_photo,
    "partners": fill_in_partners,
    "spot": fill_in_place,
}
"""Questions that take more than a text or a tick."""


def check_and_send(visit: Visit) -> None:
    """Change one thing on the way, send, and get a receipt."""
    page = visit.telephone
    visit.sees("Kijk alles na")
    visit.look()
    page.get_by_role("link", name="Wijzig Hoe heet uw plan?").click()
    page.get_by_label("Hoe heet uw plan?").fill("Samen koken op woensdag")
    visit.press("Bewaar en ga verder")
    visit.sees("Kijk alles na")
    visit.press("Verstuur mijn aanvraag")
    visit.sees("Uw aanvraag is binnen")
    for text in (f"{datetime.now(UTC).year}-001", "Samen koken op woensdag", "€\u00a02.000,00"):
        expect(page.locator("main")).to_contain_text(text)


@pytest.mark.timeout(300)
def test_applicant(database_url: str, window: Window, smtp: SmtpServer) -> None:
    in_database(database_url, open_a_round_now)
    with running_service(database_url, SMTP_URL=smtp.url) as address:
        visit = Visit(window.open(java_script_enabled=False, **TELEPHONE), window.open(**TELEPHONE), address)
        sign_in(visit, smtp)
        fill_in(visit)
        check_and_send(visit)
        visit.press("Bekijk hoe het met uw aanvraag staat")
        visit.sees("Samen koken op woensdag")
        visit.press("Mijn aanvragen")
        visit.sees("Mijn aanvragen")
        visit.look()
        visit.telephone.get_by_role("button", name="Uitloggen").click()
        visit.sees("U bent uitgelogd")
        visit.telephone.goto(f"{address}/aanvragen")
        visit.sees("Inloggen")
        receipt = smtp.wait_for(2)[1]
    assert "-001" in receipt.body()
    (made,) = in_database(database_url, Application.all)
    assert (made.stage, made.asked_cents, made.least_cents) == ("submitted", 200_000, 50_000)
    window.errors[:] = [error for error in window.errors if "with a status of 4" not in error]
