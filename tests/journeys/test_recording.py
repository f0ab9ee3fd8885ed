"""An answer told aloud: recorded in a browser with a microphone of its own making, and chosen as a file without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import uploads as sample
from tests.journeys.desk import Desk
from tests.servers.browser import barriers, chromium_program, running_browser

pytestmark = pytest.mark.timeout(120)

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
HEARD = """async () => {
    const sound = document.querySelector("audio");
    sound.muted = true;
    await sound.play();
    await new Promise((done) => setTimeout(done, 300));
    return sound.currentTime;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with a microphone that beeps, and leave to use it."""
    if chromium_program() is None:
        pytest.skip("no Chromium here: apt-get install chromium, or set MEEBESLIS_CHROMIUM")
    with running_browser(*MICROPHONE) as chromium:
        yield chromium


def record(page: Page, milliseconds: int) -> None:
    page.get_by_role("button", name="Neem uw stem op").click()
    expect(page.get_by_role("status").filter(has_text="De opname loopt.")).to_be_visible()
    page.wait_for_timeout(milliseconds)
    page.get_by_role("button", name="Stop en bewaar").click()


def test_what_is_said_is_kept_with_what_was_typed_and_can_be_heard(desk: Desk) -> None:
    page = desk.question("plan", viewport={"width": 390, "height": 900})
    page.locator("#plan").press_sequentially("Wij koken")
    assert barriers(page) == []
    record(page, 1500)
    expect(page.get_by_text("Toegevoegd en bewaard.")).to_be_visible()
    assert page.locator("#plan").input_value() == "Wij koken"
    kept = desk.kept()
    (entry,) = kept["plan.spoken"]
    assert (kept["plan"], entry["name"], entry["media_type"]) == ("Wij koken", "opname.webm", "audio/webm")
    assert page.evaluate(HEARD) > 0
    assert barriers(page) == []
    page.get_by_role("button", name="Haal weg opname.webm").click()
    expect(page.get_by_text("Weggehaald.")).to_be_visible()
    assert desk.kept() == {"plan": "Wij koken"}


def test_photos_and_papers_are_added_and_what_is_wrong_is_told_where_it_is_wrong(desk: Desk) -> None:
    page = desk.question("papers", viewport={"width": 320, "height": 640})
    assert barriers(page) == []
    good = {"name": "plek.png", "mimeType": "image/png", "buffer": sample.picture((90, 60), "PNG")}
    bad = {"name": "brief.docx", "mimeType": "application/msword", "buffer": sample.ZIP}
    page.locator("#papers").set_input_files([good, bad])
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.get_by_role("link", name="“brief.docx” komt uit Word")).to_be_visible()
    expect(page.get_by_role("link", name="plek.jpg")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    desk.window.errors[:] = [one for one in desk.window.errors if "status of 422" not in one]


def test_without_a_line_the_recording_stays_on_the_page_until_there_is_one(desk: Desk) -> None:
    page = desk.question("plan")
    page.route(
        "**/vraag/plan", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    record(page, 1200)
    expect(page.get_by_role("status").filter(has_text="Er is geen verbinding.")).to_be_visible()
    assert page.locator("[id='plan.spoken']").evaluate("field => field.files.length") == 1
    page.unroute("**/vraag/plan")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_text("Toegevoegd en bewaard.")).to_be_visible()
    assert len(desk.kept()["plan.spoken"]) == 1
    desk.window.errors[:] = [one for one in desk.window.errors if "ERR_FAILED" not in one]


def test_a_no_of_the_server_is_told_by_its_page(desk: Desk) -> None:
    page = desk.question("plan")
    for text in ("een", "twee", "drie"):
        page.get_by_label("Kies een opname").set_input_files(sound(text))
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.get_by_role("link", name=f"{text}.mp3")).to_be_visible()
    record(page, 1200)
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.get_by_role("link", name="U kunt hier hoogstens 3 bestanden bewaren.")).to_be_visible()
    desk.window.errors[:] = [one for one in desk.window.errors if "status of 422" not in one]


def test_who_does_not_allow_the_microphone_is_told_what_else_can_be_done(desk: Desk) -> None:
    page = desk.question("plan")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Neem uw stem op").click()
    expect(
        page.get_by_role("status").filter(has_text="Wij mogen de microfoon niet gebruiken.")
    ).to_be_visible()


def test_without_javascript_a_recording_and_photos_are_chosen_as_files(desk: Desk, tmp_path: Path) -> None:
    page = desk.question("plan", java_script_enabled=False, viewport={"width": 320, "height": 640})
    expect(page.get_by_role("button", name="Neem uw stem op")).to_be_hidden()
    page.locator("#plan").fill("Wij koken")
    page.get_by_label("Kies een opname").set_input_files(sound("opname"))
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_text("Toegevoegd en bewaard.")).to_be_visible()
    page = desk.question("papers", java_script_enabled=False, viewport={"width": 320, "height": 640})
    for name, data in (("plek.jpg", sample.camera_picture()), ("offerte.pdf", sample.PDF)):
        (tmp_path / name).write_bytes(data)
    page.locator("[id=papers]").set_input_files([tmp_path / "plek.jpg", tmp_path / "offerte.pdf"])
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_role("link", name="plek.jpg")).to_be_visible()
    kept = desk.kept()
    assert kept["plan"] == "Wij koken"
    assert [entry["name"] for entry in kept["plan.spoken"]] == ["opname.mp3"]
    assert [entry["name"] for entry in kept["papers"]] == ["plek.jpg", "offerte.pdf"]
    with page.expect_download() as download:
        page.get_by_role("link", name="plek.jpg").click()
    assert b"GEHEIM" not in download.value.path().read_bytes()
    desk.window.errors[:] = [one for one in desk.window.errors if "ERR_ABORTED" not in one]


def sound(name: str) -> Any:
    """A recording on this device."""
    return {"name": f"{name}.mp3", "mimeType": "audio/mpeg", "buffer": sample.MP3 + name.encode()}
