"""Messages as they are composed, and the line to a real mail server: open, locked, lost and refusing."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.mail import DemoLine, NoLine, NotTaken, SmtpLine, compose, line_for
from deploy.settings import Smtp, from_environment
from grants.letter import message_id
from grants.store.outbox import LetterRow
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.anyio
FROM = '"Gemeente Vlietstad, “Meedoen”" <fonds@vlietstad.example>'
QUEUED = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)


def row(email: str = "fatma@voorbeeld.example") -> LetterRow:
    return LetterRow(email=email, language="nl", message_id=message_id("k", email), queued_at=QUEUED)


def letter(email: str = "fatma@voorbeeld.example", **changed: str) -> EmailMessage:
    parts = {
        "subject": "Bericht over uw aanvraag",
        "text": "U krijgt € 5.\n",
        "html": "<p>U krijgt € 5.</p>\n",
    }
    return compose(
        row(email), **{**parts, "mail_from": FROM, "reply_to": "team@vlietstad.example", **changed}
    )


def smtp_line(server: SmtpServer, **options: float) -> SmtpLine:
    return SmtpLine(Smtp("127.0.0.1", server.port), "vlietstad.example", **options)


def test_a_letter_as_a_message() -> None:
    message = message_from_bytes(letter().as_bytes(), policy=policy.default)
    assert message["Message-ID"] == f"<{message_id('k', 'fatma@voorbeeld.example')}@vlietstad.example>"
    assert message["Date"].datetime == QUEUED
    assert message["From"].addresses[0].display_name == "Gemeente Vlietstad, “Meedoen”"
    assert (message["To"], message["Reply-To"]) == ("fatma@voorbeeld.example", "team@vlietstad.example")
    assert (message["Subject"], message["Content-Language"]) == ("Bericht over uw aanvraag", "nl")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "U krijgt € 5.\r\n")
    assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>U krijgt € 5.</p>\r\n")
    assert letter().as_bytes().isascii()


def test_a_long_name_of_our_own_does_not_break_the_message_id() -> None:
    domain = "een-heel-lange-naam.van-een-gemeente-met-omstreken.participatiefonds.vlietstad.example"
    message = message_from_bytes(letter(mail_from=f"fonds@{domain}").as_bytes(), policy=policy.default)
    assert message["Message-ID"] == f"<{message_id('k', 'fatma@voorbeeld.example')}@{domain}>"


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@elders.example", "a\nBcc: x@elders.example", "a\rBcc: x"])
def test_no_text_becomes_a_header(nasty: str) -> None:
    message = message_from_bytes(letter(subject=nasty, reply_to=nasty).as_bytes(), policy=policy.default)
    assert message["Bcc"] is None
    assert message["Reply-To"] is None
    assert str(message["Subject"]) == " ".join(nasty.split())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "fatma",
        "@b.example",
        "a@",
        "a@b.example, c@d.example",
        "F <a@b.example>",
        "a@b.example\r\nBcc: c@d.example",
    ],
)
def test_what_is_not_one_address_gets_no_mail(address: str) -> None:
    with pytest.raises(NotTaken, match="geen adres") as refused:
        letter(address)
    assert refused.value.for_good


def test_the_settings_choose_the_line() -> None:
    secret = {"MEEBESLIS_SECRET_KEY": "k"}
    assert line_for(from_environment(secret)) is None
    assert isinstance(line_for(from_environment(secret | {"MEEBESLIS_DEMO": "1"})), DemoLine)
    served = {"MEEBESLIS_DEMO": "1", "MEEBESLIS_SMTP_URL": "smtp://127.0.0.1"}
    assert isinstance(line_for(from_environment(secret | served)), SmtpLine)


async def test_letters_follow_each_other_on_one_connection(smtp: SmtpServer) -> None:
    line = smtp_line(smtp)
    ports = set()
    for name in ("an", "bo", "cem"):
        await line.ready()
        ports.add(line._client.get_transport_info("sockname")[1])
        await line.hand_over(letter(f"{name}@voorbeeld.example"))
    await line.close()
    assert len(ports) == 1
    assert [mail.recipients for mail in smtp.mails] == [
        [f"{n}@voorbeeld.example"] for n in ("an", "bo", "cem")
    ]
    assert {mail.sender for mail in smtp.mails} == {"fonds@vlietstad.example"}


async def test_an_address_with_an_accent_arrives(smtp: SmtpServer) -> None:
    line = smtp_line(smtp)
    await line.ready()
    await line.hand_over(letter("josé@voorbeeld.example"))
    await line.close()
    assert smtp.mails[0].recipients == ["josé@voorbeeld.example"]


@pytest.mark.parametrize(
    ("mode", "said", "for_good", "not_letter"),
    [
        ("refuse", "550 5.1.1 No such person here", True, False),
        ("defer", "451 4.7.1 Try again later", False, False),
        ("cut", "De verbinding met de mailserver viel weg", False, True),
        ("stall", "De verbinding met de mailserver viel weg", False, True),
    ],
)
async def test_what_an_answer_says_of_a_letter(
    smtp: SmtpServer, mode: Any, said: str, for_good: bool, not_letter: bool
) -> None:
    line = smtp_line(smtp, sending=0.5)
    smtp.mode = mode
    await line.ready()
    with pytest.raises(NotTaken, match=said) as answer:
        await line.hand_over(letter())
    assert (answer.value.for_good, answer.value.not_letter) == (for_good, not_letter)
    smtp.mode = "ok"
    await line.ready()
    await line.hand_over(letter("volgende@voorbeeld.example"))
    await line.close()
    assert smtp.mails[-1].recipients == ["volgende@voorbeeld.example"]


class Grumpy:
    """Answers one command with a line of its own."""

    def __init__(self, command: str, answer: str) -> None:
        async def grumble(*_: Any) -> str:
            return answer

        setattr(self, f"handle_{command}", grumble)


@pytest.mark.parametrize(
    ("command", "answer", "for_good", "not_letter"),
    [
        ("MAIL", "550 5.7.1 You may not send", False, True),
        ("MAIL", "452 4.3.1 Too busy", False, True),
        ("RCPT", "452 4.2.2 Mailbox full", False, False),
        ("DATA", "554 5.6.0 Content refused", True, False),
        ("DATA", "421 4.3.2 Going down", False, True),
    ],
)
async def test_only_a_refused_receiver_or_content_is_final(
    command: str, answer: str, for_good: bool, not_letter: bool
) -> None:
    with serving(Grumpy(command, answer)) as port:
        line = SmtpLine(Smtp("127.0.0.1", port), "vlietstad.example")
        await line.ready()
        with pytest.raises(NotTaken, match=answer) as refused:
            await line.hand_over(letter())
        await line.close()
    assert (refused.value.for_good, refused.value.not_letter) == (for_good, not_letter)


async def test_a_server_that_is_away_is_no_line() -> None:
    line = SmtpLine(Smtp("127.0.0.1", free_port()), "vlietstad.example")
    with pytest.raises(NoLine):
        await line.ready()
    await line.close()


@contextmanager
def serving(handler: Any, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The server's side of TLS, with a certificate that this machine trusts for now."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return tls_of(certificate)


def knows(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    return lambda *parts: AuthResult(success=parts[-1] == LoginPassword(user, password), handled=False)


@pytest.mark.parametrize("password", ["geheim", "fout"])
async def test_signing_in_after_starttls(trusted: ssl.SSLContext, password: str) -> None:
    server = SmtpServer(0)
    options = {"tls_context": trusted, "require_starttls": True, "auth_required": True}
    with serving(server, authenticator=knows(b"fonds", b"geheim"), **options) as port:
        line = SmtpLine(Smtp("localhost", port, "fonds", password, starttls=True), "vlietstad.example")
        if password == "fout":
            with pytest.raises(NoLine, match="535"):
                await line.ready()
        else:
            await line.ready()
            await line.hand_over(letter())
        await line.close()
    assert len(server.mails) == (password == "geheim")


async def test_tls_from_the_first_byte(trusted: ssl.SSLContext) -> None:
    server = SmtpServer(0)
    with serving(server, ssl_context=trusted, server_hostname="localhost") as port:
        line = SmtpLine(Smtp("localhost", port, tls=True), "vlietstad.example")
        await line.ready()
        await line.hand_over(letter())
        await line.close()
    assert len(server.mails) == 1


async def test_a_server_that_cannot_prove_its_name_gets_no_letter(certificate: Path) -> None:
    server = SmtpServer(0)
    with serving(server, tls_context=tls_of(certificate)) as port:
        line = SmtpLine(Smtp("localhost", port, starttls=True), "vlietstad.example")
        with pytest.raises(NoLine):
            await line.ready()
        await line.close()
    assert server.mails == []
