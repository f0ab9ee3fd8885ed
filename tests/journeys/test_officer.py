"""A year at the town hall: from the fund file to the closed year, with finance and an auditor looking in.

The clock is the test's own. Each page on the way is looked at for barriers, and at the width of a telephone.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grants.access import Actor
from grants.screening import Verdict
from grants.steps.draft import save_answer
from grants.steps.pay import name_account
from grants.steps.screen import admit, note_check
from grants.steps.submit import complete
from grants.store import journal
from grants.store.applications import Application
from grants.store.funds import Round
from grants.store.ledger import Pot
from tests.factories import BEFORE, DECIDING, FUND_FILE, OPEN, REVIEW, person, submitted
from tests.journeys.hall import DESK, Hall, Visit, open_hall
from tests.pages.officers import FIELD_KEY, IBAN, advise
from tests.servers.browser import Window


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'hall.sqlite3')}") as made:
        made.people = made.do(_people)
        yield made


async def _people() -> dict[str, Actor]:
    return {
        "officer": await person("Olga Officier", "officer"),
        "finance": await person("Farid Financien", "finance"),
        "auditor": await person("Agnes Auditor", "auditor"),
        "applicant": await person("Anna Aanvrager", "applicant"),
    }


def load_and_open(officer: Visit) -> None:
    """A file with a fault comes back with its line; the good one makes a round, which is opened."""
    officer.press("Fonds en rondes")
    source = FUND_FILE.read_text()
    officer.page.get_by_label("Fondsbestand (TOML)").fill(source.replace("weight = 3", "weight = 0"))
    officer.press("Laad dit bestand")
    officer.sees("bij “committee.criteria.1.weight” hoort een heel getal van 1 tot en met 100.")
    officer.page.get_by_label("Fondsbestand (TOML)").fill(source)
    officer.press("Laad dit bestand")
    officer.press("Ronde 2026")
    officer.press("Lees alle regels van deze ronde")
    officer.press("Ronde 2026")
    officer.press("Bekijk en open de ronde")
    officer.press("Open de ronde")
    officer.sees("De regels staan vast.")


def screen(officer: Visit) -> None:
    """One application is let through, of another a part must be completed."""
    officer.open_job("Controleer de aanvraag", "Samen koken")
    for check in officer.page.get_by_role("radio", name="In orde").all():
        check.check()
    officer.press("Bewaar, en laat door naar de commissie")
    officer.sees("Bij de commissie")
    officer.press("Werklijst")
    officer.open_job("Controleer de aanvraag", "Muziek op donderdag")
    officer.press("Vraag om een aanvulling")
    officer.page.get_by_label("Wat gaat u doen?").check()
    officer.page.get_by_label("Wat ontbreekt er precies?").fill("Welke muziek maakt u, en met wie?")
    officer.press("Verstuur dit verzoek")
    officer.sees("De aanvrager heeft tot en met 3 november 2026.")
    officer.press("Werklijst")
    officer.press("Bij anderen (2)")
    officer.sees("Aanvrager vult aan")


def decide_and_tell(officer: Visit) -> None:
    """The advice is taken over, every applicant gets a letter, and everybody may read the outcome."""
    officer.open_job("Teken de besluiten", "Ronde 2026")
    officer.sees("Nodig voor dit advies")
    officer.press("2026-002 · Muziek op donderdag")
    officer.sees("Het advies van de commissie")
    officer.page.go_back()
    officer.press("Teken 3 besluiten")
    officer.press("Bekijk wat er wordt verstuurd")
    officer.sees("Bezwaar maken kan tot en met 19 januari 2027.")
    officer.press("Verstuur 3 brieven")
    officer.press("Bekijk wat er openbaar wordt")
    officer.sees("Stichting Samen koken")
    officer.press("Publiceer deze uitslag")
    officer.press("Naar de betalingen")


def pay(officer: Visit, finance: Visit) -> None:
    """The officer prepares, finance looks at the account and says that it was paid."""
    officer.press("2026-001 · Samen koken")
    officer.press("Zet klaar")
    officer.sees("wacht op een tweede persoon")
    finance.come_back(DECIDING + timedelta(hours=1))
    finance.open_job("Keur de betaling goed", "Samen koken")
    finance.sees("•••• 4300")
    finance.press("Toon het hele rekeningnummer")
    finance.sees("NL91 ABNA 0417 1643 00")
    finance.page.get_by_label("Op welke dag is dit betaald?").fill("8-12-2026")
    finance.press("Keur goed: dit is betaald")
    finance.sees("Betaald, het laatste bovenaan")


def close(officer: Visit) -> None:
    """What nobody was given goes on to the next year, on a decision."""
    officer.come_back(DECIDING + timedelta(days=40))
    officer.open_job("Sluit het jaar", "Ronde 2026")
    officer.sees("Gaat naar 2027")
    officer.press("Sluit 2026")
    officer.sees("Noem het besluit waarop het doorschuiven rust")
    officer.page.get_by_label("Op welk besluit rust dit?").fill("B&W 12 januari 2027")
    officer.press("Sluit 2026")
    officer.sees("€\u00a092.000 ging naar 2027. Besluit: B&W 12 januari 2027.")
    officer.press("Naar de pot van 2027")
    officer.sees("De regels kloppen met de pot")


def read_along(auditor: Visit) -> None:
    """The auditor reads it all, and has nothing to press."""
    auditor.come_back(DECIDING + timedelta(days=40, hours=1))
    for path in ("/gemeente/pot/2026", "/gemeente/post", "/gemeente/betalingen", "/gemeente/journaal"):
        auditor.go(path)
        assert auditor.page.locator("main form").count() == 0
    auditor.press("Controleer de hele keten")
    auditor.sees("De keten is heel")


@pytest.mark.timeout(300)
def test_officer(hall: Hall, window: Window) -> None:
    officer, finance, auditor = (
        Visit(window.open(viewport=DESK), hall, name) for name in ("officer", "finance", "auditor")
    )
    applicant, clerk = hall.people["applicant"], hall.people["officer"]

    async def apply() -> None:
        round_ = await Round.get(year=2026)
        await submitted(applicant, round_, "Samen koken", asked_cents=450_000)
        await submitted(applicant, round_, "Muziek op donderdag", asked_cents=500_000)
        await submitted(applicant, round_, "De open tuin", asked_cents=600_000)

    async def complete_and_advise() -> None:
        round_ = await Round.get(year=2026)
        plans = await Application.all().order_by("number")
        await save_answer(applicant, plans[1].public_id, "plan", "Blues.", REVIEW + timedelta(days=1))
        await complete(applicant, plans[1].public_id, REVIEW + timedelta(days=1))
        for plan in plans[1:]:
            for check in round_.frozen["checks"]:
                await note_check(
                    hall.people["officer"], plan.public_id, check["key"], Verdict.GOOD, "", REVIEW
                )
            await admit(clerk, plan.public_id, REVIEW + timedelta(days=2))
        await advise(round_, plans, [450_000, 350_000, 0])

    async def name_accounts() -> None:
        plan = await Application.get(title="Samen koken")
        await name_account(applicant, plan.public_id, "Stichting Samen koken", IBAN, FIELD_KEY, DECIDING)

    async def check_books() -> tuple[int | None, int]:
        return await journal.broken_place(), (await Pot.get(year=2027)).ceiling_cents

    officer.come_back(BEFORE)
    load_and_open(officer)
    hall.now = OPEN
    hall.do(apply)
    officer.come_back(REVIEW)
    screen(officer)
    hall.do(complete_and_advise)
    officer.come_back(DECIDING)
    decide_and_tell(officer)
    hall.do(name_accounts)
    officer.go("/gemeente/betalingen")
    pay(officer, finance)
    close(officer)
    read_along(auditor)
    assert hall.do(check_books) == (None, 9_200_000)
    window.errors[:] = [error for error in window.errors if "with a status of 4" not in error]
