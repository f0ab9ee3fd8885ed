"""An application that an officer writes down for somebody: how it came in, on which day, and whether that was in time.

Law: Awb 2:1(1) (appropriate support), 4:2 (what an application says). The day the paper came in is the day that counts.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from grants.errors import Problem, Sentence
from grants.upload import Family, Wanted

MAX_ADDRESS = 300
MAX_NAME = 120
SCAN = Wanted("scan", (Family.PHOTO, Family.PAPER), 20)
"""What can be kept of the paper itself. It is no answer, so no version that is sent in holds it."""


class Channel(StrEnum):
    """How somebody applied who did not do so on this website."""

    PAPER = "paper"
    TELEPHONE = "telephone"
    VISIT = "visit"


CHANNEL_WORDS: dict[Channel, Sentence] = {
    Channel.PAPER: Sentence("Op papier"),
    Channel.TELEPHONE: Sentence("Aan de telefoon"),
    Channel.VISIT: Sentence("In een gesprek"),
}

ONLINE, ON_PAPER = "online", "paper"
"""How the applicant confirmed what was entered: by a button of their own, or with a signature."""


def is_late(received_on: date, last_day: date) -> bool:
    """Did it come in after the last day of the round? That is noted; a person decides, never a machine."""
    return received_on > last_day


def check_received(received_on: date, last_day: date, today: date, late_reason: str) -> list[Problem]:
    """What is wrong with the day on which it came in; empty when nothing is."""
    if received_on > today:
        return [Problem("received", Sentence("Deze dag moet nog komen. Vul in wanneer het binnenkwam."))]
    if is_late(received_on, last_day) and not late_reason.strip():
        said = Sentence(
            "Dit kwam na de laatste dag binnen. Dat was {last:date}. Schrijf op waarom u het toch aanneemt.",
            {"last": last_day.isoformat()},
        )
        return [Problem("late", said)]
    return []


def check_person(name: str, address: str) -> list[Problem]:
    """What is wrong with what was written down of somebody new; empty when nothing is."""
    problems: list[Problem] = []
    if not name.strip():
        problems.append(Problem("name", Sentence("Vul in hoe deze persoon heet.")))
    elif len(name) > MAX_NAME:
        said = Sentence("De naam is te lang. Gebruik hoogstens {max} tekens.", {"max": MAX_NAME})
        problems.append(Problem("name", said))
    return problems + check_address(address)


def check_address(address: str) -> list[Problem]:
    """What is wrong with a postal address; it may be empty."""
    if len(address) <= MAX_ADDRESS:
        return []
    said = Sentence("Dit adres is te lang. Gebruik hoogstens {max} tekens.", {"max": MAX_ADDRESS})
    return [Problem("address", said)]
