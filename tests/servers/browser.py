"""A real browser: Debian's Chromium under Playwright, which hears what a person would not see go wrong."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",  # root, and containers, cannot use Chromium's own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": WCAG}, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOKING = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")
AXE_VERSION = re.search(r"axe v([\d.]+)", AXE_SCRIPT)[1]  # type: ignore[index]


@dataclass
class Window:
    """Opens pages, each a new visitor, and remembers every error the browser reports."""

    browser: Browser
    errors: list[str] = field(default_factory=list)

    def open(self, **visitor: Any) -> Page:
        """A new visitor: `java_script_enabled=False`, `viewport={...}` and so on, in Playwright's names."""
        page = self.browser.new_context(locale="nl-NL", **visitor).new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("console", self._hear)
        page.on(
            "requestfailed",
            lambda request: self.errors.append(f"not loaded: {request.url} {request.failure}"),
        )
        return page

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()


def chromium_program() -> str | None:
    """Where Chromium is, None when this machine has none."""
    return os.environ.get("MEEBESLIS_CHROMIUM") or shutil.which("chromium")


@contextmanager
def running_browser(*more: str) -> Iterator[Browser]:
    """Start Chromium, with more flags. While it runs no other event loop can run in this thread.

    So keep it to one module.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=[*FLAGS, *more])
        yield browser
        browser.close()


def look_around(page: Page) -> None:
    """Bring `axe` and our own questions (`looking.js`) to the page that stands there now."""
    page.evaluate(f"{AXE_SCRIPT}\n{LOOKING}\nnull")


def asked(page: Page, question: str, *given: Any) -> list[str]:
    """What one of the questions of `looking.js` finds on the page."""
    found: list[str] = page.evaluate("([question, given]) => looking[question](...given)", [question, given])
    return found


def barriers(page: Page) -> list[str]:
    """What axe finds on the page against WCAG 2.2 A and AA and good practice: rule, help, and where."""
    look_around(page)
    return asked(page, "violations", EVERYTHING)
