"""How somebody hears from us: chosen by themselves, or written down by an officer who was asked to."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import NotFound, Sentence
from grants.letter import HELPER, MAIL, MESSAGES, POST
from grants.pages.application import is_public_id
from grants.pages.layout import form_page
from grants.steps import paper_code
from grants.steps.channels import address_of, choose, keep_address
from grants.store.applications import Application
from grants.store.consents import Consent
from grants.store.people import PaperCode, Person
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.pdf import make, pdf
from grants.web.render import redirect
from grants.web.say import date_text, environment
from grants.web.session import actor_of

MINE = "/mijn/berichten"
SOMEBODY = "/gemeente/mensen/{id}"
ADDRESS = "adres"
CHANNEL_WORDS: dict[str, Sentence] = {
    MAIL: Sentence("Per mail"),
    HELPER: Sentence("Naar het e-mailadres van een helper"),
    POST: Sentence("Per post, op papier"),
}


async def mine(request: Request) -> Response:
    """How I hear from the municipality, and where my paper letters go."""
    return await _mine_page(request, await _me(request), None)


async def choose_mine(request: Request) -> Response:
    """Keep how I want to hear, or where letters go."""
    return await _keep(request, await _me(request), MINE, _mine_page)


async def somebody(request: Request) -> Response:
    """One person for the desk: how they hear from us, where letters go, and a code on paper."""
    return await _somebody_page(request, await _person(request), None)


async def choose_somebodys(request: Request) -> Response:
    """Write down what somebody asked for."""
    person = await _person(request)
    return await _keep(request, person, f"/gemeente/mensen/{person.public_id}", _somebody_page)


async def code_letter(request: Request) -> Response:
    """Make a code to sign in with and give the letter to print; pressed again, the same letter."""
    person, state = await _person(request), request.app.state
    form = await read_form(request, "sleutel")
    key = form.text("sleutel")
    with form.attempt():
        if not is_public_id(key):
            raise NotFound("Deze pagina is te oud. Open hem opnieuw.")
        beside = await state.sessions.roles_beside(person.id)
        made = await paper_code.make(
            actor_of(request), person.public_id, key, beside, state.secret_key, state.clock()
        )
        return await _code_pdf(request, person, made)
    return await _somebody_page(request, person, form)


async def _code_pdf(request: Request, person: Person, made: PaperCode) -> Response:
    state, language = request.app.state, person.language
    digits = paper_code.digits_of(made.public_id, state.secret_key)
    groups = [digits[place : place + 4] for place in range(0, len(digits), 4)]
    context = {"site": state.site, "name": person.name, "groups": groups, "until": made.expires_at}
    text = environment(language).get_template("letters/_paper_code.txt").render(context).strip()
    title, _, body = text.partition("\n")
    values = {
        "title": title,
        "receiver": "\n".join(filter(None, (person.name, address_of(person, state.field_key)))),
        "day": date_text(made.made_at.date(), language),
        "parts": [{"text": one.strip(), "items": []} for one in body.strip().split("\n\n")],
    }
    return pdf(await make("letter", values, language, state.site), f"code-{made.public_id[:8]}")


async def _keep(request: Request, person: Person, path: str, shown: Any) -> Response:
    form = await read_form(request, "doe", "address", "helper", *MESSAGES)
    actor, state = actor_of(request), request.app.state
    with form.attempt():
        form.check()
        if form.text("doe") == ADDRESS:
            await keep_address(actor, person.public_id, form.text("address"), state.field_key, state.clock())
        else:
            wanted = {message: frozenset(form.several(message)) for message in MESSAGES}
            await choose(actor, person.public_id, wanted, form.text("helper"), state.clock())
        return redirect(path)
    answer: Response = await shown(request, person, form)
    return answer


async def _me(request: Request) -> Person:
    return await Person.get(id=actor_of(request).person_id)


async def _person(request: Request) -> Person:
    found = await Person.get_or_none(public_id=request.path_params["id"])
    if found is None:
        raise NotFound("Deze persoon is er niet.")
    return found


async def _mine_page(request: Request, person: Person, form: Form | None) -> Response:
    context = {"path_to": MINE, **await _known(request, person, form)}
    return form_page(request, "grants/channels/mine.html", context["filled"], context)


async def _somebody_page(request: Request, person: Person, form: Form | None) -> Response:
    now = request.app.state.clock()
    context = {
        "path_to": f"/gemeente/mensen/{person.public_id}",
        "applications": await Application.filter(person_id=person.id).order_by("-id").limit(10)
        .values("public_id", "number", "title", "stage"),
        "code": await PaperCode.get_or_none(person_id=person.id, ended_at=None, expires_at__gt=now),
        "key": secrets.token_hex(16),
        **await _known(request, person, form),
    }  # fmt: skip
    return form_page(request, "grants/channels/somebody.html", context["filled"], context)


async def _known(request: Request, person: Person, form: Form | None) -> dict[str, Any]:
    """The person, what they chose and when, and the two forms: as it stands, or as it was typed."""
    rows = await Consent.filter(person_id=person.id).order_by("-given_at", "id")
    live = [row for row in rows if row.revoked_at is None]
    address = address_of(person, request.app.state.field_key)
    standing: dict[str, list[str]] = {
        message: [row.channel for row in live if row.message == message] for message in MESSAGES
    }
    standing["helper"] = [row.email for row in live if row.email][:1]
    standing["address"] = [address]
    filled = form if form is not None else Form(standing)
    channels = [one for one in CHANNEL_WORDS if one != MAIL or person.email]
    return {
        "person": person,
        "filled": filled,
        "messages": MESSAGES,
        "channels": channels,
        "words": CHANNEL_WORDS,
        "live": {message: [row for row in live if row.message == message] for message in MESSAGES},
        "ended": [row for row in rows if row.revoked_at is not None],
        "address": address,
    }


ROUTES: tuple[PageRoute, ...] = (
    page_route(MINE, "session.own", name="mine.channels", get=mine, post=choose_mine),
    page_route(
        SOMEBODY, "person.read", name="person", get=somebody, post=choose_somebodys, post_act="person.write"
    ),
    page_route(f"{SOMEBODY}/code", "person.write", name="person.code", post=code_letter),
)
