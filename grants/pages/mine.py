"""Everything about me in one file, and who read my application. Law: AVG 15 and 20; Woo 5.5."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from grants import calendar
from grants.application import STAGE_WORDS
from grants.companion import Right
from grants.decision import KIND_WORDS
from grants.errors import Sentence
from grants.initiative import KIND_WORDS as SHAPES
from grants.letter import MESSAGES
from grants.look import PURPOSE_WORDS
from grants.mine import Asker, Kept, Part
from grants.notice import RULES
from grants.pages.application import OWN, base, own
from grants.pages.mail import LETTERS
from grants.pages.words import EVENTS, ROLES, role_words
from grants.steps.copy import take_copy
from grants.store.looks import seen_by
from grants.store.mine_rows import name_in_copy, uploads_of
from grants.web.guard import PageRoute, page_route
from grants.web.render import Site, language_of, page
from grants.web.say import environment
from grants.web.session import actor_of

PAGE, DATA = "lees-mij.html", "gegevens.json"

WORDS: dict[str, Mapping[Any, Sentence]] = {
    "act": EVENTS,
    "kind": SHAPES,
    "letter": LETTERS,
    "message": MESSAGES,
    "notice": {kind: rule.said for kind, rule in RULES.items()},
    "purpose": PURPOSE_WORDS,
    "role": ROLES,
    "stage": STAGE_WORDS,
}
"""What the codes in a column mean. An outcome is a code for decisions alone; elsewhere somebody wrote it."""


async def everything(request: Request) -> Response:
    """A ZIP with a page to read, the same as JSON, and the files; made while it is sent."""
    actor, state = actor_of(request), request.app.state
    now, language = state.clock(), language_of(request)
    await take_copy(actor, now)
    asker = Asker(actor.person_id or 0, state.field_key, language)
    kept: Kept = state.kept
    parts = await kept.about(asker)
    html = _readable(request, kept, parts, now)
    data = json.dumps({part.key: part.rows for part in parts}, default=_plain, ensure_ascii=False, indent=1)
    name = f"mijn-gegevens-{calendar.local(now).date()}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    texts = {PAGE: html.encode(), DATA: data.encode()}
    return StreamingResponse(_zipped(request, asker, texts, now), 200, headers, "application/zip")


def _readable(request: Request, kept: Kept, parts: list[Part], now: datetime) -> str:
    language = language_of(request)
    site: Site = request.app.state.site
    context = {
        "parts": [part for part in parts if part.rows],
        "labels": kept.labels,
        "words": {**WORDS, "outcome": KIND_WORDS},
        "language": language,
        "site": site,
        "at": now,
    }
    return environment(language).get_template("grants/mine/copy.html").render(context)


def _plain(value: Any) -> Any:
    """Days, times and sentences as JSON can say them."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be said in JSON")


class _Sink(RawIOBase):
    """What has been written and not been sent yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self._pieces = b"".join(self._pieces), []
        return found


async def _zipped(
    request: Request, asker: Asker, texts: Mapping[str, bytes], now: datetime
) -> AsyncIterator[bytes]:
    """The bytes of the ZIP, piece by piece; a file that is gone is left out."""
    sink = _Sink()
    at = calendar.local(now).timetuple()[:6]
    with ZipFile(sink, "w") as made:
        for name, body in texts.items():
            made.writestr(ZipInfo(name, at), body, ZIP_DEFLATED)
            yield sink.taken()
        for row in await uploads_of(asker.person_id):
            try:
                pieces = await request.app.state.files.read(row.path, 0, row.bytes)
            except FileNotFoundError:
                continue
            info = ZipInfo(name_in_copy(row), at)
            info.compress_type = ZIP_STORED
            with made.open(info, "w") as entry:
                async for piece in pieces:
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


async def looks(request: Request) -> Response:
    """Who read my application, and why: the role, never the name. A reason tells of the outcome: not to helpers."""
    application = await own(request, Right.OUTCOME)
    rows = [
        (seen.day, role_words(seen.role), PURPOSE_WORDS[seen.purpose])
        for seen in await seen_by(application.id)
    ]
    context = {"application": application, "base": base(application), "rows": rows}
    return page(request, "grants/mine/looks.html", context)


ROUTES: tuple[PageRoute, ...] = (
    page_route("/mijn/gegevens", "notice.send", name="mine.copy", post=everything),
    page_route(f"{OWN}/gezien", "application.own", name="application.looks", get=looks),
)
