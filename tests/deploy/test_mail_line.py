"""The line to a real mail server: open, locked, lost, slow and refusing."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.mail import NoLine, NotTaken, SmtpLine
from deploy.settings import Smtp
from tests.letters import line_to, message_to
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.anyio


async def test_letters_follow_each_other_on_one_connection(smtp: SmtpServer) -> None:
    line = line_to(smtp)
    ports = set()
    for name in ("an", "bo", "cem"):
        await line.ready()
        ports.add(line._client.get_transport_info("sockname")[1])
        await line.hand_over(message_to(f"{name}@voorbeeld.example"))
    await line.close()
    assert len(ports) == 1
    assert [mail.recipients for mail in smtp.mails] == [
        [f"{n}@voorbeeld.example"] for n in ("an", "bo", "cem")
    ]
    assert {mail.sender for mail in smtp.mails} == {"fonds@vlietstad.example"}


async def test_an_address_with_an_accent_arrives(smtp: SmtpServer) -> None:
    line = line_to(smtp)
    await line.ready()
    await line.hand_over(message_to("josé@voorbeeld.example"))
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
    line = line_to(smtp, sending=0.5)
    smtp.mode = mode
    await line.ready()
    with pytest.raises(NotTaken, match=said) as answer:
        await line.hand_over(message_to())
    assert (answer.value.for_good, answer.value.not_letter) == (for_good, not_letter)
    smtp.mode = "ok"
    await line.ready()
    await line.hand_over(message_to("volgende@voorbeeld.example"))
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
            await line.hand_over(message_to())
        await line.close()
    assert (refused.value.for_good, refused.value.not_letter) == (for_good, not_letter)


async def test_a_server_that_said_goodbye_between_two_letters_is_called_again() -> None:
    with serving(Grumpy("NOOP", "421 4.4.2 Idle for too long")) as port:
        line = SmtpLine(Smtp("127.0.0.1", port), "vlietstad.example")
        ports = set()
        for _ in range(2):
            await line.ready()
            ports.add(line._client.get_transport_info("sockname")[1])
            await line.hand_over(message_to())
        await line.close()
    assert len(ports) == 2


class Slow(SmtpServer):
    """Takes its time for each command of the first letter; together that is too long."""

    async def handle_MAIL(self, *parts: Any) -> str:  # noqa: N802 - aiosmtpd looks the hook up by this name
        parts[2].mail_from = parts[3]
        return await self._answer()

    async def handle_RCPT(self, *parts: Any) -> str:  # noqa: N802 - as above
        parts[2].rcpt_tos.append(parts[3])
        return await self._answer()

    async def _answer(self) -> str:
        self.attempts.append("command")
        await asyncio.sleep(0.3 if len(self.attempts) < 3 else 0)
        return "250 OK"


async def test_a_letter_as_a_whole_has_its_time() -> None:
    """Each answer came in time, but another worker may take the letter up; the next one has a fresh line."""
    server = Slow(0)
    with serving(server) as port:
        line = SmtpLine(Smtp("127.0.0.1", port), "vlietstad.example", sending=0.5)
        await line.ready()
        with pytest.raises(NotTaken) as failure:
            await line.hand_over(message_to())
        assert failure.value.not_letter
        await line.ready()
        await line.hand_over(message_to("volgende@voorbeeld.example"))
        await line.close()
    assert [mail.recipients for mail in server.mails] == [["volgende@voorbeeld.example"]]


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
            await line.hand_over(message_to())
        await line.close()
    assert len(server.mails) == (password == "geheim")


async def test_no_letter_goes_unlocked_where_a_lock_was_asked_for(smtp: SmtpServer) -> None:
    line = SmtpLine(Smtp("127.0.0.1", smtp.port, starttls=True), "vlietstad.example")
    with pytest.raises(NoLine, match="STARTTLS"):
        await line.ready()
    await line.close()
    assert smtp.mails == []


async def test_tls_from_the_first_byte(trusted: ssl.SSLContext) -> None:
    server = SmtpServer(0)
    with serving(server, ssl_context=trusted, server_hostname="localhost") as port:
        line = SmtpLine(Smtp("localhost", port, tls=True), "vlietstad.example")
        await line.ready()
        await line.hand_over(message_to())
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
