"""My own name, telephone number and mail address: changed by whoever is signed in, with a receipt."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from grants.pages.layout import form_page
from grants.steps.change_contact import ask_address, confirm_address, pending, save_contact
from grants.store.people import Person
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

CONTACT = "/mijn/contact"


async def contact(request: Request) -> Response:
    """What we know, to be changed."""
    person = await Person.get(id=actor_of(request).person_id)
    form = Form.of(name=person.name, phone=person.phone, sleutel=secrets.token_hex(16))
    return _page(request, person, form)


async def save(request: Request) -> Response:
    """Keep another name or telephone number; go on to its receipt."""
    person = await Person.get(id=actor_of(request).person_id)
    form = await read_form(request, "name", "phone", "sleutel")
    with form.attempt():
        form.check()
        made = await save_contact(
            actor_of(request),
            form.text("name"),
            form.text("phone"),
            form.text("sleutel"),
            request.app.state.clock(),
        )
        return redirect(f"/mijn/gestuurd/{made.public_id}" if made else "/mijn")
    return _page(request, person, form)


async def ask(request: Request) -> Response:
    """Send a link to another mail address."""
    person = await Person.get(id=actor_of(request).person_id)
    form = await read_form(request, "email")
    state = request.app.state
    with form.attempt():
        form.check()
        await ask_address(actor_of(request), form.text("email"), state.secret_key, state.clock())
        return redirect(f"{CONTACT}/gevraagd")
    known = {"name": [person.name], "phone": [person.phone], "sleutel": [secrets.token_hex(16)]}
    shown = Form({**known, "email": [form.text("email")]})
    shown.problems, shown.status = form.problems, form.status
    return _page(request, person, shown)


async def asked(request: Request) -> Response:
    """Look in the mail of the new address."""
    return page(request, "grants/mine/asked.html")


async def confirming(request: Request) -> Response:
    """Where the link leads: mail scanners follow it too, so only the button changes anything."""
    change = await pending(actor_of(request), request.path_params["token"])
    return page(request, "grants/mine/confirm.html", {"change": change, "form": Form()})


async def confirm(request: Request) -> Response:
    """The new address holds from now on."""
    token, form = request.path_params["token"], Form()
    change = await pending(actor_of(request), token)
    with form.attempt():
        await confirm_address(actor_of(request), token, request.app.state.clock())
        return redirect("/mijn")
    context = {"change": change, "form": form}
    return page(request, "grants/mine/confirm.html", context, status=form.status)


def _page(request: Request, person: Person, form: Form) -> Response:
    return form_page(request, "grants/mine/contact.html", form, {"email": person.email or ""})


ROUTES: tuple[PageRoute, ...] = (
    page_route(CONTACT, "notice.send", name="contact", get=contact, post=save),
    page_route(f"{CONTACT}/adres", "notice.send", name="contact.address", post=ask),
    page_route(f"{CONTACT}/gevraagd", "notice.send", name="contact.asked", get=asked),
    page_route("/mijn/adres/{token}", "notice.send", name="contact.confirm", get=confirming, post=confirm),
)
