"""Roles: given once, ended with every session of the person."""

import pytest
from tortoise.context import TortoiseContext

from grants.errors import Forbidden, NotFound, Refusal
from grants.sealed import fingerprint
from grants.steps.appoint import appoint, dismiss
from grants.steps.sign_in import sign_in_as
from grants.store.people import RoleHeld, session_by_key
from tests.factories import BEFORE, OPERATOR, person


async def test_appoint_twice_gives_one_role(database: TortoiseContext) -> None:
    for _ in range(2):
        made = await appoint(OPERATOR, " Noor@Voorbeeld.example", "officer", BEFORE, name="Noor")
    assert made.email == "noor@voorbeeld.example"
    assert await RoleHeld.filter(person_id=made.id, role="officer", until=None).count() == 1


async def test_dismiss_ends_sessions(database: TortoiseContext) -> None:
    made = await appoint(OPERATOR, "noor@voorbeeld.example", "officer", BEFORE)
    key = await sign_in_as(made.id, BEFORE)
    found = await session_by_key(fingerprint(key), BEFORE)
    assert found is not None
    assert found.roles == {"officer"}
    await dismiss(OPERATOR, "noor@voorbeeld.example", "officer", BEFORE)
    assert await session_by_key(fingerprint(key), BEFORE) is None
    with pytest.raises(NotFound):
        await dismiss(OPERATOR, "noor@voorbeeld.example", "officer", BEFORE)
    await appoint(OPERATOR, "noor@voorbeeld.example", "officer", BEFORE)


async def test_appoint_refuses(database: TortoiseContext) -> None:
    with pytest.raises(Refusal, match="Kies een rol"):
        await appoint(OPERATOR, "noor@voorbeeld.example", "chair", BEFORE)
    with pytest.raises(Forbidden):
        await appoint(await person("Ambtenaar", "officer"), "noor@voorbeeld.example", "officer", BEFORE)
