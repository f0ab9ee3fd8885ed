"""What waits, for whom, and until when: the rows of the desk, from applications and rounds under way.

Law: Awb 4:5(4) (not handling), 4:87 (paying), Woo 3.3a(5); the term to decide stands in `grants/term.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from grants import calendar
from grants.access import AUDITOR, FINANCE, OFFICER
from grants.application import Stage
from grants.errors import Sentence
from grants.message import Side, answer_by
from grants.round import Phase
from grants.store.desk import OpenRound, UnderWay
from grants.term import Asked, decision_term

PUBLISH_WEEKS = 2
"""How long after the letters the outcome may take to be public (Woo 3.3a, fifth paragraph)."""


UNDER_WAY = (
    Stage.SUBMITTED,
    Stage.COMPLETING,
    Stage.SCREENED,
    Stage.REVIEWED,
    Stage.ALLOCATED,
    Stage.DECIDED,
)
"""While an application is here, the term to decide runs."""


class What(StrEnum):
    """One thing that waits for somebody."""

    __hash__ = str.__hash__

    OPEN_ROUND = "open_round"
    SCREEN = "screen"
    COMPLETE = "complete"
    NOT_COMPLETED = "not_completed"
    JUDGE = "judge"
    ADOPT = "adopt"
    ANNOUNCE = "announce"
    PUBLISH = "publish"
    NAME_ACCOUNT = "name_account"
    PREPARE = "prepare"
    APPROVE = "approve"
    DETERMINE = "determine"
    REACH = "reach"
    HELP = "help"
    ANSWER = "answer"
    NEW_ACCOUNT = "new_account"
    TALK = "talk"
    REPLY = "reply"
    NO_REPLY = "no_reply"
    CLOSE_YEAR = "close_year"


class Job(NamedTuple):
    """What is said of a thing that waits, and who can do it: no roles means we wait for somebody else."""

    said: Sentence
    roles: tuple[str, ...] = ()


JOBS: dict[What, Job] = {
    What.OPEN_ROUND: Job(Sentence("Open de ronde"), (OFFICER,)),
    What.SCREEN: Job(Sentence("Controleer de aanvraag"), (OFFICER,)),
    What.COMPLETE: Job(Sentence("Aanvrager vult aan")),
    What.NOT_COMPLETED: Job(Sentence("Niet aangevuld: kies hoe het verder gaat"), (OFFICER,)),
    What.JUDGE: Job(Sentence("Commissie beoordeelt")),
    What.ADOPT: Job(Sentence("Teken de besluiten"), (OFFICER,)),
    What.ANNOUNCE: Job(Sentence("Verstuur de besluiten"), (OFFICER,)),
    What.PUBLISH: Job(Sentence("Publiceer de uitslag"), (OFFICER,)),
    What.NAME_ACCOUNT: Job(Sentence("Aanvrager vult een rekening in")),
    What.PREPARE: Job(Sentence("Zet de betaling klaar"), (OFFICER, FINANCE)),
    What.APPROVE: Job(Sentence("Keur de betaling goed"), (FINANCE,)),
    What.DETERMINE: Job(Sentence("Stel het bedrag vast"), (OFFICER,)),
    What.REACH: Job(Sentence("Brief kwam niet aan: bereik de aanvrager"), (OFFICER,)),
    What.HELP: Job(Sentence("Iemand begrijpt iets niet: leg het uit"), (OFFICER,)),
    What.ANSWER: Job(Sentence("Beantwoord bezwaren, klachten en andere berichten"), (OFFICER,)),
    What.NEW_ACCOUNT: Job(Sentence("Kijk een nieuwe rekening na"), (OFFICER, FINANCE)),
    What.TALK: Job(Sentence("Beantwoord een bericht"), (OFFICER,)),
    What.REPLY: Job(Sentence("Aanvrager beantwoordt een vraag")),
    What.NO_REPLY: Job(Sentence("Geen antwoord op een vraag: bel de aanvrager"), (OFFICER,)),
    What.CLOSE_YEAR: Job(Sentence("Sluit het jaar"), (OFFICER,)),
}
MONEY = (What.NAME_ACCOUNT, What.PREPARE, What.APPROVE, What.NEW_ACCOUNT)
"""What concerns somebody who only handles money."""


@cache
def work_of(roles: frozenset[str]) -> frozenset[What]:
    """What these roles can do. The auditor does nothing, and sees what the municipality has to do."""
    return frozenset(
        what
        for what, job in JOBS.items()
        if (job.roles if AUDITOR in roles else roles.intersection(job.roles))
    )


class Item(NamedTuple):
    """One row of the queue; without a `due_on` nothing lapses. `number` is empty for a whole round."""

    what: What
    due_on: date | None
    path: str
    title: str
    number: str = ""
    times: int = 1
    year: int = 0
    """The year of its round; 0 where it is about no round."""

    @property
    def job(self) -> Job:
        return JOBS[self.what]

    @property
    def urgency(self) -> tuple[date, str, str]:
        """What to sort by: what lapses first on top, what never does at the end."""
        return self.due_on or date.max, self.number, self.title


@dataclass
class Waiting:
    """An application that is under way, with its completions and unpaid payments by their ids."""

    row: UnderWay
    asked: dict[int, Asked] = field(default_factory=dict)
    unpaid: dict[str, date] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/gemeente/aanvragen/{self.row.public_id}"

    def items(self, today: date) -> Iterator[Item]:
        """The payments that wait for a second person, and what the application itself waits for."""
        title, number, year = self.row.title, self.row.number, self.row.year
        for payment_id, due_on in self.unpaid.items():
            path = f"/gemeente/betalingen/{payment_id}"
            yield Item(What.APPROVE, due_on, path, title, number, year=year)
        step = self._next(today)
        if step is not None:
            what, last_day, path = step
            yield Item(what, last_day, path, title, number, year=year)

    def _next(self, today: date) -> tuple[What, date | None, str] | None:
        """What is to be done, until when, and where; None where its round or a payment waits for it."""
        match self.row.stage:
            case Stage.SUBMITTED:
                return What.SCREEN, self._term(today), self.path
            case Stage.SCREENED | Stage.REVIEWED:
                return What.JUDGE, self._term(today), self.path
            case Stage.COMPLETING:
                return self._completion(today)
            case Stage.ANNOUNCED | Stage.PUBLISHED | Stage.ACCOUNTED | Stage.DETERMINED:
                return self._money()
        return None

    def _completion(self, today: date) -> tuple[What, date | None, str]:
        due_on = max(one.due_on for one in self.asked.values())
        if today <= due_on:
            return What.COMPLETE, due_on, self.path
        return What.NOT_COMPLETED, calendar.not_handled_by(due_on), self.path

    def _money(self) -> tuple[What, date | None, str] | None:
        """A report waits for its amount, a grant for its account or its first payment."""
        row, path = self.row, f"{self.path}/geld"
        if row.stage == Stage.ACCOUNTED:
            return What.DETERMINE, calendar.decision_last_day(calendar.local(row.reported_at).date()), path
        if self.unpaid:
            return None
        due_on = calendar.payment_due(calendar.local(row.announced_at).date())
        return (What.PREPARE if row.account_id else What.NAME_ACCOUNT), due_on, path

    def _term(self, today: date) -> date | None:
        last_day = self.row.decide_by
        return decision_term(last_day, self.asked.values(), today) if self.asked else last_day


def talk_item(row: dict[str, Any], today: date) -> Item:
    """A message that waits for an answer of the municipality, or a question to an applicant with a last day."""
    if row["side"] == Side.APPLICANT:
        what, due_on = What.TALK, answer_by(row["written_at"])
    else:
        due_on = row["reply_by"]
        what = What.REPLY if today <= due_on else What.NO_REPLY
    path = f"/gemeente/aanvragen/{row['public_id']}/berichten"
    return Item(what, due_on, path, row["title"], row["number"], year=row["year"])


def round_items(
    row: OpenRound, at: Phase, in_stage: Counter[tuple[int, str]], now: datetime
) -> Iterator[Item]:
    """What is done for a whole round at once, with how many applications it is about."""
    path, title, year = f"/gemeente/rondes/{row.public_id}", row.title, row.year
    match at:
        case Phase.UPCOMING if row.opened_at is None and now < row.closes_at:
            opens_on = calendar.local(row.opens_at).date()
            yield Item(What.OPEN_ROUND, opens_on, path, title, year=year)
        case Phase.COUNTED:
            times = in_stage[row.id, Stage.ALLOCATED.value]
            yield Item(What.ADOPT, row.decide_by, f"{path}/overnemen", title, times=times, year=year)
        case Phase.DECIDED:
            times = in_stage[row.id, Stage.DECIDED.value]
            yield Item(What.ANNOUNCE, row.decide_by, f"{path}/bekendmaken", title, times=times, year=year)
        case Phase.ANNOUNCED if row.announced_at:
            due_on = calendar.local(row.announced_at).date() + timedelta(weeks=PUBLISH_WEEKS)
            yield Item(What.PUBLISH, due_on, f"{path}/publiceren", title, year=year)
        case Phase.PUBLISHED:
            last_day = date(year, 12, 31)
            ended_on = last_day if calendar.local(now).date() > last_day else None
            yield Item(What.CLOSE_YEAR, ended_on, f"/gemeente/jaar/{year}/sluiten", title, year=year)
