"""The rules of a round, readable for whoever must keep to them: what is asked and why, and how is divided.

The deciding body's own part is shown name by name; this side knows only what its usual names mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants import round as rules_of
from grants.errors import NotFound, Refusal, Sentence
from grants.form import asked_when
from grants.fund import read_fund
from grants.store.funds import Round, round_by_public_id
from grants.web.guard import PageRoute, page_route
from grants.web.render import page

NAMES: dict[str, Sentence] = {
    "advice": Sentence("Raad op het stembriefje"),
    "allocation": Sentence("Hoe het geld wordt verdeeld"),
    "ballot": Sentence("Hoe de commissie stemt"),
    "criteria": Sentence("Waarop de commissie beoordeelt"),
    "gate": Sentence("Wat een plan nodig heeft om mee te tellen"),
    "key": Sentence("Naam in het systeem"),
    "label": Sentence("Naam"),
    "method": Sentence("Manier van stemmen"),
    "min_marks": Sentence("Minste aantal kruisjes"),
    "objections": Sentence("Zoveel bezwaren met reden houden een plan tegen (0: nooit)"),
    "order": Sentence("Wie gaat voor"),
    "quorum": Sentence("Deel van de leden dat moet oordelen"),
    "rule": Sentence("Rekenregel"),
    "scale": Sentence("Schaal, van laag naar hoog"),
    "seed_source": Sentence("Waar het lot vandaan komt"),
    "spend_on": Sentence("Verdelen tot er niets meer past"),
    "threshold": Sentence("Score die een plan ten minste haalt"),
    "ties": Sentence("Als plannen gelijk eindigen"),
    "weight": Sentence("Telt zo zwaar mee"),
    "why": Sentence("Waarom"),
}
VALUES: dict[str, Sentence] = {
    "approval": Sentence("kruisjes zetten bij de plannen die een lid steunt"),
    "equal-shares": Sentence("gelijke delen: elk lid heeft evenveel geld te verdelen"),
    "equal-shares-add1": Sentence("gelijke delen, daarna stap voor stap meer tot de pot past"),
    "equal-shares-least": Sentence(
        "gelijke delen, ten minste het kleinste bedrag waarmee een plan verder kan"
    ),
    "greedy": Sentence("wie de meeste stemmen heeft, gaat voor"),
    "phragmen": Sentence("elk lid spaart even snel: wie het eerst bij elkaar gespaard is, gaat voor"),
    "ranked": Sentence("wie de hoogste score heeft, gaat voor"),
    "smaller amount": Sentence("het kleinste bedrag"),
    "more supporters": Sentence("de meeste steun"),
    "lot": Sentence("het lot"),
}
_ORDER = {name: place for place, name in enumerate(("criteria", "gate", "ballot", "allocation", "ties"))}
YES_NO = {True: Sentence("ja"), False: Sentence("nee")}
MODES: dict[str, Sentence] = {
    "direct": Sentence("In één keer klaar: er hoeft geen verslag te komen"),
    "report": Sentence("Na een kort verslag"),
}


class Line(NamedTuple):
    """One rule of the deciding body: its name, and its value or values in words."""

    name: Sentence
    values: list[Sentence]


class Part(NamedTuple):
    """One table of the deciding body's rules; a list of tables gives a part for each, under its own label."""

    name: Sentence
    label: str
    lines: list[Line]


def body_parts(body: Mapping[str, Any]) -> list[Part]:
    """The deciding body's rules in words, whatever body it is: an unknown name is shown as it stands."""
    parts = []
    for name, table in sorted(body.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER))):
        for one in table if isinstance(table, list) else [table]:
            if isinstance(one, Mapping):
                lines = [
                    Line(_name(key), _values(value))
                    for key, value in one.items()
                    if key not in ("key", "label")
                ]
                parts.append(Part(_name(name), str(one.get("label", "")), lines))
            else:
                parts.append(Part(_name(name), "", [Line(_name(name), _values(one))]))
    return parts


def _name(key: str) -> Sentence:
    return NAMES.get(key, Sentence("{name}", {"name": key}))


def _values(value: Any) -> list[Sentence]:
    return [_value(item) for item in value] if isinstance(value, list) else [_value(value)]


def _value(value: Any) -> Sentence:
    if isinstance(value, bool):
        return YES_NO[value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return VALUES.get(text, Sentence("{value}", {"value": text}))


async def rules(request: Request) -> Response:
    """All rules of a round: frozen with their hash, or as the fund file has them now."""
    round_ = await round_by_public_id(request.path_params["id"])
    if round_ is None:
        raise NotFound("Deze ronde is er niet.")
    found, lack = planned(round_, request)
    context: dict[str, Any] = {"round": round_, "lack": lack}
    if found:
        questions = rules_of.questions(found)
        context |= {
            "rules": found,
            "hash": rules_of.rules_hash(found),
            "windows": rules_of.windows(found),
            "questions": questions,
            "asked_when": {question.key: asked_when(questions, question) for question in questions},
            "checks": rules_of.checks(found),
            "regimes": rules_of.regimes(found),
            "modes": MODES,
            "parts": body_parts(found["committee"]),
        }
    return page(request, "grants/rounds/rules.html", context)


def planned(round_: Round, request: Request) -> tuple[dict[str, Any], Sentence | None]:
    """The rules of a round: frozen, or what opening it now would freeze; else empty, and why not.

    A fund file that was good when it was loaded may not be good for a newer version of this service.
    """
    if round_.opened_at is not None:
        return round_.frozen, None
    try:
        fund = read_fund(round_.fund.source, request.app.state.check_body)
        return rules_of.freeze(fund, round_.year), None
    except Refusal as refusal:
        return {}, refusal.said


ROUTES: tuple[PageRoute, ...] = (
    page_route("/gemeente/rondes/{id}/regels", "desk.read", name="round_rules", get=rules),
)
