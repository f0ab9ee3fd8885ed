"""What this installation is told from outside: the environment, read once into one frozen object.

Nothing here reaches the two packages; what a step needs is handed to it. A start that would go wrong later is
refused now, with one sentence that names the variable and never its value: values may hold a password.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

DEFAULT_BASE_URL = "http://127.0.0.1:8000"
DEMO_KEY = "a demonstration, on this machine only"
SMTP_PORTS = {"smtp": 25, "smtps": 465}


class CannotStart(Exception):
    """One plain sentence for the operator: what is wrong with this installation, and what mends it."""


@dataclass(frozen=True)
class Smtp:
    """Where letters are handed over. `tls` from the first byte (smtps), `starttls` after the greeting."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False


@dataclass(frozen=True)
class Settings:
    """One installation. `smtp` is None where letters stay in the database.

    `field_key` seals account numbers. Without one of its own it is the secret key, and changing that one
    then makes what was sealed unreadable.
    """

    database_url: str = field(repr=False)
    base_url: str
    secret_key: str = field(repr=False)
    field_key: str = field(repr=False)
    smtp: Smtp | None
    mail_from: str
    files_url: str
    theme_class: str
    theme_css: str
    demo: bool

    @property
    def https(self) -> bool:
        """Whether people reach this service over TLS, so that cookies may be marked as secure."""
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the MEEBESLIS_ variables; an empty one counts as not set. Raises CannotStart."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    base_url = _base_url(given)
    demo = _demo(given, base_url)
    secret_key = _secret_key(given, demo=demo)
    return Settings(
        database_url=_database_url(given),
        base_url=base_url,
        secret_key=secret_key,
        field_key=given.get("MEEBESLIS_FIELD_KEY", secret_key),
        smtp=_smtp(given),
        mail_from=_mail_from(given, base_url),
        files_url=_files_url(given),
        theme_class=_theme_class(given),
        theme_css=given.get("MEEBESLIS_THEME_CSS", ""),
        demo=demo,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach that host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(given: Mapping[str, str]) -> str:
    url = given.get("MEEBESLIS_DATABASE_URL", f"sqlite://{_var() / 'meebeslis.sqlite3'}")
    parts = _split(url, "MEEBESLIS_DATABASE_URL")
    if parts.scheme not in {"sqlite", "postgres", "postgresql"} or not parts.netloc + parts.path:
        raise CannotStart(
            "MEEBESLIS_DATABASE_URL must look like sqlite:///path or postgres://user:password@host/name."
        )
    if ":memory:" in url:
        raise CannotStart("MEEBESLIS_DATABASE_URL names a database in memory: nothing would be kept.")
    return url


def _base_url(given: Mapping[str, str]) -> str:
    url = given.get("MEEBESLIS_BASE_URL", DEFAULT_BASE_URL).rstrip("/")
    parts = _split(url, "MEEBESLIS_BASE_URL")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise CannotStart(
            "MEEBESLIS_BASE_URL must be the address people use, such as https://fonds.example.nl."
        )
    return url


def _demo(given: Mapping[str, str], base_url: str) -> bool:
    wish = given.get("MEEBESLIS_DEMO", "0")
    if wish not in {"0", "1"}:
        raise CannotStart("MEEBESLIS_DEMO must be 1, or 0 or left out.")
    if wish == "1" and not is_loopback(urlsplit(base_url).hostname or ""):
        raise CannotStart(
            "MEEBESLIS_DEMO=1 lets anybody sign in as anybody: MEEBESLIS_BASE_URL must be on this machine."
        )
    return wish == "1"


def _secret_key(given: Mapping[str, str], *, demo: bool) -> str:
    key = given.get("MEEBESLIS_SECRET_KEY", DEMO_KEY if demo else "")
    if not key:
        raise CannotStart(
            "MEEBESLIS_SECRET_KEY is not set: give a long random text and keep it, or set MEEBESLIS_DEMO=1."
        )
    return key


def _smtp(given: Mapping[str, str]) -> Smtp | None:
    url = given.get("MEEBESLIS_SMTP_URL")
    if url is None:
        return None
    parts = _split(url, "MEEBESLIS_SMTP_URL")
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise CannotStart(
            "MEEBESLIS_SMTP_URL must look like smtp://user:password@host:port?starttls=1 or smtps://..."
        )
    starttls = _starttls(parts)
    if parts.password and not (starttls or parts.scheme == "smtps" or is_loopback(parts.hostname)):
        raise CannotStart(
            "MEEBESLIS_SMTP_URL would send its password in the open: use smtps:// or ?starttls=1."
        )
    return Smtp(
        host=parts.hostname,
        port=parts.port or SMTP_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=starttls,
    )


def _starttls(parts: SplitResult) -> bool:
    wishes = parse_qs(parts.query, keep_blank_values=True)
    wish = wishes.pop("starttls", ["0"])
    if wishes or wish not in (["0"], ["1"]):
        raise CannotStart("MEEBESLIS_SMTP_URL may end with ?starttls=1 or ?starttls=0, and nothing else.")
    if wish == ["1"] and parts.scheme == "smtps":
        raise CannotStart("MEEBESLIS_SMTP_URL asks for smtps and starttls: choose one.")
    return wish == ["1"]


def _mail_from(given: Mapping[str, str], base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    sender = given.get(
        "MEEBESLIS_MAIL_FROM", f"Meebeslis <meebeslis@{'localhost' if is_loopback(host) else host}>"
    )
    name, _, domain = parseaddr(sender)[1].partition("@")
    if not name or not domain or not sender.isprintable():
        raise CannotStart("MEEBESLIS_MAIL_FROM must be one mail address, such as Fonds <fonds@example.nl>.")
    return sender


def _files_url(given: Mapping[str, str]) -> str:
    url = given.get("MEEBESLIS_FILES_URL", f"file://{_var() / 'files'}")
    if urlsplit(url).scheme not in {"file", "s3"}:
        raise CannotStart("MEEBESLIS_FILES_URL must begin with file:/// or s3://.")
    return url


def _theme_class(given: Mapping[str, str]) -> str:
    name = given.get("MEEBESLIS_THEME_CLASS", "")
    if not re.fullmatch(r"[A-Za-z_][\w-]*", name, re.ASCII) and (name or "MEEBESLIS_THEME_CSS" in given):
        raise CannotStart("MEEBESLIS_THEME_CLASS must be the one class of the theme, such as example-theme.")
    return name


def _split(url: str, variable: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read for its check: a port that is no number is refused only when it is asked for
    except ValueError as wrong:
        raise CannotStart(f"{variable} is not an address that can be read.") from wrong
    return parts


def _var() -> Path:
    """The folder for what is kept here: beside the checkout, or where an installed copy is started."""
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"
