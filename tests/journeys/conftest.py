"""One service for all tests of a module, and a new draft on it for each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import SECRET, Desk, began, cookie
from tests.journeys.test_applicant import in_database, open_a_round_now
from tests.servers.browser import Window
from tests.servers.service import running_service


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A database with an open round, and the address of the service on it: one for all tests here."""
    url = f"sqlite://{shutil.copy(sqlite_template, tmp_path_factory.mktemp('script') / 'script.sqlite3')}"
    in_database(url, open_a_round_now)
    files = tmp_path_factory.mktemp("files").as_uri()
    with running_service(url, SECRET_KEY=SECRET, FILES_URL=files) as address:
        yield url, address


@pytest.fixture
def desk(town: tuple[str, str], window: Window) -> Desk:
    url, address = town
    key, path = in_database(url, began)
    return Desk(window, url, address, cookie(key), path)
