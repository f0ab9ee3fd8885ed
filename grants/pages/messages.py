"""Messages about an application: the applicant's page of them, and the officer's. Who reads them is said before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.access import OFFICER
from grants.application import Stage
from grants.companion import Right
from grants.errors import Sentence
from grants.look import Purpose
from grants.message import MAX_TEXT, Side, answer_by
from grants.pages.application import OWN, base, own
from grants.pages.dossier import application_of
from grants.pages.layout import form_page
from grants.pages.words import STAGES
from grants.steps import talk
from grants.store.applications import Application
from grants.store.messages import Message, thread, unread
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import redirect
from grants.web.session import actor_of

DESK = "/gemeente/aanvragen/{id}/berichten"
LABEL = Sentence("Uiterlijk antwoord op")


async def mine(request: Request) -> Response:
    """Everything that was written about my application, and a field to write in."""
    application = await own(request)
    if application.at is Stage.DRAFT:
        return redirect(base(application))
    return await _mine(request, application, _empty())


async def write(request: Request) -> Response:
    """Write to the municipality; pressed twice it is one message."""
    application = await own(request, Right.WRITE)
    form = await read_form(request, "text", "sleutel")
    with form.attempt():
        form.check()
        await talk.write_to_municipality(
            actor_of(request), application.public_id, form.text("text"), form.text("sleutel"),
            request.app.state.clock(),
        )  # fmt: skip
        return redirect(f"{base(application)}/berichten")
    return await _mine(request, application, form)


async def read(request: Request) -> Response:
    """Say that I have read what the municipality wrote."""
    application = await own(request, Right.WRITE)
    await talk.note_read_by_applicant(
        actor_of(request), application.public_id, await _last(request), request.app.state.clock()
    )
    return redirect(f"{base(application)}/berichten")


async def of_applicant(request: Request) -> Response:
    """What was written about one application, for the officer who answers and the auditor who reads along."""
    application = await application_of(request, Purpose.ANSWER)
    return await _of_applicant(request, application, _empty())


async def answer(request: Request) -> Response:
    """Write to the applicant; a question may have a last day."""
    application = await application_of(request, Purpose.ANSWER)
    form = await read_form(request, "text", "due", "sleutel")
    with form.attempt():
        due_on = form.day("due", LABEL, required=False)
        form.check()
        await talk.write_to_applicant(
            actor_of(request), application.public_id, form.text("text"), due_on, form.text("sleutel"),
            request.app.state.clock(),
        )  # fmt: skip
        return redirect(DESK.format(id=application.public_id))
    return await _of_applicant(request, application, form)


async def read_at_desk(request: Request) -> Response:
    """Say that the last messages need no answer."""
    application = await application_of(request, Purpose.ANSWER)
    await talk.note_read_by_municipality(
        actor_of(request), application.public_id, await _last(request), request.app.state.clock()
    )
    return redirect(DESK.format(id=application.public_id))


def _empty() -> Form:
    """A form with a key of its own, by which a second press is known."""
    return Form.of(sleutel=secrets.token_hex(16))


async def _last(request: Request) -> int:
    """The last message that the page showed; 0, which is none, for what no page of ours sends."""
    text = (await read_form(request, "tot")).text("tot")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def _mine(request: Request, application: Application, form: Form) -> Response:
    context = {
        "base": base(application),
        "application": application,
        "answer_by": answer_by(request.app.state.clock()),
        "may_write": True,
    }
    return await _page(request, "grants/messages/mine.html", application, Side.APPLICANT, form, context)


async def _of_applicant(request: Request, application: Application, form: Form) -> Response:
    context = {
        "application": application,
        "mark": STAGES[application.at],
        "may_write": actor_of(request).has(OFFICER),
    }
    return await _page(request, "grants/messages/desk.html", application, Side.MUNICIPALITY, form, context)


async def _page(
    request: Request, template: str, application: Application, side: Side, form: Form, context: Mapping[str, Any]
) -> Response:  # fmt: skip
    waiting = await unread(application.id, side)
    around = {
        "messages": await thread(application.id),
        "unread": {message.id for message in waiting},
        "last_unread": _last_id(waiting),
        "today": calendar.local(request.app.state.clock()).date(),
        "most": MAX_TEXT,
    }
    return form_page(request, template, form, {**around, **context})


def _last_id(waiting: list[Message]) -> int | None:
    return waiting[-1].id if waiting else None


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/berichten",
        "application.own",
        name="messages",
        get=mine,
        post=write,
        post_act="application.write",
    ),
    page_route(f"{OWN}/berichten/gelezen", "application.write", name="messages_read", post=read),
    page_route(
        DESK, "desk.read", name="messages_desk", get=of_applicant, post=answer, post_act="message.write"
    ),
    page_route(f"{DESK}/gelezen", "message.write", name="messages_read_desk", post=read_at_desk),
)
