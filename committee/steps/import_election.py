"""Importing: a real participatory-budgeting election becomes a closed round, ready to be counted here.

One application for each project, one ballot for each voter. There were no reviews and no screening here, so
nothing of that is made up: the round's frozen rules say that it was imported.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from committee.election import Election
from committee.steps.vote import make_poll
from committee.store.ballots import Ballot, Box, Mark, Poll
from grants import calendar
from grants import round as rules_of
from grants.access import OPERATOR, Actor, require
from grants.application import Stage
from grants.errors import Refusal
from grants.fund import read_fund
from grants.steps.open_round import CheckBody, freeze_and_fund
from grants.steps.sign_in import read_address
from grants.steps.submit import import_submission
from grants.store import ledger
from grants.store.applications import Application, move
from grants.store.consents import agree_to_mail
from grants.store.funds import Fund, Round, fund_by_slug
from grants.store.initiatives import Initiative
from grants.store.people import Person

CHUNK = 5000


async def import_election(
    actor: Actor,
    election: Election,
    slug: str,
    year: int,
    mail_domain: str,
    check_body: CheckBody,
    now: datetime,
    *,
    seed: str,
) -> Round:
    """Make a closed round of `year` in a fund from an election; refused where that year has a round already.

    Each project gets an applicant at `mail_domain` and keeps its id as its number; the election's budget is
    the ceiling. All or nothing.
    """
    require(actor, "round.open")
    async with in_transaction():
        fund = await fund_by_slug(slug)
        if await Round.exists(fund_id=fund.id, year=year, opened_at__isnull=False):
            raise Refusal("In {year} is er al een ronde. Kies een ander jaar.", year=year)
        round_ = await _closed_round(fund, year, election, check_body, actor, now)
        applications = [
            await _application(round_, one.id, one.name, one.ask_cents, mail_domain, actor, now)
            for one in election.applications
        ]
        pot = await ledger.lock_pot(fund.id, year)
        poll = await make_poll(
            round_, applications, {}, seed, pot.balance.free, actor, now - timedelta(seconds=1)
        )
        await _ballots(poll, election, [application.id for application in applications])
        return round_


async def _closed_round(
    fund: Fund, year: int, election: Election, check_body: CheckBody, actor: Actor, now: datetime
) -> Round:
    """A round whose windows have all just passed, under rules that say where it comes from."""
    times = {
        "opens_at": now - timedelta(days=3),
        "closes_at": now - timedelta(days=2),
        "ballot_opens_at": now - timedelta(days=1),
        "ballot_closes_at": now,
        "decide_by": calendar.local(now).date() + timedelta(weeks=8),
    }
    title = (election.meta.get("description") or fund.name)[:120]
    round_ = await Round.get_or_none(fund_id=fund.id, year=year) or Round(
        fund_id=fund.id, year=year, public_id=secrets.token_hex(16)
    )
    await round_.update_from_dict({"title": title, **times}).save()
    plan = read_fund(fund.source, check_body)
    frozen: dict[str, Any] = rules_of.freeze(plan, plan.rounds[0].year)
    published = calendar.local(now).date().isoformat()
    frozen |= {
        "round": {"year": year, "title": title, "completion_weeks": 1},
        "ceiling": {
            "cents": election.budget_cents,
            "published_on": published,
            "published_in": "election file",
        },
        "windows": {name: at.isoformat() if name != "decide_by" else str(at) for name, at in times.items()},
        "questions": [],
        "checks": [],
        "committee": {**frozen["committee"], "criteria": []},
        "imported": dict(election.meta),
    }
    await freeze_and_fund(round_, frozen, actor, now)
    return round_


async def _application(
    round_: Round, number: str, name: str, cents: int, mail_domain: str, actor: Actor, now: datetime
) -> Application:
    """One project as an application at the committee: all of its cost or nothing."""
    email = read_address(f"project-{number}@{mail_domain}")
    person, _ = await Person.get_or_create(
        email=email, defaults={"public_id": secrets.token_hex(16), "created_at": now}
    )
    await agree_to_mail(person.id, actor.person_id, now)
    initiative = await Initiative.create(person_id=person.id, kind="group", created_at=now)
    application = await Application.create(
        public_id=secrets.token_hex(16),
        begin_key=f"import:{round_.public_id}:{number}"[:64],
        round_id=round_.id,
        person_id=person.id,
        initiative_id=initiative.id,
        title=name[:200],
        asked_cents=cents,
        least_cents=cents,
        created_at=now,
        changed_at=now,
    )
    await import_submission(application, number, {"title": name}, now)
    await move(application, Stage.SUBMITTED, actor, now, role=OPERATOR)
    await move(application, Stage.SCREENED, actor, now, role=OPERATOR)
    return application


async def _ballots(poll: Poll, election: Election, applications: list[int]) -> None:
    """Every voter's ballot, in bulk; they come from a file, so no seat stands beside them."""
    ballots: list[Ballot] = []
    marks: list[Mark] = []
    for places in _each_voter(election):
        ballot = Ballot(id=secrets.token_hex(16), poll_id=poll.id)
        ballots.append(ballot)
        marks += [
            Mark(id=secrets.token_hex(16), ballot_id=ballot.id, application_id=applications[place])
            for place in places
        ]
    await Ballot.bulk_create(ballots, batch_size=CHUNK)
    await Mark.bulk_create(marks, batch_size=CHUNK)
    await Box.bulk_create([Box(poll_id=poll.id, ballot_id=ballot.id) for ballot in ballots], batch_size=CHUNK)


def _each_voter(election: Election) -> Iterator[tuple[int, ...]]:
    """The marks of each voter; a blank ballot has none."""
    for places, count in zip(election.ballots, election.counts, strict=True):
        for _ in range(count):
            yield places
    for _ in range(election.voters - sum(election.counts)):
        yield ()
