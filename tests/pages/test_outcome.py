"""After the decision: reading it with its reasons and the way to object, the account, and how it went."""

import pytest

from grants import sealed
from grants.decision import Kind
from grants.steps.account import determine
from grants.steps.announce import announce
from grants.steps.decide import decide
from grants.steps.pay import prepare
from grants.store.payments import PayoutAccount, Report
from tests.factories import DECIDING
from tests.pages.officers import FIELD_KEY, IBAN, REASONS, advised, announced, decided, published, town, words

pytestmark = pytest.mark.anyio


async def visit(client, there):
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)


async def test_decision_gives_amount_reasons_and_the_way_to_object(client) -> None:
    there = await town()
    (plan,) = await announced(there, (500_000, 400_000))
    await visit(client, there)
    said = words((await client.get(f"/aanvragen/{plan.public_id}/besluit")).text)
    assert "Voor een deel toegekend: €\u00a04.000" in said
    assert "Zeven van de negen leden steunden dit plan." in said
    for label, text in REASONS.items():
        assert f"{label} {text}" in said
    assert "Dat kan tot en met 19 januari 2027." in said
    assert there.round_.frozen["objection"]["address"] in said
    assert there.round_.frozen["legal_basis"] in said


async def test_decision_that_deviates_says_why(client) -> None:
    there = await town()
    (plan,) = await advised(there, (500_000, 500_000))
    await decide(there.officer, plan.public_id, Kind.PARTLY, 300_000, "De huur is lager.", DECIDING)
    await announce(there.officer, there.round_.id, DECIDING)
    await visit(client, there)
    said = words((await client.get(f"/aanvragen/{plan.public_id}/besluit")).text)
    assert "De gemeente besluit anders dan de commissie adviseerde De huur is lager." in said


@pytest.mark.parametrize("page", ["besluit", "rekening", "verslag"])
async def test_pages_of_a_decision_are_not_there_before_it_is_announced(client, page) -> None:
    there = await town()
    (plan,) = await decided(there, (500_000, 500_000))
    await visit(client, there)
    for method in ("GET", "POST"):
        answer = await client.request(
            method, f"/aanvragen/{plan.public_id}/{page}", data={"iban": IBAN, "holder": "x"}
        )
        assert answer.status_code in (404, 405, 409)
    assert await PayoutAccount.all().count() == 0


@pytest.mark.parametrize("page", ["rekening", "verslag"])
async def test_who_got_no_money_has_no_page_for_it(client, page) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 0))
    await visit(client, there)
    assert (await client.get(f"/aanvragen/{plan.public_id}/{page}")).status_code == 404
    assert (await client.get(f"/aanvragen/{plan.public_id}/besluit")).status_code == 200


async def test_account_is_kept_sealed_and_shown_by_its_end(client) -> None:
    there = await town()
    (plan,) = await announced(there, (500_000, 500_000))
    await visit(client, there)
    path = f"/aanvragen/{plan.public_id}/rekening"
    answer = await client.post(path, data={"holder": "Stichting Samen", "iban": "nl91 abna 0417 1643 00"})
    assert answer.headers["location"] == f"/aanvragen/{plan.public_id}"
    kept = await PayoutAccount.get()
    assert IBAN not in kept.iban_sealed
    assert sealed.unseal(FIELD_KEY, kept.iban_sealed) == IBAN
    shown = (await client.get(path)).text
    assert "•••• 4300" in shown
    assert "04171643" not in shown


@pytest.mark.parametrize("iban", ["", "NL91ABNA0417164301", "12345", "x" * 100_000, "NL91 ABNA\0"])
async def test_account_that_cannot_be_right_keeps_what_was_typed(client, iban) -> None:
    there = await town()
    (plan,) = await announced(there, (500_000, 500_000))
    await visit(client, there)
    answer = await client.post(
        f"/aanvragen/{plan.public_id}/rekening", data={"holder": "Wij & co", "iban": iban}
    )
    assert answer.status_code in (409, 422)
    assert 'href="#iban"' in answer.text
    assert "Wij &amp; co" in answer.text
    assert await PayoutAccount.all().count() == 0


async def test_account_does_not_change_before_two_people_looked_at_it(client) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 500_000))
    await prepare(there.officer, plan.public_id, 100_000, DECIDING)
    await visit(client, there)
    path = f"/aanvragen/{plan.public_id}/rekening"
    assert "Bel ons dan meteen" in (await client.get(path)).text
    answer = await client.post(path, data={"holder": "Een ander", "iban": IBAN, "sleutel": "k"})
    assert answer.headers["location"].startswith("/mijn/gestuurd/")
    assert (await PayoutAccount.get()).holder == "Stichting Samen"


async def test_report_is_told_once_and_read_back(client) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 500_000))
    await visit(client, there)
    path = f"/aanvragen/{plan.public_id}/verslag"
    for _ in range(2):
        answer = await client.post(path, data={"text": "Het ging goed.", "cents": "4.250,50"})
        assert answer.headers["location"] == path
    other = await client.post(path, data={"text": "Tweede keer.", "cents": "4.250,50"})
    assert other.status_code == 409
    assert [(one.text, one.spent_cents) for one in await Report.all()] == [("Het ging goed.", 425_050)]
    await determine(there.officer, plan.public_id, 425_050, "Er was geld over.", DECIDING)
    said = words((await client.get(path)).text)
    assert "Het ging goed." in said
    assert "Wij hebben het bedrag vastgelegd: €\u00a04.250,50. Er was geld over." in said


@pytest.mark.parametrize(
    ("text", "cents", "field"),
    [
        ("", "10", "text"),
        ("Goed.", "", "cents"),
        ("Goed.", "veel", "cents"),
        ("Goed.", "5.000,01", "cents"),
        ("a" * 10_001, "10", "text"),
        ("a" * 1_000_000, "10", "text"),
    ],
)
async def test_report_that_cannot_be_taken_is_given_back(client, text, cents, field) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 500_000))
    await visit(client, there)
    answer = await client.post(f"/aanvragen/{plan.public_id}/verslag", data={"text": text, "cents": cents})
    assert answer.status_code in (409, 422)
    assert f'href="#{field}"' in answer.text
    assert text in answer.text
    assert await Report.all().count() == 0


async def test_report_waits_for_the_publication(client) -> None:
    there = await town()
    (plan,) = await announced(there, (500_000, 500_000))
    await visit(client, there)
    path = f"/aanvragen/{plan.public_id}/verslag"
    assert "Dit kan zodra de uitslag op de website staat." in (await client.get(path)).text
    assert (await client.post(path, data={"text": "Goed.", "cents": "10"})).status_code == 409


async def test_report_is_not_asked_where_the_amount_is_final_at_once(client) -> None:
    there = await town()
    (plan,) = await published(there, (400_000, 400_000))
    await visit(client, there)
    final = "Het bedrag staat nu al vast. U hoeft geen verslag te sturen."
    assert final in words((await client.get(f"/aanvragen/{plan.public_id}/besluit")).text)
    path = f"/aanvragen/{plan.public_id}/verslag"
    page = (await client.get(path)).text
    assert final in words(page)
    assert 'name="text"' not in page
    answer = await client.post(path, data={"text": "Goed.", "cents": "10"})
    assert answer.status_code == 409
    assert "U hoeft geen verslag te sturen. Het bedrag dat u kreeg, staat al vast." in words(answer.text)
    assert await Report.all().count() == 0
