"""Pages under load, each beside a bare Starlette answer of the same bytes, in the same run, with two workers."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from committee.framework import check_body
from deploy.database import migrate, open_database
from grants import round as rules_of
from grants.access import Actor
from grants.decision import Kind
from grants.errors import Sentence
from grants.fund import read_fund
from grants.initiative import Kind as Shape
from grants.publication import award, totals
from grants.steps.open_round import freeze_and_fund, load_fund
from grants.steps.sign_in import sign_in_as
from grants.store.decisions import Publication
from grants.store.funds import Round
from grants.web.session import Sessions
from tests.bench.table import Row
from tests.factories import FUND_FILE, person, submitted
from tests.servers.ports import free_port
from tests.servers.service import running_service

AWARDS, ROWS, SECONDS, TURNS = 300, 20, 4, 3
SECRET = "of the tests"
NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)


def measure() -> list[Row]:
    """The results of a year with 300 awards from the cache, and an officer's list of 20 rows."""
    if shutil.which("wrk") is None:
        return [Row("pages under load", "needs Debian's wrk", ">= 50 %, >= 10 %", None)]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.sqlite3"
        asyncio.run(migrate(url))
        key = asyncio.run(_fill(url))
        with running_service(url, "--no-worker", "--workers", "2", SECRET_KEY=SECRET) as address:
            memory = _resident(address)
            rows = [
                _against_bare(
                    folder, f"results page of {AWARDS} awards", f"{address}/resultaten/2025", None, 50
                ),
                _against_bare(
                    folder, f"signed-in list of {ROWS} rows", f"{address}/gemeente", _signed(key), 10
                ),
            ]
            return [
                *rows,
                Row("two workers resident, all processes", f"{memory:.0f} MB", "<= 200 MB", memory <= 200),
            ]


async def _fill(url: str) -> str:
    """A published year with many awards, a full queue, and an officer who is signed in; the session's key."""
    async with open_database(url):
        operator = Actor.operator()
        fund = await load_fund(operator, FUND_FILE.read_text(encoding="utf-8"), check_body, NOW)
        plan = read_fund(fund.source, check_body)
        for year in (2025, 2026):
            round_ = await Round.get(year=year)
            await freeze_and_fund(round_, rules_of.freeze(plan, year), operator, NOW)
        old = await Round.get(year=2025)
        await Publication.create(round_id=old.id, document=json.dumps(_document()), published_at=NOW)
        await Round.filter(id=old.id).update(
            published_at=NOW, announced_at=NOW, decided_at=NOW, advised_at=NOW
        )
        applicant, officer = await person("Aanvrager", "applicant"), await person("Ambtenaar", "officer")
        for number in range(ROWS + 5):
            await submitted(applicant, await Round.get(year=2026), f"Plan {number}")
        assert officer.person_id is not None
        return await sign_in_as(officer.person_id, datetime.now(UTC))


def _document() -> dict[str, object]:
    awards = [
        award(
            number=f"2025-{n:03d}", kind=Shape.ORGANISATION, name=f"Stichting De {n}e Stap", title=f"Plan nummer {n}",
            asked_cents=40_000, granted_cents=30_000, explanation=Sentence("Steun: {n}.", {"n": n}),
            reasons={"Meedoen": "Veel mensen kunnen meedoen.", "Anders": "Dit bestaat nog niet in de stad."},
            decided_on=date(2025, 12, 8), outcome=Kind.PARTLY,
        ).as_json()
        for n in range(AWARDS)
    ]  # fmt: skip
    return {
        "awards": awards, "totals": totals([Kind.PARTLY] * AWARDS), "asked_cents": 40_000 * AWARDS, "followed": AWARDS,
        "handled": AWARDS, "left_over": None, "record_hash": None,
    }  # fmt: skip


def _signed(key: str) -> str:
    """The cookie of who is signed in, used just now: a browser gets a new one every minute, wrk keeps its first."""

    async def nobody(*_: object) -> None:
        return None

    sessions = Sessions(SECRET, https=False, find=nobody)
    return "meebeslis=" + sessions._signer("session").sign(f"{key}.{int(time.time())}").decode()


def _against_bare(folder: str, what: str, address: str, cookie: str | None, goal: int) -> Row:
    """Requests a second of the page, and of a bare answer of the same bytes, in turn."""
    asked = urllib.request.Request(address, headers={"cookie": cookie} if cookie else {})
    with urllib.request.urlopen(asked) as answer:
        body = answer.read()
    path = Path(folder) / "body.html"
    path.write_bytes(body)
    with _bare(path) as bare:
        pairs = [(_rate(address, cookie), _rate(bare, None)) for _ in range(TURNS)]
    ours, theirs = (median(rates) for rates in zip(*pairs, strict=True))
    share = 100 * median(mine / other for mine, other in pairs)
    figure = f"{share:.0f} % ({ours:.0f}/s of {theirs:.0f}/s, {len(body) / 1000:.0f} kB)"
    return Row(f"{what}, against a bare answer of the same bytes", figure, f">= {goal} %", share >= goal)


@contextlib.contextmanager
def _bare(path: Path) -> Iterator[str]:
    """The same bytes from Starlette with nothing around it, two workers."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.bench.bare:application", "--workers", "2"]
    command += [
        "--port",
        str(port),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_BODY": str(path)})
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=5)
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _rate(address: str, cookie: str | None) -> float:
    """Requests a second that wrk gets with eight connections; every answer must be good."""
    command = [
        "wrk",
        "-t1",
        "-c8",
        f"-d{SECONDS}s",
        *(["-H", f"Cookie: {cookie}"] if cookie else []),
        address,
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def _resident(address: str) -> float:
    """Megabytes that all processes of the service have to themselves or share (PSS), by /proc."""
    port = address.rpartition(":")[2]
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = (process / "cmdline").read_bytes()
            if port.encode() in words or (b"multiprocessing" in parent and _child_of(process, port)):
                found = re.search(r"Pss:\s+(\d+)", (process / "smaps_rollup").read_text())
                total += int(found[1]) if found else 0
    return total / 1024


def _child_of(process: Path, port: str) -> bool:
    """Was it started by the service on this port?"""
    parent = re.search(r"PPid:\s+(\d+)", (process / "status").read_text())
    return parent is not None and port.encode() in Path(f"/proc/{parent[1]}/cmdline").read_bytes().split(
        b"\0"
    )
