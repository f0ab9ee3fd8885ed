"""The lawful calendar: feast days, terms and their last days, and dates and times as people write them.

Law: Algemene termijnenwet 1, 3 and 4; Awb 4:5, 4:13-4:17, 4:87, 6:7, 6:8, 7:10, 9:11. Terms for the citizen move
on past weekends and feast days; for the municipality's own duties that extension is never counted on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from grants.errors import Refusal, Sentence
from grants.language import tag

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_YEAR, LAST_YEAR = 2014, 2100
"""The feast days below hold from 2014 (King's day); dates outside these years are refused."""
LABEL = Sentence("Datum")
"""What a date is called that has no question of its own."""

OBJECTION_WEEKS = 6
DECISION_WEEKS = 8
PAYMENT_WEEKS = 6
NOT_HANDLED_WEEKS = 4
OBJECTION_ANSWER_WEEKS, WITH_ADVISERS_WEEKS, OBJECTION_LONGER_WEEKS = 6, 12, 6
COMPLAINT_WEEKS, COMPLAINT_LONGER_WEEKS = 6, 4
DEFAULT_WEEKS = 2
PENALTY_DAYS = 42
LONGEST_EXTENDED_WEEKS = 12
"""Terms of more than twelve weeks are not extended (Algemene termijnenwet 4, onder a)."""

MONTHS = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_MONTH_NUMBERS = {
    form: number
    for names in MONTHS.values()
    for number, name in enumerate(names, 1)
    for form in (name.lower(), name.lower()[:3])
} | {"mrt": 3, "sept": 9}

_MAX_CHARS = 60
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_WRITTEN = re.compile(
    r"(?:[a-z]{2,9},? )?(?P<day>\d{1,2})[-/. ]{1,2}(?P<month>\d{1,2}|[a-z]{3,9})[-/. ]{1,2}"
    r"(?P<year>\d{4}|\d{2})"
)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous computus of 1876)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def feasts(year: int) -> dict[date, Sentence]:
    """The generally recognised feast days of Algemene termijnenwet 3 by name, Good Friday included."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= timedelta(days=1)
    return {
        date(year, 1, 1): Sentence("Nieuwjaarsdag"),
        sunday - timedelta(days=2): Sentence("Goede Vrijdag"),
        sunday + timedelta(days=1): Sentence("Tweede Paasdag"),
        kings_day: Sentence("Koningsdag"),
        date(year, 5, 5): Sentence("Bevrijdingsdag"),
        sunday + timedelta(days=39): Sentence("Hemelvaartsdag"),
        sunday + timedelta(days=50): Sentence("Tweede Pinksterdag"),
        date(year, 12, 25): Sentence("Eerste Kerstdag"),
        date(year, 12, 26): Sentence("Tweede Kerstdag"),
    }


def feast_days(year: int) -> frozenset[date]:
    """The generally recognised feast days of Algemene termijnenwet 3, Good Friday included."""
    return frozenset(feasts(year))


def day_off(day: date) -> Sentence | None:
    """Why a citizen's term does not end on this day: the name of the feast, or of the day of the weekend."""
    weekend = {5: Sentence("een zaterdag"), 6: Sentence("een zondag")}
    return feasts(day.year).get(day) or weekend.get(day.weekday())


def extended(last_day: date, added: Iterable[date] = ()) -> date:
    """`last_day`, or the next day that is no Saturday, Sunday or feast day (Algemene termijnenwet 1).

    `added` are the days that the Crown has put on a par with feast days (art. 3, third paragraph).
    """
    days_off = frozenset(added)
    while last_day in days_off or day_off(last_day):
        last_day += timedelta(days=1)
    return last_day


def workdays_after(day: date, count: int) -> date:
    """The day that is `count` working days after `day`."""
    for _ in range(count):
        day = extended(day + timedelta(days=1))
    return day


def term_last_day(from_on: date, weeks: int, added: Iterable[date] = ()) -> date:
    """The last day of a citizen's term of `weeks` that starts the day after `from_on`."""
    last_day = from_on + timedelta(weeks=weeks)
    return last_day if weeks > LONGEST_EXTENDED_WEEKS else extended(last_day, added)


def objection_last_day(announced_on: date, added: Iterable[date] = ()) -> date:
    """The last day to object: six weeks from the day after the decision was sent (Awb 6:7, 6:8)."""
    return term_last_day(announced_on, OBJECTION_WEEKS, added)


def payment_due(announced_on: date) -> date:
    """The last day for the municipality to pay (Awb 4:87): its own duty, so never moved on."""
    return announced_on + timedelta(weeks=PAYMENT_WEEKS)


def not_handled_by(completion_last_day: date) -> date:
    """The last day to decide not to handle what stayed incomplete (Awb 4:5, fourth paragraph)."""
    return completion_last_day + timedelta(weeks=NOT_HANDLED_WEEKS)


def objection_answer_last_day(
    objecting_until: date, received_on: date, *, advisers: bool = False, longer: bool = False
) -> date:
    """The last day to decide on an objection (Awb 7:10): six weeks, twelve where an adviser committee helps.

    They are counted from the day after the term to object has run out; for what came later, from the day after
    it came. `longer` is the one time that the municipality may take six weeks more (third paragraph).
    """
    weeks = WITH_ADVISERS_WEEKS if advisers else OBJECTION_ANSWER_WEEKS
    weeks += OBJECTION_LONGER_WEEKS if longer else 0
    return max(objecting_until, received_on) + timedelta(weeks=weeks)


def complaint_answer_last_day(received_on: date, *, longer: bool = False) -> date:
    """The last day to deal with a complaint: six weeks after it came, four more once (Awb 9:11)."""
    return received_on + timedelta(weeks=COMPLAINT_WEEKS + (COMPLAINT_LONGER_WEEKS if longer else 0))


def default_last_day(term_ends_on: date, received_on: date) -> date:
    """The last day to decide without a penalty (Awb 4:17, third paragraph).

    Two weeks after the term has run out and the notice of default has come, whichever is later.
    """
    return max(term_ends_on, received_on) + timedelta(weeks=DEFAULT_WEEKS)


def penalty_days(term_ends_on: date, received_on: date, decided_on: date) -> int:
    """For how many days a penalty is due where the decision was made known on `decided_on`; at most 42.

    It begins on the day after `default_last_day`; the day of the decision itself no longer counts.
    """
    days = (decided_on - default_last_day(term_ends_on, received_on)).days - 1
    return min(max(days, 0), PENALTY_DAYS)


@dataclass(frozen=True)
class Pause:
    """Days on which the term stands still: from `from_on` up to, not including, `until_on` (Awb 4:15).

    `until_on` is None while it still lasts; `ground` says which paragraph of 4:15 applies.
    """

    from_on: date
    until_on: date | None
    ground: str


def completion_pause(asked_on: date, until_on: date | None) -> Pause:
    """The pause of a completion request: from the day after asking to the day of completion (Awb 4:15(1)a).

    `until_on` is the day the answer came, or the day after the term if none came; None while we wait.
    """
    return Pause(asked_on + timedelta(days=1), until_on, "Awb 4:15, eerste lid, onder a")


def decision_last_day(
    received_on: date, pauses: Sequence[Pause] = (), weeks: int = DECISION_WEEKS
) -> date | None:
    """The last day to decide on an application (Awb 4:13); None while the term stands still."""
    return after_pauses(received_on + timedelta(weeks=weeks), pauses)


def after_pauses(last_day: date, pauses: Sequence[Pause]) -> date | None:
    """`last_day` moved on by every day of standing still; None while a pause runs.

    Days in two pauses count once. A pause that begins after the term has run out cannot bring it back.
    """
    added = stood_still(last_day, pauses)
    total = sum(days for _, days in added if days is not None)
    return None if any(days is None for _, days in added) else last_day + timedelta(days=total)


def stood_still(last_day: date, pauses: Sequence[Pause]) -> list[tuple[Pause, int | None]]:
    """The pauses that count for a term to `last_day`, each with the days that it adds; None while it runs."""
    added: list[tuple[Pause, int | None]] = []
    counted_to = date.min
    for pause in sorted(pauses, key=lambda pause: pause.from_on):
        if pause.from_on > last_day:
            break
        if pause.until_on is None:
            return [*added, (pause, None)]
        days = max((pause.until_on - max(pause.from_on, counted_to)).days, 0)
        last_day += timedelta(days=days)
        counted_to = max(counted_to, pause.until_on)
        added.append((pause, days))
    return added


def local(at: datetime) -> datetime:
    """An aware moment on the clock of Amsterdam."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(AMSTERDAM)


def from_local(wall: datetime) -> datetime:
    """A time on the clock of Amsterdam, without zone, as UTC.

    The hour that comes twice when summer time ends means the later one, as that is kinder for a deadline; an
    hour that is skipped when it begins is refused.
    """
    if wall.tzinfo is not None:
        raise ValueError(f"{wall!r} already has a time zone")
    at = wall.replace(tzinfo=AMSTERDAM, fold=1).astimezone(UTC)
    if at.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0) != wall.replace(fold=0):
        raise Refusal(
            "Op {day:date} bestaat {hour} uur niet: de klok gaat dan een uur vooruit. Kies een andere tijd.",
            day=wall.date().isoformat(),
            hour=f"{wall:%H:%M}",
        )
    return at


def end_of(day: date) -> datetime:
    """The first moment (UTC) after `day` in Amsterdam: what happens before it is still in time."""
    return from_local(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def show(day: date, language: str = "nl") -> str:
    """13 november 2026, or 13 November 2026; Dutch in a language whose months are not known here."""
    names = MONTHS.get(tag(language), MONTHS["nl"])
    return f"{day.day} {names[day.month - 1]} {day.year}"


def show_time(at: datetime, language: str = "nl") -> str:
    """13 november 2026 om 9.05 uur, or 13 November 2026 at 09:05, on the clock of Amsterdam."""
    return f"{show(local(at).date(), language)} {show_clock(at, language)}"


def show_clock(at: datetime, language: str = "nl") -> str:
    """The time alone: om 9.05 uur, or at 09:05, on the clock of Amsterdam."""
    here = local(at)
    return f"at {here:%H:%M}" if language == "en" else f"om {here.hour}.{here:%M} uur"


def parse(text: str, label: str | Sentence = LABEL, field: str = "") -> date:
    """A date as people write it: 13-11-2026, 13/11/26, 13 november 2026 or 2026-11-13; the day comes first.

    Raises Refusal and nothing else: unreadable, not on the calendar, or outside 2014-2100.
    """
    text = text.strip()[: _MAX_CHARS + 1].lower()
    plain = re.sub(r" ?([-/.]) ?", r"\1", " ".join(text.split()))
    found = (_ISO.fullmatch(plain) or _WRITTEN.fullmatch(plain)) if len(text) <= _MAX_CHARS else None
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        raise Refusal(
            "Schrijf bij “{label}” een datum, bijvoorbeeld 13-11-2026 of 13 november 2026.",
            field=field,
            label=label,
        )
    year = int(found["year"]) if len(found["year"]) == 4 else 2000 + int(found["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            "Kijk het jaar bij “{label}” na. Het ligt tussen {first} en {last}.",
            field=field,
            label=label,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    try:
        return date(year, month, int(found["day"]))
    except ValueError:
        raise Refusal(
            "De datum bij “{label}” bestaat niet. Kijk de dag en de maand na.", field=field, label=label
        ) from None


def _month(written: str) -> int | None:
    return int(written) if written.isdecimal() else _MONTH_NUMBERS.get(written)
