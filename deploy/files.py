"""The place that keeps uploaded files: a folder of this machine or a bucket, by MEEBESLIS_FILES_URL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from deploy.settings import CannotStart
from grants.steps.attach import forget
from grants.store import limits
from grants.store.files import Away, Files, Lying, sweep

SWEPT_EVERY = 3600.0
READ_AT_ONCE = 256 * 1024
PART = 5 * 1024 * 1024
"""Bytes of a file that a bucket takes at a time; less than this it refuses."""

S3_OPTIONS = {"endpoint", "region"}
RETRY = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
"""A bucket that does not answer is told to the person who waits, not tried for minutes."""

log = logging.getLogger(__name__)


class Store:
    """`grants.store.files.Files` on any store of obstore."""

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store

    async def write(self, path: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep these bytes whole under a new path; nothing, when the pieces end in an exception."""
        with _answering():
            await obstore.put_async(self._store, path, pieces, chunk_size=PART, max_concurrency=2)

    async def read(self, path: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`; FileNotFoundError before the first when they are not there."""
        with _answering():
            found = await obstore.get_async(self._store, path, options={"range": (start, end)})
            stream = found.stream(min_chunk_size=READ_AT_ONCE)
        return (bytes(piece) async for piece in stream)

    async def delete(self, paths: Sequence[str]) -> None:
        """Take these away; what is not there any more is fine."""
        with _answering():
            for path in paths:
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, path)

    async def everything(self) -> AsyncIterator[Sequence[Lying]]:
        """All that lies there, some at a time."""
        with _answering():
            async for found in obstore.list(self._store, chunk_size=500):
                yield [Lying(one["path"], one["last_modified"]) for one in found]


def open_files(url: str) -> Files:
    """The place that `url` names. Raises CannotStart where it cannot be used.

    `file:///srv/files` is a folder, made when it is not there. `s3://bucket/prefix` is a bucket, with
    `?endpoint=http://host:port` for one that is not Amazon's, and `?region=`; the keys come from the
    environment that all S3 programs read (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from the machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Store(_folder(Path(unquote(parts.path))))
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.netloc or set(options) - S3_OPTIONS:
        raise CannotStart(
            "MEEBESLIS_FILES_URL must look like file:///srv/files or "
            "s3://bucket/prefix?endpoint=https://host&region=name."
        )
    endpoint = options.get("endpoint", "")
    return Store(
        S3Store(
            parts.netloc,
            prefix=unquote(parts.path).strip("/") or None,
            **options,  # type: ignore[arg-type] # only the names of S3_OPTIONS are left
            virtual_hosted_style_request=not endpoint,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": timedelta(seconds=60)},
            retry_config=RETRY,  # type: ignore[arg-type] # a plain dict of two of its keys
        )
    )


def _folder(path: Path) -> LocalStore:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(path)
    except (OSError, BaseError) as failure:
        raise CannotStart(
            f"The folder of MEEBESLIS_FILES_URL cannot be made or read: {path}. {failure}"
        ) from failure


@contextmanager
def _answering() -> Iterator[None]:
    """What goes wrong at the place itself becomes `Away`; what is not there stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as failure:
        log.exception("the place of MEEBESLIS_FILES_URL does not answer")
        raise Away(
            "Wij kunnen nu geen bestanden bewaren of tonen. Probeer het over een uur nog eens."
        ) from failure


async def keep_swept(files: Files, stop: asyncio.Event, clock: Callable[[], datetime]) -> None:
    """Sweep every hour until `stop` is set; nothing that goes wrong ends it."""
    while not stop.is_set():
        try:
            await sweep_once(files, clock())
        except Exception:
            log.exception("sweeping files was interrupted")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEPT_EVERY)


async def sweep_once(files: Files, now: datetime) -> int:
    """Forget what was removed, then take away what no row names; returns how many files went.

    What limits remember of long ago goes in the same round.
    """
    await limits.forget(now)
    await forget(now)
    return await sweep(files, now)
