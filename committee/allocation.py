"""Dividing the pot: one entry for every rule, and what comes out of it, exact and in whole cents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from committee import spend_on
from committee.election import Election
from committee.equal_shares import UNIT_CENTS, Race, Run
from committee.framework import LOT, TIE_ORDER
from committee.greedy import greedy
from committee.phragmen import phragmen
from committee.ranked import walk_down
from committee.ties import LEX, REV, Tie, TieOrder
from grants.errors import Refusal

EQUAL_SHARES, ADD1, LEAST = "equal-shares", "equal-shares-add1", "equal-shares-least"
RANKED, GREEDY, GREEDY_PER_EURO, PHRAGMEN = "ranked", "greedy", "greedy-per-euro", "phragmen"
RULES = (EQUAL_SHARES, ADD1, LEAST, RANKED, GREEDY, GREEDY_PER_EURO, PHRAGMEN)
SHARING = (EQUAL_SHARES, ADD1, LEAST)
LOT_TIES, LOT_SEED = "lot", "lot:"

Trace = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Rule:
    """A frozen allocation rule: its name and what it leaves open.

    `spend_on` raises the shares of R2 (equal-shares-least) in units of the currency, as add1 does for plain
    Equal Shares; `stop` ends the walk down a ranked list at the first application that does not fit;
    `ties` is the order in which ties are broken.
    """

    name: str
    spend_on: bool = False
    stop: bool = False
    ties: tuple[str, ...] = TIE_ORDER

    def __post_init__(self) -> None:
        if self.name not in RULES:
            raise Refusal("De verdeelregel {rule} kennen wij niet.", field="rule", rule=self.name)
        if self.ties[-1:] != (LOT,) or not set(self.ties) <= set(TIE_ORDER):
            raise ValueError(f"tie order {self.ties} does not end in the lot, or knows what we do not")


@dataclass(frozen=True)
class Outcome:
    """What a count says: `grants` in cents by id (funded applications only) and what is left in the pot.

    `trace` is what happened, in plain JSON: amounts as whole cents, or as exact fractions of cents in text.
    """

    rule: str
    budget_cents: int
    grants: Mapping[str, int]
    left_cents: int
    trace: Trace

    @property
    def ties_used(self) -> tuple[dict[str, Any], ...]:
        """The ties on the way: what decided each, between which applications."""
        return tuple(step["tie"] for step in self.trace if "tie" in step)

    def as_json(self) -> dict[str, Any]:
        """The form in which commands and the public record carry it."""
        return {
            "rule": self.rule,
            "budget_cents": self.budget_cents,
            "grants": [{"id": id_, "cents": cents} for id_, cents in sorted(self.grants.items())],
            "left_cents": self.left_cents,
            "trace": list(self.trace),
        }


def count(election: Election, rule: Rule | str, ties: str = LOT_TIES) -> Outcome:
    """Divide the pot of this vote.

    `ties` is "lot" (our own order with the lot of the election), "lot:SEED" (with a lot drawn from SEED), or
    "lex" or "rev" (the ids as text alone). A Refusal where the rule or the tie order does not exist, or where
    a lot is needed and was not drawn.
    """
    chosen = Rule(rule) if isinstance(rule, str) else rule
    order = tie_order(election, ties, chosen.ties)
    grants, trace = _COUNTS[chosen.name](election, chosen, order)
    named = {election.applications[place].id: cents for place, cents in sorted(grants.items()) if cents}
    left = election.budget_cents - sum(named.values())
    return Outcome(chosen.name, election.budget_cents, named, left, trace)


def tie_order(election: Election, ties: str, criteria: tuple[str, ...] = TIE_ORDER) -> TieOrder:
    """The tie order that `ties` names, for this election."""
    if ties in (LEX, REV):
        return TieOrder.by_id(election.ids, ties)
    if ties.startswith(LOT_SEED) and ties != LOT_SEED:
        drawn = election.with_lot(ties.removeprefix(LOT_SEED))
        return TieOrder.by_lot(drawn.ids, drawn.lot, criteria)
    if ties != LOT_TIES:
        raise Refusal(
            "Kies hoe gelijke standen worden beslist: lot:ZAAD, lex of rev.", field="ties", ties=ties
        )
    if not election.lot and election.applications:
        raise Refusal("Voor deze stemming is nog niet geloot.", field="ties")
    return TieOrder.by_lot(election.ids, election.lot, criteria)


Counted = tuple[dict[int, int], Trace]


def _equal_shares(election: Election, rule: Rule, ties: TieOrder) -> Counted:
    race = Race.of(election, ties, whole=rule.name != LEAST)
    onward = rule.name == ADD1 or (rule.name == LEAST and rule.spend_on)
    raises = spend_on.raises(race) if onward else 0
    run = Run.start(race, raises).go()
    return run.grants(), tuple(_told(run, raises))


def _told(run: Run, raises: int) -> list[dict[str, Any]]:
    """The share, every purchase, and what the supporters of each application without a grant still had."""
    vote = run.race.election
    share = Fraction(vote.budget_cents, max(1, vote.voters)) + raises * UNIT_CENTS
    told: list[dict[str, Any]] = [
        {"step": "share", "cents": str(share), "raises": raises, "voters": vote.voters}
    ]
    for step in run.steps:
        what = {
            "step": "top-up" if step.top_up else "base",
            "id": vote.ids[step.place],
            "each": str(step.each),
            "payers": step.payers,
            "poor": step.poor,
        }
        told.append({**what, **_tie(vote, step.tie)})
    for place in run.race.contenders:
        if place not in run.top_ups:
            money = sum(value * voters for value, _, voters, _ in run.purses.hands(place)[0])
            told.append({"step": "short", "id": vote.ids[place], "held_cents": money // run.purses.den})
    return told


def _ranked(election: Election, rule: Rule, ties: TieOrder) -> Counted:
    grants: dict[int, int] = {}
    trace = []
    for turn in walk_down(election, ties, stop=rule.stop):
        grants[turn.place] = turn.cents
        what = {"step": "turn", "id": election.ids[turn.place], "rank": turn.rank, "grade": str(turn.grade)}
        money = {"left_cents": turn.left_cents, "cents": turn.cents}
        trace.append({**what, **money, **_tie(election, turn.tie)})
    return grants, tuple(trace)


def _greedy(election: Election, rule: Rule, ties: TieOrder) -> Counted:
    grants: dict[int, int] = {}
    trace = []
    for turn in greedy(election, ties, per_euro=rule.name == GREEDY_PER_EURO):
        grants[turn.place] = turn.cents
        votes = election.votes[turn.place]
        what = {"step": "turn", "id": election.ids[turn.place], "rank": turn.rank, "votes": votes}
        money = {"left_cents": turn.left_cents, "cents": turn.cents}
        trace.append({**what, **money, **_tie(election, turn.tie)})
    return grants, tuple(trace)


def _phragmen(election: Election, _: Rule, ties: TieOrder) -> Counted:
    grants: dict[int, int] = {}
    trace = []
    for turn in phragmen(election, ties):
        grants[turn.place] = turn.cents
        what = {"step": "turn", "id": election.ids[turn.place], "rank": turn.rank, "load": str(turn.load)}
        money = {"left_cents": turn.left_cents, "cents": turn.cents}
        trace.append({**what, **money, **_tie(election, turn.tie)})
    return grants, tuple(trace)


def _tie(election: Election, tie: Tie | None) -> dict[str, Any]:
    if tie is None:
        return {}
    return {"tie": {"by": tie.by, "ids": [election.ids[place] for place in tie.between]}}


_COUNTS: dict[str, Callable[[Election, Rule, TieOrder], Counted]] = {
    **dict.fromkeys(SHARING, _equal_shares),
    **dict.fromkeys((GREEDY, GREEDY_PER_EURO), _greedy),
    RANKED: _ranked,
    PHRAGMEN: _phragmen,
}
