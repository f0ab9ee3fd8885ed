"""What tests of the municipality's pages begin with: its people, and plans as far along as is needed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from grants.access import Actor
from grants.application import Stage
from grants.decision import Proposal, kind_for
from grants.errors import Sentence
from grants.steps.announce import announce
from grants.steps.decide import adopt_all, receive_advice
from grants.steps.pay import name_account
from grants.steps.publish import publish
from grants.store.applications import Application
from grants.store.funds import Round
from tests.factories import AFTER_VOTE, DECIDING, OPERATOR, opened_round, person, screened
from tests.pages.conftest import Visitor

FIELD_KEY = "f" * 32
IBAN = "NL91ABNA0417164300"
SAID = Sentence("Zeven van de negen leden steunden dit plan.")
REASONS = {
    "Mensen beslissen zelf": "De groep kiest samen wat er gebeurt.",
    "Het kan lukken": "De begroting klopt.",
}


@dataclass
class Town:
    """An opened round, and one person in each role."""

    round_: Round
    applicant: Actor
    officer: Actor
    finance: Actor
    auditor: Actor

    @property
    def path(self) -> str:
        return f"/gemeente/rondes/{self.round_.public_id}"


async def town() -> Town:
    round_ = await opened_round()
    return Town(
        round_,
        await person("Anna Aanvrager", "applicant"),
        await person("Olga Officier", "officer"),
        await person("Farid Financien", "finance"),
        await person("Agnes Auditor", "auditor"),
    )


async def advised(there: Town, *amounts: tuple[int, int]) -> list[Application]:
    """Plans that ask and are advised these cents, with the advice received."""
    plans = [
        await screened(
            there.applicant,
            there.officer,
            there.round_,
            f"Plan {place}",
            asked_cents=asked,
            least_cents=asked // 2,
        )
        for place, (asked, _) in enumerate(amounts, 1)
    ]
    await advise(there.round_, plans, [granted for _, granted in amounts])
    return plans


async def advise(round_: Round, plans: list[Application], granted: list[int], record: str = "{}") -> None:
    """The committee's advice on these plans, in cents, as if they had been voted on; `record` is that count's."""
    proposals = []
    for plan, cents in zip(plans, granted, strict=True):
        await Application.filter(id=plan.id).update(stage=Stage.REVIEWED.value)
        kind = kind_for(cents, plan.asked_cents)
        proposals.append(Proposal(plan.public_id, kind, cents, SAID, REASONS))
    await receive_advice(
        round_.id, proposals, record, "0" * 64, Sentence("over"), list(REASONS), [], OPERATOR, AFTER_VOTE
    )


async def decided(there: Town, *amounts: tuple[int, int]) -> list[Application]:
    plans = await advised(there, *amounts)
    await adopt_all(there.officer, there.round_.id, DECIDING)
    return plans


async def announced(there: Town, *amounts: tuple[int, int]) -> list[Application]:
    plans = await decided(there, *amounts)
    await announce(there.officer, there.round_.id, DECIDING)
    return plans


async def published(there: Town, *amounts: tuple[int, int], account: bool = True) -> list[Application]:
    """Plans whose outcome is public; those that get money have named their account."""
    plans = await announced(there, *amounts)
    await publish(there.officer, there.round_.id, DECIDING)
    for plan, (_, granted) in zip(plans, amounts, strict=True):
        if account and granted:
            await name_account(there.applicant, plan.public_id, "Stichting Samen", IBAN, FIELD_KEY, DECIDING)
    return plans


def words(page: str) -> str:
    """What a person reads on a page: its text, without tags, in one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", f"<main{main}", flags=re.DOTALL)
    return re.sub(r"[ \t\n]+", " ", html.unescape(text)).strip()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, as a browser would send it back."""
    found = re.search(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)">', page)
    assert found is not None, f"no hidden field {name}"
    return html.unescape(found[1])


READERS = {"visitor": 303, "applicant": 403, "officer": 200, "finance": 403, "auditor": 200}
MONEY_READERS = {**READERS, "finance": 200}
OFFICERS = {**READERS, "auditor": 403}


async def readers(client: Visitor, there: Town, path: str) -> dict[str, int]:
    """What each role is answered at this address."""
    found = {"visitor": (await client.another().get(path)).status_code}
    for role in ("applicant", "officer", "finance", "auditor"):
        browser = await client.another().sign_in(getattr(there, role))
        found[role] = (await browser.get(path)).status_code
    return found


async def writers(client: Visitor, there: Town, path: str, **fields: str) -> set[str]:
    """Who is not stopped at the door when they send a form to this address; each sends the same."""
    passed = set()
    for role in ("visitor", "applicant", "officer", "finance", "auditor"):
        browser = client.another()
        if role != "visitor":
            await browser.sign_in(getattr(there, role))
        if (await browser.post(path, data=fields or {"leeg": ""})).status_code != 403:
            passed.add(role)
    return passed
