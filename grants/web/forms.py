"""Reading what a person sent: only the fields a page names, cleaned, and kept so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request

from grants import calendar, money
from grants.errors import Forbidden, Invalid, NotFound, Problem, Refusal, Sentence
from grants.text import clean
from grants.web.body import Catch, read_pairs

MAX_CHARS = 20_000

Read = TypeVar("Read")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:\.[0-9]{3}){1,2}")


class Form:
    """What was typed, by field, and what is wrong with it. Pages show it again until it is right."""

    status: int = 422

    def __init__(self, values: Mapping[str, list[str]] | None = None) -> None:
        self._values = dict(values or {})
        self.problems: list[Problem] = []

    @classmethod
    def of(cls, **values: str | list[str]) -> Form:
        """A form that starts with what we already know."""
        return cls({name: [value] if isinstance(value, str) else value for name, value in values.items()})

    def text(self, name: str) -> str:
        """What was typed in one field; an empty text when nothing was."""
        return next(iter(self._values.get(name, [])), "")

    def several(self, name: str) -> list[str]:
        """Everything that was ticked under one name."""
        return self._values.get(name, [])

    def problem(self, name: str) -> Sentence | None:
        """The first thing wrong with a field."""
        return next((problem.said for problem in self.problems if problem.field == name), None)

    def add(self, name: str, said: Sentence) -> None:
        self.problems.append(Problem(name, said))

    def need(self, name: str, said: Sentence) -> str:
        """The text of a field that may not stay empty; `said` tells what to do when it is."""
        value = self.text(name)
        if not value:
            self.add(name, said)
        return value

    def amount(self, name: str, label: str | Sentence, *, required: bool = True) -> int | None:
        """Integer cents, or None: nothing typed where nothing is required, else there is a problem now."""
        return self._read(name, lambda text: money.parse(text, label, name), required)

    def day(self, name: str, label: str | Sentence, *, required: bool = True) -> date | None:
        """A date, or None as with `amount`."""
        return self._read(name, lambda text: calendar.parse(text, label, name), required)

    def number(self, name: str, label: str | Sentence, *, required: bool = True) -> int | None:
        """A whole number from 0, or None as with `amount`."""
        return self._read(name, lambda text: _whole_number(text, label, name), required)

    def _read(self, name: str, parse: Callable[[str], Read], required: bool) -> Read | None:
        if not required and not self.text(name):
            return None
        try:
            return parse(self.text(name))
        except Refusal as refusal:
            self.problems += refusal.problems
            return None

    def check(self) -> None:
        """Go on only when nothing is wrong so far."""
        if self.problems:
            raise Invalid(self.problems)

    def attempt(self) -> Attempt:
        """`with form.attempt():` tries to do what the form asks."""
        return Attempt(self)


class Attempt:
    """A refusal ends the block and stays with the form, to be shown with what was typed.

    What is missing or forbidden is no fault of the form and goes through, to a page of its own.
    """

    def __init__(self, form: Form) -> None:
        self._form = form

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, Refusal) or isinstance(error, (NotFound, Forbidden)):
            return False
        self._form.problems = error.problems
        self._form.status = error.status
        return True


async def read_form(request: Request, *names: str, catch: Catch | None = None) -> Form:
    """The named fields of a posted form, cleaned; every other field is left alone, files go to `catch`.

    Refuses with TooLarge or WrongKind. A field of over `MAX_CHARS` characters is a problem of the form.
    """
    wanted = set(names)
    values: dict[str, list[str]] = {}
    for name, value in await read_pairs(request, catch):
        if name in wanted:
            values.setdefault(name, []).append(clean(value))
    form = Form(values)
    for name, texts in values.items():
        longest = max(map(len, texts))
        if longest > MAX_CHARS:
            form.add(name, _too_long(longest))
    return form


def _whole_number(text: str, label: str | Sentence, name: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Refusal("Schrijf bij “{label}” een heel getal, bijvoorbeeld 25.", field=name, label=label)
    return int(text.replace(".", ""))


def _too_long(chars: int) -> Sentence:
    values: dict[str, Any] = {"chars": chars, "most": MAX_CHARS}
    return Sentence("Deze tekst is te lang: {chars} tekens. Er passen {most} tekens in.", values)


def safe_path(text: str) -> str:
    """`text` if it is an address inside this site, else "/": nobody can be sent away from here."""
    parts = urlsplit(text) if text.startswith("/") and text.isprintable() and "\\" not in text else None
    return text if parts and not parts.netloc and not text.startswith("//") else "/"
