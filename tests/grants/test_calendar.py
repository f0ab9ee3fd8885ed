from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import calendar
from grants.calendar import Pause
from grants.errors import Refusal

DAYS = st.dates(date(calendar.FIRST_YEAR, 1, 1), date(calendar.LAST_YEAR, 10, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as caught:
        calendar.parse(text, "Wanneer begint u?", "when")
    assert caught.value.field == "when"
    return caught.value.said.text


@pytest.mark.parametrize(
    "sunday",
    ["2014-04-20", "2019-04-21", "2024-03-31", "2026-04-05", "2027-03-28", "2035-03-25", "2038-04-25"],
)
def test_easter_when_known(sunday: str) -> None:
    assert calendar.easter(day(sunday).year) == day(sunday)


@given(st.integers(1900, 2199))
def test_easter_when_any_year_is_a_sunday_in_its_bounds(year: int) -> None:
    sunday = calendar.easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_feast_days_when_2027() -> None:
    assert sorted(calendar.feast_days(2027)) == [
        *map(day, ("2027-01-01", "2027-03-26", "2027-03-29", "2027-04-27", "2027-05-05", "2027-05-06")),
        *map(day, ("2027-05-17", "2027-12-25", "2027-12-26")),
    ]


def test_feast_days_when_kings_day_falls_on_sunday_is_the_day_before() -> None:
    assert {day("2025-04-26"), day("2025-04-27")} & calendar.feast_days(2025) == {day("2025-04-26")}


@pytest.mark.parametrize(
    ("announced_on", "last_day"),
    [
        ("2026-11-13", "2026-12-28"),
        ("2026-12-18", "2027-01-29"),
        ("2027-02-12", "2027-03-30"),
        ("2027-03-16", "2027-04-28"),
        ("2027-03-24", "2027-05-07"),
        ("2027-04-05", "2027-05-18"),
        ("2026-10-02", "2026-11-13"),
        ("2026-10-03", "2026-11-16"),
    ],
)
def test_objection_last_day_when_it_may_end_on_a_day_off(announced_on: str, last_day: str) -> None:
    assert calendar.objection_last_day(day(announced_on)) == day(last_day)


def test_objection_last_day_when_the_crown_added_a_day() -> None:
    added = (day("2026-11-13"), day("2026-11-16"))
    assert calendar.objection_last_day(day("2026-10-02"), added) == day("2026-11-17")


@given(DAYS)
def test_objection_last_day_when_any_day_is_a_working_day_no_earlier_and_soon(announced_on: date) -> None:
    last_day = calendar.objection_last_day(announced_on)
    assert last_day.weekday() < 5
    assert last_day not in calendar.feast_days(last_day.year)
    assert timedelta(42) <= last_day - announced_on <= timedelta(42 + 5)


@given(DAYS, DAYS)
def test_objection_last_day_when_announced_later_never_ends_earlier(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert calendar.objection_last_day(earlier) <= calendar.objection_last_day(later)


@pytest.mark.parametrize(("weeks", "last_day"), [(12, "2026-12-28"), (13, "2027-01-01")])
def test_term_last_day_when_over_twelve_weeks_is_not_extended(weeks: int, last_day: str) -> None:
    assert calendar.term_last_day(day("2026-10-02"), weeks) == day(last_day)


def test_payment_due_when_it_ends_on_christmas_is_not_extended() -> None:
    assert calendar.payment_due(day("2026-11-13")) == day("2026-12-25")


def test_not_handled_by_when_four_weeks_after_the_completion_term() -> None:
    assert calendar.not_handled_by(day("2026-11-06")) == day("2026-12-04")


@pytest.mark.parametrize(
    ("pauses", "last_day"),
    [
        ((), "2026-12-11"),
        ((("2026-10-21", "2026-10-28"),), "2026-12-18"),
        ((("2026-10-21", "2026-10-28"), ("2026-10-26", "2026-10-30")), "2026-12-20"),
        ((("2026-10-21", "2026-10-28"), ("2026-10-22", "2026-10-24")), "2026-12-18"),
        ((("2026-11-10", "2026-11-12"), ("2026-10-21", "2026-10-28")), "2026-12-20"),
        ((("2026-12-11", "2026-12-14"),), "2026-12-14"),
        ((("2026-12-12", "2026-12-14"),), "2026-12-11"),
        ((("2026-12-12", None),), "2026-12-11"),
        ((("2026-10-21", None),), None),
        ((("2026-10-21", "2026-10-21"),), "2026-12-11"),
        ((("2026-10-21", "2026-10-20"),), "2026-12-11"),
    ],
)
def test_decision_last_day_when_the_term_stood_still(
    pauses: tuple[tuple[str, str | None], ...], last_day: str | None
) -> None:
    stood_still = [Pause(day(begin), day(end) if end else None, "Awb 4:15") for begin, end in pauses]
    expected = day(last_day) if last_day else None
    assert calendar.decision_last_day(day("2026-10-16"), stood_still) == expected


def test_completion_pause_when_answered_counts_from_the_day_after_asking_to_the_day_of_the_answer() -> None:
    pause = calendar.completion_pause(day("2026-10-20"), day("2026-10-28"))
    assert (pause.from_on, pause.until_on) == (day("2026-10-21"), day("2026-10-28"))
    assert calendar.after_pauses(day("2026-12-18"), [pause]) == day("2026-12-25")


def test_completion_pause_when_answered_the_same_day_changes_nothing() -> None:
    asked_on = day("2026-10-20")
    assert calendar.after_pauses(asked_on, [calendar.completion_pause(asked_on, asked_on)]) == asked_on


@given(DAYS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5))
def test_after_pauses_when_within_the_term_adds_each_day_once(
    last_day: date, spans: list[tuple[int, int]]
) -> None:
    first = last_day - timedelta(60)
    pauses = [Pause(first + timedelta(at), first + timedelta(at + length), "") for at, length in spans]
    stood_still = {first + timedelta(at + n) for at, length in spans for n in range(length)}
    assert calendar.after_pauses(last_day, pauses) == last_day + timedelta(len(stood_still))


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-10-16T17:00", "2026-10-16T15:00"),
        ("2026-12-04T17:00", "2026-12-04T16:00"),
        ("2026-10-25T02:30", "2026-10-25T01:30"),
        ("2026-10-25T03:00", "2026-10-25T02:00"),
        ("2027-03-28T01:59", "2027-03-28T00:59"),
        ("2027-03-28T03:00", "2027-03-28T01:00"),
    ],
)
def test_from_local_when_summer_or_winter_time(wall: str, utc: str) -> None:
    assert calendar.from_local(datetime.fromisoformat(wall)) == datetime.fromisoformat(utc).replace(
        tzinfo=UTC
    )


def test_from_local_when_the_hour_is_skipped() -> None:
    with pytest.raises(Refusal) as caught:
        calendar.from_local(datetime.fromisoformat("2027-03-28T02:30"))
    assert caught.value.said.values == {"day": "2027-03-28", "hour": "02:30"}


@given(st.datetimes(datetime(2014, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_from_local_when_any_moment_comes_back_the_same(at: datetime) -> None:
    moment = at.replace(tzinfo=UTC)
    here = calendar.local(moment)
    ambiguous = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
    back = calendar.from_local(here.replace(tzinfo=None))
    assert back - moment in ({timedelta(), timedelta(hours=1)} if ambiguous else {timedelta()})


def test_local_when_without_zone_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        calendar.local(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="already has"):
        calendar.from_local(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("last", "first_moment_after"),
    [
        ("2026-12-28", "2026-12-28T23:00"),
        ("2026-10-24", "2026-10-24T22:00"),
        ("2026-10-25", "2026-10-25T23:00"),
    ],
)
def test_end_of_when_the_day_is_over_in_amsterdam(last: str, first_moment_after: str) -> None:
    assert calendar.end_of(day(last)) == datetime.fromisoformat(first_moment_after).replace(tzinfo=UTC)


def test_show_when_dutch_or_english() -> None:
    friday = day("2026-11-13")
    assert (calendar.show(friday), calendar.show(friday, "en")) == ("13 november 2026", "13 November 2026")


def test_show_time_when_shown_on_the_clock_of_amsterdam() -> None:
    at = datetime(2026, 11, 13, 13, 32, tzinfo=UTC)
    assert (calendar.show_time(at), calendar.show_time(at, "en")) == (
        "13 november 2026 om 14.32 uur",
        "13 November 2026 at 14:32",
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13-11-2026",
            "13/11/26",
            "13.11.2026",
            "13 11 2026",
            "13 - 11 - 2026",
            "2026-11-13",
            " 13-11-2026 ",
        ),
        *("13 november 2026", "13 nov 2026", "13 nov. 2026", "13. November 2026", "vrijdag 13 november 2026"),
        *(
            "vr 13 NOVEMBER 2026",
            "Friday, 13 November 2026",
            "13-nov-26",
            "13\u00a0november\u00a02026",
            "١٣-١١-٢٠٢٦",
        ),
    ],
)
def test_parse_when_written_as_people_do(text: str) -> None:
    assert calendar.parse(text) == day("2026-11-13")


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 mrt 2027", 3),
        ("1 maart 2027", 3),
        ("1 mei 2027", 5),
        ("1 may 2027", 5),
        ("1 okt 2027", 10),
        ("1 sept 2027", 9),
    ],
)
def test_parse_when_a_month_is_shortened(text: str, month: int) -> None:
    assert calendar.parse(text) == date(2027, month, 1)


@pytest.mark.parametrize(
    "text", ["31-02-2027", "29-02-2027", "32-01-2027", "11/13/2026", "0-1-2027", "1-0-2027"]
)
def test_parse_when_not_on_the_calendar(text: str) -> None:
    assert refused(text) == "De datum bij “{label}” bestaat niet. Kijk de dag en de maand na."


@pytest.mark.parametrize("text", ["13-11-0026", "13-11-1926", "13-11-2101", "9999-12-31", "13-11-13"])
def test_parse_when_the_year_cannot_be(text: str) -> None:
    assert refused(text) == "Kijk het jaar bij “{label}” na. Het ligt tussen {first} en {last}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "morgen",
        "13-11",
        "13 novembre 2026",
        "2026-11-13T12:00",
        "13-11-2026" + " " * 60 + "x",
        "²-1-2027",
    ],
)
def test_parse_when_it_is_no_date(text: str) -> None:
    assert refused(text) == "Schrijf bij “{label}” een datum, bijvoorbeeld 13-11-2026 of 13 november 2026."


@given(DAYS, st.sampled_from(["nl", "en"]))
def test_parse_when_it_reads_what_show_wrote(shown: date, language: str) -> None:
    assert calendar.parse(calendar.show(shown, language)) == calendar.parse(shown.isoformat()) == shown


@given(st.text() | st.text(alphabet="0123456789-/. novembr", max_size=20))
def test_parse_when_any_text_gives_a_day_or_a_refusal(text: str) -> None:
    try:
        read = calendar.parse(text)
    except Refusal:
        return
    assert calendar.FIRST_YEAR <= read.year <= calendar.LAST_YEAR


@pytest.mark.parametrize("piece", ["1", "1-", " ", "a"])
def test_parse_when_a_megabyte_is_refused_at_once(piece: str) -> None:
    began = time.process_time()
    with pytest.raises(Refusal):
        calendar.parse(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 10), 2, date(2026, 9, 14)),  # Thursday to Monday
        (date(2026, 9, 12), 1, date(2026, 9, 14)),  # from a Saturday
        (date(2026, 12, 24), 2, date(2026, 12, 29)),  # over Christmas and a weekend
        (date(2026, 9, 10), 0, date(2026, 9, 10)),
    ],
)
def test_workdays_after(day: date, count: int, expected: date) -> None:
    assert calendar.workdays_after(day, count) == expected


def test_show_clock() -> None:
    at = datetime(2026, 9, 10, 7, 5, tzinfo=UTC)
    assert (calendar.show_clock(at), calendar.show_clock(at, "en")) == ("om 9.05 uur", "at 09:05")
