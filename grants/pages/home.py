"""The front door: what the fund is, when one can apply and who decides; and what we owe every visitor."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import round as rules_of
from grants.form import asked_when
from grants.language import twin
from grants.pages.results import published_years
from grants.round import Phase
from grants.store.funds import Fund, Round, current_round
from grants.store.ledger import Pot
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page
from grants.web.say import TEMPLATES

PATH = (
    {Phase.OPEN},
    {Phase.REVIEW},
    {Phase.VOTING, Phase.COUNTING},
    {Phase.COUNTED, Phase.DECIDED},
    {Phase.ANNOUNCED},
)
"""The five things that happen in a round, in the order of the front page, each with the phases it lasts."""


async def home(request: Request) -> Response:
    """What a visitor should know before anything else; also when nothing has been set up yet."""
    now = request.app.state.clock()
    round_ = await current_round(now)
    years = await published_years()
    if round_ is None:
        fund = await Fund.all().order_by("-loaded_at").first()
        return page(request, "grants/home/waiting.html", {"fund": fund, "years": years})
    phase = round_.phase(now)
    context = {
        "fund": round_.fund,
        "purpose": twin(round_.fund.purpose, round_.fund.purpose_easy, language_of(request)),
        "round": round_,
        "phase": phase.value,
        "states": states(phase),
        "pot": await Pot.get_or_none(fund_id=round_.fund_id, year=round_.year),
        "years": years,
    }
    return page(request, "grants/home/home.html", context)


def states(phase: Phase) -> list[str]:
    """For each step of `PATH`: done, now or later."""
    phases = list(Phase)
    reached = phases.index(phase)
    return [_state(min(map(phases.index, step)), max(map(phases.index, step)), reached) for step in PATH]


def _state(first: int, last: int, reached: int) -> str:
    if reached > last:
        return "done"
    return "now" if reached >= first else "later"


async def questions(request: Request) -> Response:
    """Every question, check and criterion with its reason, to read or print before one begins."""
    round_ = await current_round(request.app.state.clock())
    return page(
        request,
        "grants/home/questions.html",
        {"round": round_, **_why_register(round_, language_of(request))},
    )


def _why_register(round_: Round | None, language: str) -> dict[str, Any]:
    """What was frozen at opening: all of it is public before anybody applies (Awb 4:26).

    The deciding body's part is its own; of that only what it calls its criteria is repeated, word for word.
    """
    rules = round_.frozen if round_ else {}
    if not rules:
        return {"questions": (), "checks": (), "criteria": ()}
    questions = tuple(question.told_in(language) for question in rules_of.questions(rules))
    return {
        "questions": questions,
        "asked_when": {question.key: asked_when(questions, question) for question in questions},
        "checks": rules_of.checks(rules),
        "criteria": [row for row in rules["committee"].get("criteria", ()) if {"label", "why"} <= row.keys()],
        "rules": rules,
    }


async def privacy(request: Request) -> Response:
    """What is kept of people, why, how long, and who sees it."""
    return page(request, "grants/home/privacy.html")


async def accessibility(request: Request) -> Response:
    """How far everybody can use this site, said honestly, and whom to tell when it does not work.

    Its figures are those of the last run of the tests that was written down (`./test --write-statement`).
    """
    return page(request, "grants/home/accessibility.html", {"run": _last_run()})


@cache
def _last_run() -> dict[str, Any]:
    """The figures of that run; they come with the service and change with it."""
    found: dict[str, Any] = json.loads(
        (TEMPLATES / "grants/home/accessibility.json").read_text(encoding="utf-8")
    )
    return found


ROUTES: tuple[PageRoute, ...] = (
    page_route("/", "public.read", name="home", get=home),
    page_route("/vragen", "public.read", name="questions", get=questions),
    page_route("/privacy", "public.read", name="privacy", get=privacy),
    page_route("/toegankelijkheid", "public.read", name="accessibility", get=accessibility),
)
