"""How easily a page or letter reads: its running text, its sentences, and a score for each language.

Running text is what stands in paragraphs and items of a list, also within alerts and explanations, and ends as
a sentence does; lines that name the law count too. Headings, labels, links, facts, buttons, the menu and tables
are left out of the average: they are no sentences, and being short they would flatter it. No sentence of ours
may be long, wherever it stands.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

import textstat

MOST_WORDS, MOST_ON_AVERAGE = 20, 12
EASY = {"nl": 70, "en": 65}
RUNNING = {"p", "li"}
ASIDE = {"head", "script", "style", "pre", "textarea", "table", "button", "nav", "header", "footer"}
BLOCKS = RUNNING | ASIDE | {
    *("h1", "h2", "h3", "h4", "dt", "dd", "dl", "br", "ul", "ol", "div", "section", "main", "form", "body", "html"),
    *("summary", "details", "label", "legend", "fieldset", "article", "hr"),
}  # fmt: skip
WITHOUT_END = {"br", "hr", "img", "input", "link", "meta"}


class Reading(HTMLParser):
    """The texts of a page, block by block; what stands around it, code and tables left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.running: list[str] = []
        self.others: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._text = ""
        self.feed(html)
        self._end_block()

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end_block()
        if tag not in WITHOUT_END:
            self._open.append((tag, tag in ASIDE))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end_block()
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(aside for _, aside in self._open):
            self._text += data

    def _end_block(self) -> None:
        text = " ".join(self._text.split())
        block = next((tag for tag, _ in reversed(self._open) if tag in BLOCKS), "")
        if text:
            runs = block in RUNNING and text.endswith((".", "!", "?", ":"))
            (self.running if runs else self.others).append(text)
        self._text = ""


class Measure(NamedTuple):
    """The score of Flesch (in Dutch: Douma's), the mean length of a sentence, and how many words it rests on."""

    ease: float
    mean: float
    words: int


def sentences(text: str) -> list[str]:
    """The sentences of one block; the end of a block ends a sentence too."""
    return [part for part in re.split(r"(?<=[.!?:])\s+", text) if re.search(r"\w", part)]


def words(sentence: str) -> list[str]:
    """The words that are read as such: no figures, no signs."""
    return [word for word in sentence.split() if re.search(r"[^\W\d]", word)]


def too_long(blocks: list[str]) -> set[str]:
    """The sentences over the longest that we write."""
    return {part for block in blocks for part in sentences(block) if len(words(part)) > MOST_WORDS}


def measure(blocks: list[str], language: str) -> Measure:
    """How these blocks read together."""
    parts = [part for block in blocks for part in sentences(block)]
    number = sum(len(words(part)) for part in parts)
    mean = number / len(parts)
    return Measure(SCORES[language](parts, mean, number), mean, number)


def _douma(parts: list[str], *_: float) -> float:
    """Each sentence is closed by a full stop, so that textstat takes no list for one sentence."""
    textstat.set_lang("nl")
    return float(textstat.flesch_reading_ease(" ".join(f"{part.rstrip('.!?:')}." for part in parts)))


def _flesch(parts: list[str], mean: float, number: int) -> float:
    """Flesch's own formula of 1948; textstat asks the network for a dictionary before it scores English."""
    syllables = sum(_syllables(word) for part in parts for word in words(part))
    return 206.835 - 1.015 * mean - 84.6 * syllables / number


def _syllables(word: str) -> int:
    """Groups of vowels; an e that is not heard at the end is none."""
    heard = re.sub(
        r"(?<=[^laeiouy])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$", "", word.lower().strip(".,?!:;’'”“()")
    )
    return max(1, len(re.findall(r"[aeiouy]+", heard)))


SCORES = {"nl": _douma, "en": _flesch}
