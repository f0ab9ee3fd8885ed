"""What changed between two versions of an answer: word by word in a text, line by line in a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

from grants.form import Question, asked, heard

_TOKENS = re.compile(r"\n|[^\s]+")


class Mark(StrEnum):
    """Is it as it was, did it go, did it come, or is it another?"""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"


class Piece(NamedTuple):
    """Some words that stay together, with what happened to them."""

    text: str
    mark: Mark


class Texts(NamedTuple):
    """Two versions of a text beside each other: in the first what went is marked, in the second what came."""

    before: list[Piece]
    after: list[Piece]


class Line(NamedTuple):
    """One line of a budget as it was and as it is; None where it was not, or is no longer, there."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def mark(self) -> Mark:
        if self.before is None:
            return Mark.NEW
        if self.after is None:
            return Mark.GONE
        return Mark.SAME if self.before == self.after else Mark.CHANGED


class Change(NamedTuple):
    """One question of which the answer changed: as it was sent in before, and as it is now."""

    question: Question
    before: Any
    after: Any

    @property
    def texts(self) -> Texts | None:
        """Both versions word by word, where both are texts."""
        both = isinstance(self.before, str) and isinstance(self.after, str)
        return texts(self.before, self.after) if both and self.question.kind in ("short", "long") else None

    @property
    def lines(self) -> list[Line] | None:
        """A budget line by line."""
        return lines(self.before or [], self.after or []) if self.question.kind == "budget" else None


def changes(
    questions: Sequence[Question], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    """The questions of which the answers differ, also what was said aloud, in the order of the form."""
    return [
        Change(question, before.get(question.key), after.get(question.key))
        for question in heard(asked_in(questions, before, after), before, after)
        if before.get(question.key) != after.get(question.key)
    ]


def asked_in(questions: Sequence[Question], *versions: Mapping[str, Any]) -> list[Question]:
    """What was asked in any of these versions, in the order of the form."""
    keys = {question.key for answers in versions for question in asked(questions, answers)}
    return [question for question in questions if question.key in keys]


def texts(before: str, after: str) -> Texts:
    """The words of both versions; white space that is no line end does not count.

    Words that a long text is full of do not help to line the two up, so that no text takes long.
    """
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    found = Texts([], [])
    for kind, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        same = kind == "equal"
        found.before.extend(_piece(old[i:j], Mark.SAME if same else Mark.GONE))
        found.after.extend(_piece(new[k:m], Mark.SAME if same else Mark.NEW))
    return found


def _piece(tokens: Sequence[str], mark: Mark) -> Iterator[Piece]:
    if tokens:
        yield Piece(re.sub(r" ?\n ?", "\n", " ".join(tokens)), mark)


def lines(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The lines as they are, each with the earlier one for the same thing; at the end those that went."""
    left = list(before)
    found = []
    for line in after:
        earlier = next((one for one in left if one == line), None)
        earlier = earlier or next((one for one in left if one.get("what") == line.get("what")), None)
        if earlier is not None:
            left.remove(earlier)
        found.append(Line(earlier, line))
    return found + [Line(line, None) for line in left]
