"""The small script, in a browser: what it keeps and adds up; and the same pages without it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from grants import money
from grants.errors import Refusal
from grants.pages.answers import SEEN
from grants.steps.sign_in import sign_in_as
from tests.committee.scene import scene
from tests.journeys.desk import SECRET, Desk, cookie
from tests.journeys.test_applicant import in_database
from tests.servers.browser import Window, barriers
from tests.servers.service import running_service

pytestmark = pytest.mark.timeout(120)

SAVED = re.compile(r"^Bewaard om \d{1,2}\.\d\d uur\.$")
CONFLICT = "Dit is intussen ook ergens anders veranderd. Daarom bewaren wij niet meer vanzelf."


def note(page: Page) -> Any:
    return page.locator("[data-autosave]")


def test_what_is_typed_is_kept_and_another_device_loses_nothing(desk: Desk) -> None:
    telephone, computer = desk.question("plan"), desk.question("plan")
    telephone.locator("#plan").press_sequentially("Wij koken")
    expect(note(telephone)).to_have_text(SAVED, timeout=9000)
    assert desk.kept() == {"plan": "Wij koken"}
    telephone.locator("#plan").press_sequentially(" samen")
    expect(telephone.locator(f"[name={SEEN}]")).not_to_have_value("")
    _until(lambda: desk.kept() == {"plan": "Wij koken samen"}, telephone)
    assert telephone.locator("#fouten, [aria-invalid]").count() == 0

    computer.locator("#plan").fill("Wij zingen")
    expect(note(computer)).to_contain_text(CONFLICT, timeout=9000)
    computer.locator("#plan").press_sequentially(" luid")
    computer.wait_for_timeout(4000)
    assert desk.kept() == {"plan": "Wij koken samen"}
    assert computer.locator("#plan").input_value() == "Wij zingen luid"
    computer.get_by_role("button", name="Bewaar en ga verder").click()
    expect(computer.get_by_text("Dit staat er nu bewaard")).to_be_visible()
    expect(computer.get_by_text("Wij koken samen")).to_be_visible()
    expect(computer.locator("#fouten")).to_be_focused()
    assert computer.locator("#plan").input_value() == "Wij zingen luid"
    _forget(desk.window, "409")


def test_while_somebody_types_on_what_is_kept_is_never_older_than_five_seconds(desk: Desk) -> None:
    page, typed = desk.question("plan"), dict[str, float]()
    until = time.monotonic() + 15
    while (now := time.monotonic()) < until:
        word = f"woord{len(typed)}."
        page.locator("#plan").press_sequentially(f"{word} ")
        typed[word] = now
        there = _kept_now(desk)
        waiting = [time.monotonic() - at for one, at in typed.items() if one not in there]
        assert max(waiting, default=0) <= 5, (waiting, there)
        page.wait_for_timeout(200)
    assert "woord1." in _kept_now(desk)


def _kept_now(desk: Desk) -> str:
    """What is kept of the plan at this very moment."""
    with closing(sqlite3.connect(desk.database.removeprefix("sqlite://"))) as database:
        mine = "application_id = (SELECT id FROM application WHERE public_id = ?) AND question = 'plan'"
        row = database.execute(f"SELECT value FROM answer WHERE {mine}", [desk.path.rpartition("/")[2]])
        return str((row.fetchone() or [""])[0])


def test_an_answer_that_was_lost_on_the_way_makes_nobody_a_stranger(desk: Desk) -> None:
    page, kept = desk.question("plan"), list[str]()

    def cut(route: Route) -> None:
        kept.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    page.clock.install()
    page.route("**/vraag/plan", cut, times=1)
    page.locator("#plan").press_sequentially("Wij koken")
    page.clock.run_for(3000)
    _until(lambda: bool(kept) and desk.kept() == {"plan": "Wij koken"}, page)
    expect(note(page)).to_contain_text("Er is geen verbinding.")
    page.locator("#plan").press_sequentially(" samen")
    page.clock.run_for(30_000)
    expect(note(page)).to_have_text(SAVED)
    page.clock.run_for(3000)
    _until(lambda: desk.kept() == {"plan": "Wij koken samen"}, page)
    expect(note(page)).to_have_text(SAVED)
    _forget(desk.window, "FAILED")


def test_button_waits_for_what_is_under_way(desk: Desk) -> None:
    page, held = desk.question("plan"), list[Route]()
    page.route(
        "**/vraag/plan",
        lambda route: held.append(route) if "json" in route.request.headers["accept"] else route.continue_(),
    )
    page.locator("#plan").press_sequentially("Wij")
    _until(lambda: bool(held), page)
    page.locator("#plan").press_sequentially(" koken")
    page.get_by_role("button", name="Bewaar en ga verder").click()
    page.wait_for_timeout(300)
    assert page.url.endswith("/vraag/plan")
    held[0].continue_()
    page.wait_for_url("**/vraag/together")
    assert desk.kept() == {"plan": "Wij koken"}


def test_leaving_keeps_and_half_an_answer_is_no_error(desk: Desk) -> None:
    page = desk.question("people")
    page.locator("#people").press_sequentially("vijf")
    expect(note(page)).to_have_text("Nog niet bewaard. Dit antwoord is nog niet af.", timeout=9000)
    assert page.locator("[aria-invalid]").count() == 0
    page.locator("#people").fill("25")
    page.goto(f"{desk.address}{desk.path}")
    _until(lambda: desk.kept() == {"people": 25}, page)


def test_no_connection_and_no_session_are_told_and_lose_nothing(desk: Desk) -> None:
    page = desk.question("plan")
    page.context.set_offline(True)
    page.locator("#plan").press_sequentially("Wij koken")
    expect(note(page)).to_contain_text("Er is geen verbinding.", timeout=9000)
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.reload()
    page = desk.question("plan")
    page.context.clear_cookies()
    page.locator("#plan").press_sequentially("Wij zingen")
    expect(note(page)).to_contain_text("Wij kunnen niet meer vanzelf bewaren.", timeout=9000)
    page.get_by_role("button", name="Bewaar en ga verder").click()
    expect(page.locator("main")).to_contain_text("U bent uitgelogd")
    assert "Wij zingen" in page.content()
    _forget(desk.window, "403", "DISCONNECTED")


def test_sums_live_in_the_budget(desk: Desk) -> None:
    page = desk.question("budget")
    total = page.locator("[data-sum]")
    expect(total).to_have_text("Na het bewaren staat hier het totaal.")
    for name, text in (("1.what", "Huur"), ("1.wished", "€ 1.250,50"), ("1.least", "749,-")):
        page.locator(f"[id='budget.{name}']").fill(text)
    expect(total).to_have_text("Samen vraagt u € 1.250,50. Ten minste nodig: € 749.")
    page.locator("[id='budget.2.wished']").fill("veel")
    expect(total).to_have_text("Na het bewaren staat hier het totaal.")
    page.locator("[id='budget.2.wished']").fill("")
    expect(note(page)).to_have_text(SAVED, timeout=12_000)
    page.locator("[id='budget.2.wished']").fill("veel")
    expect(total).to_have_text("Samen vraagt u € 1.250,50. Ten minste nodig: € 749.")
    (line,) = desk.kept()["budget"]
    assert (line["wished_cents"], line["least_cents"]) == (125_050, 74_900)
    page.locator("[id='budget.2.wished']").fill("100")
    page.locator("[id='budget.2.source']").select_option("Wij zelf")
    whole = "Eigen geld: € 100. Van anderen: € 0. Alles kost € 1.350,50."
    expect(total).to_have_text(f"Samen vraagt u € 1.250,50. Ten minste nodig: € 749. {whole}")
    page.locator("[id='budget.2.what']").fill("Verf")
    _until(lambda: len(desk.kept()["budget"]) == 2, page)
    assert desk.kept()["budget"][1] == {
        "what": "Verf", "wished_cents": 10_000, "least_cents": 0, "source": "own",
    }  # fmt: skip
    assert barriers(page) == []


def test_keeping_tells_what_had_better_not_stand_there(desk: Desk) -> None:
    page = desk.question("plan")
    page.locator("#plan").press_sequentially("Bel 06-12345678")
    expect(note(page)).to_contain_text("Let op: “06-12345678” lijkt een telefoonnummer.", timeout=9000)
    page.get_by_role("button", name="Bewaar en ga verder").click()
    expect(page.get_by_role("heading", name="Wilt u dit nog eens lezen?")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Pas aan").click()
    assert page.url.endswith("#plan")
    page.get_by_role("link", name="Laat het zo staan").click()
    assert page.url.endswith("/vraag/together")


WRITTEN = [
    f"{before}{number}{after}"
    for number in (
        "0", "5", "007", "1250", "1.250", "1,250", "1 250", "1'250", "1.250,50", "1,250.50", "1250,5", "1250.50",
        "0.500", "1.2.3", "1.250.50", "12.34,5", "1.250.000", "9999999,99", "10000000", "10000001", "1e9", "-5",
        "veel", "1,2345", "1..2", "٣", "", "1.25 0",
    )
    for before, after in (("", ""), ("€ ", ""), ("EUR", ",-"), ("", " euro"), ("", ",--"), (" ", ".–"), ("", ",="))
]  # fmt: skip


def test_amounts_are_read_as_the_server_reads_them(desk: Desk) -> None:
    page = desk.question("budget")
    read = page.evaluate("texts => texts.map(cents)", WRITTEN)
    differ = {
        text: cents for text, cents in zip(WRITTEN, read, strict=True) if cents not in (None, _parsed(text))
    }
    assert differ == {}
    common = ["1250", "1.250", "1.250,50", "€ 1.250", "1250,-", "12,5", "0", "1250 euro"]
    assert page.evaluate("texts => texts.map(cents)", common) == [_parsed(text) for text in common]
    shown = [0, 5, 125_050, 100_000_000, 99]
    assert page.evaluate("all => all.map(euro)", shown) == [money.show(cents) for cents in shown]


def _parsed(text: str) -> int | None:
    try:
        return money.parse(text)
    except Refusal:
        return None


def test_draft_of_a_judgement_is_kept(desk: Desk, tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'committee.sqlite3')}"
    key, path = in_database(url, _judging)
    with running_service(url, SECRET_KEY=SECRET) as address:
        there = Desk(desk.window, url, address, cookie(key), path)
        page = there.open(path)
        page.locator("textarea").first.fill("Dit helpt mensen.")
        expect(note(page)).to_have_text(SAVED, timeout=9000)
        page.reload()
        expect(page.locator("textarea").first).to_have_value("Dit helpt mensen.")
        expect(page.get_by_role("button", name="Klaar")).to_be_visible()


async def _judging() -> tuple[str, str]:
    made = await scene(1)
    await made.free(made.ada)
    assert made.ada.person_id is not None
    key = await sign_in_as(made.ada.person_id, datetime.now(UTC))
    return key, f"/commissie/aanvragen/{made.ids[0]}/oordeel"


def test_without_javascript_everything_is_there(desk: Desk) -> None:
    page = desk.question("budget", java_script_enabled=False)
    for name in ("Lees voor", "Stop met voorlezen", "Druk deze pagina af"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for name, text in (("1.what", "Huur"), ("1.wished", "500"), ("1.least", "100")):
        page.locator(f"[id='budget.{name}']").fill(text)
    page.get_by_role("button", name="Bewaar en maak meer regels").click()
    expect(page.locator("[data-sum]")).to_have_text("Bewaard: u vraagt samen € 500. Ten minste nodig: € 100.")
    page.get_by_role("link", name="Dit begrijp ik niet").click()
    page.get_by_label("Wat is niet duidelijk?").fill("Wat is een begroting?")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wij hebben uw vraag")
    page.get_by_role("link", name="Terug naar de pagina").click()
    assert page.url == f"{desk.address}{desk.path}/vraag/budget"


def _until(true: Any, page: Page) -> None:
    for _ in range(90):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within nine seconds")


def _forget(window: Window, *expected: str) -> None:
    """What the browser says of answers that the test itself asked for."""
    window.errors[:] = [error for error in window.errors if not any(one in error for one in expected)]
