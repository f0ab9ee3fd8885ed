"""Commands that need no database: counting a file, recounting and certifying a public record."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from committee import allocation, record
from committee.pabulib import read_pb
from grants.errors import FileError, Sentence
from grants.money import show
from grants.web.say import say


def count(arguments: argparse.Namespace) -> int:
    with Path(arguments.file).open("rb") as file:
        election = read_pb(file)
    outcome = allocation.count(election, arguments.rule, arguments.ties)
    if arguments.json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False))
        return 0
    names = {application.id: application.name for application in election.applications}
    for id_, cents in outcome.grants.items():
        print(f"{id_:>12} {show(cents):>14}  {names[id_]}")
    print(
        f"{len(outcome.grants)} funded, {show(sum(outcome.grants.values()))}; left {show(outcome.left_cents)}"
    )
    return 0


def recount(arguments: argparse.Namespace) -> int:
    return _verdict(record.recount(_record(arguments.file)), "the recount agrees with the record")


def certify(arguments: argparse.Namespace) -> int:
    return _verdict(record.certify(_record(arguments.file)), "the outcome is stable")


def _verdict(problem: Sentence | None, agreed: str) -> int:
    if problem is not None:
        print(say(problem, "nl"), file=sys.stderr)
        return 1
    print(agreed)
    return 0


def _record(path: str) -> dict[str, Any]:
    try:
        found = json.loads(Path(path).read_bytes())
    except ValueError as failure:
        raise FileError("Dit bestand is geen leesbare JSON.") from failure
    if not isinstance(found, dict):
        raise FileError("Dit bestand is geen openbaar telverslag.")
    return found
