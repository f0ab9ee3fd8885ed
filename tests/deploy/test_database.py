import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tortoise.context import TortoiseContext, get_current_context

from deploy.database import InContext, check_pragmas, open_database, tortoise_config
from deploy.settings import CannotStart


def test_config_of_sqlite() -> None:
    connection = tortoise_config("sqlite:///srv/fonds.sqlite3")["connections"]["default"]
    assert connection["engine"] == "deploy.sqlite_immediate"
    assert connection["credentials"] == {
        "file_path": "/srv/fonds.sqlite3",
        "busy_timeout": 5000,
        "journal_mode": "WAL",
        "journal_size_limit": 16384,
        "synchronous": "FULL",
        "foreign_keys": "ON",
    }


def test_config_of_postgres_with_a_standby() -> None:
    url = "postgresql://fonds:g%23@db1,db2:5433/fonds?max_size=7&target_session_attrs=read-write"
    connection = tortoise_config(url)["connections"]["default"]
    assert connection["engine"] == "deploy.asyncpg_safe"
    assert connection["credentials"] == {
        "host": ["db1", "db2"],
        "port": 5433,
        "user": "fonds",
        "password": "g#",
        "database": "fonds",
        "max_size": 7,
        "target_session_attrs": "read-write",
        "server_settings": {
            "application_name": "meebeslis",
            "lock_timeout": "5s",
            "statement_timeout": "30s",
            "idle_in_transaction_session_timeout": "60s",
        },
    }


async def test_what_sqlite_was_asked_to_set_is_set(database: TortoiseContext) -> None:
    assert await check_pragmas(database) == []


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_pragma_that_was_not_set_is_named(database: TortoiseContext, engine: str) -> None:
    await database.db().execute_query("PRAGMA synchronous = OFF")
    assert await check_pragmas(database) == ["SQLite runs with synchronous 0 instead of 2."]


@pytest.mark.parametrize("engine", ["postgres"])
async def test_postgres_gives_up_waiting(database: TortoiseContext, engine: str) -> None:
    shown = [
        (await database.db().execute_query_dict(f"SHOW {name}"))[0][name]
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    ]
    assert shown == ["5s", "30s", "1min"]


async def test_the_database_is_current_in_a_test_and_in_its_tasks(database: TortoiseContext) -> None:
    async def current() -> object:
        return get_current_context()

    assert get_current_context() is database
    assert await asyncio.create_task(current()) is database


def test_a_runner_keeps_the_database_current_from_one_step_to_the_next(
    fresh_database: Callable[[], AbstractContextManager[str]],
) -> None:
    async def current() -> object:
        return get_current_context()

    with fresh_database() as url, asyncio.Runner() as runner:
        opened = open_database(url)
        context = runner.run(opened.__aenter__())
        assert runner.run(current()) is context
        runner.run(opened.__aexit__(None, None, None))
        assert runner.run(current()) is None


async def test_the_current_database_is_closed_and_gone_after_its_block(database_url: str) -> None:
    async with open_database(database_url):
        pass
    assert get_current_context() is None


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_is_not_made_by_opening_it(empty_database_url: str, engine: str) -> None:
    with pytest.raises(CannotStart, match="meebeslis migrate"):
        async with open_database(empty_database_url):
            pass
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(f"file:{empty_database_url.removeprefix('sqlite://')}?mode=ro", uri=True)


async def test_a_server_that_is_not_there_stops_the_start_without_saying_the_password() -> None:
    with pytest.raises(CannotStart, match="MEEBESLIS_DATABASE_URL does not answer") as refused:
        async with open_database("postgres://fonds:geheim@127.0.0.1:1/fonds"):
            pass
    assert "geheim" not in str(refused.value)


def counting_app(url: str) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, object]]:
        async with open_database(url) as context:
            yield {"database": context}

    async def count(_: Request) -> PlainTextResponse:
        context = get_current_context()
        assert context is not None
        await context.db().execute_query("INSERT INTO visit VALUES (1)")
        rows = await context.db().execute_query_dict("SELECT count(*) AS visits FROM visit")
        return PlainTextResponse(str(rows[0]["visits"]))

    return Starlette(routes=[Route("/", count)], lifespan=lifespan, middleware=[Middleware(InContext)])


@contextlib.asynccontextmanager
async def visiting(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_database(url) as context:
        await context.db().execute_query("CREATE TABLE visit (id INTEGER)")
    app = counting_app(url)
    async with app.router.lifespan_context(app) as state:
        transport = httpx2.ASGITransport(app=with_state(app, dict(state or {})))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


def with_state(app: Starlette, state: dict[str, object]) -> Callable[..., object]:
    """What a server does: hand the state of the lifespan to each request."""

    async def served(scope: dict[str, object], receive: object, send: object) -> None:
        await app(scope | {"state": dict(state)}, receive, send)  # type: ignore[arg-type]

    return served


async def test_two_services_in_one_process_each_have_their_own_database(
    fresh_database: Callable[[], AbstractContextManager[str]],
) -> None:
    with fresh_database() as one, fresh_database() as other:
        async with visiting(one) as first, visiting(other) as second:
            answers = await asyncio.gather(*(first.get("/") for _ in range(20)))
            assert {answer.status_code for answer in answers} == {200}
            assert (await first.get("/")).text == "21"
            assert (await second.get("/")).text == "1"


async def test_queries_are_counted_alike_on_both_engines(
    database: TortoiseContext, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with query_count() as queries:
        await database.db().execute_query("SELECT 1")
        await database.db().execute_query_dict("SELECT 2 AS two")
    await database.db().execute_query("SELECT 3")
    assert queries == ["SELECT 1", "SELECT 2 AS two"]
