"""What the public sees: each year's pot as a picture and a table, and every award with its reason.

Only what passed the gate and was published is read here. For visitors these pages are made once and then kept
whole, until the publication or the pot changes: a busy evening after the news costs no query per visitor.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants.access import ANYBODY
from grants.decision import KIND_WORDS, Kind
from grants.errors import NotFound, Sentence
from grants.ledger import Account
from grants.ledger import Kind as Line
from grants.store.decisions import Advice, Publication
from grants.store.ledger import LedgerEntry, Pot
from grants.web.guard import Handler, PageRoute, guard
from grants.web.render import language_of, page

RESULTS = "/resultaten"
LOOK_AGAIN_AFTER = 1.0
"""Seconds for which a process trusts what it last heard of the versions of publication and pot."""

BAR_WIDTH = 360.0
"""Of the picture, in its own units."""

_YEAR = re.compile(r"2[01][0-9]{2}")
Versions = Callable[[Request], Awaitable[Hashable]]


class Kept(NamedTuple):
    """One page as it goes out, as it is and packed, with the mark by which a browser asks after it."""

    version: Hashable
    mark: str
    body: bytes
    packed: bytes

    @classmethod
    def of(cls, version: Hashable, body: bytes) -> Kept:
        mark = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
        return cls(version, mark, body, gzip.compress(body, mtime=0))

    def answer(self, request: Request) -> Response:
        """The page, or that the one the browser has is still good."""
        headers = {
            "etag": self.mark,
            "cache-control": "no-cache",
            "vary": "Cookie, Accept-Language, Accept-Encoding",
        }
        if self.mark in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type="text/html")
        return Response(self.body, headers=headers, media_type="text/html")


@dataclass
class KeptPages:
    """The pages of one process, by address and language, and when each version was last looked up."""

    pages: dict[tuple[str, str], Kept] = field(default_factory=dict)
    versions: dict[str, tuple[float, Hashable]] = field(default_factory=dict)

    async def version(self, path: str, look_up: Callable[[], Awaitable[Hashable]]) -> Hashable:
        """The version of what the page shows, looked up at most once in `LOOK_AGAIN_AFTER`."""
        heard_at, version = self.versions.get(path, (0.0, None))
        now = time.monotonic()
        if now - heard_at >= LOOK_AGAIN_AFTER:
            version = await look_up()
            if version is not None:
                self.versions[path] = (now, version)
        return version


def kept_route(path: str, *, name: str, get: Handler, versions: Versions) -> PageRoute:
    """An address whose page is kept for visitors; who carries a session gets their own, made as always."""
    guarded = guard("public.read", get)

    async def door(request: Request) -> Response:
        state = request.app.state
        if state.sessions.cookie in request.cookies:
            return await guarded(request)
        request.state.actor = ANYBODY
        if not hasattr(state, "kept_pages"):
            state.kept_pages = KeptPages()
        kept_pages: KeptPages = state.kept_pages
        data = await kept_pages.version(request.url.path, lambda: versions(request))
        key, version = (request.url.path, language_of(request)), (data, state.site)
        kept = kept_pages.pages.get(key)
        if kept is None or kept.version != version:
            kept = Kept.of(version, bytes((await get(request)).body))
            if data is not None:
                kept_pages.pages[key] = kept
        return kept.answer(request)

    return PageRoute(path, door, {"GET": "public.read"}, name)


async def versions(request: Request) -> Hashable:
    """What was published and how the pots stand: changes whenever the pages would. None: nothing yet."""
    year = request.path_params.get("year")
    if year is not None and not _YEAR.fullmatch(year):
        return None
    of_year = {} if year is None else {"year": int(year)}
    published = await Publication.filter(**{f"round__{k}": v for k, v in of_year.items()}).values_list("id")
    pots = await Pot.filter(**of_year).values_list(
        "id", "ceiling_cents", "reserved_cents", "committed_cents", "carried_cents", "closed_at"
    )
    return (tuple(published), tuple(pots)) if published else None


async def published_years() -> list[int]:
    """The years whose results are public, newest first."""
    years = await Publication.all().order_by("-round__year").values_list("round__year", flat=True)
    return list(dict.fromkeys(int(str(year)) for year in years))


class PotYear(NamedTuple):
    """A year's money in cents: what came in, and what became of it. In and out are the same sum."""

    municipality: int
    carried_in: int
    granted: int
    returned: int
    carried_out: int
    left: int
    decision: str

    @property
    def total(self) -> int:
        return self.municipality + self.carried_in

    @property
    def spent(self) -> int:
        """What was granted and has not come back."""
        return self.granted - self.returned


async def pot_year(fund_id: int, year: int, granted_cents: int) -> PotYear:
    """The pot of a published year. Money that was granted and not used is in the pot again."""
    pot = await Pot.get(fund_id=fund_id, year=year)
    lines = await LedgerEntry.filter(pot_id=pot.id, kind=Line.CARRY_OVER.value).values_list("source", "cents")
    carried_in = sum(cents if source == Account.PREVIOUS_YEAR else -cents for source, cents in lines)
    return PotYear(
        municipality=pot.ceiling_cents - carried_in,
        carried_in=carried_in,
        granted=granted_cents,
        returned=granted_cents - pot.committed_cents,
        carried_out=pot.carried_cents,
        left=pot.ceiling_cents - pot.committed_cents - pot.carried_cents,
        decision=pot.closing_decision,
    )


class Piece(NamedTuple):
    """One piece of a bar: from `x` over `width`, in what look, and what it says."""

    x: float
    width: float
    look: str
    said: Sentence


def bar(*parts: tuple[int, str, Sentence]) -> list[Piece]:
    """The parts of a sum, each (cents, look, words with {euro:euro}), side by side over `BAR_WIDTH`."""
    pieces: list[Piece] = []
    x, total = 0.0, sum(cents for cents, _, _ in parts)
    for cents, look, said in parts:
        if cents > 0:
            width = BAR_WIDTH * cents / total
            pieces.append(Piece(round(x, 1), round(width, 1), look, said._replace(values={"euro": cents})))
            x += width
    return pieces


def picture(pot: PotYear) -> dict[str, list[Piece]]:
    """The two bars of the picture; what passes from year to year looks the same in both."""
    return {
        "money_in": bar(
            (pot.municipality, "plain", Sentence("{euro:euro} van de gemeente")),
            (pot.carried_in, "carried", Sentence("{euro:euro} over van vorig jaar")),
        ),
        "money_out": bar(
            (pot.spent, "strong", Sentence("{euro:euro} voor plannen")),
            (pot.carried_out, "carried", Sentence("{euro:euro} gaat mee naar volgend jaar")),
            (pot.left, "open", Sentence("{euro:euro} niet verdeeld")),
        ),
    }


async def listing(request: Request) -> Response:
    """The years that were published, newest first."""
    rows = await Publication.all().order_by("-round__year").select_related("round")
    years = [{"year": row.round.year, "title": row.round.title, **_figures(row.content)} for row in rows]
    return page(request, "grants/results/list.html", {"years": years})


def _figures(document: dict[str, Any]) -> dict[str, Any]:
    return {
        "plans": len(document["awards"]),
        "granted": sum(award["granted_cents"] for award in document["awards"]),
        "applied": sum(document["totals"].values()),
    }


async def year(request: Request) -> Response:
    """One year: the pot, the outcomes, each award. Before publication there is nothing here, whoever asks."""
    wanted = request.path_params["year"]
    found = None
    if _YEAR.fullmatch(wanted):
        of_year = Publication.filter(round__year=int(wanted)).select_related("round__fund")
        found = await of_year.order_by("-round__fund__loaded_at").first()
    if found is None:
        raise NotFound("De uitslag van {year} is nog niet bekend.", year=wanted[:4])
    round_, document = found.round, found.content
    figures = _figures(document)
    pot = await pot_year(round_.fund_id, round_.year, figures["granted"])
    advice = await Advice.get_or_none(round_id=round_.id)
    context = {
        "year": round_.year,
        "round": round_,
        "document": document,
        "awards": sorted(document["awards"], key=lambda award: (-award["granted_cents"], award["number"])),
        "totals": [(KIND_WORDS[kind], document["totals"][kind.value]) for kind in Kind],
        "criteria": advice.criteria if advice else [],
        "pot": pot,
        "bar_width": BAR_WIDTH,
        "fingerprint": hashlib.sha256(advice.record.encode()).hexdigest() if advice else None,
        **figures,
        **picture(pot),
    }
    return page(request, "grants/results/year.html", context)


ROUTES: tuple[PageRoute, ...] = (
    kept_route(RESULTS, name="results", get=listing, versions=versions),
    kept_route(f"{RESULTS}/{{year}}", name="results.year", get=year, versions=versions),
)
