"""The same done to many at once: first what will happen to each row, what is left out and why, then one button.

Each row goes through the step that does one, in a transaction of its own: a row that fails says why and the
others go on, and what is sent twice is done once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Refusal, Sentence
from grants.pages.layout import form_page
from grants.web.forms import Form, read_form
from grants.web.render import redirect

MOST = 200
"""Rows at a time: the form of a page holds no more fields than we read."""

NOT_NOW = Sentence("U slaat deze nu over.")
FAILED = Sentence("{number}: {why}")


class Row(NamedTuple):
    """One thing that can be done: `key` is what is posted, `why` says what keeps it from being done now."""

    key: str
    number: str
    title: str
    path: str
    cents: int
    said: Sentence
    why: Sentence | None = None


class Preview(NamedTuple):
    """What will be done, and what not. Of what is too much for one time the rest comes after."""

    ready: list[Row]
    skipped: list[Row]
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Row], left_out: Iterable[str]) -> Preview:
        """`left_out` are the keys that an officer does not want to do now."""
        chosen = tuple(dict.fromkeys(left_out))
        rows = [row._replace(why=NOT_NOW) if row.key in chosen and not row.why else row for row in rows]
        ready = [row for row in rows if not row.why]
        return cls(ready[:MOST], [row for row in rows if row.why], chosen)

    @property
    def cents(self) -> int:
        return sum(row.cents for row in self.ready)

    def without(self, key: str) -> list[tuple[str, str]]:
        """The fields of an address that leaves this one out as well, or that takes it in again."""
        kept = [one for one in self.left_out if one != key]
        return [("niet", one) for one in ([*kept, key] if key not in self.left_out else kept)]


def refused(rule: Callable[..., Any], *values: Any) -> Sentence | None:
    """What a rule says against these values; None when it lets them through."""
    try:
        rule(*values)
    except Refusal as refusal:
        return refusal.said
    return None


async def posted(request: Request, *fields: str) -> Form:
    """The form of a preview: the rows that were shown, the ones left out, and what the page itself asks."""
    return await read_form(request, "rij", "niet", *fields)


async def do_each(
    form: Form, rows: Iterable[Row], do: Callable[[str], Awaitable[object]], fields: tuple[str, ...] = ()
) -> None:
    """Do every posted row. What a row is refused for is said with its number; about one of `fields`, all stop."""
    numbers = {row.key: row.number for row in rows}
    for key in dict.fromkeys(form.several("rij")):
        try:
            await do(key)
        except Refusal as refusal:
            form.status = 409
            if refusal.field in fields and refusal.field:
                form.problems += refusal.problems
                return
            number = numbers.get(key, "")
            values = {"number": number, "why": refusal.said}
            form.add("", Sentence(FAILED.text, values) if number else refusal.said)


def shown(
    request: Request, template: str, form: Form, rows: Iterable[Row], context: Mapping[str, Any]
) -> Response:
    """The preview, or after a confirmation what was refused and what is still there."""
    left_out = form.several("niet") or request.query_params.getlist("niet")
    found = {"preview": Preview.of(rows, left_out), "done": request.query_params.get("gezegd") == "klaar"}
    return form_page(request, template, form, {**found, **context})


def done(path: str) -> Response:
    """To the page again, which says what happens next and shows what is left."""
    return redirect(f"{path}?gezegd=klaar")
