"""Handing letters to a mail server: settings become a line, a letter a message, an answer a verdict."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Protocol

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from deploy.settings import Settings, Smtp
from grants.errors import Sentence
from grants.language import tag
from grants.store.outbox import LetterRow

CONNECTING = 20.0
"""Seconds within which the server must answer when it is called."""
SENDING = 90.0
"""Seconds for handing over one letter: shorter than its lease, long enough for a server that filters."""

MOST_WORDS = 400
"""Characters that are kept of what a server says."""


class NoLine(Exception):
    """The mail server cannot be reached, or does not let us in. That is no letter's fault."""


class NotTaken(Exception):
    """The server did not take this letter; `said` is read by whoever must reach the person another way.

    `for_good`: its answer is final.
    `not_letter`: the trouble lies with the line or the server, and the next letter would meet it as well.
    """

    def __init__(self, said: Sentence, *, for_good: bool = False, not_letter: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.for_good = for_good
        self.not_letter = not_letter


class Line(Protocol):
    """A way to hand over letters, kept open from one to the next."""

    async def ready(self) -> None:
        """Make sure that somebody listens. Raises NoLine."""

    async def hand_over(self, message: EmailMessage) -> None:
        """Return when the other side has taken the message. Raises NotTaken."""

    async def close(self) -> None:
        """Hang up; `ready` may open the line again."""


class SmtpLine:
    """One connection to the mail server, opened when needed and kept for the next letter."""

    def __init__(self, smtp: Smtp, our_name: str, *, sending: float = SENDING) -> None:
        self._sending = sending
        self._client = aiosmtplib.SMTP(
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.user or None,
            password=smtp.password or None,
            use_tls=smtp.tls,
            start_tls=smtp.starttls,
            local_hostname=our_name,
            timeout=CONNECTING,
        )

    async def ready(self) -> None:
        """Ask whether the server is still there, and connect anew when it is not."""
        if self._client.is_connected and await self._still_there():
            return
        try:
            await self._client.connect()
        except (SMTPException, OSError) as failure:
            raise NoLine(_words(failure)) from failure

    async def hand_over(self, message: EmailMessage) -> None:
        """Send one message to its one receiver."""
        sender, receiver = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        plain = (sender + receiver).isascii()
        options = [] if plain else ["SMTPUTF8"]
        content = message.as_bytes(policy=policy.SMTP if plain else policy.SMTPUTF8)
        try:
            async with asyncio.timeout(self._sending):
                await self._client.sendmail(
                    sender, [receiver], content, mail_options=options, timeout=self._sending
                )
        except (SMTPException, OSError, ValueError) as failure:
            verdict = _verdict(failure)
            if verdict.not_letter:
                self._client.close()
            raise verdict from failure
        except asyncio.CancelledError:
            self._client.close()
            raise

    async def close(self) -> None:
        """Take leave, or just hang up where nobody answers."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit()
        self._client.close()

    async def _still_there(self) -> bool:
        try:
            await self._client.noop()
        except (SMTPException, OSError):
            self._client.close()
        return self._client.is_connected


class DemoLine:
    """Takes every letter and sends none: in a demonstration people read them on the mailbox page."""

    async def ready(self) -> None:
        """Always."""

    async def hand_over(self, message: EmailMessage) -> None:
        """The outbox has kept it already."""

    async def close(self) -> None:
        """Nothing is open."""


def line_for(settings: Settings) -> Line | None:
    """How this installation posts its letters; None: they stay in the outbox until a mail server is named."""
    if settings.smtp is not None:
        return SmtpLine(settings.smtp, domain_of(settings.mail_from))
    return DemoLine() if settings.demo else None


def domain_of(mail_from: str) -> str:
    """What stands behind the @ of our own address: our name towards other servers."""
    return parseaddr(mail_from)[1].rpartition("@")[2]


def compose(
    row: LetterRow, subject: str, text: str, html: str, *, mail_from: str, reply_to: str
) -> EmailMessage:
    """The letter as a message for its one receiver; a repeated try is the same message again.

    Raises NotTaken for good when no mail can be written to the address.
    """
    receiver = _address(row.email or "")
    if receiver is None or receiver.addr_spec != row.email:
        raise NotTaken(Sentence("Dit is geen adres waar mail naartoe kan."), for_good=True)
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"] = f"<{row.message_id}@{domain_of(mail_from)}>"
    message["Date"] = row.queued_at
    message["From"] = _address(mail_from)
    message["To"] = receiver
    if (answers_to := _address(reply_to)) is not None:
        message["Reply-To"] = answers_to
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = tag(row.language)  # last: making alternatives moves it to the first of them
    return message


def _address(written: str) -> Address | None:
    """The one address in a text, in a form that cannot add a header or a receiver; None if there is none."""
    name, spec = parseaddr(" ".join(written.split()))
    user, _, domain = spec.rpartition("@")
    if not user or not domain or not written.isprintable():
        return None
    return Address(display_name=name, username=user, domain=domain)


def _verdict(failure: Exception) -> NotTaken:
    """What a failure says of the letter: only a refused receiver or content (5xx) is final.

    A refused sender or greeting means that something is set up wrongly, or that the server is too busy.
    """
    match failure:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refused, *_]):
            return _of_letter(refused)
        case aiosmtplib.SMTPDataError():
            return _of_letter(failure)
        case aiosmtplib.SMTPNotSupported() | ValueError():
            no_way = Sentence(
                "De mailserver kan niet naar dit adres sturen: {words}", {"words": _words(failure)}
            )
            return NotTaken(no_way, for_good=True)
        case SMTPResponseException():
            return NotTaken(server_says(_words(failure)), not_letter=True)
    cut_off = Sentence("De verbinding met de mailserver viel weg: {words}", {"words": _words(failure)})
    return NotTaken(cut_off, not_letter=True)


def _of_letter(failure: SMTPResponseException) -> NotTaken:
    return NotTaken(
        server_says(_words(failure)), for_good=failure.code >= 500, not_letter=failure.code == 421
    )


def server_says(words: str) -> Sentence:
    """Why a letter was not taken, in the words of the server, which speaks whatever language it likes."""
    return Sentence("De mailserver zegt: {words}", {"words": words})


def _words(failure: Exception) -> str:
    """What the server said, or what happened, on one line and not without end."""
    if isinstance(failure, SMTPResponseException):
        return f"{failure.code} {' '.join(failure.message.split())}"[:MOST_WORDS]
    return " ".join(str(failure).split())[:MOST_WORDS] or type(failure).__name__
