"""One task of the post: a letter to print, or somebody to reach another way, with the steps to take.

Law: Awb 2:10-2:12 (what cannot be delivered goes another way).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.exceptions import DoesNotExist

from grants import calendar, sealed
from grants.access import OFFICER
from grants.errors import NotFound, Sentence
from grants.letter import POST
from grants.pages.layout import form_page
from grants.pages.mail import LETTERS, SIGN_IN
from grants.steps.channels import address_of
from grants.steps.post import finish_task
from grants.store.applications import Application
from grants.store.outbox import LetterRow, Task
from grants.store.people import Person
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.pdf import letter_parts, make, pdf
from grants.web.render import redirect
from grants.web.say import date_text
from grants.web.session import actor_of

TASK = "/gemeente/post/{id}"
POSTED_ON = Sentence("Op welke dag ging de brief op de post?")


async def show(request: Request) -> Response:
    """What to do, for whom, and the form to write down that it was done."""
    today = calendar.local(request.app.state.clock()).date()
    return await _show(request, await _task(request), Form.of(posted=today.strftime("%d-%m-%Y")))


async def finish(request: Request) -> Response:
    """Write down that the letter was posted, or how the person was reached otherwise. Twice is once."""
    task = await _task(request)
    form = await read_form(request, "posted", "outcome", "doe")
    with form.attempt():
        outcome = form.text("outcome")
        if form.text("doe") == POST:
            day = form.day("posted", POSTED_ON)
            form.check()
            outcome = f"Op de post gedaan op {calendar.show(day)}." if day else ""
        await finish_task(actor_of(request), task.public_id, outcome, request.app.state.clock())
        return redirect("/gemeente/post")
    return await _show(request, task, form)


async def letter(request: Request) -> Response:
    """The letter on paper: the same words as the mail, with the postal address."""
    task = await _task(request)
    row = task.letter
    if row is None or row.kind == SIGN_IN:
        raise NotFound("Bij deze taak hoort geen brief om te printen.")
    try:
        subject, text, _ = await request.app.state.render_letter(row)
    except (LookupError, DoesNotExist):
        raise NotFound("Waar deze brief over gaat, is er niet meer.") from None
    person = await Person.get_or_none(id=row.person_id)
    values = {
        "title": subject,
        "receiver": _receiver(request, person, row) if person else "",
        "day": date_text(calendar.local(row.queued_at).date(), row.language),
        "parts": letter_parts(text),
    }
    made = await make("letter", values, row.language, request.app.state.site)
    return pdf(made, f"brief-{task.public_id[:8]}")


def _receiver(request: Request, person: Person, row: LetterRow) -> str:
    """Name and address as they stand on the envelope."""
    return "\n".join(filter(None, (person.name, _address(request, person, row))))


def _address(request: Request, person: Person, row: LetterRow) -> str:
    """The postal address; of a letter that tells of another address, the one before it."""
    key = request.app.state.field_key
    before = row.values.get("before")
    return sealed.unseal(key, before) if before else address_of(person, key)


async def _task(request: Request) -> Task:
    found = await Task.filter(public_id=request.path_params["id"]).select_related("letter").first()
    if found is None:
        raise NotFound("Deze taak is er niet.")
    return found


async def _show(request: Request, task: Task, form: Form) -> Response:
    row, may_finish = task.letter, actor_of(request).has(OFFICER)
    person = await Person.get_or_none(id=row.person_id) if row and row.person_id else None
    context = {
        "task": task,
        "letter": row,
        "kinds": LETTERS,
        "person": person,
        "address": _address(request, person, row) if person and row and may_finish else "",
        "about": await _about(row),
        "may_finish": may_finish,
        "printable": row is not None and row.kind != SIGN_IN,
    }
    return form_page(request, "grants/mail/task.html", form, context)


async def _about(row: LetterRow | None) -> dict[str, Any] | None:
    """The application that the letter is about, as far as the page tells of it."""
    if row is None or row.application_id is None:
        return None
    found: dict[str, Any] | None = (
        await Application.filter(id=row.application_id)
        .first()
        .values("public_id", "number", "title", "initiative__phone")
    )
    return found


ROUTES: tuple[PageRoute, ...] = (
    page_route(TASK, "desk.read", name="mail_task", get=show, post=finish, post_act="mail.task"),
    page_route(f"{TASK}/brief.pdf", "mail.task", name="mail_task.letter", get=letter),
)
