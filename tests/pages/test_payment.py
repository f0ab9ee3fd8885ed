import logging
from datetime import timedelta

import pytest

from grants.steps.pay import approve, prepare
from grants.store.journal import JournalEntry
from grants.store.ledger import Pot
from grants.store.outbox import LetterRow
from grants.store.payments import Payment
from tests.factories import DECIDING
from tests.pages.officers import IBAN, MONEY_READERS, published, readers, town, words, writers

pytestmark = pytest.mark.anyio
SHOWN = "NL91 ABNA 0417 1643 00"


async def prepared(there) -> Payment:
    """One grant of 4.500 euro, prepared by the officer."""
    plan, _ = await published(there, (450_000, 450_000), (100_000, 0))
    return await prepare(there.officer, plan.public_id, 450_000, DECIDING)


async def finance_at(client, there, days: int = 0) -> None:
    client.clock.now = DECIDING + timedelta(days=days)
    await client.sign_in(there.finance)


async def test_payments_are_read_by_those_who_handle_money(client) -> None:
    there = await town()
    payment = await prepared(there)
    path = f"/gemeente/betalingen/{payment.public_id}"
    assert await readers(client, there, "/gemeente/betalingen") == MONEY_READERS
    assert await readers(client, there, path) == MONEY_READERS
    assert await writers(client, there, path, paid_on="x") == {"finance"}
    assert await writers(client, there, f"{path}/rekening") == {"finance"}
    assert await writers(client, there, f"{path}/intrekken") == {"officer", "finance"}


async def test_payments_in_three_lists(client) -> None:
    there = await town()
    first, second, third, _ = await published(
        there, (900_000, 900_000), (450_000, 450_000), (300_000, 200_000), (100_000, 0)
    )
    made = await prepare(there.officer, first.public_id, 450_000, DECIDING)
    await approve(there.finance, made.public_id, DECIDING.date(), DECIDING)
    await prepare(there.officer, second.public_id, 450_000, DECIDING)
    await finance_at(client, there)
    page = words((await client.get("/gemeente/betalingen")).text)
    assert "2026-001 · Plan 1 €\u00a09.000,00 €\u00a04.500,00 bekend volgende termijn" in page
    assert "2026-003 · Plan 3 €\u00a02.000,00 €\u00a02.000,00 bekend 19 januari 2027 nog 42 dagen" in page
    assert "2026-002 · Plan 2 1 €\u00a04.500,00 Olga Officier 19 januari 2027" in page
    assert "2026-001 · Plan 1 1 €\u00a04.500,00 8 december 2026 Farid Financien" in page
    assert third.public_id not in page


async def test_account_is_masked_until_finance_asks_and_that_is_written_down(client, caplog) -> None:
    there = await town()
    payment = await prepared(there)
    path = f"/gemeente/betalingen/{payment.public_id}"
    caplog.set_level(logging.DEBUG, "grants")
    await finance_at(client, there)
    page = (await client.get(path)).text
    assert "•••• 4300" in page
    assert SHOWN not in page
    answer = await client.post(f"{path}/rekening", data={"leeg": ""})
    assert answer.status_code == 200
    assert SHOWN in answer.text
    assert answer.headers["cache-control"] == "no-store"
    looked = await JournalEntry.get(act="account.seen")
    assert (looked.person_id, looked.role, looked.application_id) == (
        there.finance.person_id,
        "finance",
        payment.application_id,
    )
    assert IBAN not in looked.detail + caplog.text
    assert SHOWN not in (await client.get(path)).text


async def test_nobody_else_ever_gets_the_account(client) -> None:
    there = await town()
    payment = await prepared(there)
    client.clock.now = DECIDING
    for actor in (there.officer, there.auditor):
        await client.sign_in(actor)
        for path in (f"/gemeente/betalingen/{payment.public_id}", "/gemeente/betalingen"):
            page = (await client.get(path)).text
            assert "Toon het hele rekeningnummer" not in page
            assert IBAN not in page
            assert SHOWN not in page


async def test_account_is_not_shown_after_paying(client) -> None:
    there = await town()
    payment = await prepared(there)
    await approve(there.finance, payment.public_id, DECIDING.date(), DECIDING)
    await finance_at(client, there)
    answer = await client.post(f"/gemeente/betalingen/{payment.public_id}/rekening", data={"leeg": ""})
    assert answer.status_code == 409
    assert SHOWN not in answer.text


async def test_payment_is_approved_once(client) -> None:
    there = await town()
    payment = await prepared(there)
    await finance_at(client, there, days=1)
    for _ in range(2):
        answer = await client.post(
            f"/gemeente/betalingen/{payment.public_id}", data={"paid_on": "8 december 2026"}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/gemeente/betalingen")
    assert (await Pot.get(year=2026)).paid_cents == 450_000
    assert await LetterRow.filter(kind="payment").count() == 1
    page = words((await client.get(f"/gemeente/betalingen/{payment.public_id}")).text)
    assert "Betaald op 8 december 2026, goedgekeurd door Farid Financien" in page
    assert "Keur goed" not in page


@pytest.mark.parametrize(
    ("day", "said", "status"),
    [
        ("", "Schrijf bij “Op welke dag is dit betaald?” een datum", 422),
        ("31-2-2026", "De datum bij “Op welke dag is dit betaald?” bestaat niet.", 422),
        ("gisteren", "Schrijf bij “Op welke dag is dit betaald?” een datum", 422),
        ("9-12-1999", "Kijk het jaar bij “Op welke dag is dit betaald?” na.", 422),
        ("9-12-2026", "De dag van betaling kan niet in de toekomst liggen.", 409),
    ],
)
async def test_day_that_cannot_be(client, day, said, status) -> None:
    there = await town()
    payment = await prepared(there)
    await finance_at(client, there)
    answer = await client.post(f"/gemeente/betalingen/{payment.public_id}", data={"paid_on": day})
    assert answer.status_code == status
    assert said in words(answer.text)
    assert f'name="paid_on" value="{day}"' in answer.text
    assert (await Payment.get(id=payment.id)).paid_on is None


async def test_who_prepared_does_not_approve(client) -> None:
    there = await town()
    plan, _ = await published(there, (450_000, 450_000), (100_000, 0))
    payment = await prepare(there.finance, plan.public_id, 450_000, DECIDING)
    await finance_at(client, there)
    path = f"/gemeente/betalingen/{payment.public_id}"
    page = words((await client.get(path)).text)
    assert "Iemand anders keurt deze betaling goed" in page
    assert "Keur goed" not in page
    answer = await client.post(path, data={"paid_on": "8-12-2026"})
    assert answer.status_code == 409
    assert "Zo kijken er altijd twee mensen mee." in words(answer.text)


async def test_payment_is_taken_back(client) -> None:
    there = await town()
    payment = await prepared(there)
    await finance_at(client, there)
    path = f"/gemeente/betalingen/{payment.public_id}"
    first, second = [await client.post(f"{path}/intrekken", data={"leeg": ""}) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 303)
    assert not await Payment.exists()
    assert (await client.get(path)).status_code == 404
    assert (await client.post(path, data={"paid_on": "8-12-2026"})).status_code == 404


async def test_payment_that_was_made_is_not_taken_back(client) -> None:
    there = await town()
    payment = await prepared(there)
    await approve(there.finance, payment.public_id, DECIDING.date(), DECIDING)
    await finance_at(client, there)
    answer = await client.post(f"/gemeente/betalingen/{payment.public_id}/intrekken", data={"leeg": ""})
    assert answer.status_code == 409
    assert "Deze betaling is al gedaan." in words(answer.text)


async def test_payments_ask_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    plans = await published(there, (450_000, 450_000), (300_000, 300_000), (200_000, 200_000), (100_000, 0))
    await finance_at(client, there)
    counts = []
    for some in (plans[:1], plans[1:3]):
        for plan in some:
            made = await prepare(there.officer, plan.public_id, 50_000, DECIDING)
            await approve(there.finance, made.public_id, DECIDING.date(), DECIDING)
            await prepare(there.officer, plan.public_id, 50_000, DECIDING)
        with query_count() as queries:
            await client.get("/gemeente/betalingen")
        counts.append(len(queries))
    assert counts == [6, 6]
