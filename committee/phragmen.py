"""Sequential Phragmén for projects with costs, exact: for comparison with Equal Shares.

Everybody earns money at the same pace from nothing. As soon as the supporters of a project together have what
it costs they buy it and are broke again. So the moment (`load`) of a purchase is the money that each of its
supporters has earned by then. It ends for good at the first purchase that no longer fits in the pot.

Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization", IJCAI 2022.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from committee.election import Election
from committee.ties import Rival, Tie, TieOrder


class Turn(NamedTuple):
    """A purchase, or the one at which it ended (`cents` is 0): its load in cents, and what was left then."""

    place: int
    rank: int
    load: Fraction
    left_cents: int
    cents: int
    tie: Tie | None


def phragmen(election: Election, ties: TieOrder) -> list[Turn]:
    """The purchases in their order; whole asks only. Where one of several that tie does not fit, it ends there."""
    crowd, left = election.crowd, election.budget_cents
    of, loads = crowd.start(), {1: Fraction(0)}
    waiting = {
        place: Fraction(application.ask_cents, election.votes[place])
        for place, application in enumerate(election.applications)
        if election.votes[place] and application.stands
    }
    turns: list[Turn] = []
    while waiting:
        load, first = _earliest(election, waiting, loads, of)
        rivals = [Rival(p, election.applications[p].ask_cents, election.votes[p]) for p in first]
        winner, tie = ties.winner(rivals) if len(rivals) > 1 else (rivals[0], None)
        fits = all(rival.cents <= left for rival in rivals)
        cents = winner.cents if fits else 0
        turns.append(Turn(winner.place, len(turns) + 1, load, left, cents, tie))
        if not fits:
            break
        left -= cents
        del waiting[winner.place]
        purse = max(loads) + 1
        loads[purse] = load
        crowd.move(of, winner.place, dict.fromkeys(crowd.held(of, winner.place), purse))
    return turns


def _earliest(
    election: Election, waiting: dict[int, Fraction], loads: dict[int, Fraction], of: object
) -> tuple[Fraction, list[int]]:
    """The first moment at which something can be bought, and what all.

    `waiting` holds for each place a moment that it can certainly not be before, and learns better ones: only
    those that could be first are worked out anew.
    """
    found: dict[Fraction, list[int]] = {}
    for place, bound in sorted(waiting.items(), key=lambda item: item[1]):
        if found and bound > min(found):
            break
        held = election.crowd.held(of, place)
        owed = sum((loads[purse] * voters for purse, voters in held.items()), Fraction(0))
        load = (election.applications[place].ask_cents + owed) / election.votes[place]
        waiting[place] = load
        found.setdefault(load, []).append(place)
    load = min(found)
    return load, sorted(found[load])
