"""The books, open to who must check them: the pot line by line, closing a year, and the journal.

Law: Awb 4:22, 4:25-4:28 (a ceiling belongs to a period; carrying over rests on a decision).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants.access import OFFICER
from grants.application import Stage
from grants.errors import NotFound, Sentence
from grants.ledger import Account, Balance, Kind, recompute
from grants.pages.dossier import events_in_words
from grants.pages.layout import Paging, form_page, paging
from grants.pages.words import STAGES
from grants.steps.close_year import UNFINISHED, close_year
from grants.store import journal
from grants.store.applications import Application
from grants.store.journal import JournalEntry
from grants.store.ledger import LedgerEntry, Pot, entries_of
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

ROWS = 50

LINES: dict[Kind, Sentence] = {
    Kind.CEILING: Sentence("Plafond"),
    Kind.CARRY_OVER: Sentence("Over van het vorige jaar"),
    Kind.RAISE: Sentence("Plafond omhoog"),
    Kind.LOWER: Sentence("Plafond omlaag"),
    Kind.RESERVE: Sentence("Opzij gezet"),
    Kind.COMMIT: Sentence("Toegekend"),
    Kind.RELEASE: Sentence("Vrijgevallen"),
    Kind.PAY: Sentence("Betaald"),
    Kind.RECOVER: Sentence("Teruggekomen"),
    Kind.CARRY_OUT: Sentence("Naar het volgende jaar"),
}
ACCOUNTS: dict[Account, Sentence] = {
    Account.MUNICIPALITY: Sentence("gemeente"),
    Account.PREVIOUS_YEAR: Sentence("vorig jaar"),
    Account.FREE: Sentence("vrij"),
    Account.RESERVED: Sentence("opzij gezet"),
    Account.OWED: Sentence("nog te betalen"),
    Account.PAID: Sentence("betaald"),
    Account.NEXT_YEAR: Sentence("volgend jaar"),
}
STEPS: dict[str, Sentence] = {
    "account": Sentence("vaststellen"),
    "announce": Sentence("besluit versturen"),
    "close_year": Sentence("jaar sluiten"),
    "decide": Sentence("besluit tekenen"),
    "open_round": Sentence("ronde openen"),
    "pay": Sentence("betalen"),
}


class Book(NamedTuple):
    """One pot, a piece of its lines, and whether the lines add up to what the pot says."""

    pot: Pot
    lines: list[LedgerEntry]
    paging: Paging
    adds_up: bool

    @property
    def balance(self) -> Balance:
        return self.pot.balance


async def pots(request: Request) -> Response:
    """To the pot of the last year that has begun: the year of the clock, or the newest before it."""
    this_year = request.app.state.clock().year
    years: Any = await Pot.all().order_by("-year").values_list("year", flat=True)
    if not years:
        return page(request, "grants/ledger/none.html")
    begun = [year for year in years if year <= this_year]
    return redirect(f"/gemeente/pot/{(begun or years[-1:])[0]}")


async def show_pot(request: Request) -> Response:
    """The pots of a year, of each fund: the balance, every line, and whether they agree."""
    year = year_of(request)
    found = await Pot.filter(year=year).order_by("fund_id").select_related("fund")
    if not found:
        raise NotFound("Er is geen pot voor {year}.", year=year)
    years = await Pot.all().order_by("year").distinct().values_list("year", flat=True)
    context = {
        "year": year,
        "years": years,
        "books": [await _book(request, pot) for pot in found],
        "kinds": LINES,
        "accounts": ACCOUNTS,
        "steps": STEPS,
    }
    return page(request, "grants/ledger/pot.html", context)


def year_of(request: Request) -> int:
    """The year in the address; anything else is NotFound."""
    text = request.path_params["year"]
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound("Dit jaar is er niet.")
    return int(text)


async def _book(request: Request, pot: Pot) -> Book:
    entries = await entries_of(pot.id)
    part = paging(request, len(entries), ROWS)
    rows = LedgerEntry.filter(pot_id=pot.id).order_by("id").offset(part.offset).limit(part.size)
    return Book(pot, await rows.select_related("application"), part, recompute(entries) == pot.balance)


async def close_form(request: Request) -> Response:
    """What closing the year would carry over, and what still keeps it open."""
    return await _close_page(request, Form())


async def close(request: Request) -> Response:
    """Close the year on a decision; a year that is closed stays as it is."""
    form = await read_form(request, "decision")
    year = year_of(request)
    with form.attempt():
        await close_year(actor_of(request), year, form.text("decision"), request.app.state.clock())
    if form.problems:
        return await _close_page(request, form)
    return redirect(f"/gemeente/jaar/{year}/sluiten")


async def _close_page(request: Request, form: Form) -> Response:
    year = year_of(request)
    found = await Pot.filter(year=year).order_by("fund_id").select_related("fund")
    if not found:
        raise NotFound("Er is geen pot voor {year}.", year=year)
    unfinished = await _unfinished(year)
    context = {
        "year": year,
        "pots": found,
        "closed": all(pot.closed_at for pot in found),
        "unfinished": unfinished,
        "reserved": any(pot.reserved_cents for pot in found),
        "stages": STAGES,
        "may_close": actor_of(request).has(OFFICER) and not unfinished,
    }
    return form_page(request, "grants/ledger/close.html", form, context, fields=("decision",))


async def _unfinished(year: int) -> list[tuple[Stage, int]]:
    """How many applications of the year are still under way, by stage."""
    stages = [stage.value for stage in UNFINISHED]
    rows: Any = await Application.filter(round__year=year, stage__in=stages).values_list("stage", flat=True)
    counts = Counter(rows)
    return [(stage, counts[stage.value]) for stage in UNFINISHED if counts[stage.value]]


async def show_journal(request: Request) -> Response:
    """The journal, newest first; with `?keten=controleren` every hash in it is computed again."""
    part = paging(request, await JournalEntry.all().count(), ROWS)
    rows = await JournalEntry.all().order_by("-place").offset(part.offset).limit(part.size)
    checking = request.query_params.get("keten") == "controleren"
    context = {
        "events": await events_in_words(rows),
        "paging": part,
        "checked": checking,
        "broken": await journal.broken_place() if checking else None,
    }
    return page(request, "grants/ledger/journal.html", context)


ROUTES: tuple[PageRoute, ...] = (
    page_route("/gemeente/pot", "ledger.read", name="pots", get=pots),
    page_route("/gemeente/pot/{year}", "ledger.read", name="pot", get=show_pot),
    page_route(
        "/gemeente/jaar/{year}/sluiten", "ledger.read", name="close_year",
        get=close_form, post=close, post_act="year.close",
    ),
    page_route("/gemeente/journaal", "journal.read", name="journal", get=show_journal),
)  # fmt: skip
