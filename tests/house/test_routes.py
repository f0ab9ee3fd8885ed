"""Every door of the service: listed here, named, with the act it asks for; walked by everyone who may not pass."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from deploy.app import ACTS, create_app
from deploy.settings import from_environment
from grants.access import may
from grants.steps.sign_in import sign_in_as
from grants.web.guard import PageRoute
from tests.factories import member, opened_round, person

pytestmark = pytest.mark.anyio

ROLES = ("visitor", "applicant", "officer", "finance", "auditor", "member", "chair", "secretary")
LISTED = Path(__file__).with_name("routes.txt")
ORIGIN = "http://127.0.0.1:8000"


def service(url: str = "sqlite:///nowhere.sqlite3") -> Starlette:
    environ = {"MEEBESLIS_DATABASE_URL": url, "MEEBESLIS_DEMO": "1"}
    return create_app(from_environment(environ), with_worker=False)


def doors(app: Starlette) -> list[tuple[str, str, str]]:
    """Method, path and act of every route."""
    found = []
    for route in app.routes:
        assert isinstance(route, PageRoute), f"{route} names no act"
        found += [(method, route.path, act) for method, act in route.acts.items()]
    return sorted(found, key=lambda door: (door[1], door[0]))


def test_every_route_is_listed_with_its_act() -> None:
    """A new route is written into routes.txt by hand, so that somebody has thought about who may pass."""
    lines = [f"{method:4} {path:48} {act}" for method, path, act in doors(service())]
    assert lines == LISTED.read_text().splitlines()


def test_every_act_is_in_a_table_and_is_asked_for_somewhere() -> None:
    asked = {act for _, _, act in doors(service())}
    assert asked <= set(ACTS)


def test_names_of_routes_are_unique() -> None:
    names = [route.name for route in service().routes if isinstance(route, PageRoute)]
    assert len(names) == len(set(names))


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    app = service(database_url)
    async with app.router.lifespan_context(app) as state:
        transport = httpx2.ASGITransport(_with_state(app, state), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as opened:
            opened.app = app  # type: ignore[attr-defined]
            yield opened


def _with_state(app: Starlette, state: object):  # type: ignore[no-untyped-def]
    async def asgi(scope, receive, send):  # type: ignore[no-untyped-def]
        scope["state"] = dict(state)  # type: ignore[call-overload]
        await app(scope, receive, send)

    return asgi


async def cookies_of(app: Starlette, role: str, round_: object) -> dict[str, str]:
    if role == "visitor":
        return {}
    seated = role in ("member", "chair", "secretary")
    actor = await (member(round_, role, role) if seated else person(role, role))  # type: ignore[arg-type]
    assert actor.person_id is not None
    key = await sign_in_as(actor.person_id, datetime.now(UTC))
    sessions = app.state.sessions
    stamp = int(datetime.now(UTC).timestamp())
    return {sessions.cookie: sessions._signer("session").sign(f"{key}.{stamp}").decode()}


async def test_every_door_for_everyone(client: httpx2.AsyncClient) -> None:
    """No door opens for a role that may not pass, and none breaks for one that may, whatever is behind it."""
    app: Starlette = client.app  # type: ignore[attr-defined]
    round_ = await opened_round()
    walked = 0
    for role in ROLES:
        cookies = await cookies_of(app, role, round_)
        roles = frozenset() if role == "visitor" else frozenset({role})
        for method, path, act in doors(app):
            address = re.sub(r"{year(:int)?}", "2026", re.sub(r"{(?!year)[a-z_]+(:[a-z]+)?}", "0" * 32, path))
            answer = await client.request(
                method, address, headers={"origin": ORIGIN}, cookies=cookies, data={} if method == "POST" else None
            )
            actor = type("A", (), {})  # the real actor's answer is what the table says for the role
            allowed = _allowed(role, roles, act)
            assert answer.status_code < 500, (role, method, address, answer.status_code)
            if not allowed:
                expected = 403 if method == "POST" or role != "visitor" else 303
                assert answer.status_code == expected, (role, method, address, answer.status_code)
            elif path not in ("/inloggen", "/uitloggen"):
                assert answer.status_code != 403, (role, method, address)
            walked += 1
            del actor
    assert walked > 300


def _allowed(role: str, roles: frozenset[str], act: str) -> bool:
    from grants.access import ANYBODY, Actor

    actor = ANYBODY if role == "visitor" else Actor(person_id=1, roles=roles)
    return may(ACTS, actor, act).allowed
