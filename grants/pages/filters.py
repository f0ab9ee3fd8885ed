"""Finding one's way in the queue of the desk: a filter lives in the address, and can be kept under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Sentence
from grants.pages.layout import form_page
from grants.pages.queue import JOBS, Item, What
from grants.steps.keep_filter import keep, remove, rename
from grants.store.filters import kept_by
from grants.text import clean
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import redirect
from grants.web.session import actor_of

LONGEST_SOUGHT = 40
LONGEST_QUERY = 600
OTHERS = "anderen"
REMOVE = "weg"
PATH = "/gemeente/filters"
KINDS = {what.value: what for what in What}


class Filter(NamedTuple):
    """Which part of the queue is asked for; what is not named is not filtered on."""

    elsewhere: bool = False
    what: What | None = None
    year: int = 0
    sought: str = ""

    @classmethod
    def of(cls, query: str) -> Filter:
        """What stands behind the question mark; what we do not know is left out: an odd address shows a list."""
        asked = dict(parse_qsl(query)) if len(query) < LONGEST_QUERY else {}
        year = asked.get("ronde", "")
        return cls(
            asked.get("bij") == OTHERS,
            KINDS.get(asked.get("soort", "")),
            int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
            clean(asked.get("zoek", ""))[:LONGEST_SOUGHT].strip(),
        )

    @property
    def named(self) -> dict[str, str]:
        """This filter as the fields of an address, those alone that filter, always in the same order."""
        fields = {
            "bij": OTHERS if self.elsewhere else "",
            "soort": self.what.value if self.what else "",
            "ronde": str(self.year or ""),
            "zoek": self.sought,
        }
        return {name: value for name, value in fields.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.named)

    @property
    def narrows(self) -> bool:
        return bool(self.what or self.year or self.sought)

    @property
    def form(self) -> Form:
        """This filter as the form in which one can search."""
        return Form.of(zoek=self.sought)

    def path(self, **other: Any) -> str:
        """The desk with this filter, some of it otherwise."""
        return _path(self._replace(**other))

    def within(self, items: Iterable[Item]) -> list[Item]:
        """What is left of these when the round and the words are right, of whatever kind."""
        sought = self.sought.casefold()
        return [
            item
            for item in items
            if (not self.year or item.year == self.year)
            and (not sought or sought in item.number or sought in item.title.casefold())
        ]

    def of_kind(self, items: Iterable[Item]) -> list[Item]:
        return [item for item in items if self.what in (None, item.what)]


@lru_cache(maxsize=512)
def _path(of: Filter) -> str:
    return f"/gemeente?{of.query}" if of.query else "/gemeente"


class Choice(NamedTuple):
    """One way to narrow the list: what it is called, where it leads, how many there are, is it chosen now."""

    said: Sentence
    path: str
    times: int
    chosen: bool


def kinds(now: Filter, items: list[Item]) -> tuple[Choice, ...]:
    """The kinds of work in this list, in the order of the process, for choosing one of."""
    counts = Counter(item.what for item in items)
    return tuple(
        Choice(JOBS[what].said, now.path(what=what), counts[what], now.what is what)
        for what in What
        if what in counts or now.what is what
    )


def years(now: Filter, items: list[Item]) -> tuple[Choice, ...]:
    """The rounds in this list, the latest first."""
    counts = Counter(item.year for item in items if item.year)
    found = sorted({*counts, *([now.year] if now.year else [])}, reverse=True)
    return tuple(
        Choice(Sentence("{year}", {"year": year}), now.path(year=year), counts[year], now.year == year)
        for year in found
    )


async def show(request: Request) -> Response:
    """The filters of this person. With `?filter=` one of them to rename, with `?vraag=` a new one to name."""
    name = request.query_params.get("filter", "")
    return await _show(request, Form.of(filter=name, naam=name, vraag=request.query_params.get("vraag", "")))


async def change(request: Request) -> Response:
    """Keep the filter in `vraag`, or change the one named in `filter`; the same sent twice is done once."""
    actor = actor_of(request)
    form = await read_form(request, "doe", "filter", "naam", "vraag")
    old, asked = form.text("filter"), Filter.of(form.text("vraag"))
    query = asked.query if asked.narrows else ""
    with form.attempt():
        if old and form.text("doe") == REMOVE:
            await remove(actor, old)
        elif old:
            await rename(actor, old, form.text("naam"))
        else:
            await keep(actor, form.text("naam"), query)
    if form.problems:
        return await _show(request, form)
    return redirect(PATH if old else f"/gemeente?{query}")


async def _show(request: Request, form: Form) -> Response:
    kept = await kept_by(actor_of(request).person_id)
    old = form.text("filter")
    context = {
        "kept": kept,
        "query": Filter.of(form.text("vraag")).query,
        "old": old if any(one.name == old for one in kept) else "",
        "remove": REMOVE,
    }
    return form_page(request, "grants/desk/filters.html", form, context)


ROUTES: tuple[PageRoute, ...] = (page_route(PATH, "desk.queue", name="filters", get=show, post=change),)
