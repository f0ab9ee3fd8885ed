"""The one door to the database: how it is opened, brought up to date, and made current for each request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from starlette.types import ASGIApp, Receive, Scope, Send
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext, _current_context
from tortoise.exceptions import DBConnectionError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from deploy.settings import CannotStart

Config = dict[str, Any]

APPS: Config = {
    "grants": {
        "models": [
            "grants.store.people",
            "grants.store.consents",
            "grants.store.funds",
            "grants.store.initiatives",
            "grants.store.applications",
            "grants.store.companions",
            "grants.store.uploads",
            "grants.store.journal",
            "grants.store.ledger",
            "grants.store.decisions",
            "grants.store.payments",
            "grants.store.outbox",
            "grants.store.messages",
            "grants.store.stretches",
            "grants.store.help",
            "grants.store.filters",
            "grants.store.limits",
            "grants.store.notices",
            "grants.store.looks",
            "grants.store.entries",
        ],
        "migrations": "grants.store.migrations",
        "default_connection": "default",
    },
    "committee": {
        "models": [
            "committee.store.members",
            "committee.store.conflicts",
            "committee.store.reviews",
            "committee.store.ballots",
        ],
        "migrations": "committee.store.migrations",
        "default_connection": "default",
    },
}

# Money is kept here: a commit is on the disk (FULL) before anybody hears of it.
SQLITE_PRAGMAS = {"busy_timeout": 5000, "journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON"}
POSTGRES_SETTINGS = {
    "application_name": "meebeslis",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
MIGRATION_LOCK = 6_334_232  # any number, the same on every node


def tortoise_config(url: str) -> Config:
    """Say in Tortoise's own words which database `url` means, with our engine for it.

    `sqlite:///srv/fonds.sqlite3` is that path, `sqlite://var/fonds.sqlite3` one from the folder of the start;
    `postgres://user:password@host:5432/name`, and `host1,host2` for a primary with its standbys.
    """
    connection = expand_db_url(url)
    credentials = connection["credentials"]
    if "file_path" in credentials:
        connection["engine"] = "deploy.sqlite_immediate"
        credentials |= SQLITE_PRAGMAS
    else:
        connection["engine"] = "deploy.asyncpg_safe"
        credentials["host"] = _hosts(credentials["host"])
        credentials["server_settings"] = dict(POSTGRES_SETTINGS)
    return {"connections": {"default": connection}, "apps": APPS, "use_tz": True, "timezone": "UTC"}


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[TortoiseContext]:
    """Connect, and make this database current for the task that asks. Raises CannotStart.

    Always closes: an open SQLite connection would keep the process alive for ever.
    """
    config = tortoise_config(url)
    file = _sqlite_file(config)
    if file and not file.is_file():
        raise CannotStart(
            f"There is no database at {file} yet: run `meebeslis migrate`, or set MEEBESLIS_DATABASE_URL."
        )
    async with _connected(config) as context:
        yield context


async def migrate(url: str) -> list[str]:
    """Bring the schema up to date; returns the migrations that were needed, none the second time.

    All of them are one transaction, which also keeps other nodes out: either everything is new or nothing is.
    """
    config = _for_migrating(tortoise_config(url))
    file = _sqlite_file(config)
    if file:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    done: list[str] = []
    async with _connected(config), in_transaction("default") as connection:
        if connection.capabilities.dialect == "postgres":
            await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK])
        executor = MigrationExecutor(connection, config["apps"])
        # The executor looks for its table before it makes it, and a failed look spoils the transaction.
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        await executor.migrate(
            direction="forward",
            progress=lambda event, app, name: done.append(f"{app}.{name}") if event == "apply_done" else None,
        )
        if file:
            await _refuse_dangling_rows(connection)
    return done


async def check_pragmas(context: TortoiseContext) -> list[str]:
    """What SQLite did not set as it was asked to, one sentence each; nothing on PostgreSQL."""
    client = context.db()
    if client.capabilities.dialect != "sqlite":
        return []
    wanted = SQLITE_PRAGMAS | {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    wrong = []
    for pragma, value in wanted.items():
        _, rows = await client.execute_query(f"PRAGMA {pragma}")
        found = next(iter(rows[0]))
        if found != value:
            wrong.append(f"SQLite runs with {pragma} {found} instead of {value}.")
    return wrong


class InContext:
    """Makes the database current for each request; the lifespan hands it over as the state `database`.

    Tortoise keeps its context in a context variable, and a request runs in another context than the lifespan.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = scope.get("state", {}).get("database")
        if context is None:
            await self.app(scope, receive, send)
            return
        # Entering the context itself would not do: it remembers one token, and requests overlap.
        token = _current_context.set(context)
        try:
            await self.app(scope, receive, send)
        finally:
            _current_context.reset(token)


@asynccontextmanager
async def _connected(config: Config) -> AsyncIterator[TortoiseContext]:
    # Tortoise keeps its SQL by the name of the connection: another engine's marks must not be found there.
    EXECUTOR_CACHE.clear()
    async with TortoiseContext() as context:
        await context.init(config=config)
        await _connect(context.db())
        yield context


async def _connect(client: BaseDBAsyncClient) -> None:
    """Connect now, so that a wrong address stops the start and not the first visitor."""
    try:
        await client.create_connection(with_db=True)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBConnectionError) as failure:
        raise CannotStart(f"The database of MEEBESLIS_DATABASE_URL does not answer: {failure}") from failure


def _for_migrating(config: Config) -> Config:
    """Tell how to open the same database with more patience, and on SQLite without foreign keys.

    SQLite rebuilds a table by dropping the old one, which would take along the rows that point at it.
    """
    credentials = config["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        credentials |= {"busy_timeout": 60_000, "foreign_keys": "OFF"}
    else:
        credentials["server_settings"] |= {"lock_timeout": "60s", "statement_timeout": "0"}
    return config


async def _refuse_dangling_rows(connection: BaseDBAsyncClient) -> None:
    _, rows = await connection.execute_query("PRAGMA foreign_key_check")
    if rows:
        tables = ", ".join(sorted({row["table"] for row in rows}))
        raise CannotStart(
            f"Nothing was changed: the new schema would leave rows that point at nothing in {tables}."
        )


def _sqlite_file(config: Config) -> Path | None:
    path = config["connections"]["default"]["credentials"].get("file_path")
    return Path(path) if path else None


def _hosts(host: str | None) -> str | list[str] | None:
    return host.split(",") if host and "," in host else host
