"""Who receives the money for a group: asked plainly, shown to who pays, and never told in public."""

import pytest
from tortoise.exceptions import BaseORMException

from grants.initiative import Host, Kind
from grants.pages.answers import SEEN
from grants.steps.draft import save_initiative, stamp
from grants.steps.name_host import name_host
from grants.store.applications import Application
from grants.store.initiatives import Initiative
from grants.store.journal import JournalEntry
from grants.store.payments import PayoutAccount
from tests.factories import DECIDING, OPEN, draft, opened_round, person
from tests.pages.officers import published, town
from tests.pages.test_together import joined, words

pytestmark = pytest.mark.anyio
BRUG = Host("Stichting De Brug", "12345678", "Ria Smit, 010 123 45 67")
TYPED = {
    "via": "organisatie", "host_name": BRUG.name, "host_kvk": "1234 5678", "host_contact": BRUG.contact,
    "host_agreed": "ja",
}  # fmt: skip


async def group(client):
    """A draft of a group without a legal form, whose applicant is signed in; its address and the application."""
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, await opened_round())
    await save_initiative(fatma, made.public_id, "group", "De Buurtkoks", "", "", OPEN)
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}", made, fatma


async def kept() -> Host | None:
    return (await Initiative.get()).host


async def test_group_is_asked_who_receives_the_money(client) -> None:
    base, _, _ = await group(client)
    shown = (await client.get(f"{base}/wie")).text
    seen = stamp(("group", "De Buurtkoks", "", ""))
    assert f'value="{seen}"' in shown
    answer = await client.post(f"{base}/wie", data={"kind": "group", "name": "De Buurtkoks", SEEN: seen})
    assert answer.headers["location"] == f"{base}/geld-via"
    for _ in range(2):
        answer = await client.post(f"{base}/geld-via", data=TYPED)
        assert answer.headers["location"] == f"{base}/vraag/title"
    assert await kept() == BRUG
    assert await JournalEntry.filter(act="host.named").count() == 1
    checked = (await client.get(f"{base}/controleren")).text
    assert "Stichting De Brug, KvK 12345678. Contact: Ria Smit" in words(checked)
    assert f"{base}/geld-via?na-bewaren=controleren" in checked
    answer = await client.post(f"{base}/geld-via", data={"via": "zelf", "na-bewaren": "controleren"})
    assert answer.headers["location"] == f"{base}/controleren"
    assert await kept() is None


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"host_name": ""}, ["host_name"]),
        ({"host_kvk": "123"}, ["host_kvk"]),
        ({"host_kvk": ""}, ["host_kvk"]),
        ({"host_agreed": ""}, ["host_agreed"]),
        ({"host_contact": "x" * 121}, ["host_contact"]),
        ({"via": ""}, ["via"]),
        (
            dict.fromkeys(TYPED, "") | {"via": "organisatie"},
            ["host_name", "host_contact", "host_kvk", "host_agreed"],
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_typed_is_lost(client, typed, fields) -> None:
    base, _, _ = await group(client)
    answer = await client.post(f"{base}/geld-via", data={**TYPED, **typed})
    assert answer.status_code == 422
    for field in fields:
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert typed.get("host_name", BRUG.name) in answer.text
    assert await kept() is None


async def test_organisation_has_no_host(client) -> None:
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, await opened_round())
    await client.sign_in(fatma)
    base = f"/aanvragen/{made.public_id}"
    assert (await client.get(f"{base}/geld-via")).headers["location"] == base
    assert (await client.post(f"{base}/geld-via", data=TYPED)).status_code == 409
    assert f"{base}/geld-via" not in (await client.get(base)).text


async def test_helper_may_name_it_in_a_draft_and_only_the_applicant_later(client) -> None:
    base, made, fatma = await group(client)
    other = await joined(client, fatma, made)
    assert (await other.post(f"{base}/geld-via", data=TYPED)).status_code == 303
    await Application.filter(id=made.id).update(stage="submitted", number="2026-001", submitted_at=OPEN)
    assert (await other.post(f"{base}/geld-via", data={"via": "zelf"})).status_code == 403
    assert (await client.post(f"{base}/geld-via", data={"via": "zelf"})).headers["location"] == base
    await PayoutAccount.create(
        application_id=made.id, holder="H", iban_sealed="x", last4="4300", changed_at=DECIDING
    )
    assert (await client.post(f"{base}/geld-via", data=TYPED)).status_code == 409
    assert "U gaf al een rekening op." in (await client.get(f"{base}/geld-via")).text


async def test_account_is_asked_of_the_host_and_shown_to_who_pays_and_never_in_public(client) -> None:
    there = await town()
    client.clock.now = DECIDING
    (plan,) = await published(there, (450_000, 450_000))
    await Initiative.filter(id=plan.initiative_id).update(kind=Kind.GROUP.value, name="De Buurtkoks")
    await PayoutAccount.filter(application_id=plan.id).delete()
    await name_host(there.applicant, plan.public_id, BRUG, True, DECIDING)
    mine = await client.another().sign_in(there.applicant)
    page = (await mine.get(f"/aanvragen/{plan.public_id}/rekening")).text
    assert "Het geld gaat naar Stichting De Brug" in words(page)
    assert 'value="Stichting De Brug"' in page
    for who in (there.officer, there.finance):
        desk = await client.another().sign_in(who)
        assert "Stichting De Brug KvK 12345678" in words(
            (await desk.get(f"/gemeente/aanvragen/{plan.public_id}/geld")).text
        )
    public = client.another()
    for path in ("/resultaten/2026", "/open-data/2026/subsidies.csv", "/open-data/2026/subsidies.json"):
        answer = await public.get(path)
        assert answer.status_code == 200
        assert "De Brug" not in answer.text
        assert "12345678" not in answer.text


async def test_two_who_say_who_applies_at_once_both_see_both(client) -> None:
    base, made, fatma = await group(client)
    other = await joined(client, fatma, made)
    seen = stamp(("group", "De Buurtkoks", "", ""))
    await other.post(f"{base}/wie", data={"kind": "group", "name": "De Wijkkoks", SEEN: seen})
    answer = await client.post(f"{base}/wie", data={"kind": "group", "name": "De Straatkoks", SEEN: seen})
    assert answer.status_code == 409
    assert "Naam De Wijkkoks" in words(answer.text)
    assert 'value="De Straatkoks"' in answer.text
    assert (await Initiative.get()).name == "De Wijkkoks"
    seen = stamp(("group", "De Wijkkoks", "", ""))
    assert f'value="{seen}"' in answer.text
    answer = await client.post(f"{base}/wie", data={"kind": "group", "name": "De Straatkoks", SEEN: seen})
    assert answer.status_code == 303


async def test_database_keeps_a_host_whole(client) -> None:
    await group(client)
    row = Initiative.filter(kind="group")
    whole = {"host_name": "B", "host_kvk": "12345678", "host_contact": "C", "host_agreed_at": OPEN}
    for lacking in whole:
        with pytest.raises(BaseORMException):
            await row.update(**{**whole, lacking: None if lacking.endswith("_at") else ""})
    with pytest.raises(BaseORMException):
        await row.update(**{**whole, "host_kvk": "1234567"})
    await row.update(**whole)
