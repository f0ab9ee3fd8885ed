"""A limit lets through what it says, gives back little by little, and says truly when it works again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.limit import HOUR, MINUTE, Limit, Often

NOON = datetime(2026, 9, 10, 12, tzinfo=UTC)
LIMITS = st.builds(Limit, st.just("try"), st.integers(1, 60), st.timedeltas(MINUTE, timedelta(days=1)))
WAITS = st.lists(st.timedeltas(timedelta(0), timedelta(hours=2)), max_size=200)


def done(limit: Limit, times: list[datetime]) -> list[datetime]:
    """Those of these times at which it was let through."""
    free_at, through = times[0], []
    for now in times:
        try:
            free_at = limit.after(free_at, now)
        except Often:
            continue
        through.append(now)
    return through


@given(LIMITS)
def test_as_many_at_once_as_it_says_and_no_more(limit: Limit) -> None:
    assert len(done(limit, [NOON] * (limit.most + 5))) == limit.most


@given(LIMITS, WAITS)
def test_never_more_than_twice_its_number_in_its_time(limit: Limit, waits: list[timedelta]) -> None:
    times = [NOON]
    for wait in waits:
        times.append(times[-1] + wait)
    through = done(limit, times)
    for first in through:
        assert sum(first <= at < first + limit.within for at in through) <= 2 * limit.most


@given(LIMITS, st.timedeltas(timedelta(0), HOUR))
def test_at_the_minute_that_it_names_it_works_again(limit: Limit, later: timedelta) -> None:
    free_at = NOON + limit.within
    now = NOON + min(later, limit.within / limit.most / 2)
    with pytest.raises(Often) as refused:
        limit.after(free_at, now)
    again = datetime.fromisoformat(refused.value.said.values["again"])
    assert now < again <= NOON + limit.within / limit.most + MINUTE
    assert limit.after(free_at, again) > free_at


def test_what_was_used_comes_back_little_by_little() -> None:
    limit = Limit("try", 4, HOUR)
    at = [NOON + timedelta(minutes=minutes) for minutes in (0, 0, 0, 0, 14, 15, 16, 30, 90, 90, 90, 90, 90)]
    assert [f"{one:%H:%M}" for one in done(limit, at)] == [
        *["12:00"] * 4, "12:15", "12:30", *["13:30"] * 4,
    ]  # fmt: skip
