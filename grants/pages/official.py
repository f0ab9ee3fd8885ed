"""Sending us something official: every way to do it, the forms, and the receipt that stays to be read.

Law: Awb 2:13 and following (also online), 4:17, 6:4-6:11, 9:1-9:12. A late objection gets the same form, and a why.
"""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar, sealed
from grants.application import Stage
from grants.companion import Right
from grants.errors import NotFound, Sentence
from grants.notice import MAX_TEXT, RULES, About, Kind, Timing, timing
from grants.pages.application import OWN, base, is_public_id, own
from grants.pages.layout import form_page
from grants.steps.answer import take_back
from grants.steps.hand_in import Message, hand_in
from grants.store.applications import Application
from grants.store.funds import Fund, current_round
from grants.store.notices import NOT_THERE, AccountChange, Notice, check_theirs
from grants.store.payments import PayoutAccount
from grants.store.people import Person
from grants.store.terms import Waited, objectable, waited_for
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

WAYS, COMPLAINT = "/officieel", "/klacht"
SENT = "/mijn/gestuurd"
FIELDS = ("name", "address", "text", "late_reason", "about", "aanvraag", "sleutel")

ABOUTS: dict[About, Sentence] = {
    About.DECISION: Sentence("Het besluit over uw aanvraag"),
    About.DETERMINATION: Sentence("Het bedrag dat u mag houden"),
    About.OBJECTION: Sentence("Het antwoord op uw bezwaar"),
    About.NOTHING: Sentence("Iets anders"),
}


async def ways(request: Request) -> Response:
    """Every official message, and how it comes to us: online, on paper, by telephone or at the desk."""
    fund = await Fund.all().order_by("-loaded_at").first()
    round_ = await current_round(request.app.state.clock())
    actor = actor_of(request)
    mine: list[Application] = []
    paid: set[int] = set()
    if actor.signed_in:
        sent = Application.filter(person_id=actor.person_id).exclude(stage=Stage.DRAFT.value)
        mine = await sent.order_by("-changed_at", "-id").limit(10)
        of_mine = PayoutAccount.filter(application_id__in=[one.id for one in mine])
        paid = {account.application_id for account in await of_mine}
    context = {
        "contact": dict(fund.contact) if fund else {},
        "objection": round_.frozen.get("objection") if round_ else None,
        "applications": mine,
        "paid": [one for one in mine if one.id in paid],
    }
    return page(request, "grants/official/ways.html", context)


class Asked(NamedTuple):
    """A form for one kind of message, as it stands for this person."""

    kind: Kind
    application: Application | None
    context: dict[str, Any]

    @property
    def template(self) -> str:
        return f"grants/official/{self.kind.value}.html"


async def objection(request: Request) -> Response:
    """The form to object; late or early, it says so and asks why, and takes it all the same (Awb 6:11)."""
    return await _form(request, await _objection(request), await _begin(request))


async def send_objection(request: Request) -> Response:
    return await _send(request, await _objection(request))


async def _objection(request: Request) -> Asked:
    application = await _own_sent(request)
    ends = await objectable(application.id)
    today = calendar.local(request.app.state.clock()).date()
    marks = {about: timing(Kind.OBJECTION, today, until) for about, until in ends.items()}
    context = {
        "ends": ends,
        "abouts": [(about.value, ABOUTS[about]) for about in ends],
        "late": bool(marks) and all(mark is Timing.LATE for mark in marks.values()),
        "some_late": Timing.LATE in marks.values(),
        "objection": application.round.frozen["objection"],
    }
    return Asked(Kind.OBJECTION, application, context)


async def default(request: Request) -> Response:
    """The form to tell us that we are too late."""
    return await _form(request, await _default(request), await _begin(request))


async def send_default(request: Request) -> Response:
    return await _send(request, await _default(request))


async def _default(request: Request) -> Asked:
    application = await _own_sent(request)
    today = calendar.local(request.app.state.clock()).date()
    waited: Waited = await waited_for(application, today)
    mark = timing(Kind.DEFAULT, today, waited.until)
    context = {
        "waited": waited,
        "about": ABOUTS[waited.about],
        "late": mark is Timing.IN_TIME,
        "weeks": calendar.DEFAULT_WEEKS,
        "to": application.round.frozen["objection"],
    }
    return Asked(Kind.DEFAULT, application, context)


async def complaint(request: Request) -> Response:
    """The form to complain, about an application or about anything else."""
    return await _form(request, await _complaint(request), await _begin(request))


async def send_complaint(request: Request) -> Response:
    return await _send(request, await _complaint(request))


async def _complaint(request: Request) -> Asked:
    sent = Application.filter(person_id=actor_of(request).person_id).exclude(stage=Stage.DRAFT.value)
    rows = await sent.order_by("-changed_at", "-id").values_list("public_id", "number", "title")
    options = [(public_id, f"{number} {title}") for public_id, number, title in rows]
    return Asked(Kind.COMPLAINT, None, {"applications": options})


async def _own_sent(request: Request) -> Application:
    application = await own(request, Right.SPEAK)
    if application.at is Stage.DRAFT:
        raise NotFound("U heeft deze aanvraag nog niet verstuurd.")
    return application


async def _begin(request: Request) -> Form:
    """A form with the name and address that we know, and a key by which a second press is the same message."""
    person = await Person.get(id=actor_of(request).person_id)
    key = request.app.state.field_key
    address = sealed.unseal(key, person.address_sealed) if person.address_sealed else ""
    return Form.of(name=person.name, address=address, sleutel=secrets.token_hex(16))


async def _send(request: Request, asked: Asked) -> Response:
    """Take the message in, and go on to its receipt; what cannot be taken comes back as it was typed."""
    form = await read_form(request, *FIELDS)
    with form.attempt():
        form.check()
        chosen = form.text("aanvraag")
        public_id = asked.application.public_id if asked.application else chosen
        if public_id and not is_public_id(public_id):
            raise NotFound("Deze aanvraag is er niet. Kijk bij “Mijn aanvragen”.")
        made = await hand_in(
            actor_of(request), _message(asked.kind, form), form.text("sleutel"), request.app.state.clock(),
            public_id or None,
        )  # fmt: skip
        return redirect(f"{SENT}/{made.public_id}")
    return await _form(request, asked, form)


def _message(kind: Kind, form: Form) -> Message:
    about = form.text("about")
    return Message(
        kind, form.text("name"), form.text("text"), form.text("address"), form.text("late_reason"),
        About(about) if about in set(About) else About.NOTHING,
    )  # fmt: skip


async def _form(request: Request, asked: Asked, form: Form) -> Response:
    context = {
        "application": asked.application,
        "base": base(asked.application) if asked.application else "/mijn",
        "most": MAX_TEXT,
        **asked.context,
    }
    return form_page(request, asked.template, form, context)


async def notice_of(request: Request) -> Notice:
    """The message in the address, for whoever sent it or speaks in its application now."""
    public_id, found = request.path_params["id"], None
    if is_public_id(public_id):
        found = await Notice.filter(public_id=public_id).select_related("application").first()
    if found is None:
        raise NotFound(NOT_THERE.text)
    await check_theirs(actor_of(request), found)
    return found


async def sent(request: Request) -> Response:
    """The receipt: number, time, a copy, and until when we answer; later the answer."""
    found = await notice_of(request)
    change = await AccountChange.get_or_none(notice_id=found.id)
    context = {
        "notice": found,
        "said": RULES[found.of].said,
        "about": ABOUTS[About(found.about)] if found.about else None,
        "taken": change is not None and change.taken_at is not None,
    }
    return page(request, "grants/official/sent.html", context)


async def withdrawing(request: Request) -> Response:
    """Are you sure that you want to take it back?"""
    found = await notice_of(request)
    return page(request, "grants/official/withdraw.html", {"notice": found, "said": RULES[found.of].said})


async def withdraw(request: Request) -> Response:
    """Take the message back."""
    found = await notice_of(request)
    await take_back(actor_of(request), found.public_id, request.app.state.clock())
    return redirect(f"{SENT}/{found.public_id}")


_SENT = f"{SENT}/{{id}}"
ROUTES: tuple[PageRoute, ...] = (
    page_route(WAYS, "public.read", name="official", get=ways),
    page_route(COMPLAINT, "notice.send", name="complaint", get=complaint, post=send_complaint),
    page_route(
        f"{OWN}/bezwaar", "application.own", name="objection",
        get=objection, post=send_objection, post_act="application.write",
    ),
    page_route(
        f"{OWN}/ingebrekestelling", "application.own", name="default_notice",
        get=default, post=send_default, post_act="application.write",
    ),
    page_route(_SENT, "notice.send", name="notice.sent", get=sent),
    page_route(f"{_SENT}/intrekken", "notice.send", name="notice.withdraw", get=withdrawing, post=withdraw),
)  # fmt: skip
