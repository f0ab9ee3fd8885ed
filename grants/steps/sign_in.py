"""Signing in by a mail: asking for the link and code, using one of them once, and signing out.

Every address gets the same answer and the same mail: whoever can read the mail owns the address, and
becomes an applicant by using it. So there is nothing to find out about who is known here.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from grants import sealed
from grants.access import APPLICANT, PERSON, Actor
from grants.errors import Refusal, Sentence
from grants.letter import Letter
from grants.limit import SIGN_IN_MAIL, SIGN_IN_MAILS, Often
from grants.store import journal, limits, outbox
from grants.store.consents import agree_to_mail
from grants.store.people import Person, RoleHeld, Session, SignIn

VALID = timedelta(minutes=10)
SESSION = timedelta(hours=12)
AGAIN_WITHIN = timedelta(seconds=10)
"""What is sent again so soon is a second press on the same button: it has no effect, and gets the same answer."""

MAX_TRIES = 5
MAX_WRONG_A_DAY = 50

USED_UP = Sentence(
    "Deze link werkt niet meer. Vraag een nieuwe aan. Een link werkt één keer, 10 minuten lang."
)

_ADDRESS = re.compile(
    r"[^@\s<>,;:\"()\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
)


def read_address(text: str) -> str:
    """A mail address in lower case, or a refusal that says how one looks."""
    address = text.strip().lower()
    if len(address) > 254 or not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise Refusal("Dit is geen e-mailadres. Een adres ziet er zo uit: naam@voorbeeld.nl.", field="email")
    return address


async def ask(
    email: str, browser_key: str, secret: str, now: datetime, *, language: str = "nl", next_path: str = ""
) -> None:
    """Queue a mail with a link and a code for this address, bound to the browser that asks.

    Who asks too often hears when it works again. When many browsers ask for one address, the answer is the
    same and there is no further mail: nobody can flood a stranger, or find out that somebody else asked. A
    browser that signed in with the address before is not counted among the many, so they cannot shut it out.
    """
    address = read_address(email)
    public_id = secrets.token_hex(16)
    async with in_transaction():
        await limits.hold(SIGN_IN_MAIL, now, address, browser_key)
        here = SignIn.filter(email=address, browser_hash=sealed.fingerprint(browser_key), used_at=None)
        if await here.filter(asked_at__gt=now - AGAIN_WITHIN).exists():
            return
        await limits.count(SIGN_IN_MAIL, now, address, browser_key)
        if await _flooded(address, browser_key, now):
            return
        await SignIn.create(
            public_id=public_id,
            email=address,
            browser_hash=sealed.fingerprint(browser_key),
            link_hash=sealed.fingerprint(sealed.derived(secret, "link", public_id)),
            code_hash=sealed.derived(secret, "code-hash", sealed.code(secret, public_id) + public_id),
            next_path=next_path,
            asked_at=now,
            expires_at=now + VALID,
        )
        await outbox.queue(
            [Letter("sign_in", f"sign_in:{public_id}", address, language, params={"id": public_id})], now
        )


async def _flooded(address: str, browser_key: str, now: datetime) -> bool:
    """Did too many browsers that are new to this address just ask for a mail to it?"""
    browser_hash = sealed.fingerprint(browser_key)
    if await SignIn.exists(email=address, browser_hash=browser_hash, used_at__isnull=False):
        return False
    try:
        await limits.count(SIGN_IN_MAILS, now, address)
    except Often:
        return True
    return False


async def use_link(
    token: str, browser_key: str, secret: str, now: datetime, *, browser: str = ""
) -> tuple[str, str]:
    """Sign in with the link of the mail, in the browser that asked for it.

    Returns the session's key for the cookie and the path to go on to. Refused, without telling which, when
    the link is unknown, used, too old or opened elsewhere.
    """
    async with in_transaction():
        found = await SignIn.filter(link_hash=sealed.fingerprint(token)).select_for_update().first()
        if found is None or _used_up(found, now) or found.expires_at <= now:
            raise Refusal(USED_UP.text)
        if found.browser_hash != sealed.fingerprint(browser_key):
            raise Refusal(
                "U vroeg deze link aan op een ander apparaat. Typ daar de 6 cijfers uit de mail. "
                "Of vraag hier een nieuwe link aan."
            )
        return await _enter(found, secret, now, browser)


async def use_code(
    email: str, code: str, browser_key: str, secret: str, now: datetime, *, browser: str = ""
) -> tuple[str, str]:
    """Sign in with the six digits, for people who read their mail on another device. Five tries."""
    digits = re.sub(r"\D", "", code[:40])
    async with in_transaction():
        found = (
            await SignIn.filter(email=email.strip().lower(), browser_hash=sealed.fingerprint(browser_key))
            .order_by("-id")
            .select_for_update()
            .first()
        )
        good = False
        if found is not None and await _may_try(found, now):
            good = sealed.same(found.code_hash, sealed.derived(secret, "code-hash", digits + found.public_id))
        if found is not None and good:
            return await _enter(found, secret, now, browser)
    raise Refusal(
        "Deze code klopt niet of is te oud. Kijk in de nieuwste mail, of vraag een nieuwe code aan.",
        field="code",
    )


async def _may_try(found: SignIn, now: datetime) -> bool:
    """Count a try at a code, if it may be tried; a second press on the button is no try."""
    if found.used_at is not None:
        return not _used_up(found, now)
    if found.expires_at <= now or found.tries >= MAX_TRIES or not await _may_guess(found, now):
        return False
    return bool(await SignIn.filter(id=found.id).update(tries=F("tries") + 1))


def _used_up(found: SignIn, now: datetime) -> bool:
    return found.used_at is not None and found.used_at + AGAIN_WITHIN <= now


async def _may_guess(found: SignIn, now: datetime) -> bool:
    """Codes for one address stop working for a day after too many wrong ones; its links go on."""
    today = await SignIn.filter(email=found.email, asked_at__gt=now - timedelta(days=1)).values("tries")
    return bool(sum(row["tries"] for row in today) < MAX_WRONG_A_DAY)


async def _enter(found: SignIn, secret: str, now: datetime, browser: str) -> tuple[str, str]:
    """Into a new session; a second press on the button leads into the session that the first one made."""
    key = sealed.derived(secret, "session", found.public_id)
    if found.used_at is None:
        await SignIn.filter(id=found.id).update(used_at=now)
        await open_session(await _person(found.email, now), now, browser, key=key)
    elif not await Session.filter(key_hash=sealed.fingerprint(key), revoked_at=None).exists():
        raise Refusal(USED_UP.text)
    return key, found.next_path


async def _person(email: str, now: datetime) -> Person:
    person, new = await Person.get_or_create(
        email=email, defaults={"public_id": secrets.token_hex(16), "created_at": now}
    )
    if new:
        await RoleHeld.create(person_id=person.id, role=APPLICANT, since=now)
    await agree_to_mail(person.id, person.id, now)
    return person


async def keep_address(person: Person, taken: Refusal) -> None:
    """Keep a person whose mail address may be new, in the caller's transaction; raises `taken` when another has it.

    Who looked first can still be second: only the table says which of two at the same moment was first.
    """
    try:
        async with in_transaction():
            await person.save()
    except IntegrityError as failure:
        raise taken from failure


async def open_session(person: Person, now: datetime, browser: str, *, key: str = "") -> str:
    """A new session of this person, in the caller's transaction; returns its key for the cookie."""
    key = key or secrets.token_urlsafe(32)
    session = await Session.create(
        key_hash=sealed.fingerprint(key),
        person_id=person.id,
        browser=browser[:80],
        created_at=now,
        expires_at=now + SESSION,
    )
    actor = Actor(person_id=person.id, session_id=session.id)
    await journal.note(actor, "person.signed_in", now, role=PERSON)
    return key


async def sign_in_as(person_id: int, now: datetime, *, browser: str = "") -> str:
    """A session without a mail, for the demo only: the page that calls it is not there outside demo mode."""
    async with in_transaction():
        return await open_session(await Person.get(id=person_id), now, browser)


async def sign_out(actor: Actor, now: datetime, *, session_id: int | None = None) -> None:
    """End one of the actor's own sessions, by default the present one."""
    await Session.filter(
        id=session_id or actor.session_id, person_id=actor.person_id, revoked_at=None
    ).update(revoked_at=now)


async def sign_out_everywhere(actor: Actor, now: datetime) -> int:
    """End all of the actor's sessions; returns how many there were."""
    return await Session.filter(person_id=actor.person_id, revoked_at=None).update(revoked_at=now)


async def choose_language(actor: Actor, language: str) -> None:
    """Remember the language in which this person reads pages and letters; a choice in `LANGUAGES`."""
    await Person.filter(id=actor.person_id).update(language=language)
