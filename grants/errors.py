"""What we say to people, and every no: one plain sentence that tells what happened and what to do."""

from __future__ import annotations

from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """A text for a person: Dutch, also the key in the catalogue; the values are filled in when it is shown.

    The text may carry the marks `{x:euro}` (integer cents), `{d:date}` and `{t:time}` beside plain `{x}`.
    Values are plain JSON or sentences themselves, so that a sentence can be kept in a row and said in any
    language later.
    """

    text: str
    values: dict[str, Any] = {}  # noqa: RUF012 - a default of a named tuple, never changed

    def __hash__(self) -> int:
        """The values can be anything, the text alone tells sentences apart well enough."""
        return hash(self.text)

    def as_json(self) -> dict[str, Any]:
        values = {
            name: value.as_json() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return {"text": self.text, "values": values}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sentence:
        values = {
            name: cls.from_json(value) if isinstance(value, dict) else value
            for name, value in data.get("values", {}).items()
        }
        return cls(data["text"], values)


class Problem(NamedTuple):
    """One thing wrong in a form or a file: the field at fault, and what to do about it."""

    field: str
    said: Sentence


class Refusal(Exception):
    """A no to a person. Raised by rules and steps; pages show it with `status`, the command line exits 1."""

    status = 409

    def __init__(self, text: str, *, field: str = "", **values: Any) -> None:
        super().__init__(text)
        self.said = Sentence(text, values)
        self.field = field

    def __str__(self) -> str:
        return f"{self.said.text} {self.said.values or ''}".strip()

    @property
    def problems(self) -> list[Problem]:
        return [Problem(self.field, self.said)]


class Invalid(Refusal):
    """A form that cannot be taken as it is: every problem at once, so that a person mends it in one go."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        if not problems:
            raise ValueError("Invalid needs at least one problem")
        super().__init__(problems[0].said.text, field=problems[0].field, **problems[0].said.values)
        self._problems = problems

    @property
    def problems(self) -> list[Problem]:
        return self._problems


class FileError(Refusal):
    """A file that cannot be read: which line, and why. Nothing of it has been taken."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or not for this person: the answer is the same."""

    status = 404


class Forbidden(Refusal):
    """This person may not do this."""

    status = 403


class Stale(Refusal):
    """The page was older than what it wants to change."""
