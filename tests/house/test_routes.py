"""Every door of the service: listed by hand, naming the act it asks for; walked by everyone, whoever may pass."""

import re
from collections.abc import AsyncIterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from deploy.app import ACTS, create_app
from deploy.settings import from_environment
from grants.access import ANYBODY, Actor, may
from grants.steps.sign_in import sign_in_as
from grants.store.funds import Round
from grants.web.guard import PageRoute
from tests.factories import member, opened_round, person

ROLES = ("visitor", "applicant", "officer", "finance", "auditor", "member", "chair", "secretary")
SEATS = ("member", "chair", "secretary")
LISTED = Path(__file__).with_name("routes.txt")
ORIGIN = "http://127.0.0.1:8000"
UNKNOWN = "0" * 32


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
    assert lines == LISTED.read_text(encoding="utf-8").splitlines()


def test_every_act_that_is_asked_for_stands_in_a_table() -> None:
    assert {act for _, _, act in doors(service())} <= set(ACTS)


def test_names_of_routes_are_unique() -> None:
    names = [route.name for route in service().routes if isinstance(route, PageRoute)]
    assert len(names) == len(set(names))


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[tuple[Starlette, Any]]:
    made = service(database_url)
    async with made.router.lifespan_context(made) as state:

        async def asgi(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            scope["state"] = dict(state)
            await made(scope, receive, send)

        yield made, httpx2.ASGITransport(asgi, raise_app_exceptions=False)


async def cookies_of(app: Starlette, role: str, round_: Round) -> dict[str, str]:
    """The session of somebody who holds this one role."""
    if role == "visitor":
        return {}
    actor = await (member(round_, role, role) if role in SEATS else person(role, role))
    assert actor.person_id is not None
    key = await sign_in_as(actor.person_id, datetime.now(UTC))
    signer = app.state.sessions._signer("session")
    return {app.state.sessions.cookie: signer.sign(f"{key}.{int(datetime.now(UTC).timestamp())}").decode()}


async def test_every_door_for_everyone(app: tuple[Starlette, Any]) -> None:
    """No door opens for a role that may not pass, and none breaks for one that may, whatever is behind it."""
    made, transport = app
    round_ = await opened_round()
    everything = doors(made)
    for role in ROLES:
        cookies = await cookies_of(made, role, round_)
        actor = ANYBODY if role == "visitor" else Actor(person_id=1, roles=frozenset({role}))
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies) as client:
            for method, path, act in everything:
                if path == "/uitloggen":
                    continue
                address = re.sub(r"{[a-z_]+(:[a-z]+)?}", UNKNOWN, path.replace("{year:int}", "2026"))
                answer = await client.request(
                    method,
                    address,
                    headers={"origin": ORIGIN},
                    data={"niets": ""} if method == "POST" else None,
                )
                where = (role, method, address, answer.status_code)
                assert answer.status_code < 500, where
                if not may(made.state.acts, actor, act).allowed:
                    assert answer.status_code == (303 if role == "visitor" and method == "GET" else 403), (
                        where
                    )
                elif act not in ("sign_in", "public.read"):
                    assert answer.status_code != 401, where
