"""The post: which letters wait, went out or failed, and the people who must be reached another way.

Law: Awb 2:10-2:12 (what cannot be delivered goes another way).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.functions import Count

from grants import calendar
from grants.errors import Sentence
from grants.pages.layout import paging
from grants.pages.words import Mark
from grants.store.applications import Application
from grants.store.outbox import LetterRow, Task
from grants.store.people import Person
from grants.web.guard import PageRoute, page_route
from grants.web.render import page

LETTERS: dict[str, Sentence] = {
    "admitted": Sentence("De aanvraag gaat naar de commissie"),
    "completion_receipt": Sentence("De aanvulling is er"),
    "completion_request": Sentence("Vraag om aanvulling"),
    "contact_changed": Sentence("Gegevens veranderd"),
    "decision": Sentence("Besluit"),
    "determination": Sentence("Eindbedrag"),
    "deviation": Sentence("Aan de commissie: anders besloten"),
    "invitation": Sentence("Uitnodiging om mee te schrijven"),
    "message": Sentence("Er staat een bericht voor u klaar"),
    "new_address": Sentence("Nieuw e-mailadres"),
    "notice_answer": Sentence("Antwoord op een officieel bericht"),
    "notice_longer": Sentence("Het antwoord duurt langer"),
    "notice_receipt": Sentence("Bewijs van een officieel bericht"),
    "notice_withdrawn": Sentence("Officieel bericht ingetrokken"),
    "payment": Sentence("Het geld komt eraan"),
    "receipt": Sentence("Ontvangstbewijs"),
    "report_receipt": Sentence("Het verslag is er"),
    "sign_in": Sentence("Inloggen"),
    "stretch": Sentence("De commissie heeft een idee"),
    "stretch_answer": Sentence("Uw antwoord op het idee is binnen"),
    "withdrawn": Sentence("Ingetrokken"),
}
STATES: dict[str, Mark] = {
    "failed": Mark(Sentence("Niet aangekomen"), "error"),
    "to_post": Mark(Sentence("Moet op de post"), "warning"),
    "queued": Mark(Sentence("Wacht op verzending"), "warning"),
    "sent": Mark(Sentence("Verstuurd"), "success"),
}
MOST_TASKS = 50
"""Shown at once, oldest first: the next ones come up as these are done."""

SIGN_IN = "sign_in"
"""Letters to sign in with are nobody's business: who asks for one may not even have an account."""


async def show(request: Request) -> Response:
    """The tasks on top, then the letters of one state."""
    counts = await _counts()
    state = request.query_params.get("stand", "")
    if state not in STATES:
        state = next((one for one in STATES if counts.get(one)), "sent")
    part = paging(request, counts.get(state, 0))
    letters = LetterRow.filter(state=state).exclude(kind=SIGN_IN).order_by("-id")
    rows = await letters.offset(part.offset).limit(part.size)
    tasks = (
        await Task.filter(done_at=None).order_by("made_at", "id").limit(MOST_TASKS).select_related("letter")
    )
    context = {
        "tasks": tasks,
        "waiting": await Task.filter(done_at=None).count(),
        "letters": rows,
        "kinds": LETTERS,
        "states": STATES,
        "state": state,
        "counts": counts,
        "paging": part,
        "today": calendar.local(request.app.state.clock()).date(),
        **await _around([*rows, *(task.letter for task in tasks if task.letter)]),
    }
    return page(request, "grants/mail/mail.html", context)


async def _counts() -> dict[str, int]:
    """How many letters are in each state, those to sign in with left out."""
    rows: Any = (
        await LetterRow.exclude(kind=SIGN_IN)
        .annotate(count=Count("id"))
        .group_by("state")
        .values("state", "count")
    )
    return {row["state"]: row["count"] for row in rows}


async def _around(letters: list[LetterRow]) -> dict[str, Any]:
    """The applications and people these letters are about, by their ids: two queries for all."""
    about = {letter.application_id for letter in letters if letter.application_id}
    to = {letter.person_id for letter in letters if letter.person_id}
    applications = (
        await Application.filter(id__in=about).values(
            "id", "public_id", "number", "title", "initiative__phone"
        )
        if about
        else []
    )
    people = await Person.filter(id__in=to).values_list("id", "name") if to else []
    return {"applications": {row["id"]: row for row in applications}, "people": dict(people)}


ROUTES: tuple[PageRoute, ...] = (page_route("/gemeente/post", "desk.read", name="mail", get=show),)
