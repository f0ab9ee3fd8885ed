"""Who speaks in an application: what a representative sent is the applicant's, and ends with the authority."""

import io
import json
import zipfile

import pytest

from grants.companion import Part
from grants.steps.answer import answer
from grants.steps.change_account import ask_account
from grants.steps.share import end
from grants.store.companions import Companion
from grants.store.notices import Notice
from grants.store.outbox import LetterRow
from tests.factories import DECIDING
from tests.pages.officers import FIELD_KEY, announced, published, town
from tests.pages.test_official import OTHER_IBAN, TEXT, fill
from tests.pages.test_together import joined

pytestmark = pytest.mark.anyio
ANSWER = "Anna krijgt alsnog geld."


async def objected(client, clock):
    """An objection that a representative sent: who is there, the browsers of both, and the receipt."""
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    clock.now = DECIDING
    sanne = await joined(client, there.applicant, plan, Part.REPRESENTATIVE)
    sent = await fill(sanne, f"/aanvragen/{plan.public_id}/bezwaar")
    return there, sanne, await client.sign_in(there.applicant), sent.headers["location"]


async def leave(there) -> None:
    """The applicant ends the authority."""
    along = await Companion.get().select_related("application")
    await end(there.applicant, along.application.public_id, along.public_id, DECIDING)


async def told(kind: str) -> list[int | None]:
    return [row.person_id for row in await LetterRow.filter(kind=kind).order_by("id")]


async def notices_in_copy(visitor) -> list[dict]:
    copy = zipfile.ZipFile(io.BytesIO((await visitor.post("/mijn/gegevens")).content))
    return json.loads(copy.read("gegevens.json"))["notices"]


async def test_what_a_representative_sent_is_read_and_listed_by_both(client, clock) -> None:
    _, sanne, anna, receipt = await objected(client, clock)
    for visitor in (sanne, anna):
        assert (await visitor.get(receipt)).status_code == 200
        assert receipt in (await visitor.get("/mijn")).text


async def test_representative_who_was_removed_cannot_take_the_objection_back(client, clock) -> None:
    there, sanne, anna, receipt = await objected(client, clock)
    await leave(there)
    for path in (receipt, f"{receipt}/intrekken"):
        assert (await sanne.get(path)).status_code == 404
    assert (await sanne.post(f"{receipt}/intrekken", data={"leeg": ""})).status_code == 404
    assert receipt not in (await sanne.get("/mijn")).text
    assert (await Notice.get()).open
    assert (await anna.post(f"{receipt}/intrekken", data={"leeg": ""})).headers["location"] == receipt
    assert await told("notice_withdrawn") == [there.applicant.person_id]


async def test_answer_is_for_who_speaks_now(client, clock) -> None:
    there, sanne, anna, receipt = await objected(client, clock)
    await leave(there)
    await answer(there.officer, (await Notice.get()).public_id, ANSWER, DECIDING)
    assert await told("notice_answer") == [there.applicant.person_id]
    assert ANSWER in (await anna.get(receipt)).text
    assert [one["outcome"] for one in await notices_in_copy(anna)] == [ANSWER]
    assert [(one["text"], "outcome" in one) for one in await notices_in_copy(sanne)] == [(TEXT, False)]


async def test_another_account_is_of_the_applicant_alone(client, clock) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    clock.now = DECIDING
    sanne = await joined(client, there.applicant, plan, Part.REPRESENTATIVE)
    made = await ask_account(there.applicant, plan.public_id, "Nieuw", OTHER_IBAN, FIELD_KEY, "k", DECIDING)
    receipt = f"/mijn/gestuurd/{made.public_id}"
    assert (await sanne.get(receipt)).status_code == 404
    assert (await sanne.post(f"{receipt}/intrekken", data={"leeg": ""})).status_code == 404
    assert receipt not in (await sanne.get("/mijn")).text
    assert (await (await client.sign_in(there.applicant)).get(receipt)).status_code == 200
