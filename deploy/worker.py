"""Posting letters: what is due is leased, written, handed over and noted, one letter at a time.

Any number of these may run at once. Nothing is written or sent inside a transaction, the server's yes is
noted at once, and who slept past a lease sends nothing: only a lost answer can make a letter go out twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from enum import Enum
from typing import Any, NamedTuple

from deploy.busy import Busy
from deploy.mail import MOST_WORDS, SENDING, Line, NoLine, NotTaken, compose, line_for
from deploy.settings import CannotStart, Settings
from grants.errors import Sentence
from grants.steps import post
from grants.store import letters
from grants.store.outbox import LetterRow
from grants.web.render import Contact, Site, render_letter

Clock = Callable[[], datetime]

INTERVAL = 1.0
"""Seconds between two looks at the outbox: whoever signs in waits for this."""
LONGEST_WAIT = 60.0
"""Seconds between two calls to a mail server that is away."""
TROUBLES = 3
"""After so many letters in a row for which the line went dead, it is left alone for a while."""
NOTING_AGAIN = (0.1, 0.5, 2.0, 5.0)
"""Seconds between tries to write down what became of a letter while the database is busy."""

TOO_LATE = Sentence("De brief kon pas weg toen hij geen zin meer had.")

log = logging.getLogger(__name__)


def utcnow() -> datetime:
    return datetime.now(UTC)


class Outcome(Enum):
    """What became of one letter."""

    SENT = "sent"
    FAILED = "failed"
    TROUBLE = "trouble"
    LEFT = "left"


class Drained(NamedTuple):
    """How a drain went; `away` says why it ended early, if the mail server could not be used."""

    sent: int = 0
    failed: int = 0
    away: str = ""

    def counting(self, outcome: Outcome) -> Drained:
        """This, with one letter more."""
        failed = outcome in (Outcome.FAILED, Outcome.TROUBLE)
        return self._replace(sent=self.sent + (outcome is Outcome.SENT), failed=self.failed + failed)


@dataclass(frozen=True)
class Sender:
    """What goes into every letter beside its facts."""

    site: Site
    mail_from: str
    secret_key: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Sender:
        return cls(Site(settings.base_url, demo=settings.demo), settings.mail_from, settings.secret_key)

    async def render(self, row: LetterRow) -> tuple[str, str, str]:
        """Subject, plain text and HTML, as the receiver reads them."""
        facts, site = await self._known(row)
        return render_letter(row.kind, facts, row.language, site)

    async def write(self, row: LetterRow, now: datetime) -> EmailMessage:
        """The letter as a message. Raises NotTaken when it is too late for it, or the address is none."""
        facts, site = await self._known(row)
        if (expires_at := facts.get("expires_at")) is not None and expires_at <= now:
            raise NotTaken(TOO_LATE, for_good=True)
        subject, text, html = render_letter(row.kind, facts, row.language, site)
        return compose(row, subject, text, html, mail_from=self.mail_from, reply_to=site.contact.email)

    async def _known(self, row: LetterRow) -> tuple[dict[str, Any], Site]:
        facts = await letters.facts(row) | letters.sign_in_keys(row, self.secret_key)
        return facts, letterhead(self.site, facts.pop("fund"))


def letterhead(site: Site, fund: dict[str, Any] | None) -> Site:
    """The site under the name and with the contact of the fund that writes."""
    if fund is None:
        return site
    contact = Contact(*(fund["contact"].get(name, "") for name in Contact._fields))
    return replace(site, name=fund["name"], municipality=fund["municipality"], contact=contact)


async def run(settings: Settings, stop: asyncio.Event, *, clock: Clock = utcnow) -> None:
    """Post letters until `stop` is set. The database must be open where this is called.

    Nothing that goes wrong ends it: a mail server or database that is away is called again, ever less often.
    """
    line = line_for(settings)
    if line is None:
        log.warning("MEEBESLIS_SMTP_URL is not set: letters stay in the outbox")
        await stop.wait()
        return
    sender = Sender.of(settings)
    wait = INTERVAL
    while not stop.is_set():
        well = await _drained_well(clock, line, sender, stop)
        wait = INTERVAL if well else min(2 * wait, LONGEST_WAIT)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)


async def drain_all(settings: Settings, *, clock: Clock = utcnow) -> int:
    """Post what is due now; returns how many letters were taken. Raises CannotStart if none can be posted."""
    line = line_for(settings)
    if line is None:
        raise CannotStart("MEEBESLIS_SMTP_URL is not set: letters stay in the outbox.")
    done = await drain(clock, line, Sender.of(settings))
    if done.away:
        raise CannotStart(f"The mail server of MEEBESLIS_SMTP_URL cannot be used: {done.away}")
    return done.sent


async def drain(clock: Clock, line: Line, sender: Sender, stop: asyncio.Event | None = None) -> Drained:
    """Post every letter that is due, until none is left, `stop` is set or the mail server goes away.

    The server is called before a letter is leased: an outage costs no letter a try.
    """
    done, troubles = Drained(), 0
    try:
        while not (stop and stop.is_set()) and await letters.waiting(clock()):
            await line.ready()
            leased = await post.lease(clock(), limit=1)
            if not leased:
                break
            outcome = await deliver(leased[0], clock, line, sender)
            done = done.counting(outcome)
            troubles = troubles + 1 if outcome is Outcome.TROUBLE else 0
            if troubles == TROUBLES:
                return done._replace(away="the line went dead again and again")
    except NoLine as failure:
        return done._replace(away=str(failure))
    finally:
        await line.close()
    return done


async def deliver(row: LetterRow, clock: Clock, line: Line, sender: Sender) -> Outcome:
    """Write one leased letter, hand it over, and note what became of it."""
    try:
        message = await sender.write(row, clock())
        if clock() + timedelta(seconds=SENDING) > (row.leased_until or clock()):
            return Outcome.LEFT
        await line.hand_over(message)
    except NotTaken as answer:
        return await _not_taken(row, answer, clock)
    except Busy:
        raise  # no letter's fault: its lease runs out, and it is taken up again
    except Exception as wrong:
        log.exception("letter %s (%s) could not be written", row.public_id, row.kind)
        what = f"{type(wrong).__name__}: {wrong}"[:MOST_WORDS]
        unwritten = Sentence("De brief kon niet worden gemaakt: {what}", {"what": what})
        return await _not_taken(row, NotTaken(unwritten), clock)
    await _surely(lambda: post.note_sent(row, clock()))
    log.info("letter %s (%s) was taken at try %d", row.public_id, row.kind, row.attempts)
    return Outcome.SENT


async def _not_taken(row: LetterRow, answer: NotTaken, clock: Clock) -> Outcome:
    await _surely(lambda: post.note_failed(row, answer.said, clock(), for_good=answer.for_good))
    log.warning(
        "letter %s (%s) was not taken at try %d%s",
        row.public_id,
        row.kind,
        row.attempts,
        ", for good" if answer.for_good else "",
    )
    return Outcome.TROUBLE if answer.not_letter else Outcome.FAILED


async def _surely(note: Callable[[], Awaitable[object]]) -> None:
    """Write down what became of a letter, also when the database is busy: else it would be sent again."""
    for wait in NOTING_AGAIN:
        try:
            await note()
        except Busy:
            await asyncio.sleep(wait)
        else:
            return
    await note()


async def _drained_well(clock: Clock, line: Line, sender: Sender, stop: asyncio.Event) -> bool:
    try:
        done = await drain(clock, line, sender, stop)
    except Exception:
        log.exception("posting letters was interrupted")
        return False
    if done.away:
        log.error("the mail server cannot be used: %s", done.away)
    return not done.away
