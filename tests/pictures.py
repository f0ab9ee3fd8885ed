"""`./test pictures`: every kind of page as its people see it, in docs/pictures: phone and desk, light and dark."""

import base64
import html
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from tests.servers.browser import running_browser
from tests.servers.service import running_service

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTHS, SCHEMES = {"phone": 390, "desk": 1280}, ("light", "dark")
TALLEST = 1700
"""Pixels of a page that are shown: what is below has been seen above."""

SCALE, QUALITY = 0.34, 42
STARTS = ("/", "/aanvragen", "/commissie", "/demo", "/gemeente", "/inloggen", "/mijn", "/uitleg")
NO_PAGE = re.compile(r"^/(open-data/.+|static/|metrics|health|uitloggen)|.*(\.pdf$|/bestanden/)")
KIND = re.compile(r"[0-9a-f]{32}|(?<=/)\d+(?=/|$)")


class Who(NamedTuple):
    """One look at the service: whose, and the address at which the demonstration lets one sign in."""

    title: str
    email: str | None


def main() -> int:
    """Make the pictures anew; returns 0, or raises what went wrong."""
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        url = f"sqlite://{folder}/pictures.sqlite3"  # filled by the service, as it is a demonstration
        with running_service(url, "--no-worker", DEMO="1") as address:
            shutil.rmtree(FOLDER, ignore_errors=True)
            seen: dict[str, str] = {}
            for who in _people(browser, address):
                _record(browser, address, who, seen)
    _write_index(seen)
    sys.stdout.write(f"{len(seen)} pages in docs/pictures\n")
    return 0


def _people(browser: Browser, address: str) -> Iterator[Who]:
    """A visitor, and everybody of the demonstration."""
    page = browser.new_page()
    page.goto(f"{address}/demo")
    yield Who("Visitor", None)
    for field in page.locator("main input[name=email]").all():
        yield Who(str(field.evaluate("e => e.form.innerText")).strip(), field.get_attribute("value"))
    page.close()


def _record(browser: Browser, address: str, who: Who, seen: dict[str, str]) -> None:
    """Follow the links of one person; each kind of page that nobody saw before is drawn."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    if who.email:
        page.goto(f"{address}/demo")
        page.locator(f"form:has(input[value='{who.email}']) button").click()
    to_see, met = list(STARTS), set[str]()
    while to_see:
        path = to_see.pop(0)
        kind = KIND.sub("n", path.partition("?")[0])
        if kind in met or NO_PAGE.match(path):
            continue
        met.add(kind)
        answer = page.goto(address + path)
        if answer is None or not answer.ok or urlpath(page, address) != path.partition("#")[0]:
            continue
        to_see += page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        if kind not in seen:
            seen[kind] = f"{who.title}: {page.title().rpartition(' – ')[0]}"
            _draw(page, browser, FOLDER / f"{_slug(kind)}.webp")
    context.close()


def urlpath(page: Page, address: str) -> str:
    return page.url.removeprefix(address).partition("#")[0]


def _draw(page: Page, browser: Browser, file: Path) -> None:
    """The page four times in one picture."""
    shots = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 900})
            tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
            shots.append(_shot(page, width, tall, SCALE))
    page.emulate_media(color_scheme="light")
    images = "".join(f'<img src="data:image/webp;base64,{shot}">' for shot in shots)
    sheet = browser.new_page(viewport={"width": 1300, "height": 100})
    sheet.set_content(
        f"<style>body{{margin:8px;display:flex;gap:8px;align-items:start;width:max-content;background:#889}}</style>{images}"
    )
    box: Any = sheet.evaluate("[document.body.scrollWidth + 16, document.body.scrollHeight + 16]")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(base64.b64decode(_shot(sheet, *box, 1)))
    sheet.close()


def _shot(page: Page, width: int, height: int, scale: float) -> str:
    """What the browser draws, as WebP in base64."""
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    session = page.context.new_cdp_session(page)
    options = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    taken: str = session.send("Page.captureScreenshot", options)["data"]
    session.detach()
    return taken


def _slug(kind: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-") or "home"


def _write_index(seen: dict[str, str]) -> None:
    lines = ["# Every page", "", "Made by `./test pictures`: on a phone and on a desk, light and dark.", ""]
    for kind, said in sorted(seen.items()):
        lines += [f"## {html.unescape(said)}", "", f"![{said}]({_slug(kind)}.webp)", ""]
    (FOLDER / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
