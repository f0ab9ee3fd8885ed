"""Advice, decision, announcement, publication, payment, determination, closing: the municipality's half."""

import json
from dataclasses import replace
from datetime import date

import pytest

from grants import ledger
from grants.application import Stage
from grants.decision import Kind, Proposal
from grants.errors import Refusal, Sentence
from grants.steps.account import determine, report
from grants.steps.announce import announce
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all, decide, receive_advice
from grants.steps.pay import approve, name_account, prepare
from grants.steps.publish import publish
from grants.store import journal
from grants.store.applications import Application
from grants.store.ledger import Pot, entries_of
from grants.store.outbox import LetterRow
from tests.factories import AFTER_VOTE, DECIDING, OPERATOR, opened_round, person, screened

pytestmark = pytest.mark.anyio
SAID = Sentence("Zeven leden steunden u.")


async def advised(*amounts: tuple[int, int]) -> tuple[list[Application], object, object]:
    round_ = await opened_round()
    applicant = await person("Aanvrager", "applicant")
    officer = await person("Ambtenaar", "officer")
    applications = []
    proposals = []
    for place, (asked, granted) in enumerate(amounts):
        one = await screened(
            applicant, officer, round_, f"Plan {place}", asked_cents=asked, least_cents=asked // 2
        )
        one.stage = Stage.REVIEWED.value
        await one.save()
        applications.append(one)
        kind = Kind.GRANTED if granted == asked else Kind.PARTLY if granted else Kind.REFUSED_CEILING
        proposals.append(Proposal(one.public_id, kind, granted, SAID, {"Meedoen": "Mooi plan."}))
    await receive_advice(
        round_.id, proposals, "{}", "0" * 64, Sentence("over"), ["Meedoen"], [], OPERATOR, AFTER_VOTE
    )
    return applications, applicant, officer


async def test_path_from_advice_to_closed_year(database) -> None:
    (first, second, _), applicant, officer = await advised(
        (500_000, 500_000), (700_000, 600_000), (100_000, 0)
    )
    finance = await person("Financien", "finance")
    assert await adopt_all(officer, first.round_id, DECIDING) == 3
    pot = await Pot.get(year=2026)
    assert (pot.reserved_cents, pot.committed_cents) == (1_100_000, 0)
    assert await announce(officer, first.round_id, DECIDING) == 3
    assert await announce(officer, first.round_id, DECIDING) == 0
    assert await LetterRow.filter(kind="decision").count() == 3
    document = (await publish(officer, first.round_id, DECIDING)).content
    assert [a["granted_cents"] for a in document["awards"]] == [500_000, 600_000]
    await name_account(applicant, first.public_id, "Stichting Plan", "NL91 ABNA 0417 1643 00", "k", DECIDING)
    payment = await prepare(officer, first.public_id, 500_000, DECIDING)
    with pytest.raises(Refusal, match="Iemand anders"):
        await approve(
            replace(officer, roles=officer.roles | {"finance"}),
            payment.public_id,
            date(2026, 12, 8),
            DECIDING,
        )
    await approve(finance, payment.public_id, date(2026, 12, 8), DECIDING)
    assert (await Pot.get(year=2026)).paid_cents == 500_000
    with pytest.raises(Refusal):
        await close_year(officer, 2026, "", DECIDING)
    assert await close_year(officer, 2026, "B&W 1 feb", DECIDING) == {pot.fund_id: 8_900_000}
    assert await close_year(officer, 2026, "B&W 2 feb", DECIDING) == {pot.fund_id: 8_900_000}
    assert (await Pot.get(year=2027)).ceiling_cents == 8_900_000
    await report(applicant, first.public_id, "Het ging goed.", 450_000, DECIDING)
    await report(applicant, second.public_id, "Het ging ook goed.", 500_000, DECIDING)
    await determine(officer, second.public_id, 500_000, "Minder gebruikt.", DECIDING)
    assert (await Pot.get(year=2027)).ceiling_cents == 9_000_000
    for pot in await Pot.all():
        assert ledger.recompute(await entries_of(pot.id)) == pot.balance
    assert await journal.broken_place() is None


async def test_decide_differently_needs_a_reason(database) -> None:
    (first,), _, officer = await advised((500_000, 500_000))
    with pytest.raises(Refusal, match="wijkt af"):
        await decide(officer, first.public_id, Kind.PARTLY, 400_000, " ", DECIDING)
    await decide(officer, first.public_id, Kind.PARTLY, 400_000, "De huur is lager.", DECIDING)
    assert (await Pot.get(year=2026)).reserved_cents == 400_000
    await decide(officer, first.public_id, Kind.GRANTED, 500_000, "", DECIDING)
    assert (await Pot.get(year=2026)).reserved_cents == 500_000
    assert json.loads((await first.decision).explanation)["text"] == SAID.text


async def test_decide_on_ones_own_application(database) -> None:
    (first,), applicant, _ = await advised((500_000, 500_000))
    both = replace(applicant, roles=applicant.roles | {"officer"})
    with pytest.raises(Refusal, match="eigen aanvraag"):
        await decide(both, first.public_id, Kind.GRANTED, 500_000, "", DECIDING)
    with pytest.raises(Refusal, match="eigen aanvraag"):
        await adopt_all(both, first.round_id, DECIDING)


async def test_decide_not_to_handle_after_the_vote(database) -> None:
    (first,), _, officer = await advised((500_000, 0))
    with pytest.raises(Refusal, match="Awb 4:5"):
        await decide(officer, first.public_id, Kind.NOT_HANDLED, 0, "Een reden.", DECIDING)
