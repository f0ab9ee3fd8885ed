"""The service itself in a process of its own, as an operator starts it: for browsers, races and crashes."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tests.servers.ports import free_port


class Service:
    """`meebeslis serve` on one port, which can be started, stopped, killed and started again."""

    def __init__(self, database_url: str, said: IO[str], *options: str, **settings: str) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        given = {
            "DATABASE_URL": database_url,
            "BASE_URL": self.address,
            "SECRET_KEY": "of the tests",
            **settings,
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("MEEBESLIS_")}
        self._environment = own | {f"MEEBESLIS_{name}": value for name, value in given.items()}
        self._command = [sys.executable, "-m", "deploy.cli", "serve", "--port", str(port), *options]
        self._said = said

    def start(self) -> None:
        """Start, and come back once it is healthy."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=self._said, stderr=subprocess.STDOUT
        )
        if not self._healthy():
            self._said.seek(0)
            raise RuntimeError(f"the service did not start:\n{self._said.read()}")

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to stop, and see that it does; nothing when it has ended already."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError("the service did not stop within 20 s when it was asked to") from None

    def _healthy(self) -> bool:
        until = time.monotonic() + 30
        while self._process.poll() is None and time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                    return bool(answer.status == 200)
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        return False


@contextmanager
def started_service(database_url: str, *options: str, **settings: str) -> Iterator[Service]:
    """`meebeslis serve` with these options and MEEBESLIS_ settings, healthy, and stopped at the end."""
    with tempfile.TemporaryFile("w+") as said:
        service = Service(database_url, said, *options, **settings)
        try:
            service.start()
            yield service
        finally:
            service.stop()


@contextmanager
def running_service(database_url: str, *options: str, **settings: str) -> Iterator[str]:
    """The address of such a service."""
    with started_service(database_url, *options, **settings) as service:
        yield service.address
