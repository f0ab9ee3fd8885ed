from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given
from pabulib.checker import Checker

from committee.allocation import ADD1, EQUAL_SHARES, LEAST, count
from committee.export import About, write_pb
from committee.framework import Gate
from committee.pabulib import read_pb
from committee.scoring import judge
from tests.committee.elections import elections, members_of, vote

ABOUT = About("Vlietstad", "2026", EQUAL_SHARES, "16.11.2026", "04.12.2026")


@given(elections(partial=False))
def test_what_is_written_is_read_as_the_same_vote(made) -> None:
    made = replace(made, budget_cents=max(1, made.budget_cents))
    read = read_pb(write_pb(made, count(made, EQUAL_SHARES).grants, ABOUT))
    assert (read.budget_cents, read.voters, read.ids) == (made.budget_cents, made.voters, made.ids)
    assert sorted(map(sorted, members_of(read))) == sorted(map(sorted, members_of(made)))
    assert count(read, ADD1, "lex").grants == count(made, ADD1, "lex").grants


def checked(text: str, file: Path) -> tuple[int, Any]:
    """How many files the checker finds valid, and what it says of this one."""
    file.write_text(text)
    found = Checker().process_files([str(file)])
    return found["metadata"]["valid"], found[file.stem]["results"]


def test_the_checker_of_pabulib_takes_it(tmp_path: Path) -> None:
    asks = {"2026-001": 600_00, "2026-002": 250_50, "2026-003": 300_00}
    ballots = [["2026-001", "2026-002"], ["2026-002"], ["2026-002", "2026-003"]]
    made = vote(1000_00, asks, ballots)
    text = write_pb(made, count(made, EQUAL_SHARES).grants, ABOUT)
    assert checked(text, tmp_path / "whole.pb") == (1, {"errors": {}, "warnings": {}})


def test_a_blank_ballot_is_the_one_thing_the_checker_does_not_know(tmp_path: Path) -> None:
    """It counts in n, as the format says; without it other tools would come to another outcome."""
    made = vote(300_00, {"2026-001": 200_00, "2026-002": 150_00}, [["2026-001"], ["2026-002"], []])
    valid, said = checked(write_pb(made, [], ABOUT), tmp_path / "blank.pb")
    assert valid == 0
    assert said["errors"] == {
        "invalid votes field value": {1: "Voter ID `1`: votes field 'vote' cannot be None or empty."}
    }


def test_what_failed_the_gate_is_not_in_it_and_least_amounts_are_named_no_rule() -> None:
    made = vote(100_00, {"a": (60_00, 30_00), "b": 50_00}, [["a", "b"], ["b"]])
    failed = judge(Gate(Fraction(1), Fraction(3), 0), [], 5)
    gated = replace(made, applications=(made.applications[0], replace(made.applications[1], gate=failed)))
    text = write_pb(gated, ["a"], replace(ABOUT, rule=LEAST))
    assert "rule;unknown" in text
    assert [line for line in text.splitlines() if line.startswith(("a;", "b;"))] == ["a;60;1;Plan a;1"]
    assert text.endswith("VOTES\nvoter_id;vote\n1;a\n2;\n")
