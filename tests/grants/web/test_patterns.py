"""The patterns in a real browser: seen by axe, at every width, in every colour scheme, and sent as forms."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from grants.errors import Sentence
from grants.web.forms import Form
from grants.web.guard import SECURE_HEADERS, file_route, page_route
from grants.web.render import page, static_file
from tests.grants.web.conftest import Town
from tests.servers.browser import Window, barriers
from tests.servers.ports import free_port

WIDEST_THAT_STICKS_OUT = """() => Math.max(0, ...[...document.querySelectorAll("body *")]
    .filter(e => !e.closest(".mb-scroll") && getComputedStyle(e).clipPath === "none")
    .map(e => e.getBoundingClientRect().right - document.documentElement.clientWidth))"""
SMALL_TARGETS = """() =>
    [...document.querySelectorAll("a, button, input:not([type=hidden]), summary, textarea")]
    .filter(e => { const box = e.getBoundingClientRect(); return Math.min(box.width, box.height) < 24 })
    .filter(e => !e.closest("p, li, td, th, h3") && !e.matches(".utrecht-skip-link"))
    .map(e => e.outerHTML)"""


async def patterns(_: Request) -> Response:
    return page(_, "patterns.html", {"form": Form.of(naam="Samen koken", wie="groep", wijken=["oost"])})


async def mistakes(request: Request) -> Response:
    form = Form.of(bedrag="veel", plan="x")
    form.need("naam", Sentence("Vul de naam van uw plan in."))
    form.amount("bedrag", "Hoeveel geld vraagt u?")
    form.add("wie", Sentence("Kies voor wie u aanvraagt."))
    form.add("wijken", Sentence("Kies een wijk."))
    form.add("", Sentence("Uw begroting klopt nog niet."))
    return page(request, "patterns.html", {"form": form}, status=422)


async def origin(request: Request) -> Response:
    """A form under the referrer policy in the query, which answers with the headers it came with."""
    if request.method == "POST":
        return JSONResponse({name: request.headers.get(name) for name in ("origin", "sec-fetch-site")})
    policy = request.query_params.get("policy", SECURE_HEADERS["referrer-policy"])
    form = '<form method="post"><button>Verstuur</button></form>'
    return HTMLResponse(form, headers={"referrer-policy": policy})


@contextmanager
def served(town: Town) -> Iterator[str]:
    """The patterns on a real port."""
    port = free_port()
    town.base_url = f"http://127.0.0.1:{port}"
    app = town.app(
        page_route("/patronen", "public.read", get=patterns, name="patterns"),
        page_route("/fouten", "public.read", get=mistakes, name="mistakes"),
        page_route("/herkomst", "public.read", get=origin, post=origin, name="origin"),
        file_route("/static/{name}", static_file, name="static"),
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", loop="asyncio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield town.base_url
    server.should_exit = True
    thread.join()


@pytest.fixture
def url(town: Town, own_templates: None) -> Iterator[str]:
    with served(town) as base_url:
        yield base_url


@pytest.mark.parametrize(
    ("path", "width", "look"),
    [
        ("/patronen", 320, {}),
        ("/patronen", 1280, {}),
        ("/patronen", 1280, {"color_scheme": "dark"}),
        ("/fouten", 320, {}),
        ("/fouten", 1280, {"color_scheme": "dark"}),
        ("/fouten", 1280, {"forced_colors": "active"}),
        ("/fouten", 1280, {"contrast": "more"}),
        ("/nergens", 320, {}),
    ],
)
def test_nobody_meets_a_barrier(
    window: Window, url: str, path: str, width: int, look: dict[str, Any]
) -> None:
    seen = window.open(viewport={"width": width, "height": 800}, **look)
    seen.goto(url + path)
    assert barriers(seen) == []
    assert seen.evaluate(WIDEST_THAT_STICKS_OUT) <= 0
    assert seen.evaluate(SMALL_TARGETS) == []
    window.errors.clear()  # /fouten and /nergens are no 200, and the browser says so


def test_mistakes_are_told_first_and_lead_to_their_fields(window: Window, url: str) -> None:
    seen = window.open()
    seen.goto(url + "/fouten")
    assert seen.title() == "Fout: Vraag 3 van 8: Wat gaat u doen? – Participatiefonds"
    assert seen.evaluate("document.activeElement.textContent") == "Er zijn 5 dingen die nog niet kloppen"
    for text, field in [("Vul de naam", "naam"), ("Kies voor wie", "wie"), ("Kies een wijk", "wijken")]:
        seen.get_by_role("link", name=text).click()
        assert seen.evaluate("document.activeElement.name") == field
    assert (
        seen.get_by_label("Hoeveel geld vraagt u?").get_attribute("aria-describedby")
        == "bedrag-fout bedrag-uitleg"
    )
    window.errors.clear()


def test_what_is_left_to_write_is_counted(window: Window, url: str) -> None:
    seen = window.open()
    seen.goto(url + "/patronen")
    note = seen.locator("#plan-telling")
    assert note.text_content() == "Hoogstens 2000 tekens"
    seen.locator("#plan").fill("Ja 🙂")
    assert note.text_content() == "Tekens over: 1996"
    seen.locator("#plan").fill("x" * 2001)
    assert note.text_content() == "Tekens te veel: 1"


def test_a_second_press_sends_nothing(window: Window, url: str) -> None:
    seen = window.open()
    sent: list[str] = []
    seen.on("request", lambda request: sent.append(request.method))
    seen.goto(url + "/patronen")
    seen.route("**/patronen", lambda _: None)  # no answer comes
    seen.evaluate("""() => {
        const press = () => document.querySelector("main button").click();
        press();
        setTimeout(press, 50);
    }""")
    seen.wait_for_timeout(200)
    assert sent.count("POST") == 1
    seen.context.close()
    window.errors.clear()  # that no answer came


@pytest.mark.parametrize(
    ("policy", "seen_origin"), [(SECURE_HEADERS["referrer-policy"], True), ("no-referrer", False)]
)
def test_our_referrer_policy_lets_forms_tell_where_they_come_from(
    window: Window, url: str, policy: str, seen_origin: bool
) -> None:
    seen = window.open()
    seen.goto(f"{url}/herkomst?policy={policy}")
    with seen.expect_response(lambda response: response.request.method == "POST") as answer:
        seen.get_by_role("button").click()
    assert answer.value.json() == {"origin": url if seen_origin else "null", "sec-fetch-site": "same-origin"}
    window.errors.clear()  # that there is no favicon.ico


def test_everything_works_without_script(window: Window, url: str) -> None:
    seen = window.open(java_script_enabled=False)
    seen.goto(url + "/patronen")
    seen.get_by_role("group", name="Voor wie").or_(seen.get_by_role("radiogroup")).first.wait_for()
    seen.get_by_label("Voor mijzelf").check()
    seen.get_by_text("Waarom vragen wij dit?").first.click()
    assert seen.get_by_text("Zo weet de commissie wat u van plan bent.").is_visible()
