"""Signing in by mail and out again, and the page where a person sees where they are signed in."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from grants import sealed
from grants.errors import NotFound, Refusal
from grants.steps import sign_in as step
from grants.store.notices import sent_by
from grants.store.people import Person, Session
from grants.web.forms import Form, read_form, safe_path
from grants.web.guard import SIGN_IN_PATH, PageRoute, page_route
from grants.web.render import choose_language, language_of, page, redirect
from grants.web.say import LANGUAGES
from grants.web.session import Sessions, actor_of, key_hash

CODE_PATH = f"{SIGN_IN_PATH}/code"
MINE = "/mijn"
LONGEST_PATH = 200
EVERYWHERE = "overal"

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


async def ask(request: Request) -> Response:
    """Where a person gives their mail address."""
    actor = actor_of(request)
    next_path = _next(request.query_params.get("next", ""))
    if actor.signed_in:
        return redirect(next_path or _landing(request, actor.roles))
    response = page(request, "grants/sign_in/ask.html", {"form": Form(), "next_path": next_path})
    sessions: Sessions = request.app.state.sessions
    sessions.name_browser(response, sessions.browser(request))  # so that a second press is known for one
    return response


async def send(request: Request) -> Response:
    """Send the mail, and show the same page whoever was asked for."""
    form = await read_form(request, "email", "next")
    sessions: Sessions = request.app.state.sessions
    browser, secret = sessions.browser(request), request.app.state.secret_key
    next_path = _next(form.text("next"))
    with form.attempt():
        form.check()
        address = step.read_address(form.text("email"))
        await step.ask(
            address, browser, secret, request.app.state.clock(),
            language=language_of(request), next_path=next_path,
        )  # fmt: skip
        # Sealed, as an address may keep nobody's mail address: it is read along the way and remembered.
        response = redirect(f"{CODE_PATH}?{urlencode({'voor': sealed.seal(secret, address)})}")
        sessions.name_browser(response, browser)
        return response
    return page(
        request, "grants/sign_in/ask.html", {"form": form, "next_path": next_path}, status=form.status
    )


async def code(request: Request) -> Response:
    """Look in your mail: the page that stays open meanwhile, with a field for the code."""
    return _code_page(request, Form(), request.query_params.get("voor", ""))


async def enter_code(request: Request) -> Response:
    """Sign in with the six digits."""
    form = await read_form(request, "code", "voor")
    email = _address(request, form.text("voor"))
    if email is None:
        return redirect(SIGN_IN_PATH)
    state = request.app.state
    browser = state.sessions.browser(request)
    with form.attempt():
        form.check()
        key, next_path = await step.use_code(
            email, form.text("code"), browser, state.secret_key, state.clock(), browser=device(request)
        )
        return await welcome(request, key, next_path)
    return _code_page(request, form, form.text("voor"))


def _code_page(request: Request, form: Form, sealed_address: str) -> Response:
    email = _address(request, sealed_address)
    if email is None:
        return redirect(SIGN_IN_PATH)
    context = {"form": form, "email": email, "voor": sealed_address}
    return page(request, "grants/sign_in/code.html", context, status=form.status if form.problems else 200)


def _address(request: Request, sealed_address: str) -> str | None:
    """The mail address that `send` sealed into the address of the page, if it is ours."""
    try:
        return sealed.unseal(request.app.state.secret_key, sealed_address)
    except ValueError:
        return None


async def link(request: Request) -> Response:
    """Where the link of the mail leads: mail scanners follow it too, so looking at it uses nothing up."""
    return page(request, "grants/sign_in/link.html", {"form": Form()})


async def use_link(request: Request) -> Response:
    """Sign in with the link, once."""
    form = Form()
    state = request.app.state
    browser = state.sessions.browser(request)
    with form.attempt():
        key, next_path = await step.use_link(
            request.path_params["token"], browser, state.secret_key, state.clock(), browser=device(request)
        )
        return await welcome(request, key, next_path)
    return page(request, "grants/sign_in/link.html", {"form": form}, status=form.status)


async def welcome(request: Request, key: str, next_path: str = "") -> Response:
    """Give the browser its new session, and go where the person was heading or has work to do."""
    sessions: Sessions = request.app.state.sessions
    found = await sessions.find(key_hash(key), request.app.state.clock())
    if found is None:
        raise Refusal("Inloggen is niet gelukt. Probeer het nog een keer.")
    roles = found.roles | await sessions.roles_beside(found.person_id)
    response = redirect(_next(next_path) or _landing(request, roles))
    sessions.open(response, key)
    return response


def _landing(request: Request, roles: frozenset[str]) -> str:
    """The first page for somebody with these roles: what they do for others goes before their own."""
    places = [place.path for place in request.app.state.site.navigation if place.roles & roles]
    return str(places[-1]) if places else "/aanvragen"


def _next(text: str) -> str:
    """An address of ours to go on to; nothing for the front door and for what is too long to be kept."""
    path = safe_path(text)
    return "" if path == "/" or len(path) > LONGEST_PATH or path.startswith(SIGN_IN_PATH) else path


def device(request: Request) -> str:
    """The browser and the device in words that somebody recognises; never the whole text it sent."""
    sent = request.headers.get("user-agent", "")
    named = [next((word for mark, word in words if mark in sent), "") for words in (BROWSERS, DEVICES)]
    return ", ".join(filter(None, named))


async def sign_out(request: Request) -> Response:
    """End this session, also where it had ended already."""
    sessions: Sessions = request.app.state.sessions
    actor = actor_of(request)
    if actor.signed_in:
        await step.sign_out(actor, request.app.state.clock())
    response = redirect("/uitloggen")
    sessions.close(response)
    return response


async def signed_out(request: Request) -> Response:
    """The last page of a visit; it offers to sign out where that has not happened."""
    return page(request, "grants/sign_in/signed_out.html")


async def mine(request: Request) -> Response:
    """Where I am signed in, and the language of my letters."""
    actor = actor_of(request)
    now = request.app.state.clock()
    sessions = (
        await Session.filter(person_id=actor.person_id, revoked_at=None, expires_at__gt=now)
        .order_by("-created_at", "-id")
        .values("id", "browser", "created_at", "expires_at")
    )
    person = await Person.get(id=actor.person_id).values("email", "language")
    notices = await sent_by(actor.person_id)
    context = {
        "notices": notices,
        "sessions": sessions,
        "email": person["email"],
        "form": Form.of(taal=person["language"]),
    }
    return page(request, "grants/sign_in/mine.html", context)


async def choose_letters(request: Request) -> Response:
    """Keep the language in which this person gets letters."""
    form = await read_form(request, "taal")
    if form.text("taal") in LANGUAGES:
        await step.choose_language(actor_of(request), form.text("taal"))
    return redirect(MINE)


async def end_session(request: Request) -> Response:
    """End one of one's own sessions, or all of them; nothing is left to do where it had ended already."""
    actor, now = actor_of(request), request.app.state.clock()
    if not actor.signed_in:
        return redirect("/uitloggen")
    chosen = (await read_form(request, "sessie")).text("sessie")
    if chosen == EVERYWHERE:
        await step.sign_out_everywhere(actor, now)
    else:
        own = await Session.filter(person_id=actor.person_id).values_list("id", flat=True)
        if chosen not in map(str, own):
            raise NotFound("Deze sessie is er niet meer.")
        await step.sign_out(actor, now, session_id=int(chosen))
    if chosen not in (EVERYWHERE, str(actor.session_id)):
        return redirect(MINE)
    response = redirect("/uitloggen")
    request.app.state.sessions.close(response)
    return response


ROUTES: tuple[PageRoute, ...] = (
    page_route(SIGN_IN_PATH, "sign_in", name="sign_in", get=ask, post=send),
    page_route(CODE_PATH, "sign_in", name="sign_in.code", get=code, post=enter_code),
    page_route(f"{SIGN_IN_PATH}/{{token}}", "sign_in", name="sign_in.link", get=link, post=use_link),
    page_route("/uitloggen", "sign_in", name="sign_out", get=signed_out, post=sign_out),
    page_route("/taal", "sign_in", name="language", post=choose_language),
    page_route(MINE, "session.own", name="mine", get=mine),
    page_route(f"{MINE}/taal", "session.own", name="mine.language", post=choose_letters),
    page_route(f"{MINE}/uitloggen", "sign_in", name="mine.sign_out", post=end_session),
)
