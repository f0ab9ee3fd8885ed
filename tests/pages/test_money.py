import pytest

from grants.application import Stage
from grants.steps.account import determine, report
from grants.steps.close_year import close_year
from grants.steps.pay import approve, prepare
from grants.store.applications import Application
from grants.store.ledger import LedgerEntry, Pot
from grants.store.payments import Determination, Payment
from tests.factories import DECIDING, submitted
from tests.pages.officers import (
    IBAN,
    MONEY_READERS,
    OFFICERS,
    hidden,
    published,
    readers,
    town,
    words,
    writers,
)

pytestmark = pytest.mark.anyio


def path_of(plan: Application, below: str = "") -> str:
    return f"/gemeente/aanvragen/{plan.public_id}/geld{below}"


async def officer_at(client, there) -> None:
    client.clock.now = DECIDING
    await client.sign_in(there.officer)


async def pay(there, plan: Application, cents: int) -> None:
    made = await prepare(there.officer, plan.public_id, cents, DECIDING)
    await approve(there.finance, made.public_id, DECIDING.date(), DECIDING)


async def accounted(there, granted: int = 900_000, paid: int = 450_000, spent: int = 400_000) -> Application:
    """A grant of which a part was paid, and whose recipient told how it went."""
    plan, _ = await published(there, (granted, granted), (100_000, 0))
    await pay(there, plan, paid)
    await report(there.applicant, plan.public_id, "Het ging goed.\nWij gaan door.", spent, DECIDING)
    return plan


async def test_money_is_read_by_those_who_handle_it(client) -> None:
    there = await town()
    plan = await accounted(there)
    assert await readers(client, there, path_of(plan)) == MONEY_READERS
    assert await readers(client, there, path_of(plan, "/vaststellen")) == OFFICERS
    assert await writers(client, there, path_of(plan)) == {"officer", "finance"}
    assert await writers(client, there, path_of(plan, "/vaststellen")) == {"officer"}
    assert await writers(client, there, path_of(plan, "/terug")) == {"finance"}


async def test_money_where_there_is_none(client) -> None:
    there = await town()
    fresh = await submitted(there.applicant, there.round_)
    _, refused = await published(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    for plan in (refused, fresh):
        for below in ("", "/vaststellen"):
            assert (await client.get(path_of(plan, below))).status_code == 404
    assert (await client.get(f"/gemeente/aanvragen/{'0' * 32}/geld")).status_code == 404


async def test_first_instalment_is_ready_by_the_rules_and_prepared_once(client) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    assert "•••• 4300, op naam van Stichting Samen" in words(page)
    assert IBAN not in page
    assert 'name="cents" value="4.500"' in page
    form = {"cents": "4.500", "instalment": hidden(page, "instalment")}
    for _ in range(2):
        answer = await client.post(path_of(plan), data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert [row.cents for row in await Payment.all()] == [450_000]
    assert 'name="cents" value="4.500"' in (await client.get(path_of(plan))).text


async def test_form_from_before_a_colleague_prepared_is_not_taken(client) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    await prepare(there.finance, plan.public_id, 100_000, DECIDING)
    answer = await client.post(
        path_of(plan), data={"cents": "4.500", "instalment": hidden(page, "instalment")}
    )
    assert answer.status_code == 409
    assert "Een collega heeft intussen ook een betaling klaargezet." in words(answer.text)
    assert 'name="cents" value="4.500"' in answer.text
    assert await Payment.all().count() == 1


async def test_instalment_after_an_earlier_one_was_taken_back(client) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    first = await prepare(there.finance, plan.public_id, 100_000, DECIDING)
    await prepare(there.finance, plan.public_id, 100_000, DECIDING)
    await officer_at(client, there)
    await client.post(f"/gemeente/betalingen/{first.public_id}/intrekken", data={"leeg": ""})
    page = (await client.get(path_of(plan))).text
    form = {"cents": "8.000", "instalment": hidden(page, "instalment")}
    assert (await client.post(path_of(plan), data=form)).status_code == 303
    assert [row.instalment for row in await Payment.all().order_by("instalment")] == [2, 3]


@pytest.mark.parametrize(
    ("cents", "said", "status"),
    [
        ("", "Vul bij “Bedrag” een bedrag in", 422),
        ("veel", "Wij kunnen het bedrag bij “Bedrag” niet lezen.", 422),
        ("0", "Er is nog €\u00a09.000 te betalen.", 409),
        ("9.000,01", "Er is nog €\u00a09.000 te betalen.", 409),
    ],
)
async def test_amount_that_cannot_be_prepared(client, cents, said, status) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    await officer_at(client, there)
    answer = await client.post(path_of(plan), data={"cents": cents, "instalment": "1"})
    assert answer.status_code == status
    assert said in words(answer.text)
    assert f'name="cents" value="{cents}"' in answer.text
    assert not await Payment.exists()


async def test_money_waits_for_an_account(client) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0), account=False)
    await officer_at(client, there)
    page = words((await client.get(path_of(plan))).text)
    assert "Nog niet ingevuld. De aanvrager doet dat zelf." in page
    assert "Zet klaar" not in page
    answer = await client.post(path_of(plan), data={"cents": "1", "instalment": "1"})
    assert answer.status_code == 409
    assert "Er is nog geen rekeningnummer." in words(answer.text)


async def test_amount_is_fixed_after_one_look_at_what_it_does(client) -> None:
    there = await town()
    plan = await accounted(there)
    await prepare(there.officer, plan.public_id, 450_000, DECIDING)
    await officer_at(client, there)
    page = (await client.get(path_of(plan, "/vaststellen"))).text
    assert 'name="cents" value="4.000"' in page
    form = {"cents": "4.000", "reason": "Minder gebruikt."}
    look = await client.post(path_of(plan, "/vaststellen"), data=form)
    assert look.status_code == 200
    assert "Terug naar de pot €\u00a04.500 Nog te betalen €\u00a00 Moet terugkomen €\u00a0500" in words(
        look.text
    )
    assert "Klaargezet, wordt teruggenomen 1 betaling" in words(look.text)
    assert not await Determination.exists()
    sure = {**form, "confirmed": hidden(look.text, "confirmed")}
    for _ in range(2):
        answer = await client.post(path_of(plan, "/vaststellen"), data=sure)
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert (await Application.get(id=plan.id)).at is Stage.DETERMINED
    assert await Payment.all().count() == 1
    assert (await Pot.get(year=2026)).committed_cents == 450_000
    assert "Er moet nog €\u00a0500 terugkomen" in words((await client.get(path_of(plan))).text)


async def test_preview_says_what_the_step_does(client) -> None:
    there = await town()
    plan = await accounted(there, granted=900_000, paid=450_000, spent=700_000)
    await officer_at(client, there)
    before = (await Pot.get(year=2026)).balance.free
    look = await client.post(path_of(plan, "/vaststellen"), data={"cents": "7.000", "reason": "Minder."})
    assert "Terug naar de pot €\u00a02.000 Nog te betalen €\u00a02.500 Moet terugkomen €\u00a00" in words(
        look.text
    )
    await determine(there.officer, plan.public_id, 700_000, "Minder.", DECIDING)
    assert (await Pot.get(year=2026)).balance.free - before == 200_000
    page = (await client.get(path_of(plan))).text
    assert "Nog klaar te zetten €\u00a02.500" in words(page)
    form = {"cents": "2.500", "instalment": hidden(page, "instalment")}
    assert (await client.post(path_of(plan), data=form)).status_code == 303


@pytest.mark.parametrize(
    ("cents", "reason", "said", "status"),
    [
        ("4.000", "", "Schrijf in gewone woorden op waarom.", 409),
        ("", "Minder.", "Vul bij “Eindbedrag” een bedrag in", 422),
        ("tien", "Minder.", "Wij kunnen het bedrag bij “Eindbedrag” niet lezen.", 422),
        ("9.000,01", "Meer.", "Vul een bedrag in tussen €\u00a00 en €\u00a09.000.", 409),
    ],
)
async def test_amount_that_cannot_be_fixed(client, cents, reason, said, status) -> None:
    there = await town()
    plan = await accounted(there)
    await officer_at(client, there)
    for confirmed in ("", "ja"):
        form = {"cents": cents, "reason": reason, "confirmed": confirmed}
        answer = await client.post(path_of(plan, "/vaststellen"), data=form)
        assert answer.status_code == status
        assert said in words(answer.text)
        assert f'name="cents" value="{cents}"' in answer.text
        assert f">\n{reason}</textarea>" in answer.text
    assert not await Determination.exists()


async def test_amount_is_fixed_after_the_report_alone_and_once(client) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    await officer_at(client, there)
    page = words((await client.get(path_of(plan, "/vaststellen"))).text)
    assert "Vaststellen kan als de aanvrager heeft verteld hoe het ging, en maar één keer." in page
    form = {"cents": "9.000", "confirmed": "ja"}
    assert (await client.post(path_of(plan, "/vaststellen"), data=form)).status_code == 409
    await report(there.applicant, plan.public_id, "Het ging goed.", 900_000, DECIDING)
    assert (await client.post(path_of(plan, "/vaststellen"), data=form)).status_code == 303
    other = {"cents": "8.000", "reason": "Toch minder.", "confirmed": "ja"}
    answer = await client.post(path_of(plan, "/vaststellen"), data=other)
    assert answer.status_code == 409
    assert ">\nToch minder.</textarea>" in answer.text


async def test_amount_that_is_final_at_once_is_paid_and_not_fixed_again(client) -> None:
    there = await town()
    plan, _ = await published(there, (450_000, 450_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    assert "Bij dit bedrag hoeft er geen verslag te komen." in words(page)
    assert "Eindbedrag €\u00a04.500 Terug naar de pot €\u00a00" in words(page)
    assert "Stel het eindbedrag vast" not in page
    fixing = words((await client.get(path_of(plan, "/vaststellen"))).text)
    assert "Het eindbedrag staat al vast. Vaststellen kan maar één keer." in fixing
    form = {"cents": "4.000", "reason": "Minder.", "confirmed": "ja"}
    assert (await client.post(path_of(plan, "/vaststellen"), data=form)).status_code == 409
    form = {"cents": "4.500", "instalment": hidden(page, "instalment")}
    assert (await client.post(path_of(plan), data=form)).status_code == 303
    assert [row.cents for row in await Determination.all()] == [450_000]


async def test_money_that_comes_back_is_booked_once(client) -> None:
    there = await town()
    plan = await accounted(there)
    await determine(there.officer, plan.public_id, 400_000, "Minder.", DECIDING)
    client.clock.now = DECIDING
    await client.sign_in(there.finance)
    form = {"back": "300", "reference": "BANK-1"}
    for _ in range(2):
        answer = await client.post(path_of(plan, "/terug"), data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    assert [row.cents for row in await LedgerEntry.filter(kind="recover")] == [30_000]
    for back, reference, said, status in (
        ("100", "BANK-1", "Onder dit kenmerk is al een ander bedrag geboekt.", 409),
        ("201", "BANK-2", "Er moet nog €\u00a0200 terugkomen.", 409),
        ("100", "", "Vul het kenmerk van de bank in.", 409),
        ("x", "BANK-2", "Wij kunnen het bedrag bij “Teruggekomen bedrag” niet lezen.", 422),
    ):
        answer = await client.post(path_of(plan, "/terug"), data={"back": back, "reference": reference})
        assert answer.status_code == status
        assert said in words(answer.text)
        assert f'name="reference" value="{reference}"' in answer.text
    assert "Er moet nog €\u00a0200 terugkomen" in words((await client.get(path_of(plan))).text)


async def test_what_comes_back_after_closing_goes_on(client) -> None:
    there = await town()
    plan = await accounted(there)
    await close_year(there.officer, 2026, "B&W", DECIDING)
    await officer_at(client, there)
    form = {"cents": "4.000", "reason": "Minder.", "confirmed": "ja"}
    assert (await client.post(path_of(plan, "/vaststellen"), data=form)).status_code == 303
    assert (await Pot.get(year=2027)).ceiling_cents == 9_100_000 + 450_000


async def test_auditor_reads_money_and_can_press_nothing(client) -> None:
    there = await town()
    plan = await accounted(there)
    client.clock.now = DECIDING
    await client.sign_in(there.auditor)
    page = (await client.get(path_of(plan))).text
    assert "In eigen woorden Het ging goed. Wij gaan door." in words(page)
    assert "<form" not in page.partition("<main")[2]
    assert "Stel het eindbedrag vast" not in page


async def test_money_asks_as_little_for_three_payments_as_for_one(client, query_count) -> None:
    there = await town()
    plan, _ = await published(there, (900_000, 900_000), (100_000, 0))
    await officer_at(client, there)
    await client.get(path_of(plan))  # the first look of a day is written down
    counts = []
    for times in (1, 2):
        for _ in range(times):
            await pay(there, plan, 100_000)
        with query_count() as queries:
            await client.get(path_of(plan))
        counts.append(len(queries))
    assert counts == [11, 11]
