"""Each kind of fault is found on a page that has it, and none on the page without."""

import pytest

from tests.servers.browser import COLOURS, EVERYTHING, Window, asked, look_around

GOOD = """<!doctype html><html lang=nl><title>Aanvraag</title><style>
body { margin: 0; font: 16px/1.5 sans-serif; color: #000; background: #fff } * { box-sizing: border-box }
:focus-visible { outline: 3px solid #00f } input, button { min-height: 44px; max-width: 100% }
</style><main><h1>Aanvraag</h1><p>Wij lezen alles.</p>
<p><label>Naam <input name=naam></label></p><button>Verstuur</button></main></html>"""


def found(window: Window, page_text: str) -> list[str]:
    """Everything that is found on this page."""
    page = window.open(viewport={"width": 320, "height": 600})
    page.set_content(page_text)
    look_around(page)
    page.keyboard.press("Tab")
    return [
        *asked(page, "onArrival", 0),
        *asked(page, "everything", EVERYTHING),
        *asked(page, "colours", COLOURS),
    ]


def test_nothing_on_a_good_page(window: Window) -> None:
    assert found(window, GOOD) == ["Asks for 0 scripts"]


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<label>Naam <input name=naam></label>", "<input name=naam>", "label: Form elements must have labels"),
        ("<p>Wij", '<p style="color:#bbb">Wij', "color-contrast"),
        ("<button>", '<button style="min-height:0;height:10px;padding:0">', "Smaller than 24 pixels"),
        ("<p>Wij", '<p style="width:500px">Wij', "Sticks out sideways"),
        ("<p>Wij", '<p style="height:20px;overflow:hidden">Wij lezen echt alles wat u schrijft en ', "Text is cut off"),
        ("<p>Wij", '<p style="height:24px;width:120px;overflow:hidden">Wij', "With more text spacing: Text is cut off"),
        ("<button>", '<button style="outline:0">', "No focus to be seen"),
        ("<button>", '<button style="outline-color:#eee">', "Focus is too faint"),
        ("</main>", "<div style='position:fixed;inset:0'></div></main>", "Focus is behind something"),
        ("<main>", '<main style="display:flex;flex-direction:column-reverse">', "Focus jumps back"),
        ("<button>", '<button tabindex="3">', "Own tab order"),
        ("<p>Wij", "<h1>Nog een</h1><p>Wij", "Has 2 headings of the first rank"),
    ],
)  # fmt: skip
def test_a_fault_is_found(window: Window, good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    faults = found(window, GOOD.replace(good, bad))
    assert any(fault in one for one in faults), faults


def test_another_host_is_named(window: Window) -> None:
    page = window.open()
    page.route("http://*.example/**", lambda route: route.fulfill(content_type="text/css", body=""))
    linked = GOOD.replace("<style>", "<link rel=stylesheet href='http://elders.example/x.css'><style>")
    page.route("http://hier.example/", lambda route: route.fulfill(content_type="text/html", body=linked))
    page.goto("http://hier.example/")
    look_around(page)
    assert "Asks elsewhere: http://elders.example/x.css" in asked(page, "onArrival", 1)
