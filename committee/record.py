"""The public record of a count: one document from which anyone can count again, without anything else.

It holds the frozen rules, the applications, the ballots without identity or time in a fixed order, the lot
with its seed, and the result with its trace. Its bytes are canonical, so that its SHA-256 means something.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from committee import certificate
from committee.allocation import LOT_TIES, Outcome, Rule, count
from committee.election import LOT_LABEL, Application, Election, Histogram, merge
from committee.scoring import GateResult
from committee.sortition import lot_order
from grants.errors import FileError, Sentence

FORMAT, VERSION = "meebeslis-count", 1
MOST_VOTERS = 10_000_000
_SCORE = re.compile(r"-?[0-9]{1,40}(?:/[0-9]{1,40})?", re.ASCII)
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)


def make(
    election: Election,
    rule: Rule,
    outcome: Outcome,
    *,
    ties: str = LOT_TIES,
    seed: str = "",
    frozen: Mapping[str, Any] | None = None,
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record of this outcome. Plain JSON values only in `frozen` (the rules of the round) and `about`.

    `seed` is what the election's lot was drawn from; empty where the lot order was given, or none was needed.
    """
    body: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "about": dict(about or {}),
        "frozen": dict(frozen or {}),
        "rule": {
            "name": rule.name,
            "spend_on": rule.spend_on,
            "stop": rule.stop,
            "ties": list(rule.ties),
        },
        "ties": ties,
        "lot": {"seed": seed, "label": LOT_LABEL, "order": list(election.lot)},
        "budget_cents": election.budget_cents,
        "vote_type": election.vote_type,
        "abstentions": election.abstentions,
        "applications": [_application(application) for application in election.applications],
        "ballots": list(_ballots(election)),
        "scores": _scores(election),
        "result": outcome.as_json(),
    }
    return {**body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way to write it: UTF-8, keys sorted, no spaces."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes of the whole record, to publish beside it."""
    return hashlib.sha256(canonical(document)).hexdigest()


def recount(document: Mapping[str, Any]) -> Sentence | None:
    """Count again from the record alone: the first difference, or None when all of it agrees.

    FileError where the document is no public record.
    """
    told = read(document)
    drawn = lot_order(told.election.ids, told.seed, LOT_LABEL) if told.seed else told.election.lot
    try:
        election = replace(told.election, lot=tuple(drawn))
        outcome = count(election, told.rule, told.ties)
        again = make(
            election,
            told.rule,
            outcome,
            ties=told.ties,
            seed=told.seed,
            frozen=document["frozen"],
            about=document["about"],
        )
    except BROKEN as error:
        raise _no_record(error) from error
    for where, found, counted in _differences(dict(document), again, ""):
        return Sentence(
            "Bij {where} staat {found}. De hertelling geeft {counted}.",
            {"where": where, "found": _short(found), "counted": _short(counted)},
        )
    return None


def certify(document: Mapping[str, Any]) -> Sentence | None:
    """Check the stability certificate of an Equal Shares outcome: the first problem, or None.

    FileError where the document is no public record.
    """
    told = read(document)
    try:
        return certificate.problem(told.election, told.outcome)
    except BROKEN as error:
        raise _no_record(error) from error


class Read(NamedTuple):
    """What a public record says: the vote, the rule, how ties are broken, the seed of the lot, the outcome."""

    election: Election
    rule: Rule
    ties: str
    seed: str
    outcome: Outcome


def read(document: Mapping[str, Any]) -> Read:
    """The record as values; FileError where the document is none."""
    try:
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise ValueError("format or version")
        if document["result"]["rule"] != document["rule"]["name"]:
            raise ValueError("the result is of another rule")
        rule = document["rule"]
        frozen_rule = Rule(rule["name"], rule["spend_on"], rule["stop"], tuple(rule["ties"]))
        return Read(
            _election(document),
            frozen_rule,
            str(document["ties"]),
            str(document["lot"]["seed"]),
            _outcome(document["result"]),
        )
    except BROKEN as error:
        raise _no_record(error) from error


def _no_record(error: Exception) -> FileError:
    reason = f"{type(error).__name__}: {error}"[:200]
    return FileError("Dit bestand is geen openbaar telverslag van deze vorm ({reason}).", reason=reason)


def _election(document: Mapping[str, Any]) -> Election:
    applications = tuple(_application_from(data) for data in document["applications"])
    places = {application.id: place for place, application in enumerate(applications)}
    merged: Counter[tuple[int, ...]] = Counter()
    for ballot in document["ballots"]:
        marks = {places[mark] for mark in ballot["marks"]}
        if len(marks) != len(ballot["marks"]):
            raise ValueError("a ballot marks the same application twice")
        merged[tuple(sorted(marks))] += _number(ballot["voters"], 1, MOST_VOTERS)
    scores = document["scores"]
    election = merge(
        _number(document["budget_cents"]),
        applications,
        merged,
        abstentions=_number(document["abstentions"]),
        scores=None if scores is None else tuple(_histogram(scores[a.id]) for a in applications),
        vote_type=str(document["vote_type"]),
    )
    return replace(election, lot=tuple(str(id_) for id_ in document["lot"]["order"]))


def _outcome(data: Mapping[str, Any]) -> Outcome:
    grants = {str(grant["id"]): _number(grant["cents"]) for grant in data["grants"]}
    left = data["left_cents"]
    return Outcome(str(data["rule"]), _number(data["budget_cents"]), grants, left, tuple(data["trace"]))


def _application(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "name": application.name,
        "ask_cents": application.ask_cents,
        "least_cents": application.least_cents,
        "gate": application.gate and application.gate.as_json(),
    }


def _application_from(data: Mapping[str, Any]) -> Application:
    gate = None if data["gate"] is None else GateResult.from_json(data["gate"])
    amounts = _number(data["ask_cents"]), _number(data["least_cents"])
    return Application(str(data["id"]), str(data["name"]), *amounts, gate)


def _ballots(election: Election) -> Iterator[dict[str, Any]]:
    """Distinct ballots in order of their marks, blank ones first, each with its number of voters."""
    blank = election.voters - sum(election.counts)
    if blank:
        yield {"marks": [], "voters": blank}
    for marks, voters in zip(election.ballots, election.counts, strict=True):
        yield {"marks": [election.ids[place] for place in marks], "voters": voters}


def _scores(election: Election) -> dict[str, list[list[Any]]] | None:
    if election.scores is None:
        return None
    pairs = zip(election.ids, election.scores, strict=True)
    return {id_: [[str(score), number] for score, number in tally] for id_, tally in pairs}


def _histogram(data: list[list[Any]]) -> Histogram:
    return tuple((_score(score), _number(number, 1, MOST_VOTERS)) for score, number in data)


def _score(text: str) -> Fraction:
    if not _SCORE.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no score")
    return Fraction(text)


def _number(value: object, least: int = 0, most: int = 10**15) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{value!r} is not a whole number that can stand here")
    return value


def _differences(found: Any, counted: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two JSON values differ, deepest first; 1, 1.0 and true are three different values."""
    if type(found) is not type(counted):
        yield where, found, counted
    elif isinstance(found, dict):
        for key in [*counted, *sorted(found.keys() - counted.keys())]:
            path = f"{where}.{key}" if where else str(key)
            yield from _differences(found.get(key), counted.get(key), path)
    elif isinstance(found, list):
        for at, (one, other) in enumerate(zip(found, counted, strict=False)):
            yield from _differences(one, other, f"{where}[{at}]")
        if len(found) != len(counted):
            yield where, len(found), len(counted)
    elif found != counted:
        yield where, found, counted


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:120]
