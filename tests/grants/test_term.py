"""Terms explain themselves: what is said adds up to the day that is shown, whatever happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import calendar, term
from grants.pages import queue
from grants.term import Asked
from grants.web.say import say

DAYS = st.dates(date(calendar.FIRST_YEAR, 1, 1), date(calendar.LAST_YEAR, 6, 1))
SPANS = st.lists(
    st.tuples(st.integers(-80, 10), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 60))), max_size=4
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 11, tzinfo=UTC)


def asked(on: str, due: str, answered: str = "") -> Asked:
    return Asked(noon(day(on)), noon(day(answered)) if answered else None, day(due))


def told(found: term.Term) -> list[str]:
    return [say(sentence, "nl") for sentence in found.why]


def test_decision_when_nothing_happened_is_the_day_of_the_rules() -> None:
    found = term.decision(day("2026-12-18"), [], day("2026-10-01"))
    assert found.last_day == day("2026-12-18")
    assert told(found) == [
        "De regels van de ronde noemen een laatste dag voor het besluit: 18 december 2026."
    ]


def test_decision_when_completed_names_both_days_and_the_days_between() -> None:
    found = term.decision(
        day("2026-12-18"), [asked("2026-10-20", "2026-11-03", "2026-10-28")], day("2026-11-01")
    )
    assert found.last_day == day("2026-12-25")
    assert told(found)[1] == (
        "Op 20 oktober 2026 vroegen wij om een aanvulling. Op 28 oktober 2026 kwam die. "
        "De dagen daartussen stond de tijd stil. Dagen erbij: 7."
    )


def test_decision_when_we_wait_has_no_day_and_says_so() -> None:
    found = term.decision(day("2026-12-18"), [asked("2026-10-20", "2026-11-03")], day("2026-11-03"))
    assert found.last_day is None
    assert told(found)[1].endswith("Tot die er is, staat de tijd stil.")


@pytest.mark.parametrize("answered", ["", "2026-11-04", "2026-12-01"])
def test_decision_when_nothing_came_in_time_counts_the_days_that_were_given(answered: str) -> None:
    """An answer after the last day does not bring back days on which the term ran (Awb 4:15, first paragraph)."""
    found = term.decision(day("2026-12-18"), [asked("2026-10-20", "2026-11-03", answered)], day("2026-12-02"))
    assert found.last_day == day("2027-01-01")
    assert told(found)[1].endswith("Tot en met 3 november 2026 stond de tijd stil. Dagen erbij: 14.")


@given(DAYS, SPANS, st.integers(0, 120))
def test_decision_when_anything_happened_adds_up_to_the_day_of_the_desk(
    decide_by: date, spans: list[tuple[int, int, int | None]], passed: int
) -> None:
    """The steps that are told, the queue of the desk and the calendar give one and the same day."""
    today = decide_by + timedelta(days=passed - 80)
    rows = []
    for at, given_days, answered in spans:
        on = decide_by + timedelta(days=at)
        back = None if answered is None else noon(on + timedelta(days=answered))
        rows.append(Asked(noon(on), back, on + timedelta(days=given_days)))
    found = term.decision(decide_by, rows, today)
    assert found.last_day == queue.decision_term(decide_by, rows, today)
    assert found.last_day == calendar.after_pauses(decide_by, [row.pause(today) for row in rows])
    days = [step.days for step in found.steps]
    assert (found.last_day is None) == (None in days)
    if found.last_day:
        assert (found.last_day - decide_by).days == sum(
            int(sentence.values.get("days", 0)) for sentence in found.why
        )


@given(DAYS, st.integers(1, 14))
def test_of_citizen_when_any_day_adds_up_and_names_every_day_off(from_on: date, weeks: int) -> None:
    found = term.completion(from_on, weeks)
    assert found.last_day == calendar.term_last_day(from_on, weeks)
    assert len(found.steps) == 1 + (found.last_day - from_on).days - 7 * weeks
    for place, step in enumerate(found.steps[1:]):
        shifted = from_on + timedelta(days=7 * weeks + place)
        assert step.said.values["day"] == shifted.isoformat()
        assert step.said.values["name"] == calendar.day_off(shifted)


@given(DAYS)
def test_objection_and_payment_when_any_day_are_those_of_the_calendar(announced_on: date) -> None:
    assert term.objection(announced_on).last_day == calendar.objection_last_day(announced_on)
    assert term.payment(announced_on).last_day == calendar.payment_due(announced_on)


@pytest.mark.parametrize(
    ("announced_on", "days_off"),
    [
        ("2027-02-12", ["Goede Vrijdag", "een zaterdag", "een zondag", "Tweede Paasdag"]),
        ("2027-03-16", ["Koningsdag"]),
        ("2027-03-24", ["Bevrijdingsdag", "Hemelvaartsdag"]),
        ("2027-04-05", ["Tweede Pinksterdag"]),
        ("2026-11-13", ["Eerste Kerstdag", "Tweede Kerstdag", "een zondag"]),
        ("2026-11-20", ["Nieuwjaarsdag", "een zaterdag", "een zondag"]),
    ],
)
def test_objection_when_it_ends_on_days_off_names_each(announced_on: str, days_off: list[str]) -> None:
    found = term.objection(day(announced_on))
    assert [step.said.values["name"].text for step in found.steps[1:]] == days_off
