"""SQLite for Tortoise, with transactions that take the write lock at once and a lock that never sticks.

The stock engine begins deferred, so that two writers who both read first end in "database is locked" whatever
the time-out; and whoever is cancelled while beginning leaves the process waiting for ever. Here a rollback
follows every failure, without asking whether one is needed: the driver's thread keeps the order, so it also
undoes a BEGIN or COMMIT that was cancelled halfway, and does nothing where nothing is open.

Outside a transaction a SELECT is read at once, on a second connection that can only read: handing a small
query to the driver's thread and back takes ten times as long as the query. In WAL mode it neither waits for a
writer nor keeps one waiting (docs/decisions/0008).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from deploy.busy import Busy

READ_PATIENCE_SECONDS = 1.0
"""In WAL mode a reader waits only while a crashed writer's log is put right."""


class Turn(ConnectionWrapper[Any]):
    """One task's turn on the connection; given back, too, when connecting fails."""

    async def __aenter__(self) -> Any:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self._lock.release()
        _raise_in_our_words(exc_val)


class ImmediateWrapper(SqliteTransactionWrapper):
    """The connection while a transaction is open on it."""

    def acquire_connection(self) -> Turn:
        return Turn(self._lock, self)

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(ImmediateWrapper(self))

    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except BaseException as failure:
            await self.undo()
            _raise_in_our_words(failure)
            raise

    async def commit(self) -> None:
        try:
            await super().commit()
        except BaseException as failure:
            await self.undo()
            _raise_in_our_words(failure)
            raise

    async def undo(self) -> None:
        """Roll back whatever may be open: sent at once, so a second cancellation does not stop it."""
        await self._connection.rollback()

    async def execute_script(self, query: str) -> None:
        """Run several statements; the driver's own `executescript` would commit what is open first."""
        for statement in _statements(query):
            await self.execute_query(statement)


class ImmediateContext(SqliteTransactionContext):
    """From BEGIN IMMEDIATE to COMMIT or ROLLBACK, alone on the process's one connection."""

    connection: ImmediateWrapper

    async def __aenter__(self) -> ImmediateWrapper:
        connections = get_connections()
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = connections.set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        try:
            if exc_val is not None:
                await self.connection.undo()
            elif not self.connection._finalized:
                await self.connection.commit()
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()


class ImmediateClient(SqliteClient):
    """The process's one connection that writes, and one beside it that reads what has been committed.

    Tortoise's migrations know it by "sqlite" in this module's name.
    """

    _reader: sqlite3.Connection | None = None

    async def create_connection(self, with_db: bool) -> None:
        await super().create_connection(with_db)
        if self._reader is None:
            self._reader = sqlite3.connect(self.filename, timeout=READ_PATIENCE_SECONDS, isolation_level=None)
            self._reader.row_factory = sqlite3.Row
            self._reader.execute("PRAGMA query_only=ON")

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        await super().close()

    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        if (reader := self._reader) is None or not _reads(query):
            count, found = await super().execute_query(query, values)
            return count, found
        rows = self._read(reader, query, values)
        return len(rows), rows

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        if (reader := self._reader) is None or not _reads(query):
            rows: list[dict[str, Any]] = await super().execute_query_dict(query, values)
            return rows
        rows = self._read(reader, query, values)
        names = rows[0].keys() if rows else ()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _read(self, reader: sqlite3.Connection, query: str, values: list[Any] | None) -> list[Any]:
        self.log.debug("%s: %s", query, values)
        try:
            return reader.execute(query, values or ()).fetchall()
        except sqlite3.Error as failure:
            _raise_in_our_words(failure)
            raise

    def acquire_connection(self) -> Turn:
        return Turn(self._lock, self)

    def _in_transaction(self) -> ImmediateContext:
        return ImmediateContext(ImmediateWrapper(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Insert many rows, all or none, also when cancelled."""
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)


def _reads(query: str) -> bool:
    """Is this a plain SELECT? One with a NUL in it is left to the stock client, which knows what to do."""
    return query.lstrip()[:7].upper() == "SELECT " and "\x00" not in query


def _raise_in_our_words(failure: BaseException | None) -> None:
    """Raise what the rest of the house knows for what the driver said; leave the rest to the caller."""
    if not isinstance(failure, (sqlite3.OperationalError, sqlite3.IntegrityError)):
        return
    if isinstance(failure, sqlite3.IntegrityError):
        raise IntegrityError(failure) from failure
    primary_code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if primary_code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise Busy(failure) from failure
    raise OperationalError(failure) from failure


def _statements(script: str) -> Iterator[str]:
    """Cut a script at the semicolons that end a statement, not at those inside a text or a trigger."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \t\r\n;"):
                yield statement
            statement = ""
    if statement.strip(" \t\r\n;"):
        yield statement


client_class = ImmediateClient
