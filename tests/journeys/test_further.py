"""A step further: the secretary gives an idea, the applicant takes it up in their own words, and a member who had
judged the old plan is told, reads what changed, and judges anew.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from committee.store.reviews import Review
from grants.store.stretches import Stretch
from tests.committee.scene import scene
from tests.factories import REVIEW
from tests.journeys.hall import DESK, TELEPHONE, Hall, Visit, open_hall
from tests.servers.browser import Window

IDEA = "Vraag ook de buren om mee te koken."
LABEL = "Wat gaat u doen?"


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'hall.sqlite3')}") as made:
        made.now = REVIEW
        made.people = made.do(_begun)
        yield made


async def _begun() -> dict:
    made = await scene(1)
    await made.judge_all(made.ada)
    return {"secretary": made.secretary, "applicant": made.applicant, "ada": made.ada}


async def _kept() -> tuple[int | None, str | None, str, list[int]]:
    given = await Stretch.get()
    return given.led_to, given.answer, given.consent, [review.version for review in await Review.all()]


def give(secretary: Visit) -> None:
    secretary.come_back(REVIEW, "/commissie")
    secretary.press("Begin")
    secretary.page.locator("input[name=ground][value=none]").check()
    secretary.press("Verder")
    secretary.press("Een stap verder: geef de aanvrager een idee")
    secretary.page.get_by_label("Wat is het idee?").fill(IDEA)
    secretary.page.get_by_label(LABEL).check()
    secretary.press("Verstuur dit idee")
    secretary.sees("Nog geen antwoord")


def take_up(applicant: Visit) -> None:
    """The applicant reads that nothing need be done, chooses freely, and writes it in their own words."""
    applicant.come_back(REVIEW + timedelta(days=1), "/aanvragen")
    applicant.press("Samen eten")
    applicant.press("Lees het idee")
    applicant.sees(IDEA)
    applicant.sees("U hoeft niets te doen. Zegt u nee of niets? Dan telt uw plan even goed mee.")
    applicant.sees("De secretaris schreef dit namens de commissie.")
    applicant.page.get_by_label("Ja, maar ik doe het anders").check()
    applicant.press("Geef dit antwoord")
    applicant.sees("Vraag 1 van 1")
    applicant.page.get_by_label(LABEL).fill("Over Samen eten met de wijk.")
    applicant.press("Bewaar en ga verder")
    applicant.press("Verstuur mijn nieuwe plan")
    applicant.sees("Dit veranderde u")


def judge_anew(member: Visit) -> None:
    member.come_back(REVIEW + timedelta(days=2), "/commissie")
    member.sees("Een plan is veranderd sinds u het las")
    member.press("Samen eten")
    member.sees("Dit veranderde sinds u het las")
    assert member.page.locator("ins").all_text_contents() == ["nieuw: eten met de wijk."]
    member.press("Bekijk uw oordeel")
    member.press("Wijzig uw oordeel")
    member.press("Klaar")
    member.go("/commissie")
    assert "Een plan is veranderd" not in member.page.locator("main").inner_text()


@pytest.mark.timeout(300)
def test_step_further(hall: Hall, window: Window) -> None:
    secretary, ada = (Visit(window.open(viewport=DESK), hall, name) for name in ("secretary", "ada"))
    applicant = Visit(window.open(viewport=TELEPHONE), hall, "applicant")
    give(secretary)
    take_up(applicant)
    judge_anew(ada)
    led_to, answer, consent, judged = hall.do(_kept)
    assert (led_to, answer, judged) == (2, "changed", [2])
    assert consent.startswith("Ik wil mijn plan zelf zo veranderen.")
