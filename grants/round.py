"""A round: its rules, frozen and hashed at opening, and its phase by the clock of the request.

Law: Awb 4:25-4:27: the ceiling and the way of dividing are made known before the period begins; afterwards
nothing of it changes for those who have applied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from grants import calendar
from grants.errors import Invalid, Problem, Sentence
from grants.form import Check, Question
from grants.fund import Fund, Regime, Windows

FORMAT = "meebeslis-rules/1"


class Phase(StrEnum):
    """Where a round stands, in order."""

    UPCOMING = "upcoming"
    OPEN = "open"
    REVIEW = "review"
    VOTING = "voting"
    COUNTING = "counting"
    COUNTED = "counted"
    DECIDED = "decided"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    CLOSED = "closed"


@dataclass(frozen=True)
class Facts:
    """What has been done to a round, and when (UTC); None: not yet."""

    opened_at: datetime | None = None
    counted_at: datetime | None = None
    decided_at: datetime | None = None
    announced_at: datetime | None = None
    published_at: datetime | None = None
    closed_at: datetime | None = None


def phase(windows: Windows, facts: Facts, now: datetime) -> Phase:
    """The phase at `now`: by what was done, and until the count by the clock.

    Each window holds its first moment and not its last: at `closes_at` itself it is too late. A round that
    nobody opened is upcoming whatever the clock says. Members may finish reviews while the ballots are open;
    in counting these are closed and nobody has counted yet.
    """
    if facts.opened_at is None:
        return Phase.UPCOMING
    for done_at, reached in (
        (facts.closed_at, Phase.CLOSED),
        (facts.published_at, Phase.PUBLISHED),
        (facts.announced_at, Phase.ANNOUNCED),
        (facts.decided_at, Phase.DECIDED),
        (facts.counted_at, Phase.COUNTED),
    ):
        if done_at is not None:
            return reached
    for begins_at, timed in (
        (windows.ballot_closes_at, Phase.COUNTING),
        (windows.ballot_opens_at, Phase.VOTING),
        (windows.closes_at, Phase.REVIEW),
        (windows.opens_at, Phase.OPEN),
    ):
        if now >= begins_at:
            return timed
    return Phase.UPCOMING


def freeze(fund: Fund, year: int) -> dict[str, Any]:
    """Everything that holds for the round of `year` from its opening on, as one plain JSON document.

    Moments are ISO text in UTC, days ISO text, money integer cents. `committee` is taken over as it stands.
    """
    plan = fund.round(year)
    windows = plan.windows
    frozen = {
        "format": FORMAT,
        "fund": {
            "slug": fund.slug,
            "name": fund.name,
            "purpose": fund.purpose,
            "municipality": fund.municipality,
        },
        "round": {"year": plan.year, "title": plan.title, "completion_weeks": plan.completion_weeks},
        "legal_basis": fund.legal_basis,
        "ceiling": {
            "cents": plan.ceiling_cents,
            "published_on": plan.ceiling_published_on,
            "published_in": plan.ceiling_published_in,
        },
        "windows": asdict(windows),
        "objection": asdict(fund.objection),
        "questions": [asdict(question) for question in fund.questions],
        "checks": [asdict(check) for check in fund.checks],
        "regimes": [asdict(regime) for regime in fund.regimes],
        "committee": fund.committee,
    }
    plain: dict[str, Any] = _plain(frozen)
    return plain


def _plain(value: Any) -> Any:
    """`value` in the kinds that JSON keeps exactly; a float is none of them."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{value!r} cannot be frozen exactly")


def canonical(rules: Mapping[str, Any]) -> bytes:
    """The one way of writing these rules as bytes: sorted names, no spaces, UTF-8."""
    return json.dumps(
        rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def rules_hash(rules: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: what a round is bound to."""
    return hashlib.sha256(canonical(rules)).hexdigest()


def windows(rules: Mapping[str, Any]) -> Windows:
    """The moments of frozen rules."""
    kept = dict(rules["windows"])
    decide_by = date.fromisoformat(kept.pop("decide_by"))
    return Windows(decide_by=decide_by, **{name: datetime.fromisoformat(at) for name, at in kept.items()})


def questions(rules: Mapping[str, Any]) -> tuple[Question, ...]:
    """The form of frozen rules."""
    return tuple(Question.from_json(item) for item in rules["questions"])


def checks(rules: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks of frozen rules."""
    return tuple(Check(**item) for item in rules["checks"])


def regimes(rules: Mapping[str, Any]) -> tuple[Regime, ...]:
    """The payment regimes of frozen rules."""
    return tuple(Regime(**item) for item in rules["regimes"])


def regime_for(rules: Mapping[str, Any], cents: int) -> Regime:
    """The payment regime of frozen rules under which a grant of `cents` falls."""
    for regime in regimes(rules):
        if regime.from_cents <= cents and (regime.to_cents is None or cents < regime.to_cents):
            return regime
    raise ValueError(f"no regime covers {cents} cents")


def check_can_open(rules: Mapping[str, Any], now: datetime) -> None:
    """Refuse to open a round that lacks what the law wants known beforehand; Invalid with every lack.

    Awb 4:23 (legal basis), 4:25-4:26 (ceiling and way of dividing), 4:27 (made known before the period).
    """
    problems: list[Problem] = []
    if not rules["legal_basis"].strip():
        problems.append(
            Problem("legal_basis", Sentence("Schrijf op welke regeling deze subsidie mogelijk maakt."))
        )
    if rules["ceiling"]["cents"] <= 0:
        problems.append(Problem("ceiling", Sentence("Stel eerst vast hoeveel geld er is: het plafond.")))
    if not rules["committee"]:
        problems.append(Problem("committee", Sentence("Leg eerst vast hoe het geld wordt verdeeld.")))
    problems += _check_published(rules, now)
    if now >= windows(rules).closes_at:
        problems.append(
            Problem(
                "closes",
                Sentence("Deze ronde kan niet meer open: de laatste dag om aan te vragen is voorbij."),
            )
        )
    if problems:
        raise Invalid(problems)


def _check_published(rules: Mapping[str, Any], now: datetime) -> list[Problem]:
    """What is wrong with where and when the ceiling was made known: before anyone can apply (Awb 4:27)."""
    ceiling = rules["ceiling"]
    if not ceiling["published_on"] or not ceiling["published_in"]:
        said = Sentence(
            "Maak het plafond en de verdeling eerst bekend. Schrijf op waar en wanneer dat is gedaan."
        )
        return [Problem("ceiling_published_on", said)]
    published_on = date.fromisoformat(ceiling["published_on"])
    first_day = calendar.local(windows(rules).opens_at).date()
    if published_on < first_day and published_on <= calendar.local(now).date():
        return []
    said = Sentence(
        "Als dag van bekendmaking staat er {published_on:date}. Die dag moet voorbij zijn, "
        "en vóór de eerste dag om aan te vragen: {first_day:date}.",
        {"published_on": published_on.isoformat(), "first_day": first_day.isoformat()},
    )
    return [Problem("ceiling_published_on", said)]
