"""The fund and its rounds: loading a fund file, seeing how a round stands, and opening it for good.

Law: Awb 4:25-4:27 (ceiling and way of dividing are made known before the period begins, and then stand).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants import round as rules_of
from grants.access import OFFICER, Actor
from grants.application import Stage
from grants.decision import KIND_WORDS
from grants.errors import NotFound, Problem, Refusal, Sentence, Stale
from grants.pages.layout import form_page, paging
from grants.pages.rules import planned
from grants.pages.words import KIND_TONES, PHASES, STAGES, Mark
from grants.round import Phase
from grants.steps.open_round import load_fund, open_round
from grants.store.applications import Application, own_untold
from grants.store.funds import Fund, Round, round_by_public_id
from grants.store.ledger import Pot
from grants.text import clean
from grants.web.body import read_pairs
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.say import say
from grants.web.session import actor_of

TO_OPEN = Mark(Sentence("Nog te openen"), "warning")
NEVER_OPENED = Mark(Sentence("Niet geopend"))
LINES_AROUND = 2
ROWS = 50
UNTOLD = dict.fromkeys(
    ("proposal__kind", "proposal__cents", "decision__kind", "decision__cents", "decision__followed")
)
"""How a row reads for somebody who may not know its outcome yet."""


class Next(NamedTuple):
    """What comes next for a round: said, and where an officer does it; no path where we wait."""

    said: Sentence
    path: str = ""
    button: Sentence = Sentence("")


NEXT: dict[Phase, Next] = {
    Phase.UPCOMING: Next(Sentence("De regels staan vast. De ronde gaat vanzelf open.")),
    Phase.OPEN: Next(
        Sentence("Mensen kunnen nu aanvragen. Controleer wat er binnenkomt."),
        "/gemeente",
        Sentence("Naar de werklijst"),
    ),
    Phase.REVIEW: Next(
        Sentence("Aanvragen kan niet meer. Controleer wat er nog ligt. De commissie beoordeelt de rest."),
        "/gemeente",
        Sentence("Naar de werklijst"),
    ),
    Phase.VOTING: Next(Sentence("De commissie stemt. U hoeft niets te doen.")),
    Phase.COUNTING: Next(Sentence("De stemming is voorbij. De commissie telt en geeft daarna haar advies.")),
    Phase.COUNTED: Next(
        Sentence("Het advies van de commissie is er. Teken nu de besluiten."),
        "/gemeente/rondes/{id}/overnemen",
        Sentence("Bekijk het advies"),
    ),
    Phase.DECIDED: Next(
        Sentence("Alle besluiten zijn getekend. De aanvragers weten nog niets."),
        "/gemeente/rondes/{id}/bekendmaken",
        Sentence("Bekijk wat er wordt verstuurd"),
    ),
    Phase.ANNOUNCED: Next(
        Sentence("Alle aanvragers hebben hun besluit. Nu mag iedereen de uitslag zien."),
        "/gemeente/rondes/{id}/publiceren",
        Sentence("Bekijk wat er openbaar wordt"),
    ),
    Phase.PUBLISHED: Next(
        Sentence("De uitslag staat online. Betaal uit, en sluit later het jaar."),
        "/gemeente/betalingen",
        Sentence("Naar de betalingen"),
    ),
    Phase.CLOSED: Next(Sentence("Dit jaar is gesloten. Wat over was, ging naar het volgende jaar.")),
}


async def round_of(request: Request) -> Round:
    """The round in the address, with its fund, or NotFound."""
    round_ = await round_by_public_id(request.path_params["id"])
    if round_ is None:
        raise NotFound("Deze ronde is er niet.")
    return round_


async def funds(request: Request) -> Response:
    """The funds and their rounds, and the place to load a fund file, which starts with the present one."""
    form = Form()
    rows = await Fund.all().order_by("-loaded_at").limit(1).values("source")
    if rows:
        form = Form.of(source=rows[0]["source"])
    return await _funds(request, form)


async def load(request: Request) -> Response:
    """Load the file that was pasted. A fault is shown with its line, and the text stays as it was sent."""
    source = next((clean(value) for name, value in await read_pairs(request) if name == "source"), "")
    form = Form.of(source=source)
    form.need("source", Sentence("Plak hier eerst het fondsbestand."))
    if not form.problems:
        with form.attempt():
            await load_fund(
                actor_of(request), source, request.app.state.check_body, request.app.state.clock()
            )
    if form.problems:
        return await _funds(request, form)
    return redirect("/gemeente/fonds")


async def _funds(request: Request, form: Form) -> Response:
    now = request.app.state.clock()
    rounds = await Round.all().order_by("fund_id", "-year").select_related("fund")
    excerpt: list[tuple[int, str]] = []
    if form.problems:
        line = form.problems[0].said.values.get("line", 0)
        excerpt = _excerpt(form.text("source"), line) if isinstance(line, int) else []
        form.problems = [Problem("source", problem.said) for problem in form.problems]
    context = {
        "rounds": [(round_, _mark(round_, now)) for round_ in rounds],
        "excerpt": excerpt,
        "may_load": actor_of(request).has(OFFICER),
    }
    return form_page(request, "grants/rounds/funds.html", form, context)


def _mark(round_: Round, now: datetime) -> Mark:
    """How a round stands; one that nobody opened in time stays shut."""
    if round_.opened_at is None:
        return TO_OPEN if now < round_.closes_at else NEVER_OPENED
    return PHASES[round_.phase(now)]


def _excerpt(source: str, line: int) -> list[tuple[int, str]]:
    """The line of a fault and those around it, numbered as an editor would."""
    numbered = list(enumerate(source.split("\n"), 1))
    return numbered[max(line - 1 - LINES_AROUND, 0) : line + LINES_AROUND] if line > 0 else []


async def show_round(request: Request) -> Response:
    """How a round stands, what comes next, and every application in it."""
    now = request.app.state.clock()
    round_ = await round_of(request)
    pot = await Pot.get_or_none(fund_id=round_.fund_id, year=round_.year)
    rows = await _applications(round_.id, actor_of(request))
    part = paging(request, len(rows), ROWS)
    phase = round_.phase(now)
    context = {
        "round": round_,
        "phase": phase,
        "mark": _mark(round_, now),
        "next": NEXT[phase],
        "next_path": NEXT[phase].path.format(id=round_.public_id),
        "lacks": _lacks(round_, request, now),
        "pot": pot,
        "rows": rows[part.offset : part.offset + part.size],
        "paging": part,
        "counts": _counts(rows),
        "to_screen": sum(row["stage"] == Stage.SUBMITTED for row in rows) if round_.advised_at is None else 0,
        "asked_cents": sum(row["asked_cents"] for row in rows if row["stage"] != Stage.WITHDRAWN),
        "stages": STAGES,
        "kinds": KIND_WORDS,
        "tones": KIND_TONES,
        "moments": _moments(round_, now, language_of(request)),
    }
    return page(request, "grants/rounds/round.html", context)


def _moments(round_: Round, now: datetime, language: str) -> list[dict[str, str]]:
    """The way of a round in time: what was done and when, what is going on, and what still comes."""
    opened = round_.opened_at is not None
    way = [
        (Sentence("Regels vastgezet"), opened, _at(round_.opened_at)),
        (
            Sentence("Aanvragen"),
            opened and now >= round_.closes_at,
            _window(round_.opens_at, round_.closes_at),
        ),
        (
            Sentence("Stemmen door de commissie"),
            opened and now >= round_.ballot_closes_at,
            _window(round_.ballot_opens_at, round_.ballot_closes_at),
        ),
        (Sentence("Advies van de commissie"), bool(round_.advised_at), _at(round_.advised_at)),
        (
            Sentence("Besluiten getekend"),
            bool(round_.decided_at),
            _at(round_.decided_at) or Sentence("uiterlijk {day:date}", {"day": round_.decide_by.isoformat()}),
        ),
        (Sentence("Besluiten verstuurd"), bool(round_.announced_at), _at(round_.announced_at)),
        (Sentence("Uitslag gepubliceerd"), bool(round_.published_at), _at(round_.published_at)),
        (Sentence("Jaar gesloten"), bool(round_.closed_at), _at(round_.closed_at)),
    ]
    current = next((place for place, (_, done, _) in enumerate(way) if not done), len(way))
    return [
        {
            "title": say(title, language),
            "state": "done" if done else "now" if place == current else "later",
            "when": say(when, language) if when else "",
        }
        for place, (title, done, when) in enumerate(way)
    ]


def _at(moment: datetime | None) -> Sentence | None:
    return Sentence("{at:time}", {"at": moment.isoformat()}) if moment else None


def _window(begin: datetime, end: datetime) -> Sentence:
    return Sentence("van {begin:time} tot {end:time}", {"begin": begin.isoformat(), "end": end.isoformat()})


async def _applications(round_id: int, actor: Actor) -> list[dict[str, Any]]:
    """Every application that was sent in, with advice and decision where they are there.

    Until the letters go out, nobody reads here what was decided on their own.
    """
    sent = Application.filter(round_id=round_id, submitted_at__isnull=False).order_by("number")
    rows = await sent.values(
        "id", "public_id", "number", "title", "stage", "asked_cents", "proposal__kind", "proposal__cents",
        "decision__kind", "decision__cents", "decision__followed",
    )  # fmt: skip
    own = await own_untold(actor, round_id)
    return [row | UNTOLD if row["id"] in own else row for row in rows]


def _counts(rows: list[dict[str, Any]]) -> list[tuple[Stage, int]]:
    """How many applications are in each stage, in the order of the path; stages without any left out."""
    found = Counter(row["stage"] for row in rows)
    return [(stage, found[stage.value]) for stage in Stage if found[stage.value]]


def _lacks(round_: Round, request: Request, now: datetime) -> list[Sentence]:
    """What keeps a round from being opened; empty when nothing does, or when it was opened."""
    if round_.opened_at is not None:
        return []
    rules, lack = planned(round_, request)
    if lack is not None:
        return [lack]
    try:
        rules_of.check_can_open(rules, now)
    except Refusal as refusal:
        return [problem.said for problem in refusal.problems]
    return []


async def confirm_open(request: Request) -> Response:
    """What opening freezes, before it is done."""
    return await _confirm_open(request, await round_of(request), Form())


async def open_(request: Request) -> Response:
    """Open the round with the rules that were shown; refused when the fund file changed since."""
    round_ = await round_of(request)
    path = f"/gemeente/rondes/{round_.public_id}"
    if round_.opened_at is not None:
        return redirect(path)
    form = await read_form(request, "hash")
    with form.attempt():
        rules, _ = planned(round_, request)
        if rules and rules_of.rules_hash(rules) != form.text("hash"):
            raise Stale("Het fondsbestand is intussen veranderd. Kijk hieronder of het nog klopt.")
        state = request.app.state
        await open_round(actor_of(request), round_.fund.slug, round_.year, state.check_body, state.clock())
    if form.problems:
        return await _confirm_open(request, round_, form)
    return redirect(path)


async def _confirm_open(request: Request, round_: Round, form: Form) -> Response:
    now = request.app.state.clock()
    rules, _ = planned(round_, request)
    context = {
        "round": round_,
        "rules": rules,
        "hash": rules_of.rules_hash(rules) if rules else "",
        "windows": rules_of.windows(rules) if rules else None,
        "lacks": _lacks(round_, request, now),
    }
    return form_page(request, "grants/rounds/open.html", form, context, fields=())


ROUTES: tuple[PageRoute, ...] = (
    page_route("/gemeente/fonds", "desk.read", name="funds", get=funds, post=load, post_act="round.open"),
    page_route("/gemeente/rondes/{id}", "desk.read", name="round", get=show_round),
    page_route(
        "/gemeente/rondes/{id}/openen",
        "desk.read",
        name="round_open",
        get=confirm_open,
        post=open_,
        post_act="round.open",
    ),
)
