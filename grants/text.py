"""Text as people type or paste it, made fit to keep."""

from __future__ import annotations

import re

_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # control characters: PostgreSQL refuses NUL
    r"|[\ud800-\udfff]"  # halves of characters: cannot be written as UTF-8
    r"|[\u202a-\u202e\u2066-\u2069]"  # marks that make a text read in another order than it is kept
    r"|[\u200b\u2060\ufeff]"  # no width: would make an empty answer look filled in
)


def clean(text: str) -> str:
    """`text` with one kind of line end, without spaces around it and without invisible harm."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
