"""Screening: nothing is admitted half-checked, nothing refused or asked without a reason."""

import pytest

from grants.errors import Refusal
from grants.screening import MAX_REASON, Verdict, check_admission, check_completion, require_reason


def test_admission_names_the_check_that_is_open() -> None:
    check_admission(["In de stad"], {"In de stad": Verdict.GOOD})
    with pytest.raises(Refusal) as refused:
        check_admission(
            ["In de stad", "Begroting"], {"In de stad": Verdict.GOOD, "Begroting": Verdict.MISSING}
        )
    assert refused.value.said.values == {"check": "Begroting"}


@pytest.mark.parametrize(
    ("questions", "text", "field"),
    [([], "Wat mist", "questions"), (["elders"], "Wat mist", "questions"), (["plan"], " ", "text")],
)
def test_completion_needs_questions_and_a_text(questions: list[str], text: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_completion(questions, ["plan", "budget"], text)
    assert refused.value.field == field


def test_require_reason_at_its_edges() -> None:
    assert require_reason("  Omdat.  ") == "Omdat."
    assert require_reason("x" * MAX_REASON) == "x" * MAX_REASON
    for text in ("", " \n", "x" * (MAX_REASON + 1)):
        with pytest.raises(Refusal):
            require_reason(text)
