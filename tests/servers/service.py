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

from tests.servers.ports import free_port


@contextmanager
def running_service(database_url: str, *options: str, **settings: str) -> Iterator[str]:
    """`meebeslis serve` with these options and MEEBESLIS_ settings; yields its address once it is healthy."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = {"DATABASE_URL": database_url, "BASE_URL": address, "SECRET_KEY": "of the tests", **settings}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEEBESLIS_")}
    environment |= {f"MEEBESLIS_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "deploy.cli", "serve", "--port", str(port), *options]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            if not _healthy(process, address):
                said.seek(0)
                raise RuntimeError(f"the service did not start:\n{said.read()}")
            yield address
        finally:
            _stop(process)


def _healthy(process: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise RuntimeError("the service did not stop within 20 s when it was asked to") from None
