"""Official messages that a person may always send: what each needs, its number, and until when it is answered.

Law: Awb 2:13 and following (the right to send them online), 4:17 (notice of default), 6:4-6:11 and 7:10
(objection), 9:1-9:12 (complaint). What comes late or early is taken in all the same: a person decides (6:11).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from grants import calendar
from grants.errors import Problem, Sentence

MAX_TEXT = 20_000
MAX_NAME = 120
MAX_ADDRESS = 300
PAYOUT_WORKDAYS = 5
"""Within how many working days a changed account is looked at: our own promise, no law names a term."""


class Kind(StrEnum):
    """What somebody sends us officially."""

    OBJECTION = "objection"
    DEFAULT = "default"
    COMPLAINT = "complaint"
    CONTACT = "contact"
    PAYOUT = "payout"


class Timing(StrEnum):
    """How it came beside its term: a fact for whoever answers, never a ground to refuse it here."""

    IN_TIME = "in_time"
    LATE = "late"
    EARLY = "early"


class About(StrEnum):
    """What an objection or a notice of default is about."""

    DECISION = "decision"
    DETERMINATION = "determination"
    OBJECTION = "objection"
    NOTHING = ""


class Longer(StrEnum):
    """Why an answer may take longer."""

    ADVISERS = "advisers"
    MORE_TIME = "more_time"


class Rule(NamedTuple):
    """One kind: the letter of its number, what people call it, and the ways in which its term may grow."""

    letter: str
    said: Sentence
    longer: tuple[Longer, ...] = ()


RULES: dict[Kind, Rule] = {
    Kind.OBJECTION: Rule("B", Sentence("Bezwaar"), (Longer.ADVISERS, Longer.MORE_TIME)),
    Kind.DEFAULT: Rule("I", Sentence("Wij zijn te laat")),
    Kind.COMPLAINT: Rule("K", Sentence("Klacht"), (Longer.MORE_TIME,)),
    Kind.CONTACT: Rule("C", Sentence("Nieuwe naam of nieuw adres")),
    Kind.PAYOUT: Rule("R", Sentence("Nieuwe rekening")),
}
ABOUT_APPLICATION = (Kind.OBJECTION, Kind.DEFAULT, Kind.PAYOUT)
"""These are always about one application."""

TEXT_NEEDED: dict[Kind, Sentence] = {
    Kind.OBJECTION: Sentence("Schrijf waarom u het niet eens bent. Weet u het nog niet? Schrijf dat dan op."),
    Kind.DEFAULT: Sentence("Schrijf op waar u op wacht. Een paar woorden is genoeg."),
    Kind.COMPLAINT: Sentence("Schrijf op waar u niet blij mee bent. Een paar zinnen is genoeg."),
}
NAME_NEEDED = Sentence("Vul uw naam in. Anders weten wij niet wie dit stuurt.")


def number(kind: Kind, year: int, serial: int) -> str:
    """The number on the receipt: B-2026-001 is the first objection of 2026."""
    return f"{RULES[kind].letter}-{year}-{serial:03d}"


def problems(kind: Kind, name: str, address: str, text: str, late_reason: str = "") -> list[Problem]:
    """What must be mended before this can be taken in: only what the law asks, and what does not fit (Awb 6:5)."""
    found = []
    if not name:
        found.append(Problem("name", NAME_NEEDED))
    if not text:
        found.append(Problem("text", TEXT_NEEDED[kind]))
    sizes = (("name", name, MAX_NAME), ("address", address, MAX_ADDRESS), ("text", text, MAX_TEXT))
    for field, given, most in (*sizes, ("late_reason", late_reason, MAX_TEXT)):
        if len(given) > most:
            said = Sentence("Deze tekst is te lang. Gebruik hoogstens {most} tekens.", {"most": most})
            found.append(Problem(field, said))
    return found


def timing(kind: Kind, received_on: date, term_ends_on: date | None) -> Timing:
    """Whether it came within its term, which ends on `term_ends_on`: the one to object, or ours to decide.

    Without such a term there is nothing to be late for yet: no decision was sent, or our term stands still.
    """
    if kind is Kind.OBJECTION:
        if term_ends_on is None:
            return Timing.EARLY
        return Timing.LATE if received_on > term_ends_on else Timing.IN_TIME
    if kind is Kind.DEFAULT:
        return Timing.IN_TIME if term_ends_on is not None and received_on > term_ends_on else Timing.EARLY
    return Timing.IN_TIME


def answer_by(
    kind: Kind,
    received_on: date,
    term_ends_on: date | None = None,
    *,
    advisers: bool = False,
    longer: bool = False,
) -> date:
    """The last day to answer. Without a term that ends, it is counted from the day on which it came."""
    ends_on = term_ends_on or received_on
    match kind:
        case Kind.OBJECTION:
            return calendar.objection_answer_last_day(ends_on, received_on, advisers=advisers, longer=longer)
        case Kind.DEFAULT:
            return calendar.default_last_day(ends_on, received_on)
        case Kind.COMPLAINT:
            return calendar.complaint_answer_last_day(received_on, longer=longer)
        case Kind.PAYOUT:
            return calendar.workdays_after(received_on, PAYOUT_WORKDAYS)
        case Kind.CONTACT:
            return received_on


class Rate(NamedTuple):
    """What a day of being too late costs, in cents: in the first two weeks, the next two, and the last two."""

    since: date
    first: int
    second: int
    third: int


RATES = (
    Rate(date(2009, 10, 1), 20_00, 30_00, 40_00),
    Rate(date(2019, 1, 1), 23_00, 35_00, 45_00),
)
"""Awb 4:17(2), as indexed (Stcrt. 2018, 65542). The municipality checks each January whether a row must be added."""


def penalty_cents(days: int, begun_on: date) -> int:
    """What `days` of being too late cost (Awb 4:17), at the rates of the day on which the term ran out."""
    rate = max((one for one in RATES if one.since <= begun_on), default=RATES[0])
    first, second = min(days, 14), min(max(days - 14, 0), 14)
    third = min(max(days - 28, 0), calendar.PENALTY_DAYS - 28)
    return first * rate.first + second * rate.second + third * rate.third
