"""Official messages: what each needs, how it stands beside its term, until when it is answered, what lateness costs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import calendar, notice
from grants.notice import Kind, Timing

DAYS = st.dates(date(2014, 1, 1), date(2099, 1, 1))
KINDS = st.sampled_from(list(Kind))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_number_tells_kind_year_and_place() -> None:
    assert [notice.number(kind, 2026, 7) for kind in Kind] == [
        "B-2026-007", "I-2026-007", "K-2026-007", "C-2026-007", "R-2026-007",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("until", "received", "advisers", "longer", "last_day"),
    [
        ("2026-12-28", "2026-12-01", False, False, "2027-02-08"),
        ("2026-12-28", "2026-12-28", False, False, "2027-02-08"),
        ("2026-12-28", "2026-12-01", True, False, "2027-03-22"),
        ("2026-12-28", "2026-12-01", False, True, "2027-03-22"),
        ("2026-12-28", "2026-12-01", True, True, "2027-05-03"),
        ("2026-12-28", "2027-01-10", False, False, "2027-02-21"),
    ],
)
def test_objection_is_answered_within_the_weeks_after_the_term_to_object(
    until: str, received: str, advisers: bool, longer: bool, last_day: str
) -> None:
    """Awb 7:10, first and third paragraph; the Sunday at the end is not moved on: it is our own duty."""
    found = notice.answer_by(Kind.OBJECTION, day(received), day(until), advisers=advisers, longer=longer)
    assert found == day(last_day)


def test_complaint_is_answered_within_six_weeks_or_ten() -> None:
    assert notice.answer_by(Kind.COMPLAINT, day("2026-11-02")) == day("2026-12-14")
    assert notice.answer_by(Kind.COMPLAINT, day("2026-11-02"), longer=True) == day("2027-01-11")


@given(KINDS, DAYS, st.none() | DAYS, st.booleans(), st.booleans())
def test_answer_is_never_due_before_it_came_and_later_is_never_earlier(
    kind: Kind, received_on: date, ends_on: date | None, advisers: bool, longer: bool
) -> None:
    due_on = notice.answer_by(kind, received_on, ends_on, advisers=advisers, longer=longer)
    assert due_on >= received_on
    assert notice.answer_by(kind, received_on + timedelta(days=1), ends_on) >= notice.answer_by(
        kind, received_on, ends_on
    )
    assert notice.answer_by(kind, received_on, ends_on) <= due_on


@given(DAYS, DAYS)
def test_objection_is_late_only_after_its_last_day(received_on: date, ends_on: date) -> None:
    late = notice.timing(Kind.OBJECTION, received_on, ends_on) is Timing.LATE
    assert late == (received_on > ends_on)


def test_objection_without_a_decision_is_early() -> None:
    assert notice.timing(Kind.OBJECTION, day("2026-11-02"), None) is Timing.EARLY


@given(DAYS, DAYS)
def test_default_counts_only_after_our_last_day(received_on: date, ends_on: date) -> None:
    in_time = notice.timing(Kind.DEFAULT, received_on, ends_on) is Timing.IN_TIME
    assert in_time == (received_on > ends_on)


def test_default_while_the_term_stands_still_is_early() -> None:
    assert notice.timing(Kind.DEFAULT, day("2026-11-02"), None) is Timing.EARLY


@pytest.mark.parametrize(
    ("ends", "received", "decided", "days"),
    [
        ("2026-12-18", "2026-12-21", "2027-01-04", 0),  # the last day without penalty
        ("2026-12-18", "2026-12-21", "2027-01-05", 0),  # the day of the decision does not count
        ("2026-12-18", "2026-12-21", "2027-01-06", 1),
        ("2026-12-18", "2026-12-21", "2027-02-16", 42),
        ("2026-12-18", "2026-12-21", "2028-01-01", 42),
        ("2026-12-18", "2026-12-10", "2027-01-03", 1),  # before our last day: the two weeks begin after it
    ],
)
def test_penalty_days_begin_after_two_weeks_and_end_at_42(
    ends: str, received: str, decided: str, days: int
) -> None:
    assert calendar.penalty_days(day(ends), day(received), day(decided)) == days


@pytest.mark.parametrize(
    ("days", "cents"),
    [(0, 0), (1, 2300), (14, 32_200), (15, 35_700), (28, 81_200), (42, 144_200), (99, 144_200)],
)
def test_penalty_is_1442_euro_at_most(days: int, cents: int) -> None:
    assert notice.penalty_cents(days, day("2026-12-18")) == cents


@given(st.integers(0, 60), DAYS)
def test_penalty_never_falls_with_days_or_years(days: int, begun_on: date) -> None:
    cents = notice.penalty_cents(days, begun_on)
    assert 0 <= cents <= notice.penalty_cents(days + 1, begun_on)
    assert cents <= notice.penalty_cents(days, begun_on + timedelta(days=3650))


def test_rates_before_the_indexation_of_2019() -> None:
    assert notice.penalty_cents(42, day("2018-12-31")) == 126_000


@given(DAYS, DAYS, DAYS)
def test_penalty_days_stay_between_none_and_42(ends_on: date, received_on: date, decided_on: date) -> None:
    days = calendar.penalty_days(ends_on, received_on, decided_on)
    assert 0 <= days <= calendar.PENALTY_DAYS
    assert (days > 0) == (decided_on > calendar.default_last_day(ends_on, received_on) + timedelta(days=1))


def test_only_a_name_and_a_text_are_needed() -> None:
    assert notice.problems(Kind.OBJECTION, "Fatma", "", "Ik ben het er niet mee eens.") == []
    assert [one.field for one in notice.problems(Kind.COMPLAINT, "", "", "")] == ["name", "text"]


def test_what_is_too_long_says_so_at_its_field() -> None:
    found = notice.problems(Kind.OBJECTION, "n" * 121, "a" * 301, "t" * 20_001, "l" * 20_001)
    assert [one.field for one in found] == ["name", "address", "text", "late_reason"]
