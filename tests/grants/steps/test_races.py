"""The last euro, with real processes on real connections: never a cent too much, never an answer lost."""

import subprocess
import sys
import time
from collections import Counter

import pytest

from deploy.database import open_database
from grants import ledger
from grants.steps.announce import announce
from grants.steps.decide import adopt_all
from grants.store import journal
from grants.store.ledger import LedgerEntry, Pot, entries_of
from tests.factories import DECIDING, OPERATOR
from tests.grants.steps.test_decide import advised

pytestmark = pytest.mark.anyio

PROCESSES = 4


def race(url: str, *runners: tuple[str, ...]) -> Counter[str]:
    """Start one process for each runner, all to go off at the same moment; what each run ended in."""
    start = str(time.time() + 4.0)
    command = [sys.executable, "-m", "tests.racer", url, start]
    started = [subprocess.Popen([*command, *runner], stdout=subprocess.PIPE, text=True) for runner in runners]
    ended: Counter[str] = Counter()
    for process in started:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        ended.update(said.split())
    return ended


async def test_last_euro_is_given_once(database_url: str) -> None:
    async with open_database(database_url):
        applications, _, _ = await advised(*[(950_000, 0)] * 12)
    ids = [one.public_id for one in applications]
    runners = [("decide", ",".join(ids[place::PROCESSES]), "900000") for place in range(PROCESSES)]
    assert race(database_url, *runners) == {"done": 11, "refused": 1}
    async with open_database(database_url):
        pot = await Pot.get(year=2026)
        assert (pot.reserved_cents, pot.balance.free) == (9_900_000, 100_000)
        assert ledger.recompute(await entries_of(pot.id)) == pot.balance
        assert await journal.broken_place() is None


async def test_adopting_twice_at_once_reserves_once(database_url: str) -> None:
    async with open_database(database_url):
        applications, _, _ = await advised((500_000, 500_000), (700_000, 400_000))
        round_id = str(applications[0].round_id)
    assert race(database_url, *[("adopt", round_id)] * 3) == {"done": 6}
    async with open_database(database_url):
        assert await LedgerEntry.filter(kind="reserve").count() == 2
        assert (await Pot.get(year=2026)).reserved_cents == 900_000


async def test_closing_the_year_from_many_sides_carries_over_once(database_url: str) -> None:
    async with open_database(database_url):
        applications, _, _ = await advised((500_000, 500_000))
        await adopt_all(OPERATOR, applications[0].round_id, DECIDING)
        await announce(OPERATOR, applications[0].round_id, DECIDING)
    assert race(database_url, *[("close", "2026")] * PROCESSES) == {"done": 16}
    async with open_database(database_url):
        assert (await Pot.get(year=2027)).ceiling_cents == 9_500_000
        assert await LedgerEntry.filter(kind="carry_over").count() == 1
