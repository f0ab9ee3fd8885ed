"""What a choice of language means: a tag the world knows, and the easy twin that a Dutch text may have."""

from __future__ import annotations

DUTCH, EASY = "nl", "nl_easy"
"""The texts as they are written, and the same in words of level A2 where such a twin exists."""


def tag(language: str) -> str:
    """The language itself as browsers and mail programs know it (BCP 47): easy Dutch is Dutch."""
    return language.partition("_")[0]


def twin(text: str, easy: str, language: str) -> str:
    """`easy` for who chose easy Dutch, where there is such a twin; else `text`."""
    return easy if language == EASY and easy else text
