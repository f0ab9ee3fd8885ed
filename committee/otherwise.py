"""What would have come of the same vote otherwise: by another rule, or with more supporters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from committee.allocation import (
    ADD1,
    EQUAL_SHARES,
    GREEDY,
    GREEDY_PER_EURO,
    LEAST,
    PHRAGMEN,
    RANKED,
    SHARING,
    Outcome,
    Rule,
    count,
)
from committee.election import Election
from committee.payments import payers
from grants.errors import Sentence

COMPARED = (LEAST, EQUAL_SHARES, ADD1, RANKED, GREEDY, PHRAGMEN)
RULE_WORDS: dict[str, Sentence] = {
    LEAST: Sentence("Gelijke delen, met een kleinste bedrag"),
    EQUAL_SHARES: Sentence("Gelijke delen, alles of niets"),
    ADD1: Sentence("Gelijke delen, verhoogd tot de pot vol is"),
    RANKED: Sentence("Lijst van hoogste naar laagste score"),
    GREEDY: Sentence("Meeste stemmen gaan voor"),
    GREEDY_PER_EURO: Sentence("Meeste stemmen per euro gaan voor"),
    PHRAGMEN: Sentence("Samen sparen: wie het eerst genoeg heeft"),
}
MOST_MORE = 5
"""Beyond this many further supporters nobody is helped by a number."""


def others(election: Election, rule: Rule) -> Iterator[Outcome]:
    """The same ballots counted by each other rule that can read them, ties broken in the same way."""
    for name in COMPARED:
        if name != rule.name and (name != RANKED or election.scores is not None):
            yield count(election, Rule(name, ties=rule.ties))


def more_supporters(election: Election, rule: Rule, outcome: Outcome) -> dict[str, int]:
    """For each application that came too short: with how many further supporters it would have had its money.

    They are taken from those who did not support it, whoever had most left first, and the whole count is made
    again: so the number is exact for them. What would have taken more than `MOST_MORE` is left out. Rules
    without shares, and elections as large as a city, have no such numbers.
    """
    if rule.name not in SHARING or election.voters > 100:
        return {}
    refused = [step["id"] for step in outcome.trace if step["step"] == "short"]
    found = {id_: _enough(election, rule, outcome, id_) for id_ in refused}
    return {id_: more for id_, more in found.items() if more}


def _enough(election: Election, rule: Rule, outcome: Outcome, id_: str) -> int:
    """The first number that suffices; 0 where none up to `MOST_MORE` does."""
    against = [payer for payer in payers(election, outcome) if id_ not in payer.marks]
    richest = sorted(against, key=lambda payer: (-payer.left, payer.marks))
    turning = [payer.marks for payer in richest for _ in range(payer.voters)][:MOST_MORE]
    for more in range(1, len(turning) + 1):
        if count(_supported(election, id_, turning[:more]), rule).grants.get(id_):
            return more
    return 0


def _supported(election: Election, id_: str, turned: list[tuple[str, ...]]) -> Election:
    """The same vote where these ballots, one for each time they are named, support the application too."""
    place_of = {known: place for place, known in enumerate(election.ids)}
    merged = Counter(dict(zip(election.ballots, election.counts, strict=True)))
    for marks in turned:
        places = tuple(place_of[mark] for mark in marks)
        if places:
            merged[places] -= 1
        merged[tuple(sorted((*places, place_of[id_])))] += 1
    ballots = sorted((places, voters) for places, voters in merged.items() if voters)
    return replace(
        election,
        ballots=tuple(places for places, _ in ballots),
        counts=tuple(voters for _, voters in ballots),
    )
