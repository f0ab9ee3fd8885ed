"""The results as files that machines read: the subsidy overview, the public record of a count, its rules.

Law: Woo 2.4(3) (an open format that machines read), 3.3a(1) (the six fields of the overview).
"""

from __future__ import annotations

import csv
import hashlib
import re
from io import StringIO
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grants.errors import NotFound, Sentence
from grants.pages.application import is_public_id
from grants.pages.results import kept_route, versions
from grants.store.decisions import Advice, Publication
from grants.store.funds import Round
from grants.store.payments import Determination
from grants.web.guard import PageRoute, file_route
from grants.web.render import page
from grants.web.say import say

COLUMNS: dict[str, Sentence] = {
    "beschikkingsnummer": Sentence("het nummer van de aanvraag en van het besluit"),
    "grondslag": Sentence("de regeling waarop de subsidie rust"),
    "ontvanger": Sentence("de organisatie; bij mensen en groepen geen naam"),
    "doelstelling": Sentence("het plan"),
    "beschiktBedrag": Sentence("toegekend, in euro"),
    "subsidievaststellingBedrag": Sentence("vastgesteld, in euro; leeg: nog niet"),
    "gewijzigdBedrag": Sentence("later gewijzigd in, in euro; leeg: niet"),
    "ingetrokken": Sentence("datum waarop de subsidie is ingetrokken; leeg: niet"),
    "datumBesluit": Sentence("de dag van het besluit"),
}
"""The columns: the six fields of the Woo, under the names of the Gemeentelijk Gegevensmodel."""

_YEAR = re.compile(r"2[01][0-9]{2}")
_BEGINS_FORMULA = tuple("=+-@\t\r＝＋－＠")
"""The full-width signs as well: spreadsheets read them too."""


async def overview(request: Request) -> Response:
    """Which files there are, and what stands in them."""
    rows = await Publication.all().order_by("-round__year").values(
        "published_at", "round__year", "round__title", "round__public_id"
    )  # fmt: skip
    return page(request, "grants/results/open_data.html", {"rounds": rows, "columns": COLUMNS})


async def subsidies(year: str) -> list[dict[str, str]]:
    """The overview of a published year, a row for each grant, amounts as euros with two decimals."""
    rows: list[dict[str, str]] = []
    if _YEAR.fullmatch(year):
        published = Publication.filter(round__year=int(year)).select_related("round").order_by("id")
        for publication in await published:
            rows += await _rows(publication)
        if rows or await published.exists():
            return rows
    raise NotFound("De uitslag van {year} is nog niet bekend.", year=year[:4])


async def _rows(publication: Publication) -> list[dict[str, str]]:
    round_ = publication.round
    fixed = Determination.filter(application__round_id=round_.id)
    determined = dict(await fixed.values_list("application__number", "cents"))
    basis = round_.frozen["legal_basis"]
    return [_row(award, basis, determined.get(award["number"])) for award in publication.content["awards"]]


def _row(award: dict[str, Any], basis: str, determined_cents: int | None) -> dict[str, str]:
    return {
        "beschikkingsnummer": award["number"],
        "grondslag": basis,
        "ontvanger": say(award["name"], "nl"),
        "doelstelling": award["title"],
        "beschiktBedrag": _euros(award["granted_cents"]),
        "subsidievaststellingBedrag": "" if determined_cents is None else _euros(determined_cents),
        "gewijzigdBedrag": "",
        "ingetrokken": "",
        "datumBesluit": award["decided_on"],
    }


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def formula_safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


async def as_csv(request: Request) -> Response:
    """The overview as comma-separated values in UTF-8 (RFC 4180)."""
    rows = await subsidies(request.path_params["year"])
    sheet = StringIO()
    writer = csv.DictWriter(sheet, list(COLUMNS), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: formula_safe(text) for name, text in row.items()} for row in rows)
    return Response(sheet.getvalue(), media_type="text/csv", headers={"cache-control": "no-cache"})


async def as_json(request: Request) -> Response:
    """The overview as JSON."""
    year = request.path_params["year"]
    rows = await subsidies(year)
    fields = {name: said.text for name, said in COLUMNS.items()}
    content = {"jaar": int(year), "velden": fields, "subsidies": rows}
    return JSONResponse(content, headers={"cache-control": "no-cache"})


async def record(request: Request) -> Response:
    """The public record of a count, byte for byte as it was kept: anybody can count again from it."""
    public_id, advice = request.path_params["round"], None
    if is_public_id(public_id):
        advice = await Advice.get_or_none(round__public_id=public_id, round__published_at__isnull=False)
    if advice is None:
        raise NotFound("De telling van deze ronde is nog niet bekend.")
    return _document(advice.record)


async def rules(request: Request) -> Response:
    """The rules of a round as they were frozen when it opened: public from that moment (Awb 4:26)."""
    public_id, round_ = request.path_params["round"], None
    if is_public_id(public_id):
        round_ = await Round.get_or_none(public_id=public_id, opened_at__isnull=False)
    if round_ is None or round_.rules is None:
        raise NotFound("De regels van deze ronde zijn nog niet bekend.")
    return _document(round_.rules)


def _document(text: str) -> Response:
    """A kept JSON document as it stands; its hash is the mark by which others find it unchanged."""
    body = text.encode()
    headers = {"cache-control": "no-cache", "etag": f'"{hashlib.sha256(body).hexdigest()}"'}
    return Response(body, media_type="application/json", headers=headers)


ROUTES: tuple[PageRoute, ...] = (
    kept_route("/open-data", name="open_data", get=overview, versions=versions),
    file_route("/open-data/{year}/subsidies.csv", as_csv, name="open_data.csv"),
    file_route("/open-data/{year}/subsidies.json", as_json, name="open_data.json"),
    file_route("/open-data/rondes/{round}/telling.json", record, name="open_data.record"),
    file_route("/open-data/rondes/{round}/regels.json", rules, name="open_data.rules"),
)
