"""Bringing the schema up to date: once, whoever else does so, and never at the cost of a row."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError

from deploy import database as door
from deploy.database import migrate, open_database
from deploy.settings import CannotStart

MIGRATE = (
    "import asyncio, sys; from deploy.database import migrate; print(len(asyncio.run(migrate(sys.argv[1]))))"
)
WRITTEN = [
    f"{package}.{path.stem}"
    for package in ("grants", "committee")
    for path in sorted((Path(door.__file__).parents[1] / package / "store" / "migrations").glob("0*.py"))
]

REBUILDING = """
from tortoise import fields
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AlterField, CreateModel, RunSQL

class Migration(Migration):
    {operations}
"""
FIRST = """initial = True
    operations = [
        CreateModel("Fund", [
            ("id", fields.IntField(primary_key=True)),
            ("name", fields.CharField(max_length=9)),
        ]),
        CreateModel("Round", [
            ("id", fields.IntField(primary_key=True)),
            ("fund", fields.ForeignKeyField("grants.Fund", on_delete=fields.CASCADE)),
        ]),
        RunSQL(["INSERT INTO fund VALUES (1, 'a')", "INSERT INTO round VALUES (1, 1)"]),
    ]"""
WIDER = """dependencies = [("grants", "0001_first")]
    operations = [AlterField("Fund", "name", fields.CharField(max_length=99)){more}]"""


def throwaway_app(folder: Path, *migrations: str) -> None:
    """A package with models and the migrations 0001_first, 0002_second."""
    package = folder / "throwaway" / "migrations"
    package.mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", "../__init__.py", "../models.py"):
        (package / name).touch()
    for name, operations in zip(("0001_first", "0002_second"), migrations, strict=False):
        (package / f"{name}.py").write_text(REBUILDING.format(operations=operations))
    for name in [name for name in sys.modules if name.startswith("throwaway")]:
        del sys.modules[name]


@pytest.fixture
def throwaway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    app = {
        "models": ["throwaway.models"],
        "migrations": "throwaway.migrations",
        "default_connection": "default",
    }
    monkeypatch.setattr(door, "APPS", {"grants": app})
    monkeypatch.syspath_prepend(str(tmp_path))
    return lambda *migrations: throwaway_app(tmp_path, *migrations)


async def test_migrating_twice_changes_nothing_the_second_time(empty_database_url: str) -> None:
    assert sorted(await migrate(empty_database_url)) == sorted(WRITTEN)
    assert await migrate(empty_database_url) == []


def test_migrating_from_four_processes_at_once_happens_once(empty_database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty_database_url], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = sorted(int(process.communicate(timeout=60)[0]) for process in processes)
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert said == [0, 0, 0, len(WRITTEN)]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # as below
def test_sqlite_the_folder_is_made_for_the_owner_alone(
    throwaway: Callable[..., None], empty_database_url: str, engine: str
) -> None:
    throwaway(FIRST)
    asyncio.run(migrate(empty_database_url))
    folder = Path(empty_database_url.removeprefix("sqlite://")).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["empty.sqlite3"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the throwaway app has migrations and no models
async def test_a_table_rebuilt_by_a_migration_keeps_the_rows_that_point_at_it(
    throwaway: Callable[..., None], empty_database_url: str
) -> None:
    throwaway(FIRST, WIDER.format(more=""))
    assert await migrate(empty_database_url) == ["grants.0001_first", "grants.0002_second"]
    async with open_database(empty_database_url) as context:
        assert await context.db().execute_query_dict("SELECT id, fund_id FROM round") == [
            {"id": 1, "fund_id": 1}
        ]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # as above
async def test_a_migration_that_fails_leaves_everything_as_it_was(
    throwaway: Callable[..., None], empty_database_url: str
) -> None:
    throwaway(FIRST)
    await migrate(empty_database_url)
    throwaway(FIRST, WIDER.format(more=', RunSQL("UPDATE fund SET name = \'b\'"), RunSQL("SELECT nonsense")'))
    with pytest.raises(OperationalError):
        await migrate(empty_database_url)
    throwaway(FIRST, WIDER.format(more=""))
    async with open_database(empty_database_url) as context:
        assert await context.db().execute_query_dict("SELECT name FROM fund") == [{"name": "a"}]
    assert await migrate(empty_database_url) == ["grants.0002_second"]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # as above
async def test_sqlite_a_migration_that_leaves_rows_pointing_at_nothing_is_refused(
    throwaway: Callable[..., None], empty_database_url: str, engine: str
) -> None:
    throwaway(FIRST)
    await migrate(empty_database_url)
    throwaway(FIRST, WIDER.format(more=', RunSQL("DELETE FROM fund")'))
    with pytest.raises(CannotStart, match="rows that point at nothing in round"):
        await migrate(empty_database_url)
    async with open_database(empty_database_url) as context:
        assert await context.db().execute_query_dict("SELECT name FROM fund") == [{"name": "a"}]
