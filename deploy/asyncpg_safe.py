"""PostgreSQL for Tortoise, with transactions that give their connection back when they fail or are cancelled.

The stock engine loses a pooled connection to everybody who is cancelled while beginning, until none is left,
and lets the driver's own errors through for locks, deadlocks and lost connections.
"""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import NestedTransactionContext, TransactionContextPooled
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections

from deploy.busy import Busy

NOT_NOW = (
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,  # deadlocks and serialization failures
    asyncpg.OperatorInterventionError,  # statement_timeout, and a server that is starting or stopping
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresConnectionError,
    OSError,
)


class Worded(AsyncpgDBClient):
    """Says `Busy` where the driver speaks of locks, deadlocks, time-outs or a server that is gone."""

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except NOT_NOW as failure:
            raise Busy(failure) from failure


class SafeWrapper(Worded, TransactionWrapper):
    """One pooled connection while a transaction is open on it."""

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(SafeWrapper(self))

    @translate_exceptions
    async def take_from(self, pool: Any) -> None:
        """Take a connection; an unreachable server is said in our words."""
        self._connection = await pool.acquire()

    @translate_exceptions
    async def commit(self) -> None:
        await super().commit()


class SafeContext(TransactionContextPooled):
    """From BEGIN to COMMIT or ROLLBACK; the pool shields the release, and undoes what is still open."""

    client: SafeWrapper

    async def __aenter__(self) -> SafeWrapper:
        connections = get_connections()
        await self.ensure_connection()
        await self.client.take_from(self._pool)
        try:
            await self.client.begin()
        except BaseException:
            await self._release()
            raise
        self.token = connections.set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        get_connections().reset(self.token)
        try:
            if exc_val is None and not self.client._finalized:
                await self.client.commit()
            elif not self.client._finalized:
                await self._roll_back()
        finally:
            await self._release()

    async def _roll_back(self) -> None:
        # With the connection gone the server rolls back by itself, and what went wrong first is the news.
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await self.client.rollback()

    async def _release(self) -> None:
        await self._pool.release(self.client._connection)

    @property
    def _pool(self) -> Any:
        return self.client._parent._pool


class SafeClient(Worded):
    """The pool; Tortoise's migrations know it by "asyncpg" in this module's name."""

    def _in_transaction(self) -> SafeContext:
        return SafeContext(SafeWrapper(self), self._pool_init_lock)


client_class = SafeClient
