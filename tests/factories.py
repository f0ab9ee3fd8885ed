"""What tests begin with: people with roles, an opened round, applications that were sent in. No surprises."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from committee.framework import check_body
from committee.steps.seat import seat
from grants.access import Actor
from grants.condition import Condition
from grants.screening import Verdict
from grants.steps.draft import begin, save_answer, save_initiative
from grants.steps.open_round import load_fund, open_round
from grants.steps.screen import admit, note_check
from grants.steps.submit import submit
from grants.store.applications import Application
from grants.store.consents import agree_to_mail
from grants.store.funds import Fund, Round
from grants.store.people import Person, RoleHeld

FUND_FILE = Path(__file__).parent.parent / "docs" / "examples" / "participatiefonds.toml"
BEFORE = datetime(2026, 8, 20, 9, tzinfo=UTC)
OPEN = datetime(2026, 9, 10, 9, tzinfo=UTC)
REVIEW = datetime(2026, 10, 20, 9, tzinfo=UTC)
VOTING = datetime(2026, 11, 20, 9, tzinfo=UTC)
AFTER_VOTE = datetime(2026, 12, 5, 9, tzinfo=UTC)
DECIDING = datetime(2026, 12, 8, 9, tzinfo=UTC)
OPERATOR = Actor.operator()


async def person(name: str, *roles: str, language: str = "nl") -> Actor:
    """Somebody with roles on the municipality's side who agreed to mail, as the actor they would be."""
    email = f"{name.lower().replace(' ', '.')}@voorbeeld.example"
    made = await Person.create(
        public_id=secrets.token_hex(16), email=email, name=name, language=language, created_at=BEFORE
    )
    await agree_to_mail(made.id, made.id, BEFORE)
    for role in roles:
        await RoleHeld.create(person_id=made.id, role=role, since=BEFORE)
    return Actor(person_id=made.id, name=name, roles=frozenset(roles), language=language)


async def fund() -> Fund:
    """The example fund, loaded."""
    return await load_fund(OPERATOR, FUND_FILE.read_text(), check_body, BEFORE)


async def opened_round(year: int = 2026) -> Round:
    """The example fund's round of a year, opened before its first day."""
    loaded = await fund()
    at = BEFORE.replace(year=year)
    return await open_round(OPERATOR, loaded.slug, year, check_body, at)


async def member(round_: Round, name: str, role: str = "member") -> Actor:
    """Somebody with a seat on the committee of the round's fund."""
    email = f"{name.lower().replace(' ', '.')}@voorbeeld.example"
    place = await seat(OPERATOR, round_.fund_id, email, name, role, BEFORE)
    return Actor(person_id=place.person_id, name=name, roles=frozenset({role}))


GOOD: dict[str, Any] = {
    "partners": [{"name": "De Pan", "kvk": "12345678", "does": "Kookt mee."}],
    "number": "12",
    "amount": "0",
    "date": "1 mei 2027",
}


def answers(round_: Round, title: str, asked_cents: int, least_cents: int) -> dict[str, Any]:
    """A good answer to each question of the frozen form that is asked after the answers before it."""
    given: dict[str, Any] = {}
    for question in round_.frozen["questions"]:
        only_if = question["only_if"]
        if only_if and not Condition.from_json(only_if).holds(given.get(only_if["question"])):
            continue
        if question["kind"] == "budget":
            given[question["key"]] = [
                {"what": "Alles bij elkaar", "wished": f"{asked_cents / 100:.2f}".replace(".", ","),
                 "least": f"{least_cents / 100:.2f}".replace(".", ",")}
            ]  # fmt: skip
        elif question["kind"] != "file":
            given[question["key"]] = _answer(question, title)
    return given


def _answer(question: dict[str, Any], title: str) -> Any:
    if question["kind"] in GOOD:
        return GOOD[question["kind"]]
    if question["choices"]:
        return question["choices"][:1] if question["kind"] == "several" else question["choices"][0]
    return title if question["key"] == "title" else f"Over {title}."


async def draft(
    applicant: Actor,
    round_: Round,
    title: str = "Samen eten",
    asked_cents: int = 500_000,
    least_cents: int = 250_000,
) -> Application:
    """A draft in which everything has been filled in."""
    begun = await begin(applicant, round_.public_id, secrets.token_hex(8), OPEN)
    await save_initiative(applicant, begun.public_id, "organisation", f"Stichting {title}", "", "", OPEN)
    for key, value in answers(round_, title, asked_cents, least_cents).items():
        await save_answer(applicant, begun.public_id, key, value, OPEN)
    return await Application.get(id=begun.id)


async def submitted(
    applicant: Actor, round_: Round, title: str = "Samen eten", **amounts: int
) -> Application:
    """An application that was sent in."""
    made = await draft(applicant, round_, title, **amounts)
    return await submit(applicant, made.public_id, OPEN + timedelta(hours=1))


async def screened(
    applicant: Actor, officer: Actor, round_: Round, title: str = "Samen eten", **amounts: int
) -> Application:
    """An application that an officer let through to the committee."""
    made = await submitted(applicant, round_, title, **amounts)
    for check in round_.frozen["checks"]:
        await note_check(officer, made.public_id, check["key"], Verdict.GOOD, "", REVIEW)
    return await admit(officer, made.public_id, REVIEW)
