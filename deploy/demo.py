"""The demonstration: a fund in a made-up town, lived through by the real steps at moments before today.

Last year's round has its own calendar and ends before today, this year's is open around today: so it looks
right on whatever day it is first started. What people wrote, and when in their round, stands in `demo_data/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tortoise.transactions import in_transaction

from committee.framework import check_body
from deploy import demo_committee as committee
from deploy.demo_plans import tell_plan
from deploy.demo_story import Content, Days, Plan, Story, address, read
from deploy.settings import DEMO_KEY
from grants import calendar
from grants.access import ANYBODY
from grants.decision import kind_for
from grants.steps.announce import announce
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all, decide
from grants.steps.help import ask_help
from grants.steps.open_round import load_fund, open_round
from grants.steps.publish import publish
from grants.store.applications import Application
from grants.store.decisions import ProposalRow
from grants.store.funds import Fund

_ROOT = Path(__file__).parents[1]
_INSTALLED = _ROOT / "grants" / "_data" / "examples"
FUND_FILE = (_INSTALLED if _INSTALLED.is_dir() else _ROOT / "docs" / "examples") / "participatiefonds.toml"
SLUG = "participatiefonds"

OPENS_FUND, DECIDES = "marieke", "abdel"
CLOSES, POLL_OPENS, POLL_CLOSES, DECIDE_BY = "46 17:00", "87 09:00", "101 17:00", "123"
"""Days after the first day of any round, and the time on the clock."""

_ROUNDS = re.compile(r"^\[\[rounds\]\]\n(?:.+\n)*\n?", re.MULTILINE)
_ROUND = """
[[rounds]]
year = {year}
title = "Ronde {year}"
ceiling = "100.000"
{published}opens = {opens}
closes = {closes}
ballot_opens = {poll_opens}
ballot_closes = {poll_closes}
decide_by = {decide_by}
completion_weeks = 2
"""
_PUBLISHED = """\
ceiling_published_on = {day}
ceiling_published_in = "Gemeenteblad van Vlietstad {day.year}, nummer {number}"
"""


class Who(NamedTuple):
    """Somebody a visitor can sign in as, and what to try with this person (in Dutch)."""

    name: str
    email: str
    roles: tuple[str, ...]
    hint: str


def _who(person: Content) -> Who:
    seat = [person["seat"]] if "seat" in person else []
    return Who(person["name"], address(person["key"]), (*seat, *person.get("roles", [])), person["try"])


WHO: tuple[Who, ...] = tuple(_who(person) for person in read("people")["people"] if "try" in person)
"""For the page that asks as whom to sign in: people with a plan, the committee, the municipality."""


async def fill(now: datetime, *, field_key: str = DEMO_KEY) -> None:
    """Fill an empty database as if the fund had run for two years; where there is a fund, do nothing.

    All or nothing: half a story would stay half for ever. `field_key` seals the accounts of recipients.
    """
    async with in_transaction():
        if await Fund.exists():
            return
        await tell(now, field_key).play()


def tell(now: datetime, field_key: str) -> Story:
    """Everything that has happened before today, still to be played."""
    story, today = Story(field_key), calendar.local(now).date()
    last = Days(today.year - 1, _monday(date(today.year - 1, 2, 5)), today)
    this = Days(today.year, _monday(today - timedelta(days=31)), today)
    after = Days(today.year + 1, this.first + timedelta(weeks=52), today)
    story.then(last.moment("-60 09:00", office=True), partial(_meet, story))
    _tell_opening(story, last, _fund_file([last]))
    story.then(last.moment("-6 14:00", office=True), partial(_seat, story))
    _tell_last_year(story, last)
    _tell_opening(story, this, _fund_file([last, this], planned=after))
    _tell_this_year(story, this)
    return story


def _monday(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def _tell_opening(story: Story, days: Days, source: str) -> None:
    story.then(days.moment("-50 10:00", office=True), partial(_load, story, source))
    story.then(days.moment("-20 09:30", office=True), partial(_open, story, days.year))


def _tell_last_year(story: Story, days: Days) -> None:
    """A whole round, from the first plan to the closing of its year."""
    plans = _plans(story, days, "last_year")
    found = read("last_year_committee")
    committee.tell_readings(story, plans, found["plans"], "57", 26)
    story.then(days.moment("85 19:40"), partial(committee.write_reasons, story, plans, found["plans"]))
    opens_at = days.moment("87 19:30", office=True)
    story.then(opens_at, partial(committee.throw_and_open, story, days.year))
    committee.tell_votes(story, days.year, plans, found["ballots"], opens_at)
    for at, deed in (
        ("102 10:00", partial(committee.count, story, days.year)),
        ("108 14:00", partial(_decide, story, days.year, list(plans.values()))),
        ("112 10:00", partial(_announce, story, days.year)),
        ("115 09:00", partial(_publish, story, days.year)),
    ):
        story.then(days.moment(at, office=True), deed)
    decided_on = _college_day(days.today)
    closes_at = days.moment(f"{(decided_on - days.first).days + 2} 15:20", office=True)
    story.then(closes_at, partial(_close, story, days.year, decided_on))


def _tell_this_year(story: Story, days: Days) -> None:
    """A round in which people still apply and members already read."""
    plans = _plans(story, days, "this_year")
    committee.tell_readings(story, plans, read("this_year_committee")["plans"], "T-8", 8)
    for question in read("this_year")["help"]:
        story.then(days.moment(question["at"]), partial(_ask_help, story, question))


def _plans(story: Story, days: Days, name: str) -> dict[str, Plan]:
    plans = {words["key"]: Plan(words, days) for words in read(name)["plans"]}
    for plan in plans.values():
        tell_plan(story, plan)
    return plans


def _fund_file(rounds: Sequence[Days], planned: Days | None = None) -> str:
    """The example fund with rounds of its own; of one that is only planned, no ceiling was made known yet."""
    tables = [_round_table(days, _published(days)) for days in rounds]
    if planned:
        tables.append(_round_table(planned, ""))
    return _ROUNDS.sub("", FUND_FILE.read_text(encoding="utf-8")) + "".join(tables)


def _published(days: Days) -> str:
    day = days.day("-40", office=True)
    return _PUBLISHED.format(day=day, number=100 + day.timetuple().tm_yday)


def _round_table(days: Days, published: str) -> str:
    opens, closes, poll_opens, poll_closes = (
        f"{calendar.local(days.moment(text, office=True)):%Y-%m-%dT%H:%M:%S}"
        for text in ("0 09:00", CLOSES, POLL_OPENS, POLL_CLOSES)
    )
    return _ROUND.format(
        year=days.year,
        published=published,
        opens=opens,
        closes=closes,
        poll_opens=poll_opens,
        poll_closes=poll_closes,
        decide_by=days.day(DECIDE_BY, office=True),
    )


def _college_day(today: date) -> date:
    """When the college decided to carry over: the second Tuesday of January, or a day before it."""
    tuesday = date(today.year, 1, 14) - timedelta(days=(date(today.year, 1, 14).weekday() - 1) % 7)
    day = min(tuesday, today - timedelta(days=40))
    return day - timedelta(days=(day.weekday() - 1) % 7)


async def _meet(story: Story, at: datetime) -> None:
    for person in read("people")["people"]:
        await story.meet(person, at)


async def _load(story: Story, source: str, at: datetime) -> None:
    await load_fund(story.actors[OPENS_FUND], source, check_body, at)


async def _open(story: Story, year: int, at: datetime) -> None:
    story.rounds[year] = await open_round(story.actors[OPENS_FUND], SLUG, year, check_body, at)


async def _seat(story: Story, at: datetime) -> None:
    fund = await Fund.get(slug=SLUG)
    await committee.take_seats(story, read("people")["people"], fund, OPENS_FUND, at)


async def _decide(story: Story, year: int, plans: list[Plan], at: datetime) -> None:
    """Sign the advice, after the one decision in which the municipality deviates from it."""
    officer = story.actors[DECIDES]
    for plan in plans:
        if deviation := plan.words.get("deviation"):
            advised = (await ProposalRow.get(application_id=plan.id)).cents
            asked = (await Application.get(id=plan.id)).asked_cents
            cents = advised - deviation["less"] * 100
            kind = kind_for(cents, asked)
            await decide(officer, plan.public_id, kind, cents, deviation["reason"], at)
    await adopt_all(officer, story.rounds[year].id, at)


async def _announce(story: Story, year: int, at: datetime) -> None:
    await announce(story.actors[DECIDES], story.rounds[year].id, at)


async def _publish(story: Story, year: int, at: datetime) -> None:
    await publish(story.actors[OPENS_FUND], story.rounds[year].id, at)


async def _ask_help(story: Story, question: Content, at: datetime) -> None:
    actor = story.actors[question["who"]] if "who" in question else ANYBODY
    await ask_help(actor, "demo", question["page"], question["text"], "", "nl", at)


async def _close(story: Story, year: int, decided_on: date, at: datetime) -> None:
    reference = f"Collegebesluit van {calendar.show(decided_on)}, nummer {decided_on.year}-0{decided_on:%j}"
    await close_year(story.actors[OPENS_FUND], year, reference, at)
