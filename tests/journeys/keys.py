"""Somebody with a keyboard and a screen reader: finds everything by role and name, and never loses the focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page, expect

MOST_PRESSES = 150
FOCUSED = """() => {
    const box = document.activeElement.getClientRects()[0];
    const seen = box && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [document.activeElement !== document.body, Boolean(seen)];
}"""


@dataclass
class Keys:
    """One page, without a mouse."""

    page: Page

    def to(self, role: Any, name: str, place: int = 0) -> ElementHandle:
        """What has this role and this name, or the one at this place, whatever its name."""
        if name:
            return self._tab_to(self.page.get_by_role(role, name=name, exact=True).first)
        found = self.page.get_by_role("main").get_by_role(role).nth(place)
        expect(found).not_to_have_accessible_name("")
        return self._tab_to(found)

    def _tab_to(self, found: Locator) -> ElementHandle:
        """Press Tab until the focus is there; on the way it is always somewhere, and in sight."""
        wanted = found.element_handle()
        for _ in range(MOST_PRESSES):
            if wanted.evaluate("e => e === document.activeElement"):
                return wanted
            self.page.keyboard.press("Tab")
            if not self.page.evaluate("document.hasFocus() && document.activeElement === document.body"):
                self.kept()  # after the last control the focus leaves the page, and comes back at its top
        raise AssertionError(f"Tab does not lead to {found} on {self.page.url}")

    def kept(self) -> None:
        """The focus is on something, and that can be seen."""
        assert self.page.evaluate(FOCUSED) == [True, True], self.page.url

    def write(self, text: str, name: str = "", place: int = 0) -> None:
        """Into the field of this name, or the one at this place."""
        self.to("textbox", name, place)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        self.kept()

    def choose(self, name: str, group: str | None = None) -> None:
        """One of several, in the group of this name when there are more: Tab to the group, arrows to the choice."""
        within = self.page.get_by_role("main")
        if group:
            within = (
                within.get_by_role("group", name=group)
                .or_(within.get_by_role("radiogroup", name=group))
                .first
            )
        wanted = within.get_by_role("radio", name=name, exact=True)
        self._tab_to(within.get_by_role("radio").first)
        self.page.keyboard.press("Space")
        for _ in range(MOST_PRESSES):
            self.kept()
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {name} on {self.page.url}")

    def tick(self, name: str = "") -> None:
        """A box, or the first one."""
        box = self.to("checkbox", name)
        self.page.keyboard.press("Space")
        assert box.is_checked()
        self.kept()

    def press(self, role: str, name: str) -> None:
        """Follow a link or press a button that leads to a page; there, one starts at the top, or at what is wrong."""
        self.to(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        if self.page.get_by_role("heading", level=1).count() and self.page.locator("#fouten").count():
            expect(self.page.locator("#fouten")).to_be_focused()
        else:
            self.page.keyboard.press("Tab")
            expect(self.page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
        self.kept()
