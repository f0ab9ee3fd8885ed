"""Both engines on tables of their own: what races, cancellations and failures leave behind."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from deploy.busy import Busy
from deploy.database import open_database


@pytest.fixture
async def purse(database: TortoiseContext) -> TortoiseContext:
    """A database with one purse, of 0 cents."""
    await run("CREATE TABLE purse (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents < 1000))")
    await run("INSERT INTO purse VALUES (1, 0)")
    return database


async def run(sql: str) -> Any:
    async with in_transaction() as connection:
        return await connection.execute_query_dict(sql)


async def cents() -> int:
    rows = await run("SELECT cents FROM purse WHERE id = 1")
    return int(rows[0]["cents"])


async def add_one_cent(engine: str) -> None:
    lock = " FOR UPDATE" if engine == "postgres" else ""
    async with in_transaction() as connection:
        rows = await connection.execute_query_dict(f"SELECT cents FROM purse WHERE id = 1{lock}")
        await asyncio.sleep(0)
        await connection.execute_query(f"UPDATE purse SET cents = {rows[0]['cents'] + 1} WHERE id = 1")


async def add_from_a_connection_of_its_own(engine: str, url: str, times: int) -> None:
    async with open_database(url):
        await asyncio.gather(*(add_one_cent(engine) for _ in range(times)))


async def test_parallel_connections_that_read_and_then_write_lose_nothing(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    await asyncio.gather(*(add_from_a_connection_of_its_own(engine, database_url, 15) for _ in range(6)))
    assert await cents() == 90


async def cancel_after(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    await asyncio.sleep(seconds)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def two_connections(database_url: str, engine: str) -> AsyncIterator[None]:
    """The same database through a pool of two on PostgreSQL, so that one leak is half of it."""
    async with open_database(database_url + ("?max_size=2" if engine == "postgres" else "")):
        yield


async def test_cancelled_transactions_leave_no_lock_and_no_connection_behind(
    purse: TortoiseContext, two_connections: None, engine: str
) -> None:
    for moment in range(200):
        await cancel_after(moment % 60 * 0.00005, add_one_cent(engine))
    before = await asyncio.wait_for(cents(), 5)
    await asyncio.wait_for(asyncio.gather(*(add_one_cent(engine) for _ in range(10))), 5)
    assert await cents() == before + 10


async def test_cancelled_inserts_of_many_rows_are_all_or_nothing_for_others_too(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    marks = "$1, $2" if engine == "postgres" else "?, ?"
    rows = [[number, number] for number in range(2, 400)]
    for moment in range(60):
        insert = purse.db().execute_many(f"INSERT INTO purse VALUES ({marks})", rows)
        await cancel_after(moment * 0.0001, insert)
        async with open_database(database_url):
            await run("DELETE FROM purse WHERE id = 2")
            count = (await run("SELECT count(*) AS rows FROM purse"))[0]["rows"]
            assert count in {1, 398}
            await run("DELETE FROM purse WHERE id > 1")


async def test_a_time_out_inside_a_transaction_leaves_its_task_outside_of_it(purse: TortoiseContext) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), in_transaction() as connection:
            await connection.execute_query("UPDATE purse SET cents = 7 WHERE id = 1")
            await asyncio.sleep(5)
    assert await cents() == 0


async def test_an_error_undoes_the_transaction_and_a_savepoint_only_itself(purse: TortoiseContext) -> None:
    async with in_transaction() as outer:
        await outer.execute_query("UPDATE purse SET cents = 5 WHERE id = 1")
        with pytest.raises(IntegrityError):
            async with in_transaction() as inner:
                await inner.execute_query("UPDATE purse SET cents = 6 WHERE id = 1")
                await inner.execute_query("UPDATE purse SET cents = 1000 WHERE id = 1")
    assert await cents() == 5
    with pytest.raises(IntegrityError):
        await run("UPDATE purse SET cents = 1000 WHERE id = 1")
    assert await cents() == 5


async def test_a_commit_that_fails_is_undone_and_named(purse: TortoiseContext) -> None:
    await run("CREATE TABLE slip (pot_id INTEGER REFERENCES purse (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError):
        async with in_transaction() as connection:
            await connection.execute_query("INSERT INTO slip VALUES (2)")
    assert await run("SELECT * FROM slip") == []


async def test_waiting_in_vain_for_a_lock_is_called_busy(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    async with in_transaction() as holder:
        await holder.execute_query("UPDATE purse SET cents = 1 WHERE id = 1")
        async with open_database(database_url) as other:
            if engine == "sqlite":
                await other.db().execute_query("PRAGMA busy_timeout = 20")
            with pytest.raises(Busy):
                async with in_transaction() as waiter:
                    await waiter.execute_query("SET LOCAL lock_timeout = '20ms'")
                    await waiter.execute_query("UPDATE purse SET cents = 2 WHERE id = 1")
    assert await cents() == 1


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_a_single_write_that_waits_in_vain_is_called_busy(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    async with in_transaction(), open_database(database_url) as other:
        await other.db().execute_query("PRAGMA busy_timeout = 20")
        with pytest.raises(Busy):
            await other.db().execute_query("UPDATE purse SET cents = 2 WHERE id = 1")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_a_wait_for_the_write_lock_that_was_cancelled_does_not_take_it_later(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    holder = sqlite3.connect(database_url.removeprefix("sqlite://"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(cents())
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.sleep(0.05)
    holder.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    holder.execute("PRAGMA busy_timeout = 0")
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("COMMIT")
    holder.close()
    assert await cents() == 0


async def test_reading_beside_an_open_transaction_sees_what_was_committed_and_does_not_wait(
    purse: TortoiseContext,
) -> None:
    outside = purse.db()
    seen = "SELECT cents FROM purse WHERE id = 1"
    async with in_transaction() as connection:
        await connection.execute_query("UPDATE purse SET cents = 7 WHERE id = 1")
        assert [row["cents"] for row in await connection.execute_query_dict(seen)] == [7]
        during = await asyncio.wait_for(outside.execute_query_dict(seen), 5)
    after = await outside.execute_query_dict(seen)
    await outside.execute_query("UPDATE purse SET cents = 8 WHERE id = 1")
    number, rows = await outside.execute_query(seen)
    found = [row[0]["cents"] for row in (during, after, rows)]
    assert (found, number) == ([0, 7, 8], 1)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_reading_keeps_no_snapshot_that_would_hide_other_processes(
    purse: TortoiseContext, engine: str, database_url: str
) -> None:
    seen = "SELECT cents FROM purse WHERE id = 1"
    assert (await purse.db().execute_query_dict(seen))[0]["cents"] == 0
    with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite://"))) as other:
        other.execute("UPDATE purse SET cents = 5")
        other.commit()
        assert (await purse.db().execute_query_dict(seen))[0]["cents"] == 5
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_a_script_stays_inside_its_transaction(purse: TortoiseContext, engine: str) -> None:
    with contextlib.suppress(KeyError):
        async with in_transaction() as connection:
            await connection.execute_script(
                """
                CREATE TABLE note (text TEXT);
                CREATE TRIGGER no_note BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'kept; always'); END;
                INSERT INTO note VALUES ('a; b')
                """
            )
            assert await connection.execute_query_dict("SELECT text FROM note") == [{"text": "a; b"}]
            raise KeyError
    assert await run("SELECT name FROM sqlite_master WHERE name = 'note'") == []


@pytest.mark.parametrize("engine", ["postgres"])
async def test_postgres_a_server_that_cuts_the_connection_is_called_busy_and_found_again(
    purse: TortoiseContext, engine: str
) -> None:
    with pytest.raises(Busy):
        async with in_transaction() as connection:
            await connection.execute_query("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await cents() == 0
