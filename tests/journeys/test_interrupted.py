"""An application that stops half-way: begun on a telephone and finished two days later elsewhere; and taken back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grants import sealed
from grants.store.applications import Answer, Application, last_submission
from grants.store.outbox import LetterRow
from tests.factories import OPEN, draft, opened_round, person, submitted
from tests.journeys.hall import DESK, TELEPHONE, Hall, Visit, open_hall
from tests.servers.browser import Window

pytestmark = pytest.mark.timeout(180)

SAVED = re.compile(r"^Bewaard om \d{1,2}\.\d\d uur\.$")
TYPED = "Wij koken elke dinsdag samen, en wie niet kan betalen eet mee."


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    url = f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'interrupted.sqlite3')}"
    with open_hall(url) as made:
        made.now = OPEN
        yield made


def opened(window: Window, hall: Hall, name: str, path: str, **screen: Any) -> Visit:
    """Somebody who is signed in already, at this page."""
    visit = Visit(window.open(viewport=screen), hall, name)
    visit.page.context.add_cookies([hall.cookie(name)])
    visit.go(path)
    return visit


def sign_in_elsewhere(window: Window, hall: Hall) -> Page:
    """On a computer where nobody was before, with the six digits of the mail."""
    page = window.open(viewport=DESK)
    page.goto(f"{hall.address}/inloggen")
    page.get_by_label("Uw e-mailadres").fill("samira@voorbeeld.example")
    page.get_by_role("button", name="Stuur mij een mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mail")
    (letter,) = hall.do(lambda: LetterRow.filter(kind="sign_in"))
    page.get_by_label("De 6 cijfers uit de mail").fill(sealed.code("s" * 32, letter.values["id"]))
    page.get_by_role("button", name="Log in").click()
    return page


def test_a_draft_is_finished_two_days_later_on_another_device(hall: Hall, window: Window) -> None:
    path = hall.do(lambda: half_done(hall))
    telephone = opened(window, hall, "samira", f"{path}/vraag/plan", **TELEPHONE)
    telephone.page.locator("#plan").fill("")
    telephone.page.locator("#plan").press_sequentially(TYPED)
    expect(telephone.page.locator("[data-autosave]")).to_have_text(SAVED, timeout=9000)
    telephone.page.context.close()  # the battery is empty; no button was pressed

    hall.now += timedelta(days=2)
    page = sign_in_elsewhere(window, hall)
    expect(page.get_by_role("main")).to_contain_text("Maak uw aanvraag af.")
    page.get_by_role("link", name="Samen eten").click()
    expect(page.get_by_role("main")).to_contain_text("Nog 1 vraag te doen.")
    page.get_by_role("link", name="Ga verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Verkoopt u iets")
    page.get_by_label("Nee", exact=True).check()
    page.get_by_role("button", name="Bewaar en ga verder").click()
    expect(page.get_by_role("main")).to_contain_text(TYPED)
    page.get_by_role("button", name="Verstuur mijn aanvraag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw aanvraag is binnen")
    sent = hall.do(lambda: sent_in(path))
    assert sent["plan"] == TYPED


async def half_done(hall: Hall) -> str:
    """A draft of Samira in which the last question was not answered yet."""
    hall.people = {"samira": await person("Samira", "applicant")}
    round_ = await opened_round()
    made = await draft(hall.people["samira"], round_)
    await Answer.filter(application_id=made.id, question="selling").delete()
    return f"/aanvragen/{made.public_id}"


async def sent_in(path: str) -> dict[str, Any]:
    submission = await last_submission((await Application.get(public_id=path.rpartition("/")[2])).id)
    assert submission is not None
    return submission.answers


def test_an_application_is_taken_back(hall: Hall, window: Window) -> None:
    path = hall.do(lambda: sent(hall))
    hall.now += timedelta(days=1)
    visit = opened(window, hall, "samira", path, **TELEPHONE)
    visit.press("Trek deze aanvraag in")
    visit.press("Nee, ik doe nog mee")
    visit.press("Trek deze aanvraag in")
    visit.page.get_by_label("Waarom trekt u de aanvraag in?").fill("Ik ga verhuizen.")
    visit.press("Ja, trek in")
    assert visit.page.url == f"{hall.address}{path}"
    visit.sees("U trok deze aanvraag in.")
    visit.go("/aanvragen")
    visit.sees("Ingetrokken")
    letters = hall.do(lambda: LetterRow.all().order_by("id").values_list("kind", flat=True))
    assert letters == ["receipt", "withdrawn"]
    officer = opened(window, hall, "olga", "/gemeente", **DESK)
    expect(officer.page.get_by_role("main")).not_to_contain_text("Samen eten")


async def sent(hall: Hall) -> str:
    hall.people = {"samira": await person("Samira", "applicant"), "olga": await person("Olga", "officer")}
    made = await submitted(hall.people["samira"], await opened_round())
    return f"/aanvragen/{made.public_id}"
