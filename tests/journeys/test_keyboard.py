"""By keyboard alone, by role and name alone: an application at 400 % from the sign-in to the receipt; a vote."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.committee.scene import Scene
from tests.factories import REVIEW, VOTING
from tests.journeys.hall import open_hall
from tests.journeys.keys import Keys
from tests.journeys.test_applicant import TYPED, in_database, open_a_round_now
from tests.journeys.test_member import members_at_work, open_the_poll
from tests.servers.browser import Window
from tests.servers.service import running_service
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.timeout(300)

MAGNIFIED: dict[str, Any] = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
"""A screen of 1280 by 1024 at 400 %."""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of this journey's own."""
    return f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'keyboard.sqlite3')}"


def test_applicant_with_a_keyboard(database_url: str, window: Window, smtp: SmtpServer) -> None:
    in_database(database_url, open_a_round_now)
    with running_service(database_url, SMTP_URL=smtp.url) as address:
        keys = Keys(window.open(**MAGNIFIED))
        keys.page.goto(address)
        keys.press("link", "Begin uw aanvraag")
        sign_in(keys, smtp, address)
        keys.press("button", "Begin")
        keys.choose("Een stichting, vereniging of andere organisatie")
        keys.write("Stichting De Pan", "Naam")
        keys.press("button", "Bewaar en ga verder")
        fill_in(keys)
        keys.press("button", "Verstuur mijn aanvraag")
        expect(keys.page.get_by_role("heading", level=1)).to_have_text("Uw aanvraag is binnen")
        expect(keys.page.get_by_role("main")).to_contain_text(f"{datetime.now(UTC).year}-001")
    window.errors[:] = [error for error in window.errors if "with a status of 4" not in error]


def sign_in(keys: Keys, smtp: SmtpServer, address: str) -> None:
    """A mail address, then the code of the mail."""
    keys.write("samira@voorbeeld.example", "Uw e-mailadres")
    keys.press("button", "Stuur mij een mail")
    link = re.search(rf"{address}/inloggen/\S+", smtp.wait_for(1)[0].body())
    assert link is not None
    keys.page.goto(link[0])
    keys.press("button", "Log in")


def fill_in(keys: Keys) -> None:
    """Each question after the other; the first time with nothing in it, so that the page says what is wrong."""
    while not keys.page.url.endswith("/controleren"):
        key = keys.page.url.rpartition("/")[2]
        if key == "title":
            keys.press("button", "Bewaar en ga verder")
            expect(keys.page.locator("#fouten")).to_be_focused()
        answer(keys, key)
        keys.press("button", "Bewaar en ga verder")


def answer(keys: Keys, key: str) -> None:
    """One question, whatever kind it is."""
    main = keys.page.get_by_role("main")
    if key == "budget":
        for place, text in enumerate(("Eten en huur", "2.000", "500")):
            keys.write(text, place=place)
    elif key == "joint":
        keys.choose("Ja")
    elif key == "spot":
        keys.choose("Een andere plek")
        keys.write("De kantine van de opvang")
    elif key == "partners":
        keys.write("Buurthuis De Hoek")
        keys.write("Geeft ons de keuken.", place=2)
    elif main.get_by_role("radio").count():
        keys.choose(main.get_by_role("radio").first.evaluate("e => e.labels[0].innerText").strip())
    elif main.get_by_role("checkbox").count():
        keys.tick()
    elif key != "papers":
        keys.write(TYPED.get(key, f"Dit schrijf ik bij {key}."))


def test_member_with_a_keyboard(database_url: str, window: Window) -> None:
    with open_hall(database_url) as hall:
        made: Scene = hall.do(members_at_work)
        hall.people, hall.now = {"ada": made.ada}, REVIEW
        keys = Keys(window.open(viewport={"width": 1280, "height": 720}))
        keys.page.context.add_cookies([hall.cookie("ada")])
        keys.page.goto(f"{hall.address}/commissie")
        title = judge(keys)
        hall.do(lambda: open_the_poll(made))
        hall.now = VOTING
        keys.page.context.add_cookies([hall.cookie("ada")])
        keys.page.goto(f"{hall.address}/commissie")
        keys.press("link", "Naar het stembriefje")
        keys.press("button", "Lever uw stembriefje in")
        keys.tick(title)
        keys.press("button", "Lever uw stembriefje in")
        expect(keys.page.get_by_role("main")).to_contain_text("Uw stembriefje kwam binnen")
    window.errors[:] = [error for error in window.errors if "with a status of 4" not in error]


def judge(keys: Keys) -> str:
    """Be free, read the plan that comes first, and judge it on every point; returns its title."""
    keys.press("link", "Begin")
    title = keys.page.get_by_role("heading", level=1).inner_text()
    keys.choose("Nee, ik kan hier eerlijk over kiezen")
    keys.press("button", "Verder")
    keys.press("link", "Geef uw oordeel")
    keys.press("button", "Klaar")
    main = keys.page.get_by_role("main")
    sentences = main.get_by_role("textbox", name=re.compile("^Waarom"))
    for place, sentence in enumerate(sentences.all()):
        criterion = str(sentence.evaluate("e => e.labels[0].querySelector('.mb-hidden').textContent")).strip()
        keys.choose("Dit kan ik niet beoordelen", criterion)
        keys.write("Dat zie ik voor mij.", place=place)
    keys.press("button", "Klaar")
    expect(keys.page.get_by_role("main")).to_contain_text("U bent klaar met dit plan")
    return title
