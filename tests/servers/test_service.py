"""The service starts in a process of its own, and ends when it is asked to."""

import urllib.error
import urllib.request

import pytest

from tests.servers.service import running_service


def test_the_service_answers_as_long_as_it_runs(database_url: str) -> None:
    with running_service(database_url, "--no-worker") as address:
        answer = urllib.request.urlopen(f"{address}/health").read()
    assert answer
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/health")


def test_a_service_that_cannot_start_says_why() -> None:
    service = running_service("sqlite:///nowhere/at/all.sqlite3", MAIL_FROM="nobody")
    with pytest.raises(RuntimeError, match="MEEBESLIS_MAIL_FROM must be one mail address"):
        service.__enter__()
