"""People, the roles they hold, how they sign in, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tortoise import connections, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Person(Model):
    """Somebody we write to; without a mail address on paper. Nothing about health is ever kept here.

    `address_sealed` is the postal address, readable with the field key only.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    email = fields.CharField(max_length=254, unique=True, null=True)
    address_sealed = fields.TextField(default="")
    name = fields.CharField(max_length=120, default="")
    phone = fields.CharField(max_length=20, default="")
    language = fields.CharField(max_length=12, default="nl")
    created_at = fields.DatetimeField()

    class Meta:
        table = "person"
        constraints = (
            CheckConstraint(check="email = lower(email)", name="person_email_lower"),
            CheckConstraint(
                check="language = lower(language) AND length(language) > 1", name="person_language"
            ),
        )


class RoleHeld(Model):
    """One role one person holds on the municipality's side, until it ends."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="roles", on_delete=fields.RESTRICT
    )
    person_id: int
    role = fields.CharField(max_length=12)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "role_held"
        constraints = (
            CheckConstraint(
                check="role IN ('applicant', 'officer', 'finance', 'auditor')", name="role_held_role"
            ),
            UniqueConstraint(fields=("person", "role"), name="role_held_once", condition="until IS NULL"),
        )


class SignIn(Model):
    """One asked-for way in: link and code, hashed, bound to the browser that asked, used once."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    email = fields.CharField(max_length=254, db_index=True)
    browser_hash = fields.CharField(max_length=64)
    link_hash = fields.CharField(max_length=64, unique=True)
    code_hash = fields.CharField(max_length=64)
    next_path = fields.CharField(max_length=200, default="")
    asked_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    tries = fields.IntField(default=0)

    class Meta:
        table = "sign_in"
        constraints = (CheckConstraint(check="tries >= 0 AND tries <= 5", name="sign_in_tries"),)


class PaperCode(Model):
    """A code on paper to sign in with, for one person: hashed, used once, for three weeks, five tries.

    `locator` is the first half of the code and finds the row; only the second half is secret.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="paper_codes", on_delete=fields.RESTRICT
    )
    person_id: int
    locator = fields.CharField(max_length=8, unique=True)
    code_hash = fields.CharField(max_length=64)
    made_at = fields.DatetimeField()
    made_by = fields.IntField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    tries = fields.IntField(default=0)

    class Meta:
        table = "paper_code"
        constraints = (
            CheckConstraint(check="tries >= 0 AND tries <= 5", name="paper_code_tries"),
            UniqueConstraint(fields=("person",), name="paper_code_one", condition="ended_at IS NULL"),
        )


class Session(Model):
    """One signed-in browser. The cookie holds the key, the row its hash; revoking is a date."""

    id = fields.IntField(primary_key=True)
    key_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="sessions", on_delete=fields.RESTRICT
    )
    person_id: int
    browser = fields.CharField(max_length=80, default="")
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class SessionData(NamedTuple):
    """What a request needs to know of who is asking."""

    id: int
    person_id: int
    name: str
    email: str | None
    language: str
    roles: frozenset[str]


# Asked with every request of somebody who is signed in: plain SQL takes a fifth of the time.
_SESSION = """
SELECT s.id, s.person_id, s.expires_at, p.name, p.email, p.language, r.role
FROM session s JOIN person p ON p.id = s.person_id
LEFT JOIN role_held r ON r.person_id = p.id AND r.until IS NULL
WHERE s.revoked_at IS NULL AND s.key_hash = """


async def session_by_key(key_hash: str, now: datetime) -> SessionData | None:
    """The live session with this key and its person's roles, in one query; None when it is gone."""
    connection = connections.get("default")
    mark = "$1" if connection.capabilities.dialect == "postgres" else "?"
    rows = await connection.execute_query_dict(_SESSION + mark, [key_hash])
    if not rows:
        return None
    first = rows[0]
    expires_at = first["expires_at"]
    if (datetime.fromisoformat(expires_at) if isinstance(expires_at, str) else expires_at) <= now:
        return None
    roles = frozenset(row["role"] for row in rows if row["role"])
    return SessionData(
        first["id"], first["person_id"], first["name"], first["email"], first["language"], roles
    )


async def person_by_email(email: str) -> Person | None:
    return await Person.get_or_none(email=email.strip().lower())
