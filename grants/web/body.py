"""What a browser sent with a form, read while it comes in: never more of it in memory than a form can hold."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from grants.errors import Refusal

MAX_BYTES = 4 * 1024 * 1024
"""A text of 1 MB fits in every encoding, so that it can be given back with a sentence."""

MAX_FIELDS = 500
MOST_SENT = 100 * 1024 * 1024
"""The text and all files of one form together."""

_DRAINED = 16 * MAX_BYTES
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

Catch = Callable[[str, str, AsyncIterator[bytes]], Awaitable[None]]
"""Takes one file while it comes in: the name of its field, its own name, its bytes. It raises no refusal."""


class TooLarge(Refusal):
    """More was sent than any form of ours can hold."""

    status = 413


class WrongKind(Refusal):
    """What was sent is not a form."""

    status = 415


async def read_pairs(request: Request, catch: Catch | None = None) -> list[tuple[str, str]]:
    """Every text that was posted, as it came. Files go to `catch`, or past us where nobody asks for them."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() == MULTIPART.encode() and options.get(b"boundary"):
        return await _read_parts(request, options[b"boundary"], catch)
    if kind.lower() != URLENCODED.encode():
        raise _unreadable()
    body = (await _body(request)).decode("latin-1")
    try:
        return parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise _too_many_fields() from None


async def _body(request: Request) -> bytes:
    """The posted bytes. Too many are read all the same, or the browser would not see our answer."""
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BYTES:
            body += chunk
        elif size > _DRAINED:
            break
    if size > MAX_BYTES:
        raise _too_much_text()
    return bytes(body)


async def _read_parts(request: Request, boundary: bytes, catch: Catch | None) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    parts, room = _Parts(request, boundary), MAX_BYTES
    while (part := await parts.next()) is not None:
        if part.file is None:
            text = await _text(parts.pieces(), room)
            room -= len(text)
            pairs.append((part.name, text.decode("utf-8", "replace")))
        elif part.file and catch is not None:
            await catch(part.name, part.file, parts.pieces())
        if len(pairs) > MAX_FIELDS:
            raise _too_many_fields()
    return pairs


async def _text(pieces: AsyncIterator[bytes], room: int) -> bytes:
    text = bytearray()
    async for piece in pieces:
        text += piece
        if len(text) > room:
            raise _too_much_text()
    return bytes(text)


class _Part(NamedTuple):
    """The head of one part; `file` is its name, None where the part is a text."""

    name: str
    file: str | None


class _Parts:
    """The parts of a form with files, one after the other; each may be read in pieces, or left unread."""

    def __init__(self, request: Request, boundary: bytes) -> None:
        self._stream = request.stream()
        self._size = 0
        self._found: deque[_Part | bytes | None] = deque()
        self._within = self._ended = False
        self._header, self._value, self._disposition = b"", b"", b""
        self._parser = MultipartParser(
            boundary[:70],
            {
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": lambda data, start, end: self._found.append(data[start:end]),
                "on_part_end": lambda: self._found.append(None),
                "on_end": self._on_end,
            },
        )

    async def next(self) -> _Part | None:
        """The next part, past what nobody read of the last one; None at the end of the form."""
        async for _ in self.pieces():
            pass
        while not self._found:
            if not await self._feed():
                return None
        part = self._found.popleft()
        self._within = True
        return part if isinstance(part, _Part) else None

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of this part that were not read yet."""
        while self._within:
            while not self._found:
                await self._feed()
            piece = self._found.popleft()
            if isinstance(piece, bytes):
                yield piece
            else:
                self._within = False

    async def _feed(self) -> bool:
        """Read on; False when the form ended well."""
        try:
            chunk = await anext(self._stream, None)
        except ClientDisconnect:
            raise _cut_off() from None
        if chunk is None:
            if not self._ended or self._within:
                raise _cut_off()
            return False
        self._size += len(chunk)
        if self._size > MOST_SENT:
            raise TooLarge("Dit is te veel tegelijk. Ga terug en stuur de bestanden een voor een.")
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise _unreadable() from None
        return True

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        name, file = options.get(b"name", b""), options.get(b"filename")
        self._disposition = b""
        self._found.append(
            _Part(name.decode("utf-8", "replace"), None if file is None else file.decode("utf-8", "replace"))
        )

    def _on_end(self) -> None:
        self._ended = True


def _unreadable() -> Refusal:
    return WrongKind("Wij konden dit formulier niet lezen. Ga terug en probeer het nog een keer.")


def _cut_off() -> Refusal:
    return WrongKind("Niet alles is binnengekomen. Ga terug en probeer het nog een keer.")


def _too_many_fields() -> Refusal:
    return TooLarge("Dit formulier heeft te veel velden. Ga terug en maak het korter.")


def _too_much_text() -> Refusal:
    return TooLarge("Dit is te veel tekst. Ga terug en maak de tekst korter. Uw tekst staat er nog.")
