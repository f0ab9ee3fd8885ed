"""Writing along: invited, accepted by the right person only, seen in the journal, and kept from judging."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from committee.conflict import NONE
from committee.pages.sight import case_of
from committee.steps.recuse import declare
from committee.store.conflicts import standing_aside
from committee.store.members import Seat
from grants.access import Actor
from grants.application import Stage
from grants.companion import MAX_COMPANIONS, VALID, Part
from grants.errors import Forbidden, Invalid, NotFound, Refusal, Sentence, Stale
from grants.limit import INVITED, INVITED_BY_ALL, Often
from grants.screening import Verdict
from grants.steps.draft import begin, delete_draft, save_answer, stamp
from grants.steps.post import lease, note_failed
from grants.steps.screen import admit, note_check
from grants.steps.share import Invitation, accept, end, invite, leave
from grants.steps.submit import submit, withdraw
from grants.store import letters
from grants.store.applications import Answer, Application, lock_own
from grants.store.companions import Companion, invitation_key, recipients, who_wrote_along
from grants.store.funds import Round
from grants.store.journal import JournalEntry
from grants.store.outbox import LetterRow, Task
from grants.store.people import Person
from tests.factories import OPEN, REVIEW, draft, member, opened_round, person, submitted

pytestmark = pytest.mark.anyio
SECRET = "s" * 32


def asking(who: str, part: Part = Part.HELPER, **other: Any) -> Invitation:
    email = f"{who.lower().replace(' ', '.')}@voorbeeld.example"
    values = {
        "name": who,
        "from_name": "Fatma",
        "role": part.value,
        "authorised": part is Part.REPRESENTATIVE,
    }
    return Invitation(email=email, **{**values, **other})


async def companion(
    applicant: Actor, application: Application, name: str, part: Part = Part.HELPER, *roles: str
) -> Actor:
    """Somebody who accepted an invitation to write along."""
    actor = await person(name, "applicant", *roles)
    made = await invite(applicant, application.public_id, asking(name, part), SECRET, OPEN)
    await accept(actor, invitation_key(SECRET, made.public_id), OPEN)
    return actor


async def scene() -> tuple[Round, Actor, Application]:
    round_ = await opened_round()
    applicant = await person("Fatma", "applicant")
    return round_, applicant, await draft(applicant, round_)


async def noted(act: str) -> list[tuple[int | None, str]]:
    """Who did this, in what role, in order."""
    rows = await JournalEntry.filter(act=act).order_by("place")
    return [(row.person_id, row.role) for row in rows]


async def test_invitation_is_queued_once_and_journaled_without_name_or_address(
    database: TortoiseContext,
) -> None:
    _, applicant, plan = await scene()
    first = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    again = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    assert first.id == again.id
    letter = await LetterRow.get(kind="invitation")
    assert (letter.email, letter.person_id) == ("sanne@voorbeeld.example", None)
    entry = await JournalEntry.get(act="companion.invited")
    assert (entry.person_id, entry.role) == (applicant.person_id, "applicant")
    assert "sanne" not in (entry.detail + entry.ground).lower()
    assert invitation_key(SECRET, first.public_id) not in "".join(
        str(row) for row in await Companion.all().values()
    )


async def test_helper_writes_and_does_nothing_else(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    helper = await companion(applicant, plan, "Sanne")
    await save_answer(helper, plan.public_id, "title", "Samen koken", OPEN)
    assert (await Application.get(id=plan.id)).title == "Samen koken"
    for act in (submit, delete_draft):
        with pytest.raises(Forbidden, match="Alleen de aanvrager"):
            await act(helper, plan.public_id, OPEN)
    with pytest.raises(Forbidden):
        await invite(helper, plan.public_id, asking("Nog Iemand"), SECRET, OPEN)
    await submit(applicant, plan.public_id, OPEN)
    with pytest.raises(Forbidden):
        await withdraw(helper, plan.public_id, "", OPEN)
    assert [row.id for row in await recipients(plan)] == [applicant.person_id]


async def test_representative_sends_and_withdraws_and_gets_the_letters(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    acts = await companion(applicant, plan, "Mr Visser", Part.REPRESENTATIVE)
    await submit(acts, plan.public_id, OPEN)
    assert await noted("application.submitted") == [(acts.person_id, "representative")]
    to = await LetterRow.filter(kind="receipt").order_by("id").values_list("person_id", flat=True)
    assert to == [applicant.person_id, acts.person_id]
    await withdraw(acts, plan.public_id, "", OPEN)
    assert await LetterRow.filter(kind="withdrawn").count() == 2
    with pytest.raises(Forbidden):
        await delete_draft(acts, plan.public_id, OPEN)


async def test_who_wrote_what_is_journaled_when_it_comes_into_other_hands(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    helper = await companion(applicant, plan, "Sanne")
    for text in ("Een", "Twee"):
        await save_answer(helper, plan.public_id, "plan", text, OPEN)
    await save_answer(applicant, plan.public_id, "plan", "Drie", OPEN)
    await save_answer(applicant, plan.public_id, "plan", "Vier", OPEN)
    await save_answer(helper, plan.public_id, "plan", "Vijf", OPEN)
    assert await noted("answer.written") == [
        (helper.person_id, "helper"), (applicant.person_id, "applicant"), (helper.person_id, "helper")
    ]  # fmt: skip
    assert (await Answer.get(application_id=plan.id, question="plan")).by_id == helper.person_id


async def test_two_who_write_at_once_do_not_write_over_each_other(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    helper = await companion(applicant, plan, "Sanne")
    seen = stamp("Over Samen eten.")
    await save_answer(helper, plan.public_id, "plan", "Van Sanne.", OPEN, seen=seen)
    with pytest.raises(Stale):
        await save_answer(applicant, plan.public_id, "plan", "Van Fatma.", OPEN, seen=seen)
    assert (await Answer.get(application_id=plan.id, question="plan")).value == '"Van Sanne."'


async def test_only_the_invited_mailbox_accepts_and_only_in_time(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    sanne, other = await person("Sanne", "applicant"), await person("Ander", "applicant")
    made = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    key = invitation_key(SECRET, made.public_id)
    with pytest.raises(Refusal, match="ander e-mailadres"):
        await accept(other, key, OPEN)
    for token, at in ((key, OPEN + VALID), ("x", OPEN), ("", OPEN)):
        with pytest.raises(NotFound):
            await accept(sanne, token, at)
    for _ in range(2):
        await accept(sanne, key, OPEN + VALID - timedelta(seconds=1))
    assert await noted("companion.accepted") == [(sanne.person_id, "helper")]
    with pytest.raises(NotFound):
        await accept(other, key, OPEN + VALID)


async def test_invitation_that_ran_out_makes_room_for_a_new_one(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    old = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    new = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN + VALID)
    assert old.id != new.id
    assert (await Companion.get(id=old.id)).ended_at == OPEN + VALID
    await accept(await person("Sanne"), invitation_key(SECRET, new.public_id), OPEN + VALID)


async def test_same_address_in_another_part_is_refused(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    with pytest.raises(Refusal, match="vroeg deze persoon al"):
        await invite(applicant, plan.public_id, asking("Sanne", Part.REPRESENTATIVE), SECRET, OPEN)


@pytest.mark.parametrize(
    ("email", "fields"),
    [("geen adres", ["email", "name"]), ("fatma@voorbeeld.example", ["name"]), ("", ["email", "name"])],
)
async def test_bad_invitation_says_everything_at_once(
    database: TortoiseContext, email: str, fields: list[str]
) -> None:
    _, applicant, plan = await scene()
    asked = Invitation(email, "", "Fatma", "helper", False)
    with pytest.raises(Invalid) as refused:
        await invite(applicant, plan.public_id, asked, SECRET, OPEN)
    assert [problem.field for problem in refused.value.problems] == fields
    assert await Companion.all().count() == 0


async def test_own_address_cannot_be_invited(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    with pytest.raises(Refusal, match="uw eigen adres"):
        await invite(applicant, plan.public_id, asking("Fatma"), SECRET, OPEN)


async def test_there_is_a_limit_to_people_and_to_mails_to_one_address(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    for number in range(MAX_COMPANIONS):
        await invite(applicant, plan.public_id, asking(f"Mens {number}"), SECRET, OPEN)
    with pytest.raises(Refusal, match="doen al"):
        await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    row = await Companion.get(name="Mens 0")
    for _ in range(INVITED.most - 1):
        await end(applicant, plan.public_id, row.public_id, OPEN)
        row = await invite(applicant, plan.public_id, asking("Mens 0"), SECRET, OPEN)
    await end(applicant, plan.public_id, row.public_id, OPEN)
    with pytest.raises(Often):
        await invite(applicant, plan.public_id, asking("Mens 0"), SECRET, OPEN)


async def test_everybody_in_a_shelter_can_ask_the_same_helper_and_nobody_floods_one(
    database: TortoiseContext,
) -> None:
    round_ = await opened_round()
    for number in range(INVITED_BY_ALL.most + 1):
        applicant = await person(f"Bewoner {number}", "applicant")
        plan = await begin(applicant, round_.public_id, "one", OPEN)
        if number < INVITED_BY_ALL.most:
            await invite(applicant, plan.public_id, asking("Hulp"), SECRET, OPEN)
    with pytest.raises(Often):
        await invite(applicant, plan.public_id, asking("Hulp"), SECRET, OPEN)


async def test_invitation_that_did_not_arrive_goes_with_the_draft(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    for name in ("Sanne", "Bram"):
        await invite(applicant, plan.public_id, asking(name), SECRET, OPEN)
    first, _ = await lease(OPEN)
    await note_failed(first, Sentence("Dit adres is er niet."), OPEN, for_good=True)
    await delete_draft(applicant, plan.public_id, OPEN)
    assert await LetterRow.all().count() == await Task.all().count() == 0


async def test_who_is_taken_away_or_leaves_finds_nothing_any_more(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    sanne, bram = await companion(applicant, plan, "Sanne"), await companion(applicant, plan, "Bram")
    for _ in range(2):
        await end(applicant, plan.public_id, (await Companion.get(name="Sanne")).public_id, OPEN)
    await leave(bram, plan.public_id, OPEN)
    for gone in (sanne, bram):
        with pytest.raises(NotFound):
            await save_answer(gone, plan.public_id, "title", "Nog iets", OPEN)
    assert await noted("companion.ended") == [(applicant.person_id, "applicant")]
    assert await noted("companion.left") == [(bram.person_id, "helper")]
    with pytest.raises(NotFound):
        await leave(applicant, plan.public_id, OPEN)


async def test_draft_thrown_away_takes_its_invitations_with_it(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    await companion(applicant, plan, "Sanne")
    await delete_draft(applicant, plan.public_id, OPEN)
    assert await Companion.all().count() == 0


async def test_officer_who_writes_or_wrote_along_never_handles_it(database: TortoiseContext) -> None:
    round_, applicant, plan = await scene()
    officer = await companion(applicant, plan, "Ans", Part.HELPER, "officer")
    await submit(applicant, plan.public_id, OPEN)
    officer = Actor(officer.person_id, "Ans", frozenset({"officer"}))
    key = round_.frozen["checks"][0]["key"]
    with pytest.raises(Refusal, match="schreef mee"):
        await note_check(officer, plan.public_id, key, Verdict.GOOD, "", REVIEW)
    await leave(officer, plan.public_id, REVIEW)
    with pytest.raises(Refusal, match="schreef mee"):
        await admit(officer, plan.public_id, REVIEW)
    assert (await who_wrote_along([plan.id]))[plan.id] == {officer.person_id}


async def test_member_who_writes_along_stands_aside_whatever_they_declare(database: TortoiseContext) -> None:
    round_, applicant, plan = await scene()
    helping = await companion(applicant, plan, "Lid Een")
    officer = await person("Ans", "officer")
    await submit(applicant, plan.public_id, OPEN)
    lid = await member(round_, "Lid Een")
    assert lid.person_id == helping.person_id
    for check in round_.frozen["checks"]:
        await note_check(officer, plan.public_id, check["key"], Verdict.GOOD, "", REVIEW)
    await admit(officer, plan.public_id, REVIEW)
    assert await standing_aside(round_.id) == {plan.id: {(await Seat.get()).id}}
    with pytest.raises(NotFound):
        await case_of(lid, plan.public_id, "committee.read")
    declared = await declare(lid, plan.public_id, NONE, REVIEW)
    assert (declared.aside, declared.ground) == (True, "own")


@pytest.mark.parametrize("role", ["officer", "finance", "member", "chair"])
async def test_who_handles_or_judges_joins_no_application_that_was_sent(
    database: TortoiseContext, role: str
) -> None:
    round_ = await opened_round()
    applicant = await person("Fatma", "applicant")
    sent = await submitted(applicant, round_)
    made = await invite(applicant, sent.public_id, asking("Ans"), SECRET, OPEN)
    ans = await person("Ans")
    key = invitation_key(SECRET, made.public_id)
    with pytest.raises(Refusal, match="werkt voor de gemeente"):
        await accept(Actor(ans.person_id, "Ans", frozenset({"applicant", role})), key, OPEN)
    await accept(Actor(ans.person_id, "Ans", frozenset({"applicant"})), key, OPEN)


async def test_forty_accepting_and_ending_at_once_leave_one_truth(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    sanne = await person("Sanne")
    made = await invite(applicant, plan.public_id, asking("Sanne"), SECRET, OPEN)
    key = invitation_key(SECRET, made.public_id)
    await asyncio.gather(*(accept(sanne, key, OPEN) for _ in range(16)))
    assert await noted("companion.accepted") == [(sanne.person_id, "helper")]
    await asyncio.gather(*(end(applicant, plan.public_id, made.public_id, OPEN) for _ in range(16)))
    assert len(await noted("companion.ended")) == 1


async def test_stranger_and_visitor_find_nothing(database: TortoiseContext) -> None:
    _, _, plan = await scene()
    with pytest.raises(NotFound):
        await lock_own(await person("Vreemde", "applicant"), plan.public_id)
    with pytest.raises(Forbidden, match="Log eerst in"):
        await lock_own(Actor(), plan.public_id)


async def test_letter_to_who_acts_for_another_says_for_whom(database: TortoiseContext) -> None:
    _, applicant, plan = await scene()
    acts = await companion(applicant, plan, "Mr Visser", Part.REPRESENTATIVE)
    await submit(applicant, plan.public_id, OPEN)
    told = [await letters.facts(row) for row in await LetterRow.filter(kind="receipt").order_by("id")]
    assert [(one["name"], one.get("on_behalf_of")) for one in told] == [
        ("Fatma", None),
        ("Mr Visser", "Fatma"),
    ]
    assert (await Person.get(id=acts.person_id)).name == "Mr Visser"
    assert (await Application.get(id=plan.id)).at is Stage.SUBMITTED
