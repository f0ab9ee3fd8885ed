"""Queueing: once per letter and receiver by each channel, and what goes on paper is a task at once."""

import pytest

from grants import sealed
from grants.letter import HELPER, MAIL, POST, Letter
from grants.steps.post import lease
from grants.steps.sign_in import ask, use_code
from grants.store.consents import Consent, agree_to_mail
from grants.store.outbox import LetterRow, Task, counts, queue
from grants.store.people import Person
from tests.factories import OPEN, opened_round, person, submitted

pytestmark = pytest.mark.anyio


async def nameless(**values: str) -> Person:
    return await Person.create(public_id="z", name="Zonder Mail", created_at=OPEN, **values)


async def test_letter_to_who_has_no_mail_is_a_task_once(database) -> None:
    who = await nameless()
    letter = Letter("withdrawn", "k", who.email, person_id=who.id)
    assert [await queue([letter], OPEN) for _ in range(2)] == [1, 0]
    row = await LetterRow.get()
    assert (row.channel, row.email, row.state) == (POST, None, "to_post")
    task = await Task.get().select_related("letter")
    assert (task.kind, task.letter.id) == ("post", row.id)
    assert task.trouble.text == "Deze persoon heeft geen e-mailadres. De brief gaat op papier."
    assert await lease(OPEN) == []
    assert await counts() == {"queued": 0, "sent": 0, "failed": 0, "waiting": 1}


async def test_two_people_without_mail_each_get_the_same_letter(database) -> None:
    one = await nameless()
    other = await Person.create(public_id="y", name="Ook Zonder", created_at=OPEN)
    letters = [Letter("withdrawn", "k", None, person_id=who.id) for who in (one, other)]
    assert await queue(letters, OPEN) == 2
    assert await Task.all().count() == 2


async def test_letter_goes_to_the_helper_and_on_paper_when_both_were_asked(database) -> None:
    who = await nameless()
    for channel, email in ((HELPER, "hulp@voorbeeld.example"), (POST, None)):
        await Consent.create(
            person_id=who.id, message="application", channel=channel, email=email, given_at=OPEN
        )
    await queue([Letter("withdrawn", "k", None, person_id=who.id)], OPEN)
    rows = await LetterRow.all().order_by("id").values_list("channel", "email", "state")
    assert rows == [(HELPER, "hulp@voorbeeld.example", "queued"), (POST, None, "to_post")]


async def test_revoked_consent_sends_the_next_letter_on_paper(database) -> None:
    round_ = await opened_round()
    applicant = await person("Anna", "applicant")
    await Consent.filter(person_id=applicant.person_id).update(revoked_at=OPEN)
    await submitted(applicant, round_)
    assert await LetterRow.all().values_list("kind", "channel", "email") == [("receipt", POST, None)]


async def test_who_signs_in_by_mail_agrees_to_mail_until_they_choose(database) -> None:
    await ask("nieuw@voorbeeld.example", "browser", "secret", OPEN)
    asked = await LetterRow.get()
    code = sealed.code("secret", asked.values["id"])
    await use_code("nieuw@voorbeeld.example", code, "browser", "secret", OPEN)
    who = await Person.get(email="nieuw@voorbeeld.example")
    found = await Consent.all().order_by("message").values_list("message", "channel", "by_id", "given_at")
    assert found == [(message, MAIL, who.id, OPEN) for message in ("application", "decision", "money")]
    await Consent.all().update(revoked_at=OPEN)
    await agree_to_mail(who.id, who.id, OPEN)
    assert await Consent.filter(revoked_at=None).count() == 0
