"""On paper through the desk: a form by post is entered, the code comes by post, and the applicant confirms.

Each page that is the desk's own is looked at for barriers, and at the width of a telephone.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from grants.access import Actor
from grants.steps.draft import save_answer
from grants.steps.paper_code import digits_of
from grants.store.applications import Application
from grants.store.entries import Entry
from grants.store.people import PaperCode
from tests.factories import OPEN, answers, opened_round, person
from tests.journeys.hall import DESK, Hall, Visit, open_hall
from tests.servers.browser import Window
from tests.uploads import PDF

SECRET = "s" * 32
EXPECTED = "with a status of 4|pdf.*ERR_ABORTED|/code .*ERR_ABORTED"
"""What the browser tells of a refusal that was tried, and of a file that it keeps instead of showing."""


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'hall.sqlite3')}") as made:
        made.now = OPEN
        made.people = made.do(_people)
        yield made


async def _people() -> dict[str, Actor]:
    await opened_round()
    return {"officer": await person("Olga Officier", "officer")}


def begin(officer: Visit) -> None:
    """Who it is, how it came in; a forgotten name is told, and what was typed stands there still."""
    page = officer.page
    officer.go("/gemeente/invoeren")
    page.get_by_label("Postadres").fill("Dorpsstraat 1\n1234 AB Vlietstad")
    page.get_by_label("Telefoonnummer").fill("030 123 45 67")
    officer.press("Begin met invoeren")
    officer.sees("Vul in hoe deze persoon heet.")
    page.get_by_label("Naam").fill("Piet Papier")
    officer.press("Begin met invoeren")


def fill_in(officer: Visit) -> None:
    """The same questions as for everybody, under a banner that says for whom."""
    page = officer.page
    officer.sees("U vult dit in voor Piet Papier.")
    page.get_by_label("Ik vraag aan als één persoon").check()
    page.get_by_label("Naam", exact=True).fill("Piet Papier")
    officer.press("Bewaar en ga verder")
    page.get_by_label("Hoe heet uw plan?").fill("Soep op straat")
    officer.press("Bewaar en ga verder")
    officer.sees("U vult dit in voor Piet Papier.")
    page.get_by_label("Wat gaat u doen?").fill("Elke dinsdag soep op het plein.")
    officer.press("Bewaar en ga later verder")
    officer.hall.do(partial(_the_rest, officer.hall.people["officer"]))
    officer.press("Bekijk alles op één pagina")
    officer.press("Verstuur mijn aanvraag")


async def _the_rest(officer: Actor) -> None:
    """The other questions, answered as on their pages."""
    application = await Application.get().select_related("round")
    for key, value in answers(application.round, "Soep op straat", 50_000, 25_000).items():
        if key not in ("title", "plan"):
            await save_answer(officer, application.public_id, key, value, OPEN)


@pytest.mark.timeout(300)
def test_paper_form_is_entered_confirmed_by_a_posted_code_and_its_letter_posted(
    hall: Hall, window: Window
) -> None:
    officer = Visit(window.open(viewport=DESK), hall, "officer")
    officer.come_back(OPEN + timedelta(hours=1))
    begin(officer)
    fill_in(officer)
    officer.sees("Nog te doen: bevestigen")
    officer.page.get_by_label("Scan of foto van het papier").set_input_files(
        {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    officer.press("Voeg de scan toe")
    officer.sees("brief.pdf")
    officer.press("Maak een code")
    with officer.page.expect_download() as letter:
        officer.page.get_by_role("button", name="Maak een brief met een code (PDF)").click()
    assert letter.value.suggested_filename.endswith(".pdf")
    post_the_letters(officer)
    confirm(hall, window)
    officer.go("/gemeente/invoeren")
    officer.sees("Alles wat is ingevoerd, is bevestigd.")
    window.errors[:] = [error for error in window.errors if not re.search(EXPECTED, error)]


def post_the_letters(officer: Visit) -> None:
    """The receipt, and that a code was made, wait as tasks; each is printed, posted, and noted."""
    for task in ("Op de post: Ontvangstbewijs", "Op de post: Gegevens veranderd"):
        officer.go("/gemeente/post")
        officer.press(task)
        officer.sees("Dorpsstraat 1")
        with officer.page.expect_download():
            officer.page.get_by_role("link", name="Print de brief (PDF)").click()
        officer.press("De brief is op de post")
    officer.sees("Er wacht niets op u.")


def confirm(hall: Hall, window: Window) -> None:
    """The applicant types the code of the letter, wrong first, and says that it is right."""
    code = hall.do(_code)
    piet = Visit(window.open(viewport=DESK), hall, "Piet")
    piet.go("/inloggen")
    piet.press("Ik heb een code op papier")
    piet.page.get_by_label("De 16 cijfers uit de brief").fill("1234 5678 1234 5678")
    piet.press("Log in")
    piet.sees("Deze code klopt niet of werkt niet meer.")
    piet.page.get_by_label("De 16 cijfers uit de brief").fill(code)
    piet.press("Log in")
    piet.press("Soep op straat")
    piet.press("Kijk en bevestig")
    piet.sees("Olga Officier van de gemeente vulde deze aanvraag voor u in.")
    piet.press("Ja, dit is mijn aanvraag")
    piet.sees("U heeft uw aanvraag bevestigd")
    assert hall.do(_confirmed_how) == "online"


async def _code() -> str:
    digits = digits_of((await PaperCode.get()).public_id, SECRET)
    return " ".join(digits[place : place + 4] for place in range(0, 16, 4))


async def _confirmed_how() -> str:
    return (await Entry.get()).confirmed_how
