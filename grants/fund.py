"""A fund as its file tells it: who divides which money on what ground, its rounds, its form and its rules.

Law: Awb 4:22, 4:25-4:27 (ceiling, and the way of dividing, made known beforehand), 3:45 (objection).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grants import calendar, formfile, money
from grants.errors import FileError, NotFound, Problem, Refusal
from grants.form import Check, Question
from grants.fundfile import Table, read_toml

MODES = ("direct", "report")
"""direct: determined at once when granted; report: after the recipient tells how it went (Awb 4:42-4:47)."""

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Contact:
    """Whom people can call, write to or visit (Awb 2:1: appropriate support)."""

    name: str
    phone: str
    email: str
    address: str
    hours: str


@dataclass(frozen=True)
class Objection:
    """To whom, where and how an objection goes, and who helps for free (Awb 3:45)."""

    to: str
    address: str
    url: str
    help: str


@dataclass(frozen=True)
class Windows:
    """The moments of a round in UTC, each window open from its first moment up to, not including, its last.

    `decide_by` is a day in Amsterdam: the last on which the municipality decides.
    """

    opens_at: datetime
    closes_at: datetime
    ballot_opens_at: datetime
    ballot_closes_at: datetime
    decide_by: date


@dataclass(frozen=True)
class RoundPlan:
    """One year's round as planned. Where and when its ceiling was made known may be filled in later."""

    year: int
    title: str
    ceiling_cents: int
    ceiling_published_on: date | None
    ceiling_published_in: str
    windows: Windows
    completion_weeks: int


@dataclass(frozen=True)
class Regime:
    """How grants from `from_cents` up to, not including, `to_cents` (None: no end) are paid and told of."""

    from_cents: int
    to_cents: int | None
    mode: str
    instalments: int
    report_weeks: int
    why: str


@dataclass(frozen=True)
class Fund:
    """Everything in a fund file. `committee` is read by whoever decides, never here."""

    slug: str
    name: str
    purpose: str
    purpose_easy: str
    municipality: str
    legal_basis: str
    contact: Contact
    objection: Objection
    rounds: tuple[RoundPlan, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    regimes: tuple[Regime, ...]
    committee: Mapping[str, Any]

    def round(self, year: int) -> RoundPlan:
        """The round of `year`, or NotFound."""
        for plan in self.rounds:
            if plan.year == year:
                return plan
        raise NotFound("In dit fonds is er geen ronde voor {year}.", year=year)


def read_fund(source: str, check_body: Callable[[dict[str, Any]], list[Problem]]) -> Fund:
    """The fund in this TOML text, or a FileError that names the line and what is wrong with it.

    `check_body` judges the [committee] table; its problems bear paths below it ("criteria.2.weight").
    """
    top = read_toml(source)
    fund = Fund(
        slug=_slug(top),
        name=top.text("name", 120),
        purpose=top.text("purpose", 1000),
        purpose_easy=top.text("purpose_easy", 1000, default=""),
        municipality=top.text("municipality", 120),
        legal_basis=top.text("legal_basis", 500),
        contact=_contact(top.table("contact")),
        objection=_objection(top.table("objection")),
        rounds=_rounds(top.tables("rounds")),
        questions=formfile.read_questions(top),
        checks=formfile.read_checks(top),
        regimes=_regimes(top.tables("regimes")),
        committee=top.opaque("committee"),
    )
    top.done()
    _check_reach(fund, top)
    _check_committee(fund, top, check_body)
    return fund


def _slug(top: Table) -> str:
    slug = top.text("slug", 40)
    if not _SLUG.fullmatch(slug):
        raise FileError(
            "Regel {line}: “{where}” mag alleen kleine letters, cijfers en streepjes hebben.",
            **top.at("slug"),
        )
    return slug


def _contact(table: Table) -> Contact:
    contact = Contact(*(table.text(key, 300) for key in ("name", "phone", "email", "address", "hours")))
    table.done()
    return contact


def _objection(table: Table) -> Objection:
    objection = Objection(*(table.text(key, 300) for key in ("to", "address", "url", "help")))
    table.done()
    return objection


def _rounds(tables: Sequence[Table]) -> tuple[RoundPlan, ...]:
    """The rounds by year; refused where two have the same year or are open at the same time."""
    plans = [(_round(table), table) for table in tables]
    for place, (plan, table) in enumerate(plans):
        for other, _ in plans[:place]:
            if other.year == plan.year:
                raise FileError(
                    "Regel {line}: het jaar {year} staat er twee keer.", year=plan.year, **table.at("year")
                )
            if (
                plan.windows.opens_at < other.windows.closes_at
                and other.windows.opens_at < plan.windows.closes_at
            ):
                raise FileError(
                    "Regel {line}: deze ronde is open terwijl de ronde van {year} ook open is.",
                    year=other.year,
                    **table.at("opens"),
                )
    return tuple(sorted((plan for plan, _ in plans), key=lambda plan: plan.year))


def _round(table: Table) -> RoundPlan:
    published = table.has("ceiling_published_on") or table.has("ceiling_published_in")
    plan = RoundPlan(
        year=table.number("year", calendar.FIRST_YEAR, calendar.LAST_YEAR),
        title=table.text("title", 120),
        ceiling_cents=_ceiling(table),
        ceiling_published_on=table.day("ceiling_published_on") if published else None,
        ceiling_published_in=table.text("ceiling_published_in", 300) if published else "",
        windows=_windows(table),
        completion_weeks=table.number("completion_weeks", 1, calendar.LONGEST_EXTENDED_WEEKS),
    )
    table.done()
    return plan


def _windows(table: Table) -> Windows:
    """In order: opens < closes <= ballot opens < ballot closes <= the end of the day to decide by."""
    closes = table.moment("closes")
    windows = Windows(
        opens_at=table.moment("opens"),
        closes_at=closes,
        ballot_opens_at=table.moment("ballot_opens") if table.has("ballot_opens") else closes,
        ballot_closes_at=table.moment("ballot_closes"),
        decide_by=table.day("decide_by"),
    )
    for key, earlier, in_order in (
        ("closes", "opens", windows.opens_at < windows.closes_at),
        ("ballot_opens", "closes", windows.closes_at <= windows.ballot_opens_at),
        ("ballot_closes", "ballot_opens", windows.ballot_opens_at < windows.ballot_closes_at),
        ("decide_by", "ballot_closes", windows.ballot_closes_at <= calendar.end_of(windows.decide_by)),
    ):
        if not in_order:
            raise FileError(
                "Regel {line}: “{where}” ligt niet na “{earlier}”.", earlier=earlier, **table.at(key)
            )
    return windows


def _ceiling(table: Table) -> int:
    """`ceiling_euro = 100000`, or `ceiling = "100.000"`; a round without is refused (Awb 4:25)."""
    if not table.has("ceiling"):
        if not table.has("ceiling_euro"):
            raise FileError(
                "Regel {line}: deze ronde heeft geen plafond. Zet er een regel ceiling_euro bij.",
                **table.at(),
            )
        return table.number("ceiling_euro", 1, money.MAX_CENTS // 100) * 100
    written = table.text("ceiling", 60)
    try:
        cents = money.parse(written)
    except Refusal:
        cents = 0
    if not cents:
        raise FileError(
            'Regel {line}: bij “{where}” hoort een bedrag boven de 0, zoals "100.000".', **table.at("ceiling")
        )
    return cents


def _regimes(tables: Sequence[Table]) -> tuple[Regime, ...]:
    """The regimes in order of amount, from 0 and without gap or overlap."""
    regimes: list[Regime] = []
    reached: int | None = 0
    for table in tables:
        regime = _regime(table)
        if reached is None or regime.from_cents < reached:
            raise FileError(
                "Regel {line}: dit bedrag valt ook onder de regeling ervoor.", **table.at("from_euro")
            )
        if regime.from_cents > reached:
            raise FileError(
                "Regel {line}: voor bedragen van {gap_from:euro} tot {gap_to:euro} is er geen regeling.",
                gap_from=reached,
                gap_to=regime.from_cents,
                **table.at("from_euro"),
            )
        regimes.append(regime)
        reached = regime.to_cents
    return tuple(regimes)


def _regime(table: Table) -> Regime:
    most = money.MAX_CENTS // 100
    start = table.number("from_euro", 0, most)
    mode = table.one_of("mode", MODES)
    regime = Regime(
        from_cents=start * 100,
        to_cents=table.number("to_euro", start + 1, most) * 100 if table.has("to_euro") else None,
        mode=mode,
        instalments=table.number("instalments", 1, 4),
        report_weeks=table.number("report_weeks", 1, 52) if mode == "report" else 0,
        why=table.why(),
    )
    table.done()
    return regime


def _check_reach(fund: Fund, top: Table) -> None:
    """The last regime reaches past every ceiling, so that no grant falls outside."""
    end = fund.regimes[-1].to_cents
    if end is not None and end <= max(plan.ceiling_cents for plan in fund.rounds):
        where = f"regimes.{len(fund.regimes)}.to_euro"
        raise FileError(
            "Regel {line}: voor bedragen vanaf {end:euro} is er geen regeling.", end=end, **top.at(where)
        )


def _check_committee(fund: Fund, top: Table, check_body: Callable[[dict[str, Any]], list[Problem]]) -> None:
    """The deciding body's own faults, the first with its line in this file."""
    problems = check_body(dict(fund.committee))
    if problems:
        said = problems[0].said
        at = top.at(f"committee.{problems[0].field}".strip("."))
        raise FileError(said.text, **{**said.values, **at})
