"""The table of moves: the path can be walked, and nothing beside it."""

import itertools
import json

import pytest

from grants.access import APPLICANT, OFFICER
from grants.application import COMMITTEE, MOVES, Stage, check_move, number
from grants.errors import Refusal, Sentence
from grants.letter import LETTERS

PATH = [
    Stage.DRAFT, Stage.SUBMITTED, Stage.SCREENED, Stage.REVIEWED, Stage.ALLOCATED, Stage.DECIDED, Stage.ANNOUNCED,
    Stage.PUBLISHED, Stage.ACCOUNTED, Stage.DETERMINED,
]  # fmt: skip


def test_path_of_the_house_can_be_walked() -> None:
    allowed = {(move.source, move.target) for move in MOVES}
    assert all(step in allowed for step in itertools.pairwise(PATH))


def test_every_stage_can_be_reached_and_no_move_stands_twice() -> None:
    pairs = [(move.source, move.target) for move in MOVES]
    assert len(pairs) == len(set(pairs))
    assert {target for _, target in pairs} | {Stage.DRAFT} == set(Stage)


def test_every_move_names_a_letter_that_exists() -> None:
    assert all(move.letter is None or move.letter in LETTERS for move in MOVES)


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(Stage, 2)))
def test_check_move_refuses_whatever_is_not_in_the_table(source: Stage, target: Stage) -> None:
    known = {(move.source, move.target): move for move in MOVES}
    for role in (APPLICANT, OFFICER, COMMITTEE, "auditor", "finance"):
        move = known.get((source, target))
        if move is not None and role in move.who:
            assert check_move(source, target, role) == move
        else:
            with pytest.raises(Refusal, match="Dit kan niet meer"):
                check_move(source, target, role)


def test_a_refused_move_says_the_stage_in_the_language_of_the_reader() -> None:
    with pytest.raises(Refusal) as refused:
        check_move(Stage.WITHDRAWN, Stage.DECIDED, OFFICER)
    said = refused.value.said
    assert Sentence.from_json(json.loads(json.dumps(said.as_json()))) == said
    assert said.values == {"stage": Sentence("Ingetrokken")}


def test_withdrawal_ends_before_the_advice() -> None:
    sources = {move.source for move in MOVES if move.target is Stage.WITHDRAWN}
    assert sources == {Stage.SUBMITTED, Stage.COMPLETING, Stage.SCREENED, Stage.REVIEWED}


def test_number_sorts_as_it_was_given_out() -> None:
    assert number(2026, 7) == "2026-007"
    assert sorted(number(2026, n) for n in (10, 9, 100)) == ["2026-009", "2026-010", "2026-100"]
