"""Everything about one person, in parts to read and to take along (AVG 15 and 20; Woo 5.5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from grants.errors import Sentence

Row = dict[str, Any]


class Asker(NamedTuple):
    """Whose copy is made, and the key to read back what was sealed."""

    person_id: int
    field_key: str
    language: str = "nl"


class Source(NamedTuple):
    """One part: what it is called, from which tables it comes, and the rows about one person.

    The rows tell nothing of others: of who works for the municipality the role at most.
    """

    key: str
    title: Sentence
    tables: tuple[str, ...]
    rows: Callable[[Asker], Awaitable[list[Row]]]


class Part(NamedTuple):
    """What was found for one source."""

    key: str
    title: Sentence
    rows: list[Row]


class Kept(NamedTuple):
    """What both packages keep of people: the parts, what columns are called, and the tables left out, with why."""

    sources: tuple[Source, ...]
    labels: Mapping[str, Sentence]
    left_out: Mapping[str, str]

    def __add__(self, other: Kept) -> Kept:  # type: ignore[override]
        return Kept(
            self.sources + other.sources, {**self.labels, **other.labels}, {**self.left_out, **other.left_out}
        )

    async def about(self, asker: Asker) -> list[Part]:
        """Every part, also where there is nothing in it."""
        return [Part(one.key, one.title, await one.rows(asker)) for one in self.sources]
