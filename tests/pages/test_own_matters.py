"""Who no longer has, or never had, business with an application: what they cannot read, write or judge."""

import asyncio
import io
import json
import zipfile
from datetime import date

import pytest

from committee.conflict import NONE
from committee.framework import check_body
from committee.steps.recuse import declare
from committee.store.conflicts import standing_aside
from committee.store.members import Seat
from grants.access import Actor
from grants.application import Stage
from grants.companion import Part
from grants.errors import Refusal
from grants.steps.decide import adopt_all
from grants.steps.draft import save_answer
from grants.steps.enter import Came, Who, enter
from grants.steps.open_round import load_fund, open_round
from grants.steps.share import end
from grants.store.applications import Application
from grants.store.companions import Companion
from grants.store.funds import Round
from grants.store.looks import Look
from grants.store.people import Person, RoleHeld
from tests.factories import (
    BEFORE,
    DECIDING,
    FUND_FILE,
    OPEN,
    OPERATOR,
    REVIEW,
    draft,
    member,
    opened_round,
    person,
    screened,
    submitted,
)
from tests.grants.steps.test_share import companion
from tests.pages.officers import FIELD_KEY, advise, announced, town, words
from tests.pages.test_entry import DESK, entered, fill_in

pytestmark = pytest.mark.anyio
CAME = Came("paper", date(2026, 9, 10))


async def copy_of(browser) -> dict:
    answer = await browser.post("/mijn/gegevens", data={"leeg": ""})
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    return dict(json.loads(found.read("gegevens.json")))


async def test_who_is_an_officer_no_more_writes_in_nobodys_name(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    path = f"/aanvragen/{(await entered(client, there)).public_id}/wie"
    assert (await client.get(path)).status_code == 200
    await RoleHeld.filter(person_id=there.officer.person_id).update(until=client.clock())
    assert (await client.get(path)).status_code == 404
    form = {"kind": "person", "name": "Geen Ambtenaar", "kvk": "", "phone": ""}
    assert (await client.post(path, data=form)).status_code == 404


async def test_officers_copy_holds_nothing_that_they_entered_for_somebody(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    await fill_in(client, there, await entered(client, there))
    data = await copy_of(client)
    assert [data[name] for name in ("answers", "files", "companions")] == [[], [], []]


async def test_copy_of_who_was_removed_holds_what_they_wrote_and_nothing_later(client) -> None:
    fatma = await person("Fatma", "applicant")
    plan = await draft(fatma, await opened_round())
    helper = await companion(fatma, plan, "Sanne")
    await save_answer(helper, plan.public_id, "plan", "Van Sanne", OPEN)
    await client.sign_in(helper)
    before = await copy_of(client)
    assert [row["answer"] for row in before["answers"]] == ["Van Sanne"]
    await end(fatma, plan.public_id, (await Companion.get()).public_id, OPEN)
    await save_answer(fatma, plan.public_id, "title", "Nieuwe titel", OPEN)
    data = await copy_of(client)
    assert [row["answer"] for row in data["answers"]] == ["Van Sanne"]
    assert "Nieuwe titel" not in json.dumps(data)


async def test_officer_reads_no_outcome_of_their_own_before_the_letter(client, clock) -> None:
    there = await town()
    otto = await person("Otto", "applicant", "officer")
    plan = await screened(otto, there.officer, there.round_, "Eigen plan", asked_cents=500_000, least_cents=1)
    await advise(there.round_, [plan], [345_600])
    clock.now = DECIDING
    await client.sign_in(otto)
    assert "3.456" not in words((await client.get(there.path)).text)
    assert (await client.get(f"{there.path}/overnemen")).status_code == 409
    await adopt_all(there.officer, there.round_.id, DECIDING)
    assert (await client.get(f"{there.path}/bekendmaken")).status_code == 409
    for page in ("", "/besluit", "/berichten"):
        refused = await client.get(f"/gemeente/aanvragen/{plan.public_id}{page}")
        assert refused.status_code == 409
        assert "Dit is uw eigen aanvraag, of u schreef mee." in words(refused.text)
    assert await Look.all().count() == 0
    await client.sign_in(there.officer)
    assert "3.456" in words((await client.get(there.path)).text)


async def test_reason_of_a_look_is_not_for_a_helper(client, clock) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 500_000)))[0]
    clock.now = OPEN
    helper = await companion(there.applicant, plan, "Sanne", Part.HELPER)
    await client.sign_in(helper)
    assert (await client.get(f"/aanvragen/{plan.public_id}/gezien")).status_code == 403
    assert "/gezien" not in (await client.get(f"/aanvragen/{plan.public_id}")).text


async def test_desk_that_reads_what_it_entered_is_among_who_looked(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    await client.get(f"/aanvragen/{application.public_id}/wie")
    await client.get(f"{DESK}/{application.public_id}")
    assert await Look.all().values_list("application_id", "role", "purpose") == [
        (application.id, "officer", "screen")
    ]


async def round_of(slug: str) -> Round:
    """A round of another fund, in the same year: it counts its applications from one too."""
    text = FUND_FILE.read_text().replace('slug = "participatiefonds"', f'slug = "{slug}"')
    await load_fund(OPERATOR, text, check_body, BEFORE)
    return await open_round(OPERATOR, slug, 2026, check_body, BEFORE)


async def test_number_is_looked_up_in_the_fund_of_the_round(client) -> None:
    there = await town()
    other = await round_of("tweede")
    mine = await submitted(there.applicant, there.round_)
    theirs = await submitted(await person("Bea", "applicant"), other)
    assert mine.number == theirs.number
    await client.sign_in(there.officer)
    made = await entered(client, there, who="bekend", known=str(mine.number))
    assert made.person_id == there.applicant.person_id


async def test_number_of_several_people_asks_for_the_address(client) -> None:
    there = await town()
    mine = await submitted(there.applicant, there.round_)
    await submitted(await person("Bea", "applicant"), await round_of("tweede"))
    who, elsewhere = Who(known=str(mine.number)), await round_of("derde")
    with pytest.raises(Refusal, match="Meer mensen"):
        await enter(there.officer, elsewhere.public_id, "k", who, CAME, FIELD_KEY, OPEN)


async def test_secretary_who_entered_it_stands_aside(client) -> None:
    there = await town()
    seat = await member(there.round_, "Sara", "secretary")
    both = Actor(seat.person_id, "Sara", frozenset({"officer", "secretary"}))
    made = await enter(both, there.round_.public_id, "k", Who(name="Piet"), CAME, FIELD_KEY, OPEN)
    await Application.filter(id=made.id).update(
        stage=Stage.SCREENED.value, number="2026-009", submitted_at=OPEN, asked_cents=100, least_cents=50
    )
    assert await standing_aside(there.round_.id) == {made.id: {(await Seat.get()).id}}
    declared = await declare(both, made.public_id, NONE, REVIEW)
    assert (declared.aside, declared.ground) == (True, "own")


async def test_who_entered_it_needs_a_scan_or_a_colleague_to_note_the_signature(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    application = await entered(client, there)
    await fill_in(client, there, application)
    path, signed = f"{DESK}/{application.public_id}", {"signed": "10-09-2026"}
    refused = await client.post(path, data=signed)
    assert (refused.status_code, "U voerde dit zelf in." in words(refused.text)) == (409, True)
    colleague = await client.another().sign_in(await person("Otto", "officer"))
    assert (await colleague.post(path, data=signed)).status_code == 303


async def test_two_who_enter_the_same_new_address_at_once_are_one_person_and_one_refusal(client) -> None:
    there = await town()
    who = Who(name="Piet", email="piet@voorbeeld.example")
    ended = await asyncio.gather(
        *(
            enter(officer, there.round_.public_id, "k", who, CAME, FIELD_KEY, OPEN)
            for officer in (there.officer, await person("Otto", "officer"))
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["Application", "Refusal"]
    assert await Person.filter(email=who.email).count() == 1
