"""Limits count for each person, address or browser apart, also when many come at the same moment."""

import asyncio
from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from deploy.database import open_database
from grants.limit import HOUR, Limit, Often
from grants.store import limits
from grants.store.limits import Used
from tests.factories import OPEN

pytestmark = pytest.mark.anyio

THREE = Limit("three", 3, HOUR)
OTHER = Limit("other", 3, HOUR)


async def used(*whose: str | int, limit: Limit = THREE) -> str:
    try:
        async with in_transaction():
            await limits.count(limit, OPEN, *whose)
    except Often as often:
        return str(often.said.values["again"])[11:16]
    return "done"


async def test_each_is_counted_apart(database) -> None:
    assert [await used("person", 1) for _ in range(4)] == ["done"] * 3 + ["09:20"]
    others = [await used("person", 2), await used("browser", 1), await used("person", 1, limit=OTHER)]
    assert others == ["done"] * 3
    assert await Used.all().count() == 4


async def test_nothing_of_who_it_was_is_kept(database) -> None:
    await used("mail", "ann@voorbeeld.example")
    row = await Used.get()
    assert "ann" not in f"{row.purpose}{row.key_hash}"
    assert len(row.key_hash) == 64


async def test_what_fails_afterwards_is_not_counted(database) -> None:
    for _ in range(5):
        with pytest.raises(RuntimeError):
            async with in_transaction():
                await limits.count(THREE, OPEN, "person", 1)
                raise RuntimeError
    assert [await used("person", 1) for _ in range(4)] == ["done"] * 3 + ["09:20"]


async def test_many_at_the_same_moment_are_counted_one_by_one(database_url) -> None:
    async with open_database(database_url):
        said = await asyncio.gather(*[used("person", 1) for _ in range(32)])
        assert sorted(said) == ["09:20"] * 29 + ["done"] * 3


async def test_what_says_nothing_any_more_is_forgotten(database) -> None:
    await used("person", 1)
    await used("person", 2)
    await used("person", 2)
    assert await limits.forget(OPEN + timedelta(minutes=20)) == 0
    assert await limits.forget(OPEN + timedelta(minutes=21)) == 1
    assert await limits.forget(OPEN + HOUR) == 1
