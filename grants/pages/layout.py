"""What many pages have in common: lists in pieces of twenty, and a form with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Problem
from grants.web.forms import Form
from grants.web.render import page

PAGE_SIZE = 20


class Paging(NamedTuple):
    """Which piece of a list is shown: `number` counts from 1, `size` rows a piece, `total` rows in all."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def paging(request: Request, total: int, size: int = PAGE_SIZE) -> Paging:
    """The piece that `?blad=` asks for, or the nearest there is: an odd address still shows a list."""
    asked = request.query_params.get("blad", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    whole = Paging(1, total, size)
    return whole._replace(number=min(max(number, 1), whole.pages))


def form_page(
    request: Request,
    template: str,
    form: Form,
    context: Mapping[str, Any],
    *,
    fields: tuple[str, ...] | None = None,
) -> Response:
    """A page with a form: all is well as long as nothing is wrong with what was typed.

    `fields` are the ones on the page: what is wrong elsewhere is only said on top, with nothing to go to.
    """
    if fields is not None:
        form.problems = [
            Problem(problem.field if problem.field in fields else "", problem.said)
            for problem in form.problems
        ]
    status = form.status if form.problems else 200
    return page(request, template, {"form": form, **context}, status=status)
