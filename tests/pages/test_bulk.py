import pytest

from grants import round as rules_of
from grants.screening import Verdict
from grants.steps.pay import approve, prepare
from grants.steps.screen import ask_completion, note_check
from grants.store.applications import Application
from grants.store.journal import JournalEntry
from grants.store.ledger import Pot
from grants.store.outbox import LetterRow
from grants.store.payments import Payment
from tests.factories import DECIDING, OPEN, person, submitted
from tests.pages.officers import MONEY_READERS, READERS, published, readers, town, words, writers
from tests.pages.test_filters import links

pytestmark = pytest.mark.anyio
APPROVE = "/gemeente/betalingen/goedkeuren"
EURO = "€\u00a0"


async def checked(there, title: str, verdict: Verdict = Verdict.GOOD, **amounts: int) -> Application:
    """A plan of which every check is filled in; the last one as given."""
    sent = await submitted(there.applicant, there.round_, title, **{"least_cents": 1000, **amounts})
    keys = [check.key for check in rules_of.checks(there.round_.frozen)]
    for key in keys:
        found = verdict if key == keys[-1] else Verdict.GOOD
        await note_check(there.officer, sent.public_id, key, found, "Er is iets.", OPEN)
    return sent


async def stages() -> dict[str, str]:
    return dict(await Application.all().values_list("title", "stage"))


def keys(page: str) -> list[str]:
    """The rows that the button of this page is about."""
    return [part.partition('"')[0] for part in page.split('name="rij" value="')[1:]]


async def confirm(client, path: str, **fields: str):
    """Press the button of the page as it is shown."""
    return await client.post(path, data={"rij": keys((await client.get(path)).text), "leeg": "", **fields})


async def test_who_may_look_and_who_may_do(client) -> None:
    there = await town()
    admit, pay = f"{there.path}/doorlaten", f"{there.path}/uitbetalen"
    assert await readers(client, there, admit) == READERS
    assert await readers(client, there, pay) == MONEY_READERS
    assert await readers(client, there, APPROVE) == MONEY_READERS
    assert await writers(client, there, admit) == {"officer"}
    assert await writers(client, there, pay) == {"officer", "finance"}
    assert await writers(client, there, APPROVE, paid_on="1-1-2026") == {"finance"}


async def test_auditor_sees_no_button(client) -> None:
    there = await town()
    await checked(there, "Goed")
    await published(there, (100_000, 100_000))
    await client.sign_in(there.auditor)
    for path in (f"{there.path}/doorlaten", f"{there.path}/uitbetalen", APPROVE):
        assert '<form method="post" action="/gemeente' not in (await client.get(path)).text


async def test_admit_all_shows_what_goes_on_and_why_the_rest_stays(client) -> None:
    there = await town()
    await checked(there, "Goed", asked_cents=300_000)
    await checked(there, "Ook goed", asked_cents=200_000)
    await checked(there, "Mist iets", Verdict.MISSING)
    await submitted(there.applicant, there.round_, "Niet bekeken")
    asked = await submitted(there.applicant, there.round_, "Vult aan")
    await ask_completion(there.officer, asked.public_id, ["plan"], "Vertel meer.", OPEN)
    await client.sign_in(there.officer)
    page = words((await client.get(f"{there.path}/doorlaten")).text)
    assert "U laat 2 aanvragen door naar de commissie." in page
    assert f"Samen (2) {EURO}5.000,00" in page
    stays = page.partition("Dit blijft liggen")[2]
    assert "2026-003 · Mist iets De controle “" in stays
    assert "2026-004 · Niet bekeken De controle “" in stays
    assert "2026-005 · Vult aan De aanvrager vult nog aan." in stays
    assert "Goed" not in stays


async def test_admit_all_lets_through_once_and_tells_the_applicants(client) -> None:
    there = await town()
    for title in ("Een", "Twee"):
        await checked(there, title)
    await checked(there, "Drie", Verdict.NOT_MET)
    await client.sign_in(there.officer)
    path = f"{there.path}/doorlaten"
    rows = keys((await client.get(path)).text)
    for _ in range(2):
        answer = await client.post(path, data={"rij": rows})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?gezegd=klaar")
        assert await stages() == {"Een": "screened", "Twee": "screened", "Drie": "submitted"}
        assert await LetterRow.filter(kind="admitted").count() == 2
    page = words((await client.get(f"{path}?gezegd=klaar")).text)
    assert "De aanvragen zijn door." in page
    assert "Drie" in page.partition("Dit blijft liggen")[2]


async def test_row_that_fails_says_why_and_the_others_go_on(client) -> None:
    there = await town()
    _, second, _ = [await checked(there, title) for title in ("Een", "Twee", "Drie")]
    await client.sign_in(there.officer)
    path = f"{there.path}/doorlaten"
    rows = keys((await client.get(path)).text)
    key = rules_of.checks(there.round_.frozen)[0].key
    await note_check(there.officer, second.public_id, key, Verdict.MISSING, "Toch niet.", OPEN)
    answer = await client.post(path, data={"rij": [*rows, "bestaat niet"]})
    assert answer.status_code == 409
    page = words(answer.text)
    assert f"{second.number}: De controle “" in page
    assert "Deze aanvraag is er niet." in page
    assert await stages() == {"Een": "screened", "Twee": "submitted", "Drie": "screened"}


async def test_nobody_handles_their_own_in_a_row_of_many(client) -> None:
    there = await town()
    sent = await checked(there, "Van mij")
    await Application.filter(id=sent.id).update(person_id=there.officer.person_id)
    await client.sign_in(there.officer)
    path = f"{there.path}/doorlaten"
    own = "Dit is uw eigen aanvraag, of u schreef mee. Een collega moet dit doen."
    assert own in words((await client.get(path)).text)
    answer = await client.post(path, data={"rij": [sent.public_id]})
    assert answer.status_code == 409
    assert await stages() == {"Van mij": "submitted"}


async def test_row_can_be_left_out_and_taken_in_again(client) -> None:
    there = await town()
    first, second = [await checked(there, title, asked_cents=100_000) for title in ("Een", "Twee")]
    await client.sign_in(there.officer)
    path = f"{there.path}/doorlaten"
    page = (await client.get(path)).text
    without = links(page)[f"Sla over {first.number}"]
    assert without == f"{path}?niet={first.public_id}"
    page = (await client.get(without)).text
    assert keys(page) == [second.public_id]
    assert "Een U slaat deze nu over." in words(page)
    assert links(page)[f"Neem mee {first.number}"].rstrip("?") == path
    assert (await client.post(path, data={"rij": keys(page), "niet": [first.public_id]})).status_code == 303
    assert await stages() == {"Een": "submitted", "Twee": "screened"}


async def test_prepare_all_prepares_the_first_part_of_each_grant(client) -> None:
    there = await town()
    plans = await published(there, (900_000, 900_000), (450_000, 450_000), (300_000, 200_000), (100_000, 0))
    await prepare(there.officer, plans[1].public_id, 450_000, DECIDING)
    client.clock.now = DECIDING
    await client.sign_in(there.officer)
    path = f"{there.path}/uitbetalen"
    page = words((await client.get(path)).text)
    assert f"U zet 2 betalingen klaar, samen {EURO}6.500." in page
    assert f"2026-001 · Plan 1 naar •••• 4300 van Stichting Samen {EURO}4.500,00" in page
    assert "Plan 2" not in page
    rows = keys((await client.get(path)).text)
    for _ in range(2):
        assert (await client.post(path, data={"rij": rows})).status_code == 303
        made = await Payment.all().order_by("application_id").values_list("instalment", "cents")
        assert made == [(1, 450_000), (1, 450_000), (1, 200_000)]
    assert "Er is niets klaar te zetten" in words((await client.get(path)).text)
    assert (await Pot.get(year=2026)).paid_cents == 0


async def test_prepare_all_waits_for_an_account(client) -> None:
    there = await town()
    await published(there, (450_000, 450_000), account=False)
    client.clock.now = DECIDING
    await client.sign_in(there.finance)
    page = words((await client.get(f"{there.path}/uitbetalen")).text)
    assert "2026-001 · Plan 1 Er is nog geen rekeningnummer." in page
    assert "Zet 1 betaling klaar" not in page


@pytest.mark.parametrize("cents", ["", ".", ".x", ".-1", ".0", ".450001", ".²", "." + "9" * 30])
async def test_prepare_all_refuses_what_the_page_did_not_offer(client, cents) -> None:
    there = await town()
    (plan,) = await published(there, (450_000, 450_000))
    client.clock.now = DECIDING
    await client.sign_in(there.officer)
    answer = await client.post(f"{there.path}/uitbetalen", data={"rij": [plan.public_id + cents]})
    assert answer.status_code == 409
    assert await Payment.all().count() == 0


async def three_prepared(client, there) -> list[Payment]:
    """Two payments of the officer's, one of finance's own."""
    plans = await published(there, (450_000, 450_000), (300_000, 300_000), (200_000, 200_000))
    client.clock.now = DECIDING
    return [
        await prepare(actor, plan.public_id, plan.asked_cents, DECIDING)
        for plan, actor in zip(plans, (there.officer, there.officer, there.finance), strict=True)
    ]


async def test_approve_all_keeps_to_two_pairs_of_eyes(client) -> None:
    there = await town()
    first, second, own = await three_prepared(client, there)
    await client.sign_in(there.finance)
    page = (await client.get(APPROVE)).text
    assert keys(page) == [first.public_id, second.public_id]
    assert f"U keurt 2 betalingen goed, samen {EURO}7.500." in words(page)
    assert (
        "Plan 3 Iemand anders moet deze betaling afronden." in words(page).partition("Dit blijft liggen")[2]
    )
    answer = await client.post(APPROVE, data={"rij": [own.public_id, *keys(page)], "paid_on": "8-12-2026"})
    assert answer.status_code == 409
    assert "2026-003: Iemand anders moet deze betaling afronden." in words(answer.text)
    paid = await Payment.filter(paid_on__isnull=False).order_by("id").values_list("id", "approved_by_id")
    assert paid == [(first.id, there.finance.person_id), (second.id, there.finance.person_id)]


async def test_approve_all_books_each_once_however_often_it_is_sent(client) -> None:
    there = await town()
    await three_prepared(client, there)
    await client.sign_in(there.finance)
    rows = keys((await client.get(APPROVE)).text)
    for _ in range(2):
        answer = await client.post(APPROVE, data={"rij": rows, "paid_on": "8-12-2026"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{APPROVE}?gezegd=klaar")
        assert (await Pot.get(year=2026)).paid_cents == 750_000
        assert await LetterRow.filter(kind="payment").count() == 2
        assert await JournalEntry.filter(act="payment.made").count() == 2


@pytest.mark.parametrize(("day", "status"), [("", 422), ("31-2-2026", 422), ("9-12-2026", 409)])
async def test_approve_all_asks_for_a_day_that_has_been_and_says_so_once(client, day, status) -> None:
    there = await town()
    await three_prepared(client, there)
    await client.sign_in(there.finance)
    answer = await confirm(client, APPROVE, paid_on=day)
    assert answer.status_code == status
    assert "Er is 1 ding dat nog niet klopt" in words(answer.text)
    assert 'href="#paid_on"' in answer.text
    assert len(keys(answer.text)) == 2
    assert (await Pot.get(year=2026)).paid_cents == 0


async def test_payment_that_a_colleague_took_back_or_made_stops_no_other(client) -> None:
    there = await town()
    first, second, _ = await three_prepared(client, there)
    await client.sign_in(there.finance)
    rows = keys((await client.get(APPROVE)).text)
    other = await person("Fenna Financien", "finance")
    await approve(other, first.public_id, DECIDING.date(), DECIDING)
    answer = await client.post(APPROVE, data={"rij": [*rows, "0" * 32], "paid_on": "8-12-2026"})
    assert "Deze betaling is er niet." in words(answer.text)
    assert (await Payment.get(id=first.id)).approved_by_id == other.person_id
    assert (await Payment.get(id=second.id)).approved_by_id == there.finance.person_id


async def test_previews_of_payments_ask_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    client.clock.now = DECIDING
    plans = await published(there, (450_000, 450_000), (300_000, 300_000), (200_000, 200_000))
    await client.sign_in(there.finance)
    counts = []
    for done in ([], plans[:1], plans[1:]):
        for plan in done:
            await prepare(there.officer, plan.public_id, plan.asked_cents, DECIDING)
        for path in (f"{there.path}/uitbetalen", APPROVE):
            with query_count() as queries:
                assert (await client.get(path)).status_code == 200
            counts.append(len(queries))
    assert counts == [5, 4] * 3  # session, seats, (the round with its fund,) the rows, who wrote along


async def test_preview_of_admission_asks_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await client.sign_in(there.officer)
    counts = []
    for titles in (["Een"], ["Twee", "Drie"]):
        for title in titles:
            await checked(there, title)
        with query_count() as queries:
            assert (await client.get(f"{there.path}/doorlaten")).status_code == 200
        counts.append(len(queries))
    assert counts == [
        6,
        6,
    ]  # session, seats, the round with its fund, applications, their checks, who wrote along
