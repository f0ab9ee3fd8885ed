"""The browser starts, and hears what goes wrong on a page."""

from tests.servers.browser import Window, barriers

GOOD = """data:text/html,<!doctype html><html lang=nl><title>Aanvraag</title>
<main><h1>Aanvraag</h1><label>Naam <input name=naam></label></main></html>"""


def test_a_page_without_faults(window: Window) -> None:
    page = window.open(viewport={"width": 320, "height": 600})
    page.goto(GOOD)
    page.get_by_label("Naam").fill("Ann")
    assert page.title() == "Aanvraag"
    assert barriers(page) == []


def test_a_barrier_is_named_with_its_place(window: Window) -> None:
    page = window.open()
    page.goto(GOOD.replace("<label>Naam <input name=naam></label>", "<input name=naam>"))
    [barrier] = barriers(page)
    assert barrier == "label: Form elements must have labels (input)"


def test_an_error_in_a_script_is_heard(window: Window) -> None:
    page = window.open()
    page.goto(GOOD.replace("<main>", "<script>throw new Error('stuk')</script><main>"))
    assert window.errors == ["script: stuk"]
    window.errors.clear()
