"""The stability certificate: anyone can check an Equal Shares outcome without running the rule.

Stable in the sense of priceability (Peters, Pierczynski, Skowron 2021): payments from equal shares explain
every grant, and no supporters of anything unfunded have enough left to pay for it themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from committee.allocation import EQUAL_SHARES, LEAST, SHARING, Outcome
from committee.election import Election
from committee.equal_shares import UNIT_CENTS
from grants.errors import Sentence

_CENTS = re.compile(r"[0-9]{1,4000}(?:/[0-9]{1,4000})?", re.ASCII)


def exact_cents(text: str) -> Fraction:
    """An exact amount in cents as a trace writes it ("125000/3"); ValueError for anything else."""
    if not _CENTS.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no amount")
    return Fraction(text)


def problem(election: Election, outcome: Outcome) -> Sentence | None:
    """The first thing that does not hold, or None: in one walk over the payments, O(voters x applications).

    Checked: everybody starts with B/n (raised by whole units where the rule spends on) and pays only for what
    they support; payments add up to every grant; grants and what is left add up to the pot; supporters of
    something unfunded cannot pay for it; nobody who supports a partly funded application has money left.
    """
    if outcome.rule not in SHARING:
        return Sentence("Bij de regel {rule} hoort geen bewijs van stabiliteit.", {"rule": outcome.rule})
    return next(_problems(_Ledger(election, outcome), outcome), None)


class _Ledger:
    """Who paid what, replayed from the payments in a trace. Equal histories are worked out once."""

    def __init__(self, election: Election, outcome: Outcome) -> None:
        self.election = election
        self.places = {id_: place for place, id_ in enumerate(election.ids)}
        asks = (a.ask_cents if outcome.rule != LEAST else a.least_cents for a in election.applications)
        self.leasts = list(asks)
        self.share = exact_cents(outcome.trace[0]["cents"])
        self.money = [self.share]  # the different amounts that somebody has, or had
        self.has = [0] * len(election.ballots)
        self.supporters: list[list[int]] = [[] for _ in election.applications]
        for ballot, marks in enumerate(election.ballots):
            for place in marks:
                self.supporters[place].append(ballot)
        self.paid: dict[int, Fraction] = {}

    def pay(self, place: int, each: Fraction) -> Fraction:
        """Everyone who supports it pays `each`, or all they have; what that comes to together."""
        after: dict[int, int] = {}
        total = Fraction(0)
        voters: dict[int, int] = {}
        for ballot in self.supporters[place]:
            had = self.has[ballot]
            voters[had] = voters.get(had, 0) + self.election.counts[ballot]
            if had not in after:
                after[had] = len(self.money)
                self.money.append(max(self.money[had] - each, Fraction(0)))
            self.has[ballot] = after[had]
        for had, number in voters.items():
            total += min(self.money[had], each) * number
        self.paid[place] = self.paid.get(place, Fraction(0)) + total
        return total

    def left(self, place: int) -> Fraction:
        """What the supporters of an application have left together."""
        voters: dict[int, int] = {}
        for ballot in self.supporters[place]:
            voters[self.has[ballot]] = voters.get(self.has[ballot], 0) + self.election.counts[ballot]
        return sum((self.money[has] * number for has, number in voters.items()), Fraction(0))


def _problems(ledger: _Ledger, outcome: Outcome) -> Iterator[Sentence]:
    yield from _share(ledger, outcome)
    for step in outcome.trace:
        if step["step"] in ("base", "top-up"):
            yield from _payment(ledger, step)
    yield from _sums(ledger, outcome)
    for place, application in enumerate(ledger.election.applications):
        if application.stands and ledger.supporters[place]:
            yield from _envy(ledger, place)


def _share(ledger: _Ledger, outcome: Outcome) -> Iterator[Sentence]:
    """Is the share everybody starts with B/n, or that and whole units more?"""
    equal = Fraction(ledger.election.budget_cents, max(1, ledger.election.voters))
    raises = (ledger.share - equal) / UNIT_CENTS
    whole = raises == outcome.trace[0]["raises"] and raises.denominator == 1
    if raises < 0 or not whole or (raises and outcome.rule == EQUAL_SHARES):
        yield Sentence(
            "Ieders deel van {share:euro} past niet bij een pot van {budget:euro} voor {voters} mensen.",
            {
                "share": int(ledger.share),
                "budget": ledger.election.budget_cents,
                "voters": ledger.election.voters,
            },
        )


def _payment(ledger: _Ledger, step: dict[str, Any]) -> Iterator[Sentence]:
    """A base is bought once, for exactly its size; a top-up never goes beyond the ask."""
    place = ledger.places[step["id"]]
    application = ledger.election.applications[place]
    base, bought = step["step"] == "base", place in ledger.paid
    total = ledger.pay(place, exact_cents(step["each"]))
    right = total == ledger.leasts[place] if base else ledger.paid[place] <= application.ask_cents
    if base is bought or not right or not application.stands:
        yield Sentence(
            "De betalingen aan {id} kloppen niet: samen {paid:euro}.",
            {"id": application.id, "paid": int(ledger.paid[place])},
        )


def _sums(ledger: _Ledger, outcome: Outcome) -> Iterator[Sentence]:
    """Each grant is what was paid, rounded down to the cent, and all together are the pot."""
    paid = {ledger.election.ids[place]: int(cents) for place, cents in ledger.paid.items()}
    for id_ in sorted(paid.keys() | outcome.grants.keys()):
        if paid.get(id_) != outcome.grants.get(id_):
            yield Sentence(
                "Aan {id} is {granted:euro} toegekend en {paid:euro} betaald.",
                {"id": id_, "granted": outcome.grants.get(id_, 0), "paid": paid.get(id_, 0)},
            )
    spent = sum(outcome.grants.values())
    if outcome.left_cents < 0 or spent + outcome.left_cents != ledger.election.budget_cents:
        yield Sentence(
            "Er is {spent:euro} toegekend en {left:euro} over. Dat is samen niet de pot van {budget:euro}.",
            {"spent": spent, "left": outcome.left_cents, "budget": ledger.election.budget_cents},
        )


def _envy(ledger: _Ledger, place: int) -> Iterator[Sentence]:
    """Could the supporters of an application still pay for it, or for more of it?"""
    application, left = ledger.election.applications[place], ledger.left(place)
    if place not in ledger.paid and left >= ledger.leasts[place]:
        yield Sentence(
            "Wie {id} steunt, heeft samen nog {left:euro} over. Voor deze aanvraag is {least:euro} genoeg.",
            {"id": application.id, "left": int(left), "least": ledger.leasts[place]},
        )
    if place in ledger.paid and ledger.paid[place] < application.ask_cents and left > 0:
        yield Sentence(
            "Aan {id} is minder toegekend dan gevraagd. Wie dat steunt, heeft samen nog {left:euro} over.",
            {"id": application.id, "left": int(left)},
        )
