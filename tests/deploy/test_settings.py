import dataclasses

import pytest

from deploy.settings import CannotStart, Settings, Smtp, from_environment

SECRET = {"MEEBESLIS_SECRET_KEY": "kept in a safe"}
DEMO = {"MEEBESLIS_DEMO": "1"}


def read(**given: str) -> Settings:
    return from_environment(SECRET | {f"MEEBESLIS_{name}": value for name, value in given.items()})


def test_defaults() -> None:
    settings = from_environment(SECRET)
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("/var/meebeslis.sqlite3")
    assert settings.files_url.endswith("/var/files")
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.mail_from == "Meebeslis <meebeslis@localhost>"
    assert (settings.secret_key, settings.field_key) == ("kept in a safe", "kept in a safe")
    assert (settings.smtp, settings.demo, settings.https) == (None, False, False)
    assert (settings.theme_class, settings.theme_css) == ("", "")


@pytest.mark.parametrize(
    "given", [{"THEME_CSS": "town.css"}, {"THEME_CLASS": "two words"}, {"THEME_CLASS": "1"}]
)
def test_a_theme_has_one_class(given: dict[str, str]) -> None:
    with pytest.raises(CannotStart, match="MEEBESLIS_THEME_CLASS"):
        read(**given)
    settings = read(THEME_CSS="town.css", THEME_CLASS="town-theme")
    assert (settings.theme_class, settings.theme_css) == ("town-theme", "town.css")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read(BASE_URL="", SMTP_URL=" ", DEMO="") == from_environment(SECRET)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        from_environment(SECRET).demo = True  # type: ignore[misc]


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    shown = repr(
        read(DATABASE_URL="postgres://u:geheim@db/n", SMTP_URL="smtps://u:geheim@mail", FIELD_KEY="geheim")
    )
    assert "geheim" not in shown
    assert "kept in a safe" not in shown


def test_sealed_fields_have_a_key_of_their_own_where_one_is_given() -> None:
    settings = read(FIELD_KEY="kept in another safe")
    assert (settings.secret_key, settings.field_key) == ("kept in a safe", "kept in another safe")


def test_base_url_of_a_public_service() -> None:
    settings = read(BASE_URL="https://fonds.example.nl/")
    assert (settings.base_url, settings.https) == ("https://fonds.example.nl", True)
    assert settings.mail_from == "Meebeslis <meebeslis@fonds.example.nl>"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "127.9.9.9"])
def test_demo_on_this_machine_needs_no_secret(host: str) -> None:
    settings = from_environment(DEMO | {"MEEBESLIS_BASE_URL": f"http://{host}"})
    assert settings.demo
    assert settings.secret_key
    assert settings.field_key


@pytest.mark.parametrize(
    ("url", "smtp"),
    [
        ("smtp://mail.example.nl", Smtp("mail.example.nl", 25)),
        ("smtps://mail.example.nl", Smtp("mail.example.nl", 465, tls=True)),
        ("smtp://127.0.0.1:2525?starttls=0", Smtp("127.0.0.1", 2525)),
        (
            "smtp://fonds%40example.nl:p%2Fw%3F@mail.example.nl:587?starttls=1",
            Smtp("mail.example.nl", 587, "fonds@example.nl", "p/w?", starttls=True),
        ),
    ],
)
def test_smtp_address(url: str, smtp: Smtp) -> None:
    assert read(SMTP_URL=url).smtp == smtp


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:geheim@db/n"),
        ("DATABASE_URL", "postgres://u:geheim@db:many/n"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "fonds.sqlite3"),
        ("BASE_URL", "fonds.example.nl"),
        ("BASE_URL", "ftp://fonds.example.nl"),
        ("BASE_URL", "https://fonds.example.nl/?a=b"),
        ("BASE_URL", "https://[fonds"),
        ("SMTP_URL", "mail.example.nl"),
        ("SMTP_URL", "smtp://u:geheim@mail.example.nl:many"),
        ("SMTP_URL", "smtp://u:geheim@mail.example.nl"),
        ("SMTP_URL", "smtp://u:geheim@mail.example.nl?starttls=yes"),
        ("SMTP_URL", "smtp://u:geheim@mail.example.nl?tls=1"),
        ("SMTP_URL", "smtps://u:geheim@mail.example.nl?starttls=1"),
        ("MAIL_FROM", "fonds"),
        ("MAIL_FROM", "fonds@example.nl\r\nBcc: a@example.nl"),
        ("FILES_URL", "/srv/files"),
        ("DEMO", "yes"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(CannotStart) as refused:
        read(**{name: value})
    assert f"MEEBESLIS_{name}" in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert str(refused.value).endswith((".", "...", "nl>"))


def test_no_secret_key_is_refused_outside_a_demonstration() -> None:
    with pytest.raises(CannotStart, match="MEEBESLIS_SECRET_KEY is not set"):
        from_environment({})


@pytest.mark.parametrize("host", ["fonds.example.nl", "192.168.1.9", "0.0.0.0", "127.0.0.1.example.nl"])
def test_a_demonstration_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(CannotStart, match="MEEBESLIS_DEMO=1 lets anybody sign in"):
        from_environment(DEMO | SECRET | {"MEEBESLIS_BASE_URL": f"http://{host}:8000"})
