"""A code on paper: an officer makes it, the post brings it, and whoever types it is signed in, once.

The first half finds the row, the second half is the secret. It is made from the key and never kept, so the
same letter can be printed again until the code ends. A code opens one person's own things and no office:
who holds a role with the municipality or in the committee signs in by mail.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from grants import sealed
from grants.access import ACTS, APPLICANT, Actor, require
from grants.application import check_not_own
from grants.errors import NotFound, Refusal
from grants.limit import PAPER_CODE
from grants.steps.channels import tell
from grants.steps.sign_in import AGAIN_WITHIN, MAX_TRIES, open_session
from grants.store import journal, limits
from grants.store.people import PaperCode, Person, RoleHeld, Session

VALID = timedelta(weeks=3)
HALF = 8
FindRoles = Callable[[int], Awaitable[frozenset[str]]]
"""The roles that a person holds beside those of the municipality."""

WRONG = Refusal(
    "Deze code klopt niet of werkt niet meer. Kijk de cijfers na. Lukt het niet? Bel ons. U krijgt een nieuwe.",
    field="code",
)


async def make(
    actor: Actor, person_id: str, key: str, roles_beside: frozenset[str], secret: str, now: datetime
) -> PaperCode:
    """A new code for this person; an earlier one ends. `key` comes from the form: twice gives the same code."""
    require(actor, "person.write")
    async with in_transaction():
        person = await Person.filter(public_id=person_id).select_for_update().first()
        if person is None:
            raise NotFound("Deze persoon is er niet.")
        check_not_own(actor.person_id, frozenset({person.id}))
        known = await PaperCode.get_or_none(public_id=key)
        if known is not None:
            return _still(known, person, now)
        if await _holds_office(person.id, roles_beside):
            raise Refusal(
                "Deze persoon werkt voor de gemeente of de commissie. Inloggen kan dan alleen per mail."
            )
        await PaperCode.filter(person_id=person.id, ended_at=None).update(ended_at=now)
        digits = digits_of(key, secret)
        made = await PaperCode.create(
            public_id=key, person_id=person.id, locator=digits[:HALF],
            code_hash=_hash(secret, key, digits[HALF:]), made_at=now, made_by=actor.person_id,
            expires_at=now + VALID,
        )  # fmt: skip
        await journal.note(
            actor, "paper_code.made", now, role=actor.role_for(ACTS["person.write"]), person=person.public_id
        )
        await tell(actor, person, "code", now)
        return made


def _still(known: PaperCode, person: Person, now: datetime) -> PaperCode:
    if known.person_id != person.id or known.ended_at is not None or known.expires_at <= now:
        raise Refusal("Deze code werkt niet meer. Ververs de pagina en maak een nieuwe.")
    return known


async def _holds_office(person_id: int, roles_beside: frozenset[str]) -> bool:
    held = await RoleHeld.filter(person_id=person_id, until=None).values_list("role", flat=True)
    return bool((roles_beside | {str(role) for role in held}) - {APPLICANT})


async def use(
    code: str, browser_key: str, roles_beside: FindRoles, secret: str, now: datetime, *, browser: str = ""
) -> str:
    """Sign in with the code of a letter; returns the session's key for the cookie.

    Every wrong code gets the same answer, whether it never was, was used, is too old, was tried too often or
    is of somebody who came to hold an office since.
    A second press on the button in the same browser leads into the session that the first one made.
    """
    async with in_transaction():
        await limits.count(PAPER_CODE, now, browser_key)
    digits = re.sub(r"\D", "", code[:60])
    async with in_transaction():
        found = await PaperCode.filter(locator=digits[:HALF]).select_for_update().first()
        if (
            found is not None
            and await _fits(found, digits, secret, now)
            and not await _holds_office(found.person_id, await roles_beside(found.person_id))
        ):
            key = sealed.derived(secret, "paper-session", f"{found.public_id}:{browser_key}")
            if found.ended_at is None:
                await PaperCode.filter(id=found.id).update(ended_at=now)
                return await open_session(await Person.get(id=found.person_id), now, browser, key=key)
            if await Session.exists(key_hash=sealed.fingerprint(key), revoked_at=None):
                return key
    raise WRONG


async def _fits(found: PaperCode, digits: str, secret: str, now: datetime) -> bool:
    """Is it this code, while it works or was only just used? A try at an open code is counted."""
    if _open(found, now):
        await PaperCode.filter(id=found.id).update(tries=F("tries") + 1)
    elif found.ended_at is None or found.ended_at + AGAIN_WITHIN <= now:
        return False
    return sealed.same(found.code_hash, _hash(secret, found.public_id, digits[HALF:]))


def _open(found: PaperCode, now: datetime) -> bool:
    return found.ended_at is None and now < found.expires_at and found.tries < MAX_TRIES


def digits_of(key: str, secret: str) -> str:
    """The sixteen digits of a code."""
    return f"{int(sealed.derived(secret, 'paper', key), 16) % 10 ** (2 * HALF):0{2 * HALF}d}"


def _hash(secret: str, key: str, half: str) -> str:
    return sealed.derived(secret, "paper-hash", half + key)
