"""The table of acts: visitors, owners, roles and the command line each get their own answer."""

import pytest

import committee.access
from grants.access import ACTS, ANYBODY, Actor, may, require
from grants.errors import Forbidden


def actor(*roles: str) -> Actor:
    return Actor(person_id=1, roles=frozenset(roles))


def test_auditor_changes_nothing() -> None:
    changing = {act for act, rule in (ACTS | committee.access.ACTS).items() if "auditor" in rule.roles}
    assert changing == {
        "account.read", "committee.seats_read", "desk.queue", "desk.read", "journal.read", "ledger.read",
        "notice.read", "payment.read",
    }  # fmt: skip


def test_secretary_has_no_vote_and_no_score() -> None:
    allowed = {
        act for act in committee.access.ACTS if may(committee.access.ACTS, actor("secretary"), act).allowed
    }
    assert allowed == {
        "committee.declare",
        "committee.read",
        "committee.seats_read",
        "committee.stretch",
        "committee.write_reason",
    }


@pytest.mark.parametrize("act", sorted(ACTS))
def test_visitor_may_only_what_is_public(act: str) -> None:
    assert may(ACTS, ANYBODY, act).allowed == ACTS[act].public


def test_own_things_are_for_their_owner_whatever_the_role() -> None:
    assert may(ACTS, actor("applicant"), "application.own", owns=True).allowed
    assert not may(ACTS, actor("officer"), "application.own", owns=False).allowed


def test_require_says_why_not() -> None:
    with pytest.raises(Forbidden, match="rol"):
        require(actor("applicant"), "decision.make")
    require(Actor.operator(), "decision.make")


def test_unknown_act_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError, match="fly"):
        may(ACTS, ANYBODY, "fly")
