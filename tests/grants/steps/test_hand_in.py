"""Official messages from hand to answer: receipts, numbers, lateness, four eyes, and who may do what."""

import asyncio
from datetime import date, timedelta

import pytest

from grants.errors import Forbidden, Invalid, NotFound, Refusal, Stale
from grants.notice import About, Kind, Longer, Timing
from grants.steps.account import report
from grants.steps.answer import answer, take_back, take_longer
from grants.steps.change_account import ask_account, check_account, take_over
from grants.steps.change_contact import ask_address, confirm_address, save_contact
from grants.steps.hand_in import Message, hand_in
from grants.steps.pay import approve, prepare
from grants.store.journal import JournalEntry
from grants.store.notices import AccountChange, AddressChange, Notice, address_key
from grants.store.outbox import LetterRow
from grants.store.payments import PayoutAccount
from grants.store.people import Person
from tests.factories import AFTER_VOTE, DECIDING, OPEN, draft, opened_round, person, submitted
from tests.pages.officers import FIELD_KEY, announced, published, town

pytestmark = pytest.mark.anyio
OTHER_IBAN = "NL02ABNA0123456789"
LATE = DECIDING + timedelta(weeks=8)
SECRET = "s" * 32


def objection(text: str = "Ik ben het er niet mee eens.", **values) -> Message:
    return Message(Kind.OBJECTION, "Anna Aanvrager", text, **values)


async def letters(kind: str) -> list[LetterRow]:
    return await LetterRow.filter(kind=kind).order_by("id")


async def test_objection_gets_a_number_a_last_day_and_a_receipt(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 300_000)))[0]
    made = await hand_in(there.applicant, objection(), "k", DECIDING + timedelta(days=3), plan.public_id)
    assert (made.number, made.about, made.timing) == ("B-2026-001", About.DECISION, Timing.IN_TIME)
    assert made.term_ends_on == date(2027, 1, 19)
    assert made.due_on == date(2027, 3, 2)
    assert [one.person_id for one in await letters("notice_receipt")] == [there.applicant.person_id]
    entry = await JournalEntry.filter(act="notice.sent").get()
    assert entry.application_id == plan.id
    assert "B-2026-001" in entry.detail


async def test_same_words_twice_by_one_form_are_one_message(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 300_000)))[0]
    once = await hand_in(there.applicant, objection(), "k", DECIDING, plan.public_id)
    again = await hand_in(there.applicant, objection(), "k", DECIDING, plan.public_id)
    assert again.id == once.id
    assert len(await letters("notice_receipt")) == 1


async def test_other_words_by_the_same_form_are_another_message(database) -> None:
    """Who goes back in the browser, writes something else and sends it, loses nothing."""
    there = await town()
    one, two = await announced(there, (500_000, 300_000), (500_000, 0))
    complaint = Message(Kind.COMPLAINT, "Anna Aanvrager", "Ik ben het er niet mee eens.")
    sent = [
        (objection(), one), (objection("Anders"), one), (objection(), two),
        (objection(late_reason="Ik was ziek."), one), (complaint, one),
    ]  # fmt: skip
    made = [await hand_in(there.applicant, said, "k", DECIDING, plan.public_id) for said, plan in sent]
    assert [(one.text, one.kind, one.application_id) for one in made] == [
        (said.text, said.kind, plan.id) for said, plan in sent
    ]
    assert await Notice.all().count() == len(sent)


async def test_same_form_32_times_at_once_is_one_message(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 300_000)))[0]
    found = await asyncio.gather(
        *(hand_in(there.applicant, objection(), "k", DECIDING, plan.public_id) for _ in range(32))
    )
    assert {one.number for one in found} == {"B-2026-001"}
    assert await Notice.all().count() == 1


async def test_numbers_follow_on_for_everybody_and_begin_again_each_year(database) -> None:
    people = [await person(f"Mens {place}", "applicant") for place in range(6)]
    message = Message(Kind.COMPLAINT, "Mens", "Het duurde lang.")
    made = await asyncio.gather(*(hand_in(one, message, "k", OPEN) for one in people))
    assert sorted(one.number for one in made) == [f"K-2026-00{place}" for place in range(1, 7)]
    later = await hand_in(people[0], message, "l", OPEN + timedelta(days=365))
    assert later.number == "K-2027-001"


async def test_late_objection_is_taken_and_marked_with_its_reason(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    made = await hand_in(there.applicant, objection(late_reason="Ik was ziek."), "k", LATE, plan.public_id)
    assert (made.timing, made.late_reason) == (Timing.LATE, "Ik was ziek.")
    assert made.due_on == LATE.date() + timedelta(weeks=6)


async def test_objection_before_any_decision_is_taken_too(database) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    plan = await submitted(fatma, round_)
    made = await hand_in(fatma, objection(), "k", OPEN + timedelta(days=1), plan.public_id)
    assert (made.timing, made.term_ends_on) == (Timing.EARLY, None)


async def test_default_counts_from_our_last_day(database) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    plan = await submitted(fatma, round_)
    message = Message(Kind.DEFAULT, "Fatma", "Ik wacht op het besluit.")
    early = await hand_in(fatma, message, "k", AFTER_VOTE, plan.public_id)
    assert (early.timing, early.term_ends_on) == (Timing.EARLY, date(2026, 12, 18))
    late = await hand_in(fatma, message, "l", LATE, plan.public_id)
    assert (late.timing, late.about, late.due_on) == (
        Timing.IN_TIME, About.DECISION, LATE.date() + timedelta(days=14),
    )  # fmt: skip


async def test_default_is_about_the_objection_that_waits_or_else_the_report(database) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    message = Message(Kind.DEFAULT, "Anna", "Ik wacht.")
    await report(there.applicant, plan.public_id, "Het ging goed.", 500_000, DECIDING)
    of_report = await hand_in(there.applicant, message, "a", DECIDING, plan.public_id)
    made = await hand_in(there.applicant, objection(), "b", DECIDING, plan.public_id)
    of_objection = await hand_in(there.applicant, message, "c", DECIDING, plan.public_id)
    assert of_report.about == About.DETERMINATION
    assert (of_objection.about, of_objection.term_ends_on) == (About.OBJECTION, made.due_on)


async def test_what_is_not_sent_or_not_ones_own_is_refused(database) -> None:
    round_ = await opened_round()
    fatma, stranger = await person("Fatma", "applicant"), await person("Ander", "applicant")
    plan, sent = await draft(fatma, round_), await submitted(fatma, round_, "Tuin")
    with pytest.raises(Refusal, match="nog niet verstuurd"):
        await hand_in(fatma, objection(), "k", OPEN, plan.public_id)
    with pytest.raises(NotFound):
        await hand_in(stranger, objection(), "k", OPEN, sent.public_id)
    with pytest.raises(Invalid):
        await hand_in(fatma, objection(" \u200b "), "k", OPEN, sent.public_id)
    assert await Notice.all().count() == 0


async def test_answer_is_sent_once_and_never_by_who_is_involved(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    made = await hand_in(there.applicant, objection(), "k", DECIDING, plan.public_id)
    colleague = await person("Collega", "officer")
    with pytest.raises(Forbidden):
        await answer(there.applicant, made.public_id, "Ja", DECIDING)
    with pytest.raises(Refusal, match="gewone woorden"):
        await answer(there.officer, made.public_id, "  ", DECIDING)
    for _ in range(2):
        await answer(there.officer, made.public_id, "U krijgt gelijk.", LATE)
    with pytest.raises(Stale):
        await answer(colleague, made.public_id, "Toch niet.", LATE)
    assert len(await letters("notice_answer")) == 1
    with pytest.raises(Refusal, match="al beantwoord"):
        await take_back(there.applicant, made.public_id, LATE)


async def test_an_officers_own_complaint_is_for_a_colleague(database) -> None:
    olga = await person("Olga", "officer", "applicant")
    made = await hand_in(olga, Message(Kind.COMPLAINT, "Olga", "Het was koud."), "k", OPEN)
    with pytest.raises(Refusal, match="zelf"):
        await answer(olga, made.public_id, "Klopt.", OPEN)


async def test_longer_moves_the_last_day_on_once_for_each_ground(database) -> None:
    there = await town()
    plan = (await announced(there, (500_000, 0)))[0]
    made = await hand_in(there.applicant, objection(), "k", DECIDING, plan.public_id)
    first = made.due_on
    for _ in range(2):
        made = await take_longer(there.officer, made.public_id, Longer.ADVISERS, "Zij kijken mee.", DECIDING)
    assert made.due_on == first + timedelta(weeks=6)
    made = await take_longer(
        there.officer, made.public_id, Longer.MORE_TIME, "Er is veel te lezen.", DECIDING
    )
    assert made.due_on == first + timedelta(weeks=12)
    assert len(await letters("notice_longer")) == 2


async def test_longer_is_refused_when_it_is_too_late_or_not_in_the_law(database) -> None:
    officer = await person("Olga", "officer")
    made = await hand_in(
        await person("Fatma", "applicant"), Message(Kind.COMPLAINT, "Fatma", "Het was koud."), "k", OPEN
    )
    with pytest.raises(Refusal, match="niet langer"):
        await take_longer(officer, made.public_id, Longer.ADVISERS, "Zij kijken mee.", OPEN)
    with pytest.raises(Refusal, match="al voorbij"):
        await take_longer(officer, made.public_id, Longer.MORE_TIME, "Druk.", OPEN + timedelta(weeks=7))


async def test_taking_back_is_for_the_sender_alone_and_ends_it(database) -> None:
    fatma, officer = await person("Fatma", "applicant"), await person("Olga", "officer")
    made = await hand_in(fatma, Message(Kind.COMPLAINT, "Fatma", "Het was koud."), "k", OPEN)
    with pytest.raises(NotFound):
        await take_back(await person("Ander", "applicant"), made.public_id, OPEN)
    for _ in range(2):
        await take_back(fatma, made.public_id, OPEN)
    assert len(await letters("notice_withdrawn")) == 1
    with pytest.raises(Stale, match="ingetrokken"):
        await answer(officer, made.public_id, "Klopt.", OPEN)


async def test_new_account_waits_for_two_people_and_stops_paying_meanwhile(database) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    payment = await prepare(there.officer, plan.public_id, 100_000, DECIDING)
    asked = await ask_account(
        there.applicant, plan.public_id, "Stichting Nieuw", OTHER_IBAN, FIELD_KEY, "k", DECIDING
    )
    assert asked is not None
    assert OTHER_IBAN not in asked.text
    with pytest.raises(Refusal, match="nieuwe rekening"):
        await prepare(there.officer, plan.public_id, 100_000, DECIDING)
    with pytest.raises(Refusal, match="nieuwe rekening"):
        await approve(there.finance, payment.public_id, DECIDING.date(), DECIDING)
    with pytest.raises(Refusal, match="Eerst kijkt een collega"):
        await take_over(there.finance, asked.public_id, DECIDING)
    await check_account(there.finance, asked.public_id, "Gebeld met Anna.", DECIDING)
    with pytest.raises(Refusal, match="Iemand anders"):
        await take_over(there.finance, asked.public_id, DECIDING)
    other = await person("Fenna", "finance")
    for _ in range(2):
        await take_over(other, asked.public_id, DECIDING)
    assert (await PayoutAccount.get(application_id=plan.id)).holder == "Stichting Nieuw"
    await approve(there.finance, payment.public_id, DECIDING.date(), DECIDING)
    assert [one.kind for one in await LetterRow.filter(params__contains=asked.public_id).order_by("id")] == [
        "notice_receipt", "notice_answer",
    ]  # fmt: skip


async def test_refused_or_withdrawn_account_leaves_the_old_one(database) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    old = await PayoutAccount.get(application_id=plan.id)
    arguments = (there.applicant, plan.public_id, "Stichting Nieuw", OTHER_IBAN, FIELD_KEY)
    asked = await ask_account(*arguments, "k", DECIDING)
    assert (await ask_account(*arguments, "l", DECIDING)).id == asked.id
    with pytest.raises(Refusal, match="Trek die eerst in"):
        await ask_account(*arguments[:2], "Iemand anders", *arguments[3:], "m", DECIDING)
    await answer(there.officer, asked.public_id, "Anna vroeg dit niet.", DECIDING)
    again = await ask_account(*arguments, "n", DECIDING)
    await take_back(there.applicant, again.public_id, DECIDING)
    assert (await PayoutAccount.get(application_id=plan.id)).iban_sealed == old.iban_sealed
    await prepare(there.officer, plan.public_id, 100_000, DECIDING)
    assert await AccountChange.filter(taken_at=None).count() == 2


async def test_the_same_account_again_changes_nothing(database) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    same = (there.applicant, plan.public_id, "Stichting Samen", "NL91 ABNA 0417 1643 00", FIELD_KEY)
    assert await ask_account(*same, "k", DECIDING) is None


async def test_name_and_telephone_change_at_once_with_a_receipt(database) -> None:
    fatma = await person("Fatma", "applicant")
    made = await save_contact(fatma, " Fatma  Yilmaz", "06 12 34 56 78", "k", OPEN)
    assert (made.number, made.text, made.open) == ("C-2026-001", "Fatma Yilmaz\n06 12 34 56 78", False)
    assert (await Person.get(id=fatma.person_id)).phone == "06 12 34 56 78"
    assert await save_contact(fatma, "Fatma Yilmaz", "06 12 34 56 78", "l", OPEN) is None
    assert len(await letters("notice_receipt")) == 1


async def test_new_mail_address_holds_after_its_link_and_both_addresses_hear(database) -> None:
    fatma = await person("Fatma", "applicant")
    change = await ask_address(fatma, "Nieuw@Voorbeeld.example", SECRET, OPEN)
    token = address_key(SECRET, change.public_id)
    assert [one.email for one in await letters("new_address")] == ["nieuw@voorbeeld.example"]
    assert (await Person.get(id=fatma.person_id)).email == "fatma@voorbeeld.example"
    with pytest.raises(NotFound):
        await confirm_address(await person("Ander", "applicant"), token, OPEN)
    for _ in range(2):
        await confirm_address(fatma, token, OPEN)
    assert (await Person.get(id=fatma.person_id)).email == "nieuw@voorbeeld.example"
    assert sorted(one.email for one in await letters("notice_receipt")) == [
        "fatma@voorbeeld.example", "nieuw@voorbeeld.example",
    ]  # fmt: skip


async def test_new_mail_address_that_is_old_or_taken_is_refused(database) -> None:
    fatma, ander = await person("Fatma", "applicant"), await person("Ander", "applicant")
    change = await ask_address(fatma, "ander@voorbeeld.example", SECRET, OPEN)
    with pytest.raises(Refusal, match="al in gebruik"):
        await confirm_address(fatma, address_key(SECRET, change.public_id), OPEN)
    late = await ask_address(ander, "b@voorbeeld.example", SECRET, OPEN)
    with pytest.raises(Refusal, match="te oud"):
        await confirm_address(ander, address_key(SECRET, late.public_id), OPEN + timedelta(days=3))
    assert await AddressChange.filter(used_at=None).count() == 2


async def test_a_new_account_is_told_at_the_address_that_was_just_left(database) -> None:
    there = await town()
    plan = (await published(there, (500_000, 500_000)))[0]
    change = await ask_address(there.applicant, "dief@voorbeeld.example", SECRET, DECIDING)
    await confirm_address(there.applicant, address_key(SECRET, change.public_id), DECIDING)
    asked = await ask_account(there.applicant, plan.public_id, "Dief", OTHER_IBAN, FIELD_KEY, "k", DECIDING)
    told = await LetterRow.filter(kind="notice_receipt", params__contains=asked.public_id)
    assert {one.email for one in told} == {"dief@voorbeeld.example", "anna.aanvrager@voorbeeld.example"}
