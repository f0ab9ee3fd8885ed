"""A municipality's own look: its NL Design System tokens, each let in only where people can still read the page.

The stylesheet names the tokens it reads, and the value of our own behind each, in its first `:root`. Only those are
taken from a theme, worked out to plain values. Where two colours that meet differ too little (WCAG 2.2: 1.4.3 and
1.4.11), first the text and then its background goes back to our own.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import tinycss2
from tinycss2 import color4

from deploy.settings import CannotStart

TEXT, SHAPE = 4.5, 3.0
"""The least contrast of text with what is behind it, and of the edge of a control or the mark of the focus."""

_DEEPEST = 20


class Pair(NamedTuple):
    """Two values of the stylesheet that meet on the screen."""

    what: str
    front: str
    back: str
    least: float = TEXT


PAIRS = (
    *(
        Pair(f"{what} on {where}", f"--mb-{front}", f"--mb-{back}")
        for what, front in (
            ("text", "ink"), ("secondary text", "soft-ink"), ("heading", "heading"), ("table header", "table-head"),
            ("link", "link"), ("link, pointed at", "link-hover"), ("error text", "error"),
        )
        for where, back in (("the page", "paper"), ("a card or a field", "sheet"))
    ),
    Pair("button", "--mb-on-accent", "--mb-accent"),
    Pair("button, pointed at", "--mb-on-accent-strong", "--mb-accent-strong"),
    Pair("second button", "--mb-second", "--mb-second-back"),
    Pair("second button, pointed at", "--mb-on-hover", "--mb-hover"),
    Pair("page header", "--mb-header-ink", "--mb-header"),
    Pair("page footer", "--mb-footer-ink", "--mb-footer"),
    *(
        Pair(f"{what}: {tone}", front, f"--mb-{tone}-soft")
        for tone in ("info", "ok", "warning", "error")
        for what, front in (("message", "--mb-ink"), ("heading of message, badge", f"--mb-{tone}"))
    ),
    Pair("edge of a field", "--mb-edge", "--mb-sheet", SHAPE),
    Pair("edge of a field on the page", "--mb-edge", "--mb-paper", SHAPE),
    Pair("tick, mark of where one is", "--mb-accent", "--mb-sheet", SHAPE),
    Pair("mark of a step", "--mb-accent", "--mb-paper", SHAPE),
    Pair("focus", "--mb-focus", "--mb-sheet", SHAPE),
)  # fmt: skip


class Found(NamedTuple):
    """What a pair comes to; `tokens` are those of the theme that were given up for it, none where it holds."""

    pair: Pair
    ratio: float
    tokens: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.ratio >= self.pair.least

    @property
    def said(self) -> str:
        return f"{self.pair.what}: contrast {self.ratio:.2f}, needs {self.pair.least}"


@dataclass(frozen=True)
class Theme:
    """The tokens of one class that our stylesheet reads and that may be used, as plain values."""

    name: str
    tokens: Mapping[str, str]
    found: tuple[Found, ...]
    """Every pair as the theme wants it."""

    given_up: tuple[Found, ...] = ()
    """The pairs for which tokens were given up, in that order."""

    @property
    def css(self) -> str:
        """One rule that stands before our own stylesheet."""
        return f":root.{self.name}{{{''.join(f'{name}:{value};' for name, value in self.tokens.items())}}}\n"


class Sheet:
    """What our stylesheet says of itself: its values, and behind each the tokens it would rather have."""

    def __init__(self, css: str) -> None:
        self._values = next(_declared(css, ":root"))

    @property
    def tokens(self) -> list[str]:
        """Every token of a theme that is read."""
        return sorted({token for name in self._values for token in self.behind(name)})

    @property
    def colours(self) -> list[str]:
        return [name for name in self._values if _colour(self.value(name, {})) is not None]

    def behind(self, name: str, tokens: Mapping[str, str] | None = None) -> list[str]:
        """The tokens behind a value of ours, or only those of them that a theme has."""
        text = self._values.get(name, "")
        found = re.findall(r"--[\w-]+", text)
        ours = [one for one in found if one in self._values and one != name]
        read = [one for one in found if not one.startswith("--mb-")]
        read += [token for one in ours for token in self.behind(one)]
        return read if tokens is None else [one for one in read if one in tokens]

    def value(self, name: str, tokens: Mapping[str, str]) -> str:
        return _worked_out(self._values[name], {**self._values, **tokens}) or ""

    def ratio(self, pair: Pair, tokens: Mapping[str, str]) -> float:
        """The contrast of a pair; a see-through back lies on the page. What is no colour has none: 0."""
        front, back, under = (
            _colour(self.value(name, tokens)) for name in (pair.front, pair.back, "--mb-paper")
        )
        if front is None or back is None or under is None:
            return 0.0
        back = _over(back, under)
        return contrast(_over(front, back), back)


Colour = tuple[float, float, float, float]
"""Red, green, blue and how much of what is behind it is covered, each 0 to 1."""


def read(path: str, name: str, sheet: str) -> Theme:
    """The theme of a class in a file, checked against our stylesheet. Refuses with CannotStart."""
    try:
        css = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise CannotStart(f"MEEBESLIS_THEME_CSS: {path} cannot be read as text.") from wrong
    return check(css, name, sheet)


def check(css: str, name: str, sheet: str) -> Theme:
    """What may be used of the tokens of class `name`. Refuses with CannotStart where there are none."""
    ours = Sheet(sheet)
    wished = _tokens(css, name, ours.tokens)
    if not wished:
        raise CannotStart(f"The theme has no token that our pages read under the class .{name}.")
    found = tuple(Found(pair, ours.ratio(pair, wished)) for pair in PAIRS)
    kept, given_up = dict(wished), []
    while failing := next(_failing(ours, kept), None):
        for token in failing.tokens:
            del kept[token]
        given_up.append(failing)
    return Theme(name, kept, found, tuple(given_up))


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2: from 1, no difference, to 21, black and white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def command(arguments: argparse.Namespace) -> int:
    """Print every pair; 1 when one does not hold."""
    from grants.web.render import STYLESHEET

    theme = read(arguments.file, arguments.name, STYLESHEET.read_text(encoding="utf-8"))
    for one in theme.found:
        print(f"{'ok' if one.holds else 'fails':5} {one.ratio:5.2f} of {one.pair.least}  {one.pair.what}")
    given_up = sorted({token for one in theme.given_up for token in one.tokens})
    for token in given_up:
        print(f"not used: {token}")
    print(f"{len(theme.found)} pairs, {sum(not one.holds for one in theme.found)} fail")
    return 1 if theme.given_up else 0


def _failing(sheet: Sheet, tokens: Mapping[str, str]) -> Iterator[Found]:
    """Pairs that fail because of the theme, with the tokens to give up: of the text, else of what is behind."""
    for pair in PAIRS:
        ratio = sheet.ratio(pair, tokens)
        blamed = sheet.behind(pair.front, tokens) or sheet.behind(pair.back, tokens)
        if ratio < pair.least and blamed:
            yield Found(pair, ratio, tuple(dict.fromkeys(blamed)))


def _tokens(css: str, name: str, read_by_us: list[str]) -> dict[str, str]:
    """The tokens we read, worked out: what a class says goes before what stands on the root."""
    declared: dict[str, str] = {}
    for selector in (":root", f".{name}"):
        for values in _declared(css, selector):
            declared |= values
    worked_out = {token: _worked_out(declared.get(token, ""), declared) for token in read_by_us}
    return {token: _scalable(token, value) for token, value in worked_out.items() if value}


def _scalable(token: str, value: str) -> str:
    """A size of letters in px, which would not grow with the reader's own, becomes rem."""
    pixels = re.fullmatch(r"(\d+(?:\.\d+)?)px", value)
    return f"{float(pixels[1]) / 16:g}rem" if pixels and token.endswith("font-size") else value


def _declared(css: str, selector: str) -> Iterator[dict[str, str]]:
    """The custom properties of each rule for exactly this selector, outside any condition."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        selectors = [one.strip() for one in tinycss2.serialize(rule.prelude).split(",")]
        if selector in selectors or f":root{selector}" in selectors:
            yield {
                one.name: tinycss2.serialize(one.value).strip()
                for one in tinycss2.parse_declaration_list(rule.content)
                if one.type == "declaration" and one.name.startswith("--")
            }


def _worked_out(text: str, declared: Mapping[str, str], depth: int = 0) -> str | None:
    """A value with every var() filled in; None where nothing stands behind one of them."""
    parts = []
    for part in tinycss2.parse_component_value_list(text, skip_comments=True):
        if part.type == "function" and part.lower_name == "var":
            filled = _filled_in(part.arguments, declared, depth)
        elif part.type == "function":
            inside = _worked_out(tinycss2.serialize(part.arguments), declared, depth)
            filled = None if inside is None else f"{part.name}({inside})"
        else:
            filled = part.serialize()
        if filled is None:
            return None
        parts.append(filled)
    return "".join(parts).strip() or None


def _filled_in(arguments: list[Any], declared: Mapping[str, str], depth: int) -> str | None:
    name, _, fallback = tinycss2.serialize(arguments).partition(",")
    if depth == _DEEPEST:  # a token that refers to itself
        return None
    found = _worked_out(declared.get(name.strip(), ""), declared, depth + 1)
    return found or _worked_out(fallback, declared, depth + 1)


def _colour(text: str) -> Colour | None:
    """A colour in any of the ways that stay within what every screen shows; None for every other text."""
    parsed = color4.parse_color(text)
    if parsed is None or isinstance(parsed, str):
        return None
    try:
        red, green, blue = (min(1.0, max(0.0, part)) for part in parsed.to("srgb").coordinates)
    except NotImplementedError:  # a space that tinycss2 cannot turn into red, green and blue
        return None
    return red, green, blue, parsed.alpha


def _over(front: Colour, back: Colour) -> Colour:
    """A see-through colour as it looks on another one, which is taken to cover all."""
    share = front[3]
    red, green, blue = (
        share * one + (1 - share) * other for one, other in zip(front[:3], back[:3], strict=True)
    )
    return red, green, blue, 1.0


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
