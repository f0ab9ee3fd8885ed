"""A real SMTP server on loopback that can misbehave, and keeps what it took."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.ports import free_port

Mode = Literal["ok", "defer", "refuse", "cut", "cut-after", "stall"]


@dataclass(frozen=True)
class Mail:
    """One mail the server took. `answered` tells whether the sender heard so."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    answered: bool

    def body(self, kind: str = "plain") -> str:
        """The text as a mail program shows it, `plain` or `html`."""
        part = self.message.get_body((kind,))
        assert part is not None, f"this mail has no {kind} part"
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class SmtpServer:
    """Change `mode` at any time.

    ok         takes every mail
    defer      451 at the first try of a Message-ID, takes the next
    refuse     550 for every receiver
    cut        takes the mail, and drops the connection instead of answering: the sender cannot know
    cut-after  takes the mail, answers, and drops the connection
    stall      never answers once it has the mail, and does not take it
    """

    port: int
    mode: Mode = "ok"
    mails: list[Mail] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def wait_for(self, number: int, seconds: float = 20) -> list[Mail]:
        """Return the mails once there are that many; for senders in another process."""
        until = time.monotonic() + seconds
        while len(self.mails) < number and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.mails) >= number, f"{len(self.mails)} of {number} mails came within {seconds} s"
        return self.mails

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks the hook up by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.mode == "refuse":
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        message: Any = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        message_id = str(message["Message-ID"])
        first_try = message_id not in self.attempts
        self.attempts.append(message_id)
        if self.mode == "defer" and first_try:
            return "451 4.7.1 Try again later"
        if self.mode == "stall":
            await asyncio.sleep(3600)
        answered = self.mode != "cut"
        self.mails.append(Mail(envelope.mail_from or "", list(envelope.rcpt_tos), message, answered))
        if self.mode == "cut-after":
            await server.push("250 OK")
        if self.mode in {"cut", "cut-after"}:
            server.transport.close()
        return "250 OK"


@contextmanager
def running_smtp() -> Iterator[SmtpServer]:
    """Run a server of its own for as long as the block lasts."""
    server = SmtpServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
