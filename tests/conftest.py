"""Real databases, a real mail server and a real browser for whoever asks; profiles for property tests."""

import asyncio
import logging
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tortoise.context import TortoiseContext

from deploy.database import migrate, open_database
from tests.servers.browser import Window, chromium_program, running_browser
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.smtp import SmtpServer, running_smtp

# The same examples every time, so that a red run is red again; `--hypothesis-profile long` searches anew.
settings.register_profile("default", max_examples=40, stateful_step_count=30, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=3000, stateful_step_count=60, deadline=None)
settings.load_profile("default")

FreshDatabase = Callable[[], AbstractContextManager[str]]

LONGEST_FIRST = (
    "test_every_page",
    "tests/journeys/",
    "tests/pages/",
    "tests/committee/steps/",
    "tests/deploy/",
)
"""Where the long files stand; what begins last should be short, so that two workers end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first: with `--dist loadfile --no-loadscope-reorder` workers take files in this order."""
    items.sort(key=lambda item: [place not in item.nodeid for place in LONGEST_FIRST])


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """One event loop for the whole run, of the kind that the service runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """A test that asks for it, or for any database, runs on both; `-k sqlite` chooses one."""
    return str(request.param)


@pytest.fixture
def database_url(fresh_database: FreshDatabase) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own."""
    with fresh_database() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[TortoiseContext]:
    """That database opened, and current in the test and in every task it starts."""
    async with open_database(database_url) as context:
        yield context


@pytest.fixture
def fresh_database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> FreshDatabase:
    """`with fresh_database() as url:` as often as needed, for tests that make their own examples."""
    if engine == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        template: str = request.getfixturevalue("postgres_template")
        return lambda: server.database(f"test_{uuid.uuid4().hex}", template)
    file: Path = request.getfixturevalue("sqlite_template")
    return lambda: _copy_of(file, tmp_path)


@pytest.fixture
def empty_database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing was made yet."""
    if engine == "sqlite":
        yield f"sqlite://{tmp_path / 'var' / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(f"test_{uuid.uuid4().hex}") as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    with postgres.database("template") as url:
        asyncio.run(migrate(url))
        yield "template"


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A mail server of this test's own; set `smtp.mode`, read `smtp.mails`."""
    with running_smtp() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for one module at a time."""
    if chromium_program() is None:
        pytest.skip("no Chromium here: apt-get install chromium, or set MEEBESLIS_CHROMIUM")
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def window(browser: Any) -> Iterator[Window]:
    """`window.open()` is a new visitor; an error the browser heard of, left in `errors`, fails the test."""
    opened = Window(browser)
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture
def query_count() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with query_count() as queries:` gathers the SQL of a block, BEGIN and COMMIT left out."""
    return _gathered_queries


@contextmanager
def _copy_of(template: Path, folder: Path) -> Iterator[str]:
    file = folder / f"{uuid.uuid4().hex}.sqlite3"
    shutil.copyfile(template, file)
    yield f"sqlite://{file}"


class _Listener(logging.Handler):
    """Tortoise writes each query to its log with this one form, whatever the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.queries: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s" and isinstance(record.args, tuple):
            self.queries.append(str(record.args[0]))


@contextmanager
def _gathered_queries() -> Iterator[list[str]]:
    log, listener = logging.getLogger("tortoise.db_client"), _Listener()
    level = log.level
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    try:
        yield listener.queries
    finally:
        log.setLevel(level)
        log.removeHandler(listener)
