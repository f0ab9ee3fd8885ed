"""Seats: the municipality gives people a place on the committee, and ends it.

That somebody sits here may tell that they know care from within. So everybody sees no more of who they are
than they need: the municipality the address, chair and secretary the name, an auditor only the public alias.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.access import CHAIR, SECRETARY
from committee.member import ROLE_WORDS
from committee.steps.seat import leave, seat
from committee.store.members import Seat
from grants.access import AUDITOR, OFFICER
from grants.errors import NotFound, Sentence
from grants.store.funds import Fund
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

PATH = "/commissie/plaatsen"
NOTICES: dict[str, Sentence] = {
    "nieuw": Sentence("De plaats is gegeven. Deze persoon kan nu inloggen met het e-mailadres."),
    "had-al": Sentence("Deze persoon had al een plaats. Er is niets veranderd."),
    "einde": Sentence("De plaats is beëindigd. Wat deze persoon zei en stemde, blijft staan."),
}


class Place(NamedTuple):
    """A seat as it is shown: name and address are empty for who does not need them."""

    id: int
    alias: str
    words: Sentence
    since: datetime
    until: datetime | None
    name: str
    email: str


async def seats(request: Request) -> Response:
    """Who sits on the committee, by fund, and who sat there before."""
    return await _page(request, Form.of(role="member"))


async def give(request: Request) -> Response:
    """Give somebody a seat."""
    form = await read_form(request, "fund", "email", "name", "role", "alias")
    form.need("name", Sentence("Vul de naam in van het nieuwe lid."))
    form.need("email", Sentence("Vul het e-mailadres in. Daarmee logt het lid in."))
    now = request.app.state.clock()
    with form.attempt():
        form.check()
        made = await seat(
            actor_of(request),
            _id(form.text("fund")),
            form.text("email"),
            form.text("name"),
            form.text("role"),
            now,
            alias=form.text("alias"),
        )
        return redirect(f"{PATH}?gezegd={'nieuw' if made.since == now else 'had-al'}")
    return await _page(request, form)


async def end(request: Request) -> Response:
    """End a seat, after asking once more. Doing it twice changes nothing."""
    form = await read_form(request, "plaats", "zeker")
    chosen = await Seat.get_or_none(id=_id(form.text("plaats"))).select_related("person")
    if chosen is None:
        raise NotFound("Deze plaats in de commissie is er niet.")
    if not form.text("zeker"):
        return page(request, "committee/seat_ends.html", {"seat": chosen, "words": ROLE_WORDS[chosen.role]})
    await leave(actor_of(request), chosen.id, request.app.state.clock())
    return redirect(f"{PATH}?gezegd=einde")


async def _page(request: Request, form: Form) -> Response:
    actor = actor_of(request)
    found = Fund.all()
    if not actor.has(OFFICER, AUDITOR):
        found = Fund.filter(seats__person_id=actor.person_id, seats__until=None).distinct()
    funds = await found.order_by("name").values("id", "name")
    rows = await Seat.all().order_by("id").values(
        "id", "fund_id", "role", "alias", "since", "until", "person__name", "person__email"
    )  # fmt: skip
    named = actor.has(OFFICER, CHAIR, SECRETARY)
    sitters = {fund["id"]: list(_places(rows, fund["id"], named, actor.has(OFFICER))) for fund in funds}
    context = {
        "form": form,
        "funds": funds,
        "sitters": sitters,
        "roles": ROLE_WORDS.items(),
        "gives": actor.has(OFFICER),
        "notice": NOTICES.get(request.query_params.get("gezegd", "")),
    }
    return page(request, "committee/seats.html", context, status=form.status if form.problems else 200)


def _places(rows: Iterable[dict[str, Any]], fund_id: int, named: bool, addressed: bool) -> Iterable[Place]:
    for row in rows:
        if row["fund_id"] == fund_id:
            yield Place(
                row["id"],
                row["alias"],
                ROLE_WORDS[row["role"]],
                row["since"],
                row["until"],
                row["person__name"] if named else "",
                row["person__email"] if addressed else "",
            )


def _id(text: str) -> int:
    """A number that a form of ours held; anything else is the number of nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


ROUTES: tuple[PageRoute, ...] = (
    page_route(PATH, "committee.seats_read", name="seats", get=seats, post=give, post_act="committee.seat"),
    page_route(f"{PATH}/einde", "committee.seat", name="end_seat", post=end),
)
