"""What people sent us officially: the list by its last day, and one message to answer, or to take longer for.

Law: Awb 4:17-4:18 (penalty), 7:10 (objection), 9:11 (complaint).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.access import AUDITOR, FINANCE, OFFICER, Actor
from grants.errors import NotFound, Sentence
from grants.look import Purpose
from grants.notice import RULES, About, Kind, Longer, Timing, penalty_cents
from grants.pages.application import is_public_id
from grants.pages.layout import form_page, paging
from grants.pages.official import ABOUTS
from grants.steps.answer import answer, take_longer
from grants.steps.change_account import check_account, look_at_new_account, take_over
from grants.steps.look import looked
from grants.store.decisions import Decision
from grants.store.notices import AccountChange, Notice
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

LIST = "/gemeente/ingekomen"

LONGER_WORDS: dict[Longer, Sentence] = {
    Longer.ADVISERS: Sentence("Een adviescommissie kijkt mee (12 weken)"),
    Longer.MORE_TIME: Sentence("Wij hebben meer tijd nodig"),
}
TIMING_WORDS: dict[Timing, Sentence] = {
    Timing.IN_TIME: Sentence("Op tijd"),
    Timing.LATE: Sentence("Te laat. Kijk naar de reden."),
    Timing.EARLY: Sentence("Vroeger dan nodig"),
}
DEFAULT_WORDS: dict[Timing, Sentence] = {
    Timing.IN_TIME: Sentence("Terecht: de laatste dag was voorbij"),
    Timing.EARLY: Sentence("De laatste dag was nog niet voorbij"),
}


async def listing(request: Request) -> Response:
    """What waits for an answer, what lapses first on top; behind it what was done, in pieces."""
    now, theirs = request.app.state.clock(), Notice.filter(kind__in=_kinds(actor_of(request)))
    waiting = theirs.filter(answered_at=None, withdrawn_at=None).order_by("due_on", "id")
    done = theirs.exclude(answered_at=None, withdrawn_at=None)
    part = paging(request, await done.count())
    context = {
        "waiting": await waiting.select_related("application"),
        "done": await done.order_by("-received_at", "-id").offset(part.offset).limit(part.size),
        "paging": part,
        "rules": RULES,
        "today": calendar.local(now).date(),
    }
    return page(request, "grants/incoming/list.html", context)


def _kinds(actor: Actor) -> list[str]:
    """What they may read: who only handles money reads of accounts alone. A change of contact waits for nobody."""
    kinds = set(Kind) - {Kind.CONTACT} if actor.has(OFFICER, AUDITOR) else {Kind.PAYOUT}
    return [kind.value for kind in kinds]


async def notice_of(request: Request) -> Notice:
    """The message in the address, with who sent it and what it is about, or NotFound where it is not theirs."""
    public_id, found = request.path_params["id"], None
    if is_public_id(public_id):
        theirs = Notice.filter(public_id=public_id, kind__in=_kinds(actor_of(request)))
        found = await theirs.select_related("application", "person", "answered_by").first()
    if found is None:
        raise NotFound("Dit bericht is er niet.")
    return found


async def show(request: Request) -> Response:
    """One message: what was sent, until when, and what can be done with it."""
    return await _show(request, await notice_of(request), Form())


async def send_answer(request: Request) -> Response:
    """Answer; the answer goes to the sender as a letter."""
    found = await notice_of(request)
    form = await read_form(request, "outcome")
    with form.attempt():
        form.check()
        await answer(actor_of(request), found.public_id, form.text("outcome"), request.app.state.clock())
        return redirect(_path(found))
    return await _show(request, await notice_of(request), form)


async def longer(request: Request) -> Response:
    """Take longer, on a ground that the law knows."""
    found = await notice_of(request)
    form = await read_form(request, "why", "reason")
    with form.attempt():
        if form.text("why") not in set(Longer):
            form.add("why", Sentence("Kies waarom het langer duurt."))
        form.check()
        why = Longer(form.text("why"))
        await take_longer(
            actor_of(request), found.public_id, why, form.text("reason"), request.app.state.clock()
        )
        return redirect(_path(found))
    return await _show(request, await notice_of(request), form)


async def check(request: Request) -> Response:
    """Write down how a new account was checked."""
    found = await notice_of(request)
    form = await read_form(request, "how")
    with form.attempt():
        form.check()
        await check_account(actor_of(request), found.public_id, form.text("how"), request.app.state.clock())
        return redirect(_path(found))
    return await _show(request, await notice_of(request), form)


async def look(request: Request) -> Response:
    """Show the whole number of a new account, once, and write down that it was looked at."""
    found = await notice_of(request)
    form, iban, state = await read_form(request), "", request.app.state
    with form.attempt():
        iban = await look_at_new_account(actor_of(request), found.public_id, state.field_key, state.clock())
    return await _show(request, found, form, iban)


async def take(request: Request) -> Response:
    """Let a new account hold, by another than who checked it."""
    found = await notice_of(request)
    form = await read_form(request)
    with form.attempt():
        await take_over(actor_of(request), found.public_id, request.app.state.clock())
        return redirect(_path(found))
    return await _show(request, await notice_of(request), form)


async def _show(request: Request, found: Notice, form: Form, iban: str = "") -> Response:
    actor, now = actor_of(request), request.app.state.clock()
    if found.application_id is not None:
        await looked(actor, found.application_id, Purpose.ANSWER, now)
    change = await AccountChange.get_or_none(notice_id=found.id).select_related("checked_by", "taken_by")
    own = actor.person_id == found.person_id
    may_check = actor.has(OFFICER, FINANCE) and found.open and not own
    context = {
        "notice": found,
        "said": RULES[found.of].said,
        "about": ABOUTS[About(found.about)] if found.about else None,
        "timing": (DEFAULT_WORDS if found.of is Kind.DEFAULT else TIMING_WORDS)[Timing(found.timing)],
        "today": calendar.local(now).date(),
        "penalty": await _penalty(found, calendar.local(now).date()),
        "longer": [(why.value, LONGER_WORDS[why]) for why in _may_longer(found)] if actor.has(OFFICER) else [],
        "may_answer": actor.has(OFFICER) and found.open and not own,
        "own": own,
        "change": change,
        "iban": " ".join(iban[place : place + 4] for place in range(0, len(iban), 4)),
        "may_check": may_check and change is not None and change.checked_by_id is None,
        "may_take": may_check and actor.has(FINANCE) and change is not None
        and change.checked_by_id not in (None, actor.person_id),
        "here": _path(found),
    }  # fmt: skip
    return form_page(request, "grants/incoming/notice.html", form, context)


def _may_longer(found: Notice) -> list[Longer]:
    """The grounds that were not used yet."""
    used = {Longer.ADVISERS: found.advisers, Longer.MORE_TIME: found.longer}
    return [why for why in RULES[found.of].longer if found.open and not used[why]]


async def _penalty(found: Notice, today: date) -> dict[str, Any] | None:
    """From when being too late costs money, and what it costs so far; None where it does not (Awb 4:17)."""
    if found.of is not Kind.DEFAULT or found.timing != Timing.IN_TIME or found.term_ends_on is None:
        return None
    received_on = calendar.local(found.received_at).date()
    decided_on = await _decided_on(found) or today + timedelta(days=1)
    days = calendar.penalty_days(found.term_ends_on, received_on, decided_on)
    return {
        "from_on": calendar.default_last_day(found.term_ends_on, received_on) + timedelta(days=1),
        "days": days,
        "cents": penalty_cents(days, found.term_ends_on),
        "most": calendar.PENALTY_DAYS,
    }


async def _decided_on(found: Notice) -> date | None:
    """The day on which that what was waited for came."""
    if found.about == About.DECISION:
        made = await Decision.get_or_none(application_id=found.application_id)
        return calendar.local(made.announced_at).date() if made and made.announced_at else None
    return calendar.local(found.answered_at).date() if found.answered_at else None


def _path(found: Notice) -> str:
    return f"{LIST}/{found.public_id}"


_ONE = f"{LIST}/{{id}}"
ROUTES: tuple[PageRoute, ...] = (
    page_route(LIST, "notice.read", name="incoming", get=listing),
    page_route(
        _ONE, "notice.read", name="incoming.one", get=show, post=send_answer, post_act="notice.answer"
    ),
    page_route(f"{_ONE}/langer", "notice.answer", name="incoming.longer", post=longer),
    page_route(f"{_ONE}/nagekeken", "payment.prepare", name="incoming.check", post=check),
    page_route(f"{_ONE}/rekening", "payment.approve", name="incoming.account", post=look),
    page_route(f"{_ONE}/overnemen", "payment.approve", name="incoming.take", post=take),
)
