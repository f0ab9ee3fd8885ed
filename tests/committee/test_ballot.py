import pytest

from committee.ballot import ABSTENTION, Approval, Ballot, check_marks
from grants.errors import Refusal

ON_BALLOT = ["a", "b", "c", "d"]


def refusal(*marks: str, recused: str = "", abstains: bool = False, **limits: int) -> Refusal:
    with pytest.raises(Refusal) as refused:
        check_marks(Approval(**limits), marks, ON_BALLOT, recused, abstains=abstains)
    assert refused.value.field == "marks"
    return refused.value


def test_check_marks_makes_a_ballot() -> None:
    assert check_marks(Approval(), ["b", "a"], ON_BALLOT) == Ballot(frozenset("ab"))


def test_check_marks_takes_a_blank_ballot_where_no_minimum_is_set() -> None:
    assert check_marks(Approval(), [], ON_BALLOT) == Ballot(frozenset())


def test_check_marks_refuses_an_application_that_is_not_in_the_vote() -> None:
    assert "niet in deze stemming" in refusal("a", "x").said.text


def test_check_marks_refuses_what_the_member_stands_aside_for() -> None:
    assert "U doet niet mee" in refusal("a", "b", recused="b").said.text


def test_check_marks_refuses_a_mark_made_twice() -> None:
    assert "twee keer" in refusal("a", "a").said.text


def test_check_marks_names_the_minimum_and_the_maximum() -> None:
    assert refusal("a", min_marks=2).said.values == {"marked": 1, "least": 2}
    assert refusal("a", "b", "c", max_marks=2).said.values == {"marked": 3, "most": 2}


def test_check_marks_asks_no_more_than_what_is_left_to_who_stands_aside() -> None:
    ballot = check_marks(Approval(min_marks=3), ["a"], ON_BALLOT, ["b", "c", "d"])
    assert ballot == Ballot(frozenset("a"))
    assert refusal(recused="bcd", min_marks=3).said.values == {"marked": 0, "least": 1}


def test_check_marks_takes_a_real_abstention_without_marks_only() -> None:
    assert check_marks(Approval(min_marks=3), [], ON_BALLOT, abstains=True) == ABSTENTION
    assert "Niet allebei" in refusal("a", abstains=True).said.text
