"""Who is asking: signed cookies with nothing in them but a random key, and the rows behind them.

A session ends in three ways: its row is revoked or expires (twelve hours, set by the step that signs in), or
nobody used it for a while. The cookie carries the moment of its last use under the signature and is written
again while it is used, so that reading a page changes nothing in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from grants.access import ANYBODY, AUDITOR, FINANCE, OFFICER, Actor
from grants.store.people import SessionData

IDLE_STAFF = timedelta(minutes=30)
"""Officers see everybody's applications, often on a desk that others pass."""

IDLE_OTHERS = timedelta(hours=2)
"""Applicants and members read and write slowly, with breaks; they see little that is not their own."""

BROWSER_KNOWN = timedelta(hours=1)
"""Longer than any link to sign in is good for, and kept when a telephone closes the browser meanwhile."""

_RENEW_AFTER = timedelta(minutes=1)
_STAFF = (OFFICER, FINANCE, AUDITOR)

FindSession = Callable[[str, datetime], Awaitable[SessionData | None]]
FindRoles = Callable[[int], Awaitable[frozenset[str]]]


@cache
def _signer(secret: str, purpose: str) -> Signer:
    """The signer of one kind of cookie, with a key of its own that is derived once (HMAC-SHA-256)."""
    key = hmac.digest(secret.encode(), f"meebeslis.{purpose}".encode(), "sha256")
    return Signer(key, key_derivation="none", digest_method=hashlib.sha256)


def new_key() -> str:
    """A key nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """What is kept of a key: its SHA-256 as 64 hex digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def actor_of(request: Request) -> Actor:
    """Who asks, as the guard found out; a visitor where no guard stood."""
    actor: Actor = getattr(request.state, "actor", ANYBODY)
    return actor


async def _no_roles(_: int) -> frozenset[str]:
    return frozenset()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Sessions:
    """Reads and writes the two cookies: the session's, and the browser's that a sign-in is bound to.

    `find` looks a session up by the hash of its key; `roles_beside` adds the roles a person holds elsewhere
    (the committee's). `https` says whether the cookies may have the strict `__Host-` name.
    """

    secret: str
    https: bool
    find: FindSession
    roles_beside: FindRoles = _no_roles
    clock: Callable[[], datetime] = _now

    @property
    def cookie(self) -> str:
        return "__Host-meebeslis" if self.https else "meebeslis"

    @property
    def browser_cookie(self) -> str:
        return f"{self.cookie}-browser"

    async def actor(self, request: Request) -> Actor:
        """The person behind the cookie, or a visitor: forged, idle, revoked and expired all look the same."""
        seen = self._seen(request)
        if seen is None:
            return ANYBODY
        key, last_used_at = seen
        now = self.clock()
        found = await self.find(key_hash(key), now)
        if found is None:
            return ANYBODY
        roles = found.roles | await self.roles_beside(found.person_id)
        actor = Actor(found.person_id, found.name, roles, found.language, found.id)
        return ANYBODY if now - last_used_at > idle_limit(actor) else actor

    def open(self, response: Response, key: str) -> None:
        """Give the browser a session; it forgets it when it is closed."""
        stamp = int(self.clock().timestamp())
        self._set(response, self.cookie, self._signer("session").sign(f"{key}.{stamp}").decode())

    def close(self, response: Response) -> None:
        """Take the session from the browser; revoking the row is the step's work."""
        response.delete_cookie(self.cookie, path="/", secure=self.https, httponly=True, samesite="lax")

    def renew(self, request: Request, response: Response) -> None:
        """Note that the session is still in use, unless the page itself opened or closed one."""
        seen = self._seen(request)
        if seen is None or self.clock() - seen[1] < _RENEW_AFTER:
            return
        if not any(line.startswith(f"{self.cookie}=") for line in response.headers.getlist("set-cookie")):
            self.open(response, seen[0])

    def browser(self, request: Request) -> str:
        """The random name of this browser; a new one, that fits no sign-in yet, when it has none of ours."""
        return self._unsigned("browser", request.cookies.get(self.browser_cookie, "")) or new_key()

    def name_browser(self, response: Response, name: str) -> None:
        """Have the browser keep its name: a sign-in asked for here can only be finished here."""
        signed = self._signer("browser").sign(name).decode()
        self._set(response, self.browser_cookie, signed, max_age=int(BROWSER_KNOWN.total_seconds()))

    def _seen(self, request: Request) -> tuple[str, datetime] | None:
        """Key and moment of last use from the session cookie, if we signed it; looked at once per request."""
        if not hasattr(request.state, "session_seen"):
            value = self._unsigned("session", request.cookies.get(self.cookie, ""))
            key, _, stamp = (value or "").rpartition(".")
            request.state.session_seen = (key, datetime.fromtimestamp(int(stamp), UTC)) if value else None
        seen: tuple[str, datetime] | None = request.state.session_seen
        return seen

    def _unsigned(self, purpose: str, value: str) -> str | None:
        try:
            return self._signer(purpose).unsign(value).decode()
        except BadSignature:
            return None

    def _signer(self, purpose: str) -> Signer:
        return _signer(self.secret, purpose)

    def _set(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=self.https, httponly=True, samesite="lax"
        )


def idle_limit(actor: Actor) -> timedelta:
    """How long somebody may do nothing and still be signed in."""
    return IDLE_STAFF if actor.has(*_STAFF) else IDLE_OTHERS
