"""Writing along as rules: who may do what, and what an invitation must say."""

import pytest

from grants.access import ACTS
from grants.application import MOVES
from grants.companion import INVITED, MAX_NAME, RIGHTS, Part, Right, check_invitation, check_may
from grants.errors import Forbidden

MAY = {
    Part.APPLICANT: {Right.READ, Right.WRITE, Right.OUTCOME, Right.SEND, Right.SPEAK, Right.OWN},
    Part.REPRESENTATIVE: {Right.READ, Right.WRITE, Right.OUTCOME, Right.SEND, Right.SPEAK},
    Part.COAPPLICANT: {Right.READ, Right.WRITE, Right.OUTCOME},
    Part.HELPER: {Right.READ, Right.WRITE},
}


@pytest.mark.parametrize("part", MAY)
@pytest.mark.parametrize("right", Right)
def test_each_part_may_exactly_this(part: Part, right: Right) -> None:
    if right in MAY[part]:
        check_may(part, right)
        return
    with pytest.raises(Forbidden):
        check_may(part, right)


def test_moves_of_an_applicant_are_those_of_a_representative_and_of_no_other_companion() -> None:
    assert all((Part.APPLICANT in move.who) == (Part.REPRESENTATIVE in move.who) for move in MOVES)
    assert not any(move.who & {Part.HELPER, Part.COAPPLICANT} for move in MOVES)


def test_parts_are_no_roles_of_the_table_of_acts() -> None:
    assert not any(act.roles & set(INVITED) for act in ACTS.values())
    assert set(RIGHTS) == set(Part)
    assert {Part.APPLICANT, *INVITED} == set(MAY)


@pytest.mark.parametrize(
    ("role", "name", "from_name", "authorised", "wrong"),
    [
        ("helper", "Sanne", "Fatma", False, []),
        ("representative", "Mr. J. de Vries", "Fatma", True, []),
        ("helper", "", " ", False, ["name", "from_name"]),
        ("applicant", "Sanne", "Fatma", False, ["role"]),
        ("", "Sanne", "Fatma", False, ["role"]),
        ("representative", "Sanne", "Fatma", False, ["authorised"]),
        ("helper", "S" * (MAX_NAME + 1), "Fatma", False, ["name"]),
        ("helper", "Sanne", "Win nu op www.geld.example", False, ["from_name"]),
        ("helper", "Sanne", "geld.example", False, ["from_name"]),
        ("helper", "http://geld", "a@b", False, ["name", "from_name"]),
    ],
)
def test_invitation_names_everything_that_is_wrong(
    role: str, name: str, from_name: str, authorised: bool, wrong: list[str]
) -> None:
    problems = check_invitation(role, name, from_name, authorised=authorised)
    assert [problem.field for problem in problems] == wrong
