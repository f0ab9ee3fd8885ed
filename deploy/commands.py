"""Commands on the database: each opens it, calls the step that a page would call, and says what came of it."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from committee.access import VOTING
from committee.framework import check_body
from committee.pabulib import read_pb
from committee.steps.allocate import allocate
from committee.steps.import_election import import_election
from committee.store.members import roles_of
from deploy.database import open_database
from deploy.settings import from_environment
from grants import ledger
from grants.access import Actor
from grants.errors import FileError, NotFound
from grants.money import show
from grants.steps.announce import announce
from grants.steps.appoint import appoint, dismiss
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all
from grants.steps.open_round import load_fund, open_round
from grants.steps.publish import publish
from grants.store import journal
from grants.store.funds import Round, fund_by_slug, round_by_public_id
from grants.store.ledger import Pot, entries_of
from grants.store.outbox import counts
from grants.store.people import person_by_email

Command = Callable[[argparse.Namespace, datetime], Awaitable[int]]
OPERATOR = Actor.operator()


def run(name: str, arguments: argparse.Namespace) -> int:
    """Run one of the commands below on the database of the environment."""
    settings = from_environment(os.environ)

    async def on_database() -> int:
        async with open_database(settings.database_url):
            command: Command = COMMANDS[name]
            return await command(arguments, datetime.now(UTC))

    return asyncio.run(on_database())


async def fund_load(arguments: argparse.Namespace, now: datetime) -> int:
    fund = await load_fund(OPERATOR, _text(arguments.file), check_body, now)
    years = [
        str(year["year"]) for year in await Round.filter(fund_id=fund.id).order_by("year").values("year")
    ]
    print(f"{fund.name}: {', '.join(years)}")
    print(fund.slug)
    return 0


async def role_grant(arguments: argparse.Namespace, now: datetime) -> int:
    known = await person_by_email(arguments.email)
    seats = await roles_of(known.id) if known else frozenset()
    person = await appoint(
        OPERATOR, arguments.email, arguments.role, now, advises=not seats.isdisjoint(VOTING)
    )
    print(f"{person.email}: {arguments.role}")
    return 0


async def role_end(arguments: argparse.Namespace, now: datetime) -> int:
    await dismiss(OPERATOR, arguments.email, arguments.role, now)
    print(f"{arguments.email}: no longer {arguments.role}")
    return 0


async def round_open(arguments: argparse.Namespace, now: datetime) -> int:
    opened = await open_round(OPERATOR, arguments.fund, arguments.year, check_body, now)
    print(f"rules {opened.rules_hash}")
    print(opened.public_id)
    return 0


async def import_pb(arguments: argparse.Namespace, now: datetime) -> int:
    source = Path(arguments.file).read_bytes()  # noqa: ASYNC240 - a command has nothing else to do
    seed = arguments.seed or hashlib.sha256(source).hexdigest()
    election = read_pb(source)
    made = await import_election(
        OPERATOR, election, arguments.fund, arguments.year, arguments.mail_domain, check_body, now, seed=seed
    )
    print(f"{len(election.applications)} applications, {election.voters} ballots: round {made.public_id}")
    return 0


async def round_count(arguments: argparse.Namespace, now: datetime) -> int:
    outcome = await allocate(OPERATOR, arguments.round, now, rule=arguments.rule)
    if arguments.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False))
        return 0
    for number, cents in outcome.grants.items():
        print(f"{number:>12} {show(cents)}")
    print(
        f"{len(outcome.grants)} granted, {show(sum(outcome.grants.values()))}; left {show(outcome.left_cents)}"
    )
    return 0


async def round_decide(arguments: argparse.Namespace, now: datetime) -> int:
    signed = await adopt_all(OPERATOR, (await _round(arguments.round)).id, now)
    print(f"{signed} decisions signed")
    return 0


async def round_announce(arguments: argparse.Namespace, now: datetime) -> int:
    told = await announce(OPERATOR, (await _round(arguments.round)).id, now)
    print(f"{told} decisions announced")
    return 0


async def round_publish(arguments: argparse.Namespace, now: datetime) -> int:
    made = await publish(OPERATOR, (await _round(arguments.round)).id, now)
    print(f"{len(made.content['awards'])} awards published")
    return 0


async def year_close(arguments: argparse.Namespace, now: datetime) -> int:
    fund = await fund_by_slug(arguments.fund) if arguments.fund else None
    carried = await close_year(
        OPERATOR, arguments.year, arguments.decision, now, fund_id=fund.id if fund else None
    )
    print(f"{show(sum(carried.values()))} carried over to {arguments.year + 1}")
    return 0


async def ledger_check(_: argparse.Namespace, __: datetime) -> int:
    """Exit 1 and each pot that is not what its entries add up to, or that was ever overspent."""
    wrong = []
    pots = await Pot.all().order_by("year", "fund_id")
    for pot in pots:
        lines = await entries_of(pot.id)
        if ledger.recompute(lines) != pot.balance:
            wrong.append(f"pot {pot.year}: its row says {pot.balance}, its entries {ledger.recompute(lines)}")
        elif (place := ledger.first_overdraft(lines)) is not None:
            wrong.append(f"pot {pot.year}: overspent at entry {place}")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print(f"{len(pots)} pots checked, {len(wrong)} wrong")
    return 1 if wrong else 0


async def journal_verify(_: argparse.Namespace, __: datetime) -> int:
    place = await journal.broken_place()
    if place is not None:
        print(f"The chain is broken at place {place}.", file=sys.stderr)
        return 1
    head = await journal.JournalHead.get(id=1)
    print(f"{head.place} entries, chain holds, head {head.entry_hash}")
    return 0


async def mail_status(arguments: argparse.Namespace, _: datetime) -> int:
    found = await counts()
    print(
        json.dumps(found)
        if arguments.json
        else ", ".join(f"{number} {state}" for state, number in found.items())
    )
    return 0


async def _round(public_id: str) -> Round:
    found = await round_by_public_id(public_id) if re.fullmatch("[0-9a-f]{32}", public_id) else None
    if found is None:
        raise NotFound("Deze ronde is er niet.")
    return found


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as failure:
        raise FileError("Dit bestand is geen tekst in UTF-8.") from failure


COMMANDS: dict[str, Command] = {
    command.__name__: command
    for command in (
        fund_load, role_grant, role_end, round_open, import_pb, round_count, round_decide, round_announce,
        round_publish, year_close, ledger_check, journal_verify, mail_status,
    )
}  # fmt: skip
