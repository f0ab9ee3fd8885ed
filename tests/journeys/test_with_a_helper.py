"""With a helper: asked by mail from an old telephone, writing along at a computer, sent by the applicant alone."""

import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grants.access import Actor
from grants.steps.draft import begin, save_answer, save_initiative
from grants.steps.sign_in import sign_in_as
from grants.store.funds import Round
from grants.store.people import Person
from tests.factories import answers, person
from tests.journeys.desk import SECRET, cookie
from tests.journeys.test_applicant import TELEPHONE, Visit, in_database, open_a_round_now
from tests.servers.browser import Window, barriers
from tests.servers.service import running_service
from tests.servers.smtp import SmtpServer

COMPUTER = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of this journey's own; the browser's event loop leaves no room to migrate one later."""
    return f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'helper.sqlite3')}"


async def nearly_done() -> tuple[str, str]:
    """Fatma's draft, in which the plan itself is still to be told; her session and its address."""
    await open_a_round_now()
    now, round_ = datetime.now(UTC), await Round.all().first()
    assert round_ is not None
    fatma: Actor = await person("Fatma", "applicant")
    made = await begin(fatma, round_.public_id, secrets.token_hex(8), now)
    await save_initiative(fatma, made.public_id, "organisation", "Stichting De Pan", "", "", now)
    for key, value in answers(round_, "Samen koken", 200_000, 100_000).items():
        if key != "plan":
            await save_answer(fatma, made.public_id, key, value, now)
    assert fatma.person_id is not None
    return await sign_in_as(fatma.person_id, now), f"/aanvragen/{made.public_id}"


def press(page: Page, name: str) -> None:
    """On the computer: look for barriers, then press the button or follow the link of this name."""
    assert barriers(page) == [], page.url
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(
        main.get_by_role("link", name=name, exact=True)
    ).first.click()


def sees(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


def link_in(smtp: SmtpServer, number: int, pattern: str) -> str:
    """The link of this shape in the mail of this number, which went to the helper."""
    mail = smtp.wait_for(number)[number - 1]
    assert mail.recipients == ["sanne@voorbeeld.example"]
    found = re.search(pattern, mail.body())
    assert found is not None
    return found[0]


def ask_sanne(visit: Visit, base: str) -> None:
    """Fatma asks Sanne, after a form in which too much was left out."""
    visit.telephone.goto(base)
    visit.press("Laat iemand meeschrijven")
    sees(visit.telephone, "U schrijft nu alleen.")
    visit.telephone.get_by_label("Hoe heet deze persoon?").fill("Sanne Bos")
    visit.press("Verstuur de uitnodiging")
    expect(visit.telephone.locator("#fouten")).to_be_visible()
    assert visit.telephone.get_by_label("Hoe heet deze persoon?").input_value() == "Sanne Bos"
    visit.telephone.get_by_label("E-mailadres van deze persoon").fill("Sanne@Voorbeeld.example")
    visit.telephone.get_by_label("Helper").check()
    visit.telephone.get_by_label("Uw eigen naam").fill("Fatma")
    visit.press("Verstuur de uitnodiging")
    sees(visit.telephone, "Wij sturen nu een mail.")
    sees(visit.telephone, "Nog geen antwoord")
    visit.look()


def come_along(computer: Page, smtp: SmtpServer, address: str) -> None:
    """Sanne follows the link of the mail, signs in with her mailbox, and says yes."""
    invitation = link_in(smtp, 1, rf"{address}/uitnodiging/\S+")
    computer.goto(invitation)
    sees(computer, "Fatma vraagt u om mee te schrijven")
    press(computer, "Stuur mij de mail")
    sees(computer, "Kijk in uw mail")
    computer.goto(link_in(smtp, 2, rf"{address}/inloggen/\S+"))
    press(computer, "Log in")
    sees(computer, "Fatma vraagt u om mee te schrijven")
    press(computer, "Ja, ik doe mee")
    sees(computer, "Deze aanvraag is van Fatma. U doet mee als helper.")


def write_at_once(visit: Visit, computer: Page, base: str) -> None:
    """Both write the plan; who comes second sees both texts and chooses."""
    for page in (visit.telephone, computer):
        page.goto(f"{base}/vraag/plan")
    computer.locator("main textarea").fill("Dit schreef Sanne.")
    press(computer, "Bewaar en ga verder")
    expect(computer).not_to_have_url(re.compile("/vraag/plan"))
    visit.telephone.locator("main textarea").fill("Dit schreef Fatma.")
    visit.press("Bewaar en ga verder")
    sees(visit.telephone, "Dit staat er nu bewaard")
    sees(visit.telephone, "Dit schreef Sanne.")
    assert visit.telephone.locator("main textarea").input_value() == "Dit schreef Fatma."
    visit.telephone.locator("main textarea").fill("Dit schreef Sanne. Dit schreef Fatma.")
    visit.press("Bewaar en ga verder")
    expect(visit.telephone).not_to_have_url(re.compile("/vraag/plan"))


def send(visit: Visit, computer: Page, base: str) -> None:
    """Sanne cannot send it; Fatma can."""
    computer.goto(f"{base}/controleren")
    sees(computer, "Alleen de aanvrager kan versturen.")
    assert barriers(computer) == []
    assert computer.get_by_role("button", name="Verstuur mijn aanvraag").count() == 0
    visit.telephone.goto(f"{base}/controleren")
    sees(visit.telephone, "Dit schreef Sanne. Dit schreef Fatma.")
    visit.press("Verstuur mijn aanvraag")
    sees(visit.telephone, "Uw aanvraag is binnen")
    computer.goto(base)
    sees(computer, "De aanvrager hoort hoe het verder gaat.")
    assert barriers(computer) == []


def thank(visit: Visit, computer: Page, base: str) -> None:
    """Fatma takes Sanne away, who then finds nothing."""
    visit.telephone.goto(f"{base}/samen")
    visit.press("Haal weg Sanne Bos")
    sees(visit.telephone, "Deze persoon kan niet meer bij uw aanvraag.")
    answer = computer.goto(base)
    assert answer is not None
    assert answer.status == 404
    computer.goto(base.partition("/aanvragen/")[0] + "/aanvragen")
    sees(computer, "U heeft nog geen aanvraag")


@pytest.mark.timeout(300)
def test_with_a_helper(database_url: str, window: Window, smtp: SmtpServer) -> None:
    key, path = in_database(database_url, nearly_done)
    with running_service(database_url, SMTP_URL=smtp.url, SECRET_KEY=SECRET) as address:
        base = address + path
        visit = Visit(window.open(java_script_enabled=False, **TELEPHONE), window.open(**TELEPHONE), address)
        computer = window.open(**COMPUTER)
        name, value = cookie(key)
        visit.telephone.context.add_cookies([{"name": name, "value": value, "url": address}])
        ask_sanne(visit, base)
        come_along(computer, smtp, address)
        write_at_once(visit, computer, base)
        send(visit, computer, base)
        assert smtp.wait_for(3)[2].recipients == ["fatma@voorbeeld.example"]
        thank(visit, computer, base)
    expected = ("with a status of 4", "ERR_ABORTED")  # keeping by itself, overtaken by the button
    window.errors[:] = [error for error in window.errors if not any(one in error for one in expected)]
    assert in_database(database_url, lambda: Person.filter(email="sanne@voorbeeld.example").count()) == 1
