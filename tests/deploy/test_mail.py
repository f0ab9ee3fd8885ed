"""Messages as they are composed: one receiver, nothing of the text in a header, the same at every try."""

from email import message_from_bytes, policy

import pytest

from deploy.mail import DemoLine, NotTaken, SmtpLine, line_for
from deploy.settings import from_environment
from grants.letter import message_id
from tests.factories import DECIDING
from tests.letters import message_to

FROM = '"Gemeente Vlietstad, “Meedoen”" <fonds@vlietstad.example>'


def test_a_letter_as_a_message() -> None:
    message = message_from_bytes(message_to(mail_from=FROM).as_bytes(), policy=policy.default)
    assert message["Message-ID"] == f"<{message_id('k', 'fatma@voorbeeld.example')}@vlietstad.example>"
    assert message["Date"].datetime == DECIDING
    assert message["From"].addresses[0].display_name == "Gemeente Vlietstad, “Meedoen”"
    assert (message["To"], message["Reply-To"]) == ("fatma@voorbeeld.example", "team@vlietstad.example")
    assert (message["Subject"], message["Content-Language"]) == ("Bericht over uw aanvraag", "nl")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "U krijgt €\u00a05.\r\n")
    assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>U krijgt €\u00a05.</p>\r\n")
    assert message_to().as_bytes().isascii()


def test_a_long_name_of_our_own_does_not_break_the_message_id() -> None:
    domain = "een-heel-lange-naam.van-een-gemeente-met-omstreken.participatiefonds.vlietstad.example"
    message = message_from_bytes(message_to(mail_from=f"fonds@{domain}").as_bytes(), policy=policy.default)
    assert message["Message-ID"] == f"<{message_id('k', 'fatma@voorbeeld.example')}@{domain}>"


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@elders.example", "a\nBcc: x@elders.example", "a\rBcc: x"])
def test_no_text_becomes_a_header(nasty: str) -> None:
    message = message_from_bytes(message_to(subject=nasty, reply_to=nasty).as_bytes(), policy=policy.default)
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
        message_to(address)
    assert refused.value.for_good


def test_the_settings_choose_the_line() -> None:
    secret = {"MEEBESLIS_SECRET_KEY": "k"}
    assert line_for(from_environment(secret)) is None
    assert isinstance(line_for(from_environment(secret | {"MEEBESLIS_DEMO": "1"})), DemoLine)
    served = {"MEEBESLIS_DEMO": "1", "MEEBESLIS_SMTP_URL": "smtp://127.0.0.1"}
    assert isinstance(line_for(from_environment(secret | served)), SmtpLine)
