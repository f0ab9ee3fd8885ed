"""A small grant is determined with its decision: at once, with its announcement, and for good (Awb 4:42)."""

import pytest

from grants import ledger
from grants.application import Stage
from grants.errors import Refusal
from grants.steps.account import determine, recover, report
from grants.steps.announce import announce
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all
from grants.steps.pay import approve, name_account, prepare
from grants.steps.publish import publish
from grants.store import journal
from grants.store.applications import Application
from grants.store.decisions import Decision
from grants.store.journal import JournalEntry
from grants.store.ledger import Pot, entries_of
from grants.store.outbox import LetterRow
from grants.store.payments import Determination, Report
from tests.factories import DECIDING, person
from tests.grants.steps.test_decide import advised

pytestmark = pytest.mark.anyio
IBAN = "NL91ABNA0417164300"


async def announced(*amounts: tuple[int, int]) -> tuple[list[Application], object, object]:
    plans, applicant, officer = await advised(*amounts)
    await adopt_all(officer, plans[0].round_id, DECIDING)
    await announce(officer, plans[0].round_id, DECIDING)
    return plans, applicant, officer


async def stages() -> list[Stage]:
    return [one.at for one in await Application.all().order_by("id")]


async def test_small_grant_is_determined_with_its_announcement(database) -> None:
    (small, _, _), _, officer = await announced((700_000, 499_999), (500_000, 500_000), (100_000, 0))
    assert await stages() == [Stage.ANNOUNCED] * 3
    fixed = await Determination.get()
    assert (fixed.application_id, fixed.cents, fixed.released_cents) == (small.id, 499_999, 0)
    assert (fixed.reason, fixed.by_id, fixed.at) == ("", officer.person_id, DECIDING)
    noted = await JournalEntry.get(act="determination.made")
    assert (noted.application_id, noted.role, noted.detail) == (small.id, "officer", '{"cents": 499999}')
    await announce(officer, small.round_id, DECIDING)
    assert await Determination.all().count() == 1


async def test_small_grant_is_at_its_end_with_the_publication_and_without_a_letter(database) -> None:
    (small, _, _), _, officer = await announced((400_000, 400_000), (500_000, 500_000), (100_000, 0))
    for _ in range(2):
        await publish(officer, small.round_id, DECIDING)
        assert await stages() == [Stage.DETERMINED, Stage.PUBLISHED, Stage.PUBLISHED]
    moved = JournalEntry.filter(
        application_id=small.id, act__in=["application.published", "application.determined"]
    )
    assert await moved.order_by("place").values_list("act", flat=True) == [
        "application.published", "application.determined",
    ]  # fmt: skip
    assert not await LetterRow.exists(kind="determination")


async def test_nothing_is_determined_where_the_announcement_stops_halfway(database) -> None:
    (first, second), _, officer = await advised((400_000, 400_000), (300_000, 300_000))
    await adopt_all(officer, first.round_id, DECIDING)
    await Decision.filter(application_id=second.id).update(reasons="{}")
    with pytest.raises(Refusal):
        await announce(officer, first.round_id, DECIDING)
    assert not await Determination.exists()
    assert await stages() == [Stage.DECIDED] * 2


async def test_no_report_and_no_other_amount_once_it_is_determined(database) -> None:
    (small,), applicant, officer = await announced((400_000, 400_000))
    for _ in range(2):
        with pytest.raises(Refusal, match="U hoeft geen verslag te sturen"):
            await report(applicant, small.public_id, "Het ging goed.", 400_000, DECIDING)
        with pytest.raises(Refusal):
            await determine(officer, small.public_id, 300_000, "Minder gebruikt.", DECIDING)
        await publish(officer, small.round_id, DECIDING)
    assert not await Report.exists()
    assert [row.cents for row in await Determination.all()] == [400_000]


@pytest.mark.parametrize("public", [False, True])
async def test_small_grant_is_paid_in_full_and_nothing_comes_back(database, public: bool) -> None:
    (small,), applicant, officer = await announced((400_000, 400_000))
    finance = await person("Financien", "finance")
    if public:
        await publish(officer, small.round_id, DECIDING)
    await name_account(applicant, small.public_id, "Stichting", IBAN, "k", DECIDING)
    with pytest.raises(Refusal, match="te betalen"):
        await prepare(officer, small.public_id, 400_001, DECIDING)
    made = await prepare(officer, small.public_id, 400_000, DECIDING)
    await approve(finance, made.public_id, DECIDING.date(), DECIDING)
    with pytest.raises(Refusal, match="terugkomen"):
        await recover(finance, small.public_id, 1, "BANK-1", DECIDING)
    pot = await Pot.get(year=2026)
    assert (pot.committed_cents, pot.paid_cents) == (400_000, 400_000)
    assert await close_year(officer, 2026, "B&W", DECIDING) == {pot.fund_id: 9_600_000}
    for pot in await Pot.all():
        assert ledger.recompute(await entries_of(pot.id)) == pot.balance
    assert await journal.broken_place() is None
