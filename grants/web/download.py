"""An uploaded file on its way to somebody who may read it: always as an attachment, never as a page of ours."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from grants.errors import NotFound
from grants.store.files import Files
from grants.store.uploads import Upload

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_GONE = "Dit bestand is er niet. Misschien is het weggehaald."


async def download(request: Request, row: Upload | None) -> Response:
    """The bytes of one upload, or the part that was asked for: iPhones play nothing without parts."""
    if row is None:
        raise NotFound(_GONE)
    part = _part(request.headers.get("range", ""), row.bytes)
    headers = {
        "accept-ranges": "bytes",
        "content-disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
    }
    if part is not None and not part:
        return Response(status_code=416, headers={"content-range": f"bytes */{row.bytes}"})
    start, end = (part.start, part.stop) if part else (0, row.bytes)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{row.bytes}"
    headers["content-length"] = str(end - start)
    files: Files = request.app.state.files
    try:
        pieces = await files.read(row.path, start, end)
    except FileNotFoundError:
        raise NotFound(_GONE) from None
    return StreamingResponse(pieces, 206 if part else 200, headers, row.media_type)


def _part(asked: str, size: int) -> range | None:
    """The bytes that were asked for; None for all of them, an empty range where there are none.

    Several parts at once, and what cannot be read, are answered with everything, as RFC 9110 14.2 allows.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.group(1, 2) == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    end = min(int(last) + 1, size) if last else size
    return None if last and int(last) < int(first) else range(int(first), end)
