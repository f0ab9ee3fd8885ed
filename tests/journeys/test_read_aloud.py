"""Read aloud, print and large letters, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.servers.browser import barriers

pytestmark = pytest.mark.timeout(120)

SPEECH = """
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const voice = { lang: "%s", localService: %s };
const speech = Object.assign(new EventTarget(), {
  said: [],
  getVoices: () => [voice],
  speak(words) { this.said.push([words.lang, words.text]); this.now = words; },
  cancel() { const words = this.now; this.now = null; if (words) words.onerror({ error: "canceled" }); },
});
Object.defineProperty(window, "speechSynthesis", { value: speech });
"""


def reader(desk: Desk, path: str, lang: str = "nl-NL", local: str = "true") -> Page:
    """A page in a browser that has one voice."""
    page = desk.window.open()
    page.add_init_script(SPEECH % (lang, local))
    page.goto(f"{desk.address}{path}")
    return page


def said(page: Page) -> list[list[str]]:
    return list(page.evaluate("speechSynthesis.said"))


def test_page_is_read_aloud_sentence_by_sentence(desk: Desk) -> None:
    page = reader(desk, "/uitleg")
    page.get_by_role("button", name="Lees voor").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Pauze")
    expect(button).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Het voorlezen is begonnen.")).to_be_attached()
    assert said(page) == [["nl", "Uitleg voor aanvragers"]]
    for _ in range(2):
        page.evaluate("speechSynthesis.now.onend()")
    assert said(page)[1:] == [
        ["nl", "Zo komt u van een plan naar geld."],
        ["nl", "U kunt altijd stoppen en later verdergaan."],
    ]
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lees verder")).to_be_focused()
    page.keyboard.press("Enter")
    assert said(page)[-1] == said(page)[-2]
    page.get_by_role("button", name="Stop met voorlezen").click()
    expect(page.get_by_role("button", name="Lees voor")).to_be_focused()
    expect(page.get_by_role("button", name="Stop met voorlezen")).to_be_hidden()
    assert barriers(page) == []


def test_whole_page_is_read_and_nothing_around_it(desk: Desk) -> None:
    page = reader(desk, "/hulp")
    page.get_by_role("button", name="Lees voor").click()
    page.locator("#text").fill("Mijn geheim")
    while page.evaluate("Boolean(speechSynthesis.now)") and len(said(page)) < 100:
        page.evaluate("(words => { speechSynthesis.now = null; words.onend(); })(speechSynthesis.now)")
    texts = [text for _, text in said(page)]
    assert texts[0] in ("Terug naar de pagina", "Wat begrijpt u niet?")
    assert "Een paar woorden is genoeg." in texts
    assert not {"Verstuur", "Het fonds", "Dit begrijp ik niet", "Mijn geheim"} & set(texts)
    expect(page.get_by_role("button", name="Lees voor")).to_be_visible()


@pytest.mark.parametrize(("lang", "local"), [("en-US", "true"), ("nl-NL", "false")])
def test_no_voice_of_this_device_in_this_language_no_button(desk: Desk, lang: str, local: str) -> None:
    page = reader(desk, "/", lang, local)
    expect(page.get_by_text("Lees voor", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Lees voor")).to_have_count(0)


def test_dutch_in_an_english_page_is_read_as_dutch(desk: Desk) -> None:
    page = reader(desk, "/", "en_GB")
    page.context.add_cookies([{"name": "taal", "value": "en", "url": desk.address}])
    page.reload()
    page.get_by_role("button", name="Read aloud").click()
    while page.evaluate("Boolean(speechSynthesis.now)") and len(said(page)) < 100:
        page.evaluate("(words => { speechSynthesis.now = null; words.onend(); })(speechSynthesis.now)")
    assert {lang for lang, _ in said(page)} == {"nl", "en"}


def test_page_prints_and_grows_with_the_letters_of_the_browser(desk: Desk) -> None:
    page = desk.open("/uitleg", viewport={"width": 640, "height": 800})
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Druk deze pagina af").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    page.emulate_media(media="screen")
    for path in ("/uitleg", "/hulp", f"{desk.path}/vraag/budget", "/"):
        page.goto(f"{desk.address}{path}")
        before = page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        after = page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")
        assert float(after[:-2]) == 2 * float(before[:-2]), path
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
