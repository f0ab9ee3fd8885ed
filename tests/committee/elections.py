"""Small elections for tests, made by hand or by chance, with many ties; and slow twins of the rules.

The twins keep every member apart, in plain fractions, and follow the definitions word by word.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from committee.allocation import Outcome, tie_order
from committee.ballot import Ballot
from committee.election import Application, Election, election
from committee.ties import Rival

PABULIB = Path(
    os.environ.get("MEEBESLIS_PABULIB") or Path(__file__).parents[3] / "shared" / "data" / "pabulib"
)
needs_pabulib = pytest.mark.skipif(
    not PABULIB.is_dir(), reason=f"no elections at {PABULIB}: set MEEBESLIS_PABULIB to a folder of .pb files"
)


def vote(
    budget_cents: int,
    asks: Mapping[str, int | tuple[int, int]],
    ballots: Iterable[Iterable[str]],
    lot: Iterable[str] | None = None,
    scores: Mapping[str, list[int]] | None = None,
) -> Election:
    """An election from asks (or pairs of ask and least) by id; the lot is the order of the asks."""
    pairs = {id_: ask if isinstance(ask, tuple) else (ask, ask) for id_, ask in asks.items()}
    applications = [Application(id_, f"Plan {id_}", ask, least) for id_, (ask, least) in pairs.items()]
    cast = [Ballot(frozenset(marks)) for marks in ballots]
    return election(budget_cents, applications, cast, lot=list(lot or asks), scores=scores)


@st.composite
def elections(
    draw: st.DrawFn, *, members: int = 9, applications: int = 7, cents: int = 1, partial: bool = True
) -> Election:
    """Few small amounts, so that ties are common; a lot order, blank ballots, things nobody supports."""
    ids = [f"p{number}" for number in range(draw(st.integers(1, applications)))]
    amounts = st.integers(1, 12).map(lambda amount: amount * cents)
    asks = {id_: (ask := draw(amounts), draw(st.integers(1, ask)) if partial else ask) for id_ in ids}
    ballots = draw(st.lists(st.sets(st.sampled_from(ids)), max_size=members))
    budget = draw(st.integers(0, 40)) * cents + draw(st.sampled_from([0, 0, 1, cents // 3]))
    return vote(budget, asks, ballots, draw(st.permutations(ids)))


def members_of(election_: Election) -> list[frozenset[int]]:
    """Every member's ballot, one by one, blank ones too."""
    cast = [
        frozenset(marks)
        for marks, count in zip(election_.ballots, election_.counts, strict=True)
        for _ in range(count)
    ]
    return cast + [frozenset()] * (election_.voters - len(cast))


def shares_twin(
    election_: Election, ties: str, *, whole: bool, raises: int = 0
) -> tuple[dict[str, int], list[Fraction]]:
    """Equal Shares (R2) as it is defined: grants in cents, and what each member has left."""
    cast = members_of(election_)
    money = [Fraction(election_.budget_cents, len(cast)) + 100 * raises for _ in cast]
    order = tie_order(election_, ties)
    listed = election_.applications
    paid: dict[int, Fraction] = {}
    while True:
        best: list[tuple[Fraction, int, Callable[[], None]]] = []
        for place, application in enumerate(listed):
            base = application.ask_cents if whole else application.least_cents
            backers = [member for member, marks in enumerate(cast) if place in marks and application.stands]
            if not backers:
                continue
            if place not in paid:
                price = _price([money[member] for member in backers], Fraction(base))
                if price:
                    best.append((base / price, place, _Base(money, backers, price, paid, place, base)))
            elif paid[place] < application.ask_cents:
                solvent = [member for member in backers if money[member] > 0]
                if solvent:
                    top_up = _TopUp(money, solvent, paid, place, application.ask_cents)
                    best.append((Fraction(len(solvent)), place, top_up))
        if not best:
            return {listed[place].id: int(cents) for place, cents in paid.items()}, money
        highest = max(support for support, _, _ in best)
        tied = {place: buy for support, place, buy in best if support == highest}
        bases = {p: listed[p].ask_cents if whole else listed[p].least_cents for p in tied}
        rivals = [
            Rival(p, listed[p].ask_cents - bases[p] if p in paid else bases[p], election_.votes[p])
            for p in tied
        ]
        tied[min(rivals, key=order.key).place]()


def _price(money: list[Fraction], cost: Fraction) -> Fraction | None:
    """The smallest x for which the minima of money and x add up to the cost."""
    if sum(money) < cost:
        return None
    rich = sorted(money)
    while rich[0] * len(rich) < cost:
        cost -= rich.pop(0)
    return cost / len(rich)


class _Base:
    """Everyone pays the price, or all they have."""

    def __init__(self, *bound: Any) -> None:
        self.bound = bound

    def __call__(self) -> None:
        money, backers, price, paid, place, base = self.bound
        for member in backers:
            money[member] -= min(money[member], price)
        paid[place] = Fraction(base)


class _TopUp:
    """All who have money pay the same, until one is broke or the ask is met."""

    def __init__(self, *bound: Any) -> None:
        self.bound = bound

    def __call__(self) -> None:
        money, solvent, paid, place, ask = self.bound
        each = min([*(money[member] for member in solvent), (ask - paid[place]) / len(solvent)])
        for member in solvent:
            money[member] -= each
        paid[place] += each * len(solvent)


def stepping_twin(election_: Election, ties: str, *, whole: bool, limit: int = 3000) -> dict[str, int] | None:
    """Spending on by trying every raise in turn; None where that takes more than `limit` tries."""
    last: dict[str, int] = {}
    for raises in range(limit):
        if not election_.voters:
            return {}
        grants, _ = shares_twin(election_, ties, whole=whole, raises=raises)
        left = election_.budget_cents - sum(grants.values())
        if left < 0:
            return last
        if _exhausted(election_, grants, left, whole=whole):
            return grants
        last = grants
    return None


def _exhausted(election_: Election, grants: dict[str, int], left: int, *, whole: bool) -> bool:
    """Would no supported application that lacks money get any of what is left?"""
    for place, application in enumerate(election_.applications):
        if not election_.votes[place] or not application.stands:
            continue
        granted = grants.get(application.id)
        base = application.ask_cents if whole else application.least_cents
        if granted is None and base <= left:
            return False
        if granted is not None and granted < application.ask_cents and left > 0:
            return False
    return True


def spent(outcome: Outcome) -> int:
    return sum(outcome.grants.values())
