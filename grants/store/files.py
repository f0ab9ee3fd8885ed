"""Where the bytes of uploads lie, outside the database; and taking in one upload, looked at while it streams by.

A file lies under a random path that says nothing, and is written before the transaction in which a row names it:
what no row names is swept away a day later.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from grants import photo, upload
from grants.errors import Refusal
from grants.store.uploads import Upload
from grants.upload import Family, Flow, Media, Wanted

KEPT_UNNAMED = timedelta(days=1)
"""How long a file may lie there before a row names it, and after its row is gone."""

_OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
_drawing = ThreadPoolExecutor(2, "photo")
"""So many photos are drawn anew at once in one process: each may take 200 MB."""


class Lying(NamedTuple):
    """One file as the place that keeps it knows it."""

    path: str
    at: datetime


class Files(Protocol):
    """The place that keeps the bytes: a folder or a bucket. Raises `Away` when it does not answer."""

    async def write(self, path: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep these bytes whole under a new path; nothing, when the pieces end in an exception."""

    async def read(self, path: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`; FileNotFoundError before the first when they are not there."""

    async def delete(self, paths: Sequence[str]) -> None:
        """Take these away; what is not there any more is fine."""

    def everything(self) -> AsyncIterator[Sequence[Lying]]:
        """All that lies there, some at a time."""


class Away(Refusal):
    """The place where files are kept does not answer."""

    status = 503


class Caught(NamedTuple):
    """A file that lies in its place, and is no answer to anything yet."""

    path: str
    name: str
    media_type: str
    bytes: int
    sha256: str


async def catch(files: Files, name: str, pieces: AsyncIterator[bytes], wanted: Wanted) -> Caught:
    """Take in one file. Refusal, and nothing is kept, where it is not wanted, too large, broken or disguised."""
    head = await _head(pieces)
    media = upload.recognise(head, name, wanted)
    whole = _looked_at(head, pieces, Flow(name, media, wanted))
    if media.family is Family.PHOTO:
        whole, media = _once(await _redrawn(whole, name, media, wanted)), upload.JPEG
    path = _new_path()
    tally = _Tally()
    await files.write(path, tally.counting(whole))
    return Caught(
        path, upload.display_name(name, media), media.media_type, tally.size, tally.digest.hexdigest()
    )


async def sweep(files: Files, now: datetime) -> int:
    """Take away what no row names and has lain there for a day; returns how many files that were.

    Only what is called as `catch` calls it: somebody may keep other things in the same place.
    """
    gone = 0
    async for lying in files.everything():
        old = [one.path for one in lying if _OURS.fullmatch(one.path) and one.at < now - KEPT_UNNAMED]
        named = await Upload.filter(path__in=old).values_list("path", flat=True) if old else []
        unnamed = sorted(set(old) - set(named))
        if unnamed:
            await files.delete(unnamed)
        gone += len(unnamed)
    return gone


def _new_path() -> str:
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


async def _head(pieces: AsyncIterator[bytes]) -> bytes:
    head = b""
    async for piece in pieces:
        head += piece
        if len(head) >= upload.HEAD:
            break
    return head


async def _looked_at(head: bytes, pieces: AsyncIterator[bytes], flow: Flow) -> AsyncIterator[bytes]:
    flow.pass_by(head)
    yield head
    async for piece in pieces:
        flow.pass_by(piece)
        yield piece
    flow.end()


async def _redrawn(whole: AsyncIterator[bytes], name: str, media: Media, wanted: Wanted) -> bytes:
    """A photo is held in memory, up to its limit, and drawn anew in a thread."""
    data = b"".join([piece async for piece in whole])
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_drawing, photo.redraw, data, name, media, wanted)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


class _Tally:
    """Size and fingerprint of what is kept, counted while it goes."""

    def __init__(self) -> None:
        self.size = 0
        self.digest = hashlib.sha256()

    async def counting(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            self.size += len(piece)
            self.digest.update(piece)
            yield piece
