"""Commands that keep running or prepare for it: the web service, the worker, the schema, the demonstration."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from datetime import UTC, datetime

from deploy import database
from deploy.settings import Settings, from_environment

GREETING = """
Meebeslis draait op {url}

Als wie wilt u inloggen? Kijk op {url}/demo
De brieven en mails staan in het postvak: {url}/demo/postvak
Stoppen: Ctrl+C.
"""


def serve(arguments: argparse.Namespace) -> int:
    """Serve until stopped. In demo mode the schema and the demo data are seen to first."""
    import uvicorn
    import uvloop  # noqa: F401 - without it every answer of several workers waits 44 ms: refuse to start

    settings = from_environment(os.environ)
    if settings.demo:
        asyncio.run(_prepare_demo(settings))
        print(GREETING.format(url=f"http://{arguments.host}:{arguments.port}"), flush=True)
    if arguments.no_worker:
        os.environ["MEEBESLIS_NO_WORKER"] = "1"
    uvicorn.run(
        "deploy.asgi:application",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    return 0


def work(arguments: argparse.Namespace) -> int:
    """Post letters until stopped, or with --once until nothing is due."""
    return asyncio.run(_work(from_environment(os.environ), once=arguments.once))


def migrate(_: argparse.Namespace) -> int:
    done = asyncio.run(database.migrate(from_environment(os.environ).database_url))
    print(f"{len(done)} migrations applied" if done else "up to date")
    return 0


def demo(_: argparse.Namespace) -> int:
    filled = asyncio.run(_fill(from_environment(os.environ)))
    print("filled with demo data" if filled else "not empty: nothing was changed")
    return 0


async def _prepare_demo(settings: Settings) -> None:
    await database.migrate(settings.database_url)
    await _fill(settings)


async def _fill(settings: Settings) -> bool:
    from grants.store.funds import Fund

    async with database.open_database(settings.database_url):
        if await Fund.exists():
            return False
        from deploy.demo import fill

        await fill(datetime.now(UTC), field_key=settings.field_key)
        return True


async def _work(settings: Settings, *, once: bool) -> int:
    from deploy import worker
    from deploy.files import keep_swept, open_files, sweep_once

    files = open_files(settings.files_url)
    async with database.open_database(settings.database_url):
        if once:
            await sweep_once(files, datetime.now(UTC))
            print(f"{await worker.drain_all(settings)} letters sent")
            return 0
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        sweeping = asyncio.create_task(keep_swept(files, stop, lambda: datetime.now(UTC)))
        await worker.run(settings, stop, clock=lambda: datetime.now(UTC))
        await sweeping
        return 0
