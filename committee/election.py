"""What is counted, as values: the pot, the applications, the ballots without identity, the lot order.

Equal ballots are merged and applications sorted by id, so that the order in which things come in never
matters to a count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from committee.ballot import Ballot
from committee.crowd import Crowd, crowd
from committee.scoring import GateResult
from committee.sortition import lot_order

LOT_LABEL = "ties"

Histogram = tuple[tuple[Fraction, int], ...]
"""Scores in ascending order, each with how often it was given."""


@dataclass(frozen=True)
class Application:
    """One application in the vote: the amount asked, the least that is of use (0 < least <= ask), the gate.

    `gate` is None where there is no gate; an application that failed it is listed but never funded.
    """

    id: str
    name: str
    ask_cents: int
    least_cents: int
    gate: GateResult | None = None

    def __post_init__(self) -> None:
        if not 0 < self.least_cents <= self.ask_cents:
            raise ValueError(f"{self.id}: least {self.least_cents} does not lie in (0, {self.ask_cents}]")

    @property
    def stands(self) -> bool:
        """Did it pass the gate, or was there none?"""
        return self.gate is None or self.gate.passed


@dataclass(frozen=True)
class Election:
    """A closed vote. Build it with `election`, or from a file with `pabulib.read_pb`.

    `ballots` are distinct non-empty sets of places in `applications`, `counts` says how many voters handed
    in each; `voters` is n, blank ballots included, abstentions not. `lot` holds the ids in the order drawn
    before any ballot was opened (empty: none was drawn). `scores` are the score multisets for the ranked
    list, by place; None where approvals are all there is.
    """

    budget_cents: int
    applications: tuple[Application, ...]
    ballots: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    voters: int
    lot: tuple[str, ...] = ()
    scores: tuple[Histogram, ...] | None = None
    vote_type: str = "approval"
    abstentions: int = 0
    meta: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        ids = self.ids
        if self.budget_cents < 0:
            raise ValueError(f"budget of {self.budget_cents} cents")
        if len(set(ids)) < len(ids):
            raise ValueError("two applications have the same id")
        if self.lot and sorted(self.lot) != sorted(ids):
            raise ValueError("the lot order does not hold exactly the applications")

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids by place."""
        return tuple(application.id for application in self.applications)

    @cached_property
    def crowd(self) -> Crowd:
        """The ballots turned round: who supports each application."""
        return crowd(self.ballots, self.counts, len(self.applications))

    @property
    def votes(self) -> list[int]:
        """How many voters support each application, by its place."""
        return self.crowd.total

    def with_lot(self, seed: str) -> Election:
        """The same vote with the lot drawn from this seed."""
        return replace(self, lot=tuple(lot_order(self.ids, seed, LOT_LABEL)))


def election(
    budget_cents: int,
    applications: Iterable[Application],
    ballots: Iterable[Ballot],
    *,
    seed: str = "",
    lot: Sequence[str] = (),
    scores: Mapping[str, Iterable[Fraction | int]] | None = None,
) -> Election:
    """A committee's vote, from what the members handed in.

    The lot order is drawn from `seed`, or given as `lot`. A mark for an application that failed the gate
    stays on the ballot and has no effect; a mark for one that is not in the vote is a ValueError.
    """
    listed = tuple(sorted(applications, key=lambda application: application.id))
    places = {application.id: place for place, application in enumerate(listed)}
    merged: Counter[tuple[int, ...]] = Counter()
    abstentions = 0
    for ballot in ballots:
        if ballot.abstains:
            abstentions += 1
            continue
        unknown = ballot.marks - places.keys()
        if unknown:
            raise ValueError(f"marks for unknown applications: {sorted(unknown)}")
        merged[tuple(sorted(places[mark] for mark in ballot.marks))] += 1
    made = merge(budget_cents, listed, merged, abstentions=abstentions, scores=_histograms(listed, scores))
    return made.with_lot(seed) if seed else replace(made, lot=tuple(lot))


def merge(
    budget_cents: int,
    applications: tuple[Application, ...],
    merged: Mapping[tuple[int, ...], int],
    *,
    abstentions: int = 0,
    scores: tuple[Histogram, ...] | None = None,
    vote_type: str = "approval",
    meta: Mapping[str, str] | None = None,
) -> Election:
    """An election from ballots that are merged already: sets of places, each with its number of voters."""
    ordered = sorted((marks, count) for marks, count in merged.items() if marks)
    return Election(
        budget_cents=budget_cents,
        applications=applications,
        ballots=tuple(marks for marks, _ in ordered),
        counts=tuple(count for _, count in ordered),
        voters=sum(merged.values()),
        scores=scores,
        vote_type=vote_type,
        abstentions=abstentions,
        meta=meta or {},
    )


def histogram(scores: Iterable[Fraction | int]) -> Histogram:
    """Scores counted, in ascending order."""
    return tuple(sorted(Counter(Fraction(score) for score in scores).items()))


def _histograms(
    applications: Sequence[Application], scores: Mapping[str, Iterable[Fraction | int]] | None
) -> tuple[Histogram, ...] | None:
    if scores is None:
        return None
    return tuple(histogram(scores.get(application.id, ())) for application in applications)
