import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from grants.access import ANYBODY, Actor
from grants.web.guard import page_route
from grants.web.session import Sessions, actor_of, key_hash
from tests.grants.web.conftest import KEY, Town


async def who(request: Request) -> Response:
    return PlainTextResponse(f"{actor_of(request).name or 'nobody'} {sorted(actor_of(request).roles)}")


async def leave(request: Request) -> Response:
    response = PlainTextResponse("bye")
    request.app.state.sessions.close(response)
    return response


def visitor(town: Town) -> httpx2.AsyncClient:
    return town.browser(
        page_route("/", "public.read", get=who, name="who"),
        page_route("/weg", "public.read", post=leave, name="leave"),
    )


def request_with(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


async def test_the_cookie_leads_to_the_person_and_their_roles(town: Town) -> None:
    client = visitor(town)
    assert (await client.get("/")).text == "nobody []"
    town.admit(client, "applicant")
    assert (await client.get("/")).text == "Fatma ['applicant']"


async def test_roles_held_elsewhere_are_added(town: Town) -> None:
    client = visitor(town)
    town.admit(client, "applicant")

    async def on_the_committee(person_id: int) -> frozenset[str]:
        return frozenset({f"member-{person_id}"})

    sessions = Sessions("s" * 32, False, town.find, on_the_committee, lambda: town.now)
    value = client.cookies["meebeslis"]
    actor = await sessions.actor(request_with(f"meebeslis={value}"))
    assert actor == Actor(7, "Fatma", frozenset({"applicant", "member-7"}), "nl", 7)


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b", "a.b.c", f"{KEY}.1802343600.", f"{KEY}.99999999999.sig", '"\\377"']
)
async def test_a_cookie_that_is_not_ours_is_nobody(town: Town, cookie: str) -> None:
    town.admit(visitor(town), "officer")
    assert await town.sessions.actor(request_with(f"meebeslis={cookie}")) == ANYBODY


async def test_a_cookie_for_one_purpose_is_no_good_for_another(town: Town) -> None:
    response = Response()
    town.sessions.name_browser(response, f"{KEY}.1802343600")
    town.known[key_hash(KEY)] = None  # type: ignore[assignment]
    signed = response.headers["set-cookie"].split(";")[0].partition("=")[2]
    assert await town.sessions.actor(request_with(f"meebeslis={signed}")) == ANYBODY


async def test_a_revoked_session_is_nobody(town: Town) -> None:
    client = visitor(town)
    town.admit(client, "applicant")
    town.known.clear()
    assert (await client.get("/")).text == "nobody []"


@pytest.mark.parametrize(
    ("role", "minutes"), [("officer", 30), ("finance", 30), ("auditor", 30), ("applicant", 120)]
)
async def test_who_does_nothing_for_long_is_signed_out(town: Town, role: str, minutes: int) -> None:
    client = visitor(town)
    town.admit(client, role)
    town.later(minutes=minutes + 1)
    assert (await client.get("/")).text == "nobody []"


async def test_who_goes_on_stays_signed_in(town: Town) -> None:
    client = visitor(town)
    town.admit(client, "officer")
    for _ in range(10):
        town.later(minutes=20)
        assert (await client.get("/")).text == "Fatma ['officer']"


async def test_the_cookie_is_written_again_once_a_minute_at_most(town: Town) -> None:
    client = visitor(town)
    town.admit(client, "officer")
    town.later(seconds=59)
    assert "set-cookie" not in (await client.get("/")).headers
    town.later(seconds=1)
    assert "set-cookie" in (await client.get("/")).headers


async def test_signing_out_takes_the_cookie_away_for_good(town: Town) -> None:
    client = visitor(town)
    town.admit(client, "officer")
    town.later(minutes=5)
    response = await client.post("/weg", headers={"sec-fetch-site": "same-origin"})
    assert len(response.headers.get_list("set-cookie")) == 1
    assert (await client.get("/")).text == "nobody []"


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("https://fonds.example", "__Host-meebeslis", True), ("http://127.0.0.1:8000", "meebeslis", False)],
)
def test_the_cookie_is_as_strict_as_the_connection_allows(base_url: str, name: str, secure: bool) -> None:
    town = Town(base_url)
    for write in (lambda r: town.sessions.open(r, KEY), town.sessions.close):
        response = Response()
        write(response)
        words = {word.strip().lower() for word in response.headers["set-cookie"].split(";")[1:]}
        assert response.headers["set-cookie"].startswith(f"{name}=")
        assert {"httponly", "path=/", "samesite=lax"} <= words
        assert ("secure" in words) is secure
        assert not any(word.startswith("domain") for word in words)


def test_a_browser_keeps_the_name_it_was_given(town: Town) -> None:
    response = Response()
    town.sessions.name_browser(response, "browser-1")
    cookie = response.headers["set-cookie"].split(";")[0]
    assert town.sessions.browser(request_with(cookie)) == "browser-1"
    assert town.sessions.browser(request_with(cookie + "x")) != "browser-1"
    assert town.sessions.browser(request_with("a=b")) != town.sessions.browser(request_with("a=b"))
