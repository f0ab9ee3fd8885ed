"""A completion request from end to end: the officer asks, the applicant mends only that and asks a question, and the
officer sees what changed. The applicant reads why the day of the decision moved.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grants.store.applications import Application
from grants.store.messages import Message
from grants.store.outbox import LetterRow
from tests.factories import OPEN, REVIEW, opened_round, person, submitted
from tests.journeys.hall import DESK, TELEPHONE, Hall, Visit, open_hall
from tests.servers.browser import Window

LABEL = "Wat gaat u doen?"


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'hall.sqlite3')}") as made:
        made.now = OPEN
        made.people = made.do(_begun)
        yield made


async def _begun() -> dict:
    people = {
        "officer": await person("Olga Officier", "officer"),
        "applicant": await person("Anna Aanvrager", "applicant"),
    }
    await submitted(people["applicant"], await opened_round(), "Samen koken")
    return people


async def _kept() -> tuple[int, str, str, list[str]]:
    plan = await Application.get(title="Samen koken")
    kinds = await LetterRow.all().order_by("id").values_list("kind", flat=True)
    return plan.version, plan.stage, (await Message.get(side="applicant")).text, kinds


def ask(officer: Visit) -> None:
    officer.come_back(REVIEW)
    officer.open_job("Controleer de aanvraag", "Samen koken")
    officer.press("Vraag om een aanvulling")
    officer.page.get_by_label(LABEL).check()
    officer.page.get_by_label("Wat ontbreekt er precies?").fill("Wie koken er mee?")
    officer.press("Verstuur dit verzoek")
    officer.sees("De aanvrager heeft tot en met 3 november 2026.")


def mend(applicant: Visit) -> None:
    """Only what was named is open; the other questions are not, and the clock says that it stands still."""
    applicant.come_back(REVIEW + timedelta(days=3), "/aanvragen")
    applicant.press("Samen koken")
    applicant.sees("Wie koken er mee?")
    applicant.sees("Zodra u heeft aangevuld, weten wij de nieuwe datum")
    applicant.page.get_by_text("Waarom die dag?").click()
    applicant.sees("Wij vroegen het op 20 oktober 2026. U krijgt daarna 14 dagen de tijd.")
    applicant.press(LABEL)
    applicant.sees("Vraag 1 van 1")
    applicant.page.get_by_label(LABEL).fill("Over Samen koken met tien buren.")
    applicant.press("Bewaar en ga verder")
    applicant.press("Verstuur mijn aanvulling")
    applicant.sees("Dit veranderde u")
    applicant.press("Naar uw aanvraag")
    applicant.page.get_by_text("Waarom die dag?").click()
    applicant.sees("De dagen daartussen stond de tijd stil. Dagen erbij: 2.")


def question(applicant: Visit) -> None:
    applicant.press("Berichten van u en de gemeente")
    applicant.sees("Dit lezen u, wie met u meeschrijft en de gemeente. De commissie leest het niet.")
    applicant.page.get_by_label("Uw bericht").fill("Mag het ook in de tuin?")
    applicant.press("Verstuur bericht")
    applicant.sees("Mag het ook in de tuin?")


def see_the_difference(officer: Visit) -> None:
    """The officer reads the new words beside the old, and answers the question."""
    officer.come_back(REVIEW + timedelta(days=4))
    officer.open_job("Controleer de aanvraag", "Samen koken")
    assert officer.page.locator("ins").all_text_contents() == ["nieuw: koken met tien buren."]
    officer.go("/gemeente")
    officer.open_job("Beantwoord een bericht", "Samen koken")
    officer.page.get_by_label("Uw bericht").fill("Dat mag. Wilt u zeggen wanneer?")
    officer.page.get_by_label("Uiterlijk antwoord op").fill("1 november 2026")
    officer.press("Verstuur bericht")
    officer.sees("Graag antwoord tot en met 1 november 2026.")


def read_the_answer(applicant: Visit) -> None:
    applicant.come_back(REVIEW + timedelta(days=5), "/aanvragen")
    applicant.press("Samen koken")
    applicant.press("Lees het bericht van de gemeente")
    applicant.press("Ik heb dit gelezen")
    assert applicant.page.get_by_role("button", name="Ik heb dit gelezen").count() == 0


@pytest.mark.timeout(300)
def test_completion(hall: Hall, window: Window) -> None:
    officer = Visit(window.open(viewport=DESK), hall, "officer")
    applicant = Visit(window.open(viewport=TELEPHONE), hall, "applicant")
    ask(officer)
    mend(applicant)
    question(applicant)
    see_the_difference(officer)
    read_the_answer(applicant)
    assert hall.do(_kept) == (
        2, "submitted", "Mag het ook in de tuin?",
        ["receipt", "completion_request", "completion_receipt", "message"],
    )  # fmt: skip
