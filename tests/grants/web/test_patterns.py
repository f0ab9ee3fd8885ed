"""The patterns in a real browser: seen by axe, at every width, in every colour scheme, and sent as forms."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from deploy import theme
from grants.errors import Sentence
from grants.pages import patterns
from grants.web.forms import Form
from grants.web.guard import SECURE_HEADERS, file_route, page_route
from grants.web.render import STYLESHEET, static_file
from grants.web.say import TEMPLATES
from tests.grants.web.conftest import Town
from tests.servers.browser import Window, asked, barriers, look_around
from tests.servers.ports import free_port


async def mistakes(request: Request) -> Response:
    form = Form.of(bedrag="veel", plan="x")
    form.need("naam", Sentence("Vul de naam van uw plan in."))
    form.amount("bedrag", "Hoeveel geld vraagt u?")
    form.add("wie", Sentence("Kies voor wie u aanvraagt."))
    form.add("wijken", Sentence("Kies een wijk."))
    form.add("", Sentence("Uw begroting klopt nog niet."))
    return patterns.shown(request, form, 422)


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
        *patterns.ROUTES,
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
def url(town: Town) -> Iterator[str]:
    with served(town) as base_url:
        yield base_url


@pytest.mark.parametrize(("macros", "short"), [("show", "show"), ("form", "f")])
def test_every_macro_is_shown_on_the_page(macros: str, short: str) -> None:
    """In every state, by somebody who adds one; what stands around each page is called by base.html."""
    pages = [TEMPLATES / "base.html", *(TEMPLATES / "grants" / "demo").glob("*.html")]
    called = set(re.findall(rf"\b{short}\.(\w+)[(,]", "".join(page.read_text() for page in pages)))
    source = (TEMPLATES / "macros" / f"{macros}.html").read_text()
    assert set(re.findall(r"{%-? macro ([a-z]\w*)\(", source)) - called == set()


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
        ("/patronen", 1280, {"color_scheme": "dark", "contrast": "more"}),
        ("/patronen", 1280, {"forced_colors": "active"}),
        ("/nergens", 320, {}),
    ],
)
def test_nobody_meets_a_barrier(
    window: Window, url: str, path: str, width: int, look: dict[str, Any]
) -> None:
    seen = window.open(viewport={"width": width, "height": 800}, **look)
    seen.goto(url + path)
    assert barriers(seen) == []
    assert asked(seen, "sticksOut") == []
    assert asked(seen, "smallTargets") == []
    window.errors.clear()  # /fouten and /nergens are no 200, and the browser says so


def test_mistakes_are_told_first_and_lead_to_their_fields(window: Window, url: str) -> None:
    seen = window.open()
    seen.goto(url + "/fouten")
    assert seen.title() == "Fout: Patronen – Participatiefonds"
    assert seen.evaluate("document.activeElement.textContent") == "Er zijn 5 dingen die nog niet kloppen"
    for text, field in [("Vul de naam", "naam"), ("Kies voor wie", "wie"), ("Kies een wijk", "wijken")]:
        seen.get_by_role("link", name=text).click()
        assert seen.evaluate("document.activeElement.name") == field
    assert (
        seen.get_by_label("Hoeveel geld vraagt u?", exact=True).get_attribute("aria-describedby")
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
    seen.get_by_label("Voor mijzelf").first.check()
    seen.get_by_text("Waarom vragen wij dit?").first.click()
    assert seen.get_by_text("Zo weet de commissie wat u van plan bent.").first.is_visible()


LETTERS_TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
SHIFTED = """() => new Promise(done => {
    let shifted = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) shifted += one.value })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(shifted), 300);
})"""
COLOUR = "e => getComputedStyle(e).color"


def test_letters_of_twice_the_size_stay_on_a_telephone(window: Window, url: str) -> None:
    seen = window.open(viewport={"width": 390, "height": 800})
    seen.goto(url + "/patronen")
    seen.evaluate(LETTERS_TWICE_AS_LARGE)
    look_around(seen)
    assert asked(seen, "sticksOut") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_and_a_page_asks_for_one_stylesheet_and_no_font(
    window: Window, url: str, width: int
) -> None:
    seen = window.open(viewport={"width": width, "height": 800})
    asked_for: list[str] = []
    seen.on("request", lambda request: asked_for.append(request.resource_type))
    seen.goto(url + "/patronen")
    assert seen.evaluate(SHIFTED) == 0
    assert (asked_for.count("stylesheet"), asked_for.count("script"), asked_for.count("font")) == (1, 1, 0)


def test_a_theme_is_seen_light_only_and_our_own_value_where_it_was_given_up(
    window: Window, town: Town
) -> None:
    wished = ".town { --utrecht-button-primary-action-background-color: #0a5c2e; --utrecht-link-color: #9ac }"
    town.theme_class = "town"
    town.theme_css = theme.check(wished, "town", STYLESHEET.read_text(encoding="utf-8")).css
    with served(town) as url:
        seen = window.open(color_scheme="dark")
        seen.goto(url + "/patronen")
        button = seen.locator("main .utrecht-button--primary-action").first
        assert button.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(10, 92, 46)"
        assert seen.locator("main .utrecht-link").first.evaluate(COLOUR) == "rgb(43, 63, 153)"
        assert seen.locator("body").evaluate(COLOUR) == "rgb(27, 39, 51)"
        assert barriers(seen) == []
