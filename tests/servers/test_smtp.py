"""The mail server does what its modes promise, seen from a real sender."""

from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.servers.smtp import SmtpServer


def letter(message_id: str = "<1@example.org>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "fonds@example.org"
    message["To"] = "ann@example.org"
    message["Subject"] = "Uw aanvraag: €\u00a01.250"
    message["Message-ID"] = message_id
    message.set_content("Beste Ann,\n\nGoed nieuws.\n")
    return message


async def send(smtp: SmtpServer, message: EmailMessage, seconds: float = 5) -> None:
    await aiosmtplib.send(message, hostname="127.0.0.1", port=smtp.port, timeout=seconds)


async def test_ok_keeps_the_mail_as_it_was_sent(smtp: SmtpServer) -> None:
    await send(smtp, letter())
    [mail] = smtp.wait_for(1)
    assert (mail.sender, mail.recipients, mail.answered) == ("fonds@example.org", ["ann@example.org"], True)
    assert mail.message["Subject"] == "Uw aanvraag: €\u00a01.250"
    assert mail.body() == "Beste Ann,\n\nGoed nieuws.\n"


async def test_defer_says_later_once_for_each_mail(smtp: SmtpServer) -> None:
    smtp.mode = "defer"
    for message_id in ("<1@example.org>", "<2@example.org>"):
        with pytest.raises(aiosmtplib.SMTPDataError, match="451"):
            await send(smtp, letter(message_id))
        await send(smtp, letter(message_id))
    assert len(smtp.mails) == 2
    assert smtp.attempts == ["<1@example.org>"] * 2 + ["<2@example.org>"] * 2


async def test_refuse_turns_every_receiver_away(smtp: SmtpServer) -> None:
    smtp.mode = "refuse"
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(smtp, letter())
    assert smtp.mails == []


async def test_cut_takes_the_mail_and_leaves_the_sender_in_doubt(smtp: SmtpServer) -> None:
    smtp.mode = "cut"
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(smtp, letter())
    assert [mail.answered for mail in smtp.mails] == [False]


async def test_cut_after_answers_first(smtp: SmtpServer) -> None:
    smtp.mode = "cut-after"
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=smtp.port, timeout=5)
    await client.connect()
    await client.send_message(letter())
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.send_message(letter("<2@example.org>"))
    assert [mail.answered for mail in smtp.mails] == [True]


async def test_stall_never_answers(smtp: SmtpServer) -> None:
    smtp.mode = "stall"
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await send(smtp, letter(), seconds=0.3)
    assert smtp.mails == []
