"""People, the roles they hold, how they sign in, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Person(Model):
    """Somebody with a mail address. Nothing about health is ever kept here."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=120, default="")
    language = fields.CharField(max_length=2, default="nl")
    created_at = fields.DatetimeField()

    class Meta:
        table = "person"
        constraints = (
            CheckConstraint(check="email = lower(email)", name="person_email_lower"),
            CheckConstraint(check="language IN ('nl', 'en')", name="person_language"),
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
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class SessionData(NamedTuple):
    """What a request needs to know of who is asking."""

    id: int
    person_id: int
    name: str
    email: str
    language: str
    roles: frozenset[str]
    seen_at: datetime
    created_at: datetime


async def session_by_key(key_hash: str, now: datetime) -> SessionData | None:
    """The live session with this key and its person's roles, in one query; None when it is gone."""
    rows = await Session.filter(key_hash=key_hash, revoked_at=None, expires_at__gt=now).values(
        "id", "person_id", "seen_at", "created_at", "person__name", "person__email", "person__language",
        "person__roles__role", "person__roles__until",
    )  # fmt: skip
    if not rows:
        return None
    first = rows[0]
    roles = {row["person__roles__role"] for row in rows if row["person__roles__until"] is None}
    return SessionData(
        first["id"],
        first["person_id"],
        first["person__name"],
        first["person__email"],
        first["person__language"],
        frozenset(role for role in roles if role),
        first["seen_at"],
        first["created_at"],
    )


async def person_by_email(email: str) -> Person | None:
    return await Person.get_or_none(email=email.strip().lower())


async def people_with_role(role: str) -> list[Person]:
    """Everyone who holds this role now, by name."""
    return await Person.filter(roles__role=role, roles__until=None).order_by("name", "id")
