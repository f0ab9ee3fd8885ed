"""Entering an application that came on paper, by telephone or in a talk, and noting that it was confirmed.

Law: Awb 2:1(1) (appropriate support), 4:1-4:2 (in writing, signed).
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.application import Stage
from grants.entry import CHANNEL_WORDS, Channel
from grants.errors import NotFound, Sentence
from grants.look import Purpose
from grants.pages.application import OWN, base, own
from grants.pages.layout import form_page
from grants.round import Phase
from grants.steps.enter import NOT_ENTERED, Came, Who, confirm, confirm_on_paper, enter, scans_of
from grants.steps.look import looked
from grants.store.entries import Entry
from grants.store.funds import Round
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, redirect
from grants.web.say import say
from grants.web.session import actor_of

DESK = "/gemeente/invoeren"
NEW_PERSON, KNOWN = "nieuw", "bekend"
BY_MAIL = "mail"
FIELDS = (
    "sleutel", "round", "channel", "received", "late", "who", "known", "name", "email", "address", "phone", "hear",
)  # fmt: skip
RECEIVED = Sentence("Wanneer kwam het binnen?")
SIGNED = Sentence("Wanneer kwam het papier met de handtekening binnen?")
OPEN_ENTRIES = 50


async def begin(request: Request) -> Response:
    """Whom it is for and how it came in; below it what is not finished yet."""
    today = calendar.local(request.app.state.clock()).date()
    rounds = await _rounds(request)
    form = Form.of(
        sleutel=secrets.token_hex(16), received=today.strftime("%d-%m-%Y"), who=NEW_PERSON, channel="paper",
        round=rounds[0].public_id if rounds else "",
    )  # fmt: skip
    return await _begin_page(request, form, rounds)


async def make(request: Request) -> Response:
    """Begin the application in that person's name; a second press opens the same one."""
    form = await read_form(request, *FIELDS)
    state = request.app.state
    with form.attempt():
        received = form.day("received", RECEIVED)
        form.need("channel", Sentence("Kies hoe de aanvraag binnenkwam."))
        form.need("round", Sentence("Kies de ronde."))
        if form.text("who") == KNOWN:
            form.need("known", Sentence("Vul het e-mailadres of het nummer van een aanvraag in."))
        form.check()
        came = Came(form.text("channel"), received or date.max, form.text("late"))
        made = await enter(
            actor_of(request),
            form.text("round"),
            form.text("sleutel"),
            _who(form),
            came,
            state.field_key,
            state.clock(),
        )
        return redirect(f"{base(made)}/wie")
    return await _begin_page(request, form, await _rounds(request))


def _who(form: Form) -> Who:
    if form.text("who") == KNOWN:
        return Who(known=form.text("known"), phone=form.text("phone"))
    return Who(
        name=form.text("name"), email=form.text("email"), address=form.text("address"),
        phone=form.text("phone"), by_mail=form.text("hear") == BY_MAIL,
    )  # fmt: skip


async def _rounds(request: Request) -> list[Round]:
    """The rounds for which something can still be entered, the newest first."""
    now = request.app.state.clock()
    rows = await Round.filter(announced_at=None).order_by("-year", "-id")
    return [row for row in rows if row.phase(now) is not Phase.UPCOMING]


async def _begin_page(request: Request, form: Form, rounds: list[Round]) -> Response:
    entries = (
        await Entry.filter(confirmed_at=None)
        .exclude(application__stage=Stage.WITHDRAWN.value)
        .order_by("entered_at", "id")
        .limit(OPEN_ENTRIES)
        .values(
            "application__public_id", "application__title", "application__number", "application__stage",
            "application__person__name", "entered_by__name", "received_on",
        )
    )  # fmt: skip
    context = {
        "rounds": [(row.public_id, row.title) for row in rounds],
        "channels": [(one.value, say(said, language_of(request))) for one, said in CHANNEL_WORDS.items()],
        "entries": entries,
        "draft": Stage.DRAFT.value,
    }
    return form_page(request, "grants/entry/begin.html", form, context)


async def show(request: Request) -> Response:
    """One entered application: what was written down of how it came in, and what still has to happen."""
    today = calendar.local(request.app.state.clock()).date()
    return await show_entry(request, await entry_of(request), Form.of(signed=today.strftime("%d-%m-%Y")))


async def signed(request: Request) -> Response:
    """Note that the paper with the signature came in."""
    entry = await entry_of(request)
    form = await read_form(request, "signed")
    with form.attempt():
        day = form.day("signed", SIGNED)
        form.check()
        public_id = entry.application.public_id
        await confirm_on_paper(actor_of(request), public_id, day or date.max, request.app.state.clock())
        return redirect(f"{DESK}/{public_id}")
    return await show_entry(request, entry, form)


async def entry_of(request: Request) -> Entry:
    """What was written down of the application in the address; NotFound where it came in otherwise.

    That it was read is written down for the applicant.
    """
    found = (
        await Entry.filter(application__public_id=request.path_params["id"])
        .select_related("application__person", "application__round", "entered_by")
        .first()
    )
    if found is None:
        raise NotFound(NOT_ENTERED)
    await looked(actor_of(request), found.application_id, Purpose.SCREEN, request.app.state.clock())
    return found


async def show_entry(request: Request, entry: Entry, form: Form) -> Response:
    """The page of one entered application, with what was typed on it."""
    application = entry.application
    context: dict[str, Any] = {
        "entry": entry,
        "application": application,
        "channel": CHANNEL_WORDS[Channel(entry.channel)],
        "base": base(application),
        "scans": [row.entry for row in await scans_of(application.id)],
        "is_draft": application.at is Stage.DRAFT,
        "is_mine": entry.entered_by_id == actor_of(request).person_id,
        "last_day": calendar.local(application.round.closes_at).date(),
    }
    return form_page(request, "grants/entry/entry.html", form, context)


async def confirming(request: Request) -> Response:
    """What the municipality wrote down for me: is it right?"""
    application = await own(request)
    entry = await Entry.get_or_none(application_id=application.id).select_related("entered_by")
    if entry is None or application.at is Stage.DRAFT:
        raise NotFound("Hier valt niets te bevestigen.")
    context = {
        "application": application,
        "base": base(application),
        "entry": entry,
        "channel": CHANNEL_WORDS[Channel(entry.channel)],
        "scans": [row.entry for row in await scans_of(application.id)],
    }
    return form_page(request, "grants/entry/confirm.html", Form(), context)


async def confirmed(request: Request) -> Response:
    """Yes, this is right."""
    application = await own(request)
    await confirm(actor_of(request), application.public_id, request.app.state.clock())
    return redirect(f"{base(application)}/bevestigen")


ROUTES: tuple[PageRoute, ...] = (
    page_route(DESK, "entry.make", name="entry", get=begin, post=make),
    page_route(f"{DESK}/{{id}}", "entry.make", name="entry.one", get=show, post=signed),
    page_route(
        f"{OWN}/bevestigen", "application.own", name="application.confirm",
        get=confirming, post=confirmed, post_act="application.write",
    ),
)  # fmt: skip
