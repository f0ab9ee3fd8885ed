"""How somebody hears from us: per kind of message, dated, taken back, and what then goes on paper."""

from datetime import timedelta

import pytest

from grants.letter import MESSAGES, Letter
from grants.store.consents import Consent
from grants.store.journal import JournalEntry
from grants.store.outbox import LetterRow, Task, queue
from grants.store.people import Person
from tests.factories import OPEN, person
from tests.pages.officers import OFFICERS, readers, town, words

pytestmark = pytest.mark.anyio
MINE = "/mijn/berichten"
ALL_MAIL = dict.fromkeys(MESSAGES, "mail")


async def standing(person_id: int | None) -> list[tuple[str, str]]:
    rows = Consent.filter(person_id=person_id, revoked_at=None).order_by("message", "channel")
    return [(str(m), str(c)) for m, c in await rows.values_list("message", "channel")]


async def letter(person_id: int | None, kind: str, key: str) -> tuple[str, str | None]:
    """How a letter of this kind goes to this person now."""
    who = await Person.get(id=person_id)
    await queue([Letter(kind, key, who.email, person_id=who.id)], OPEN)
    row = await LetterRow.filter(key=key).order_by("-id").first()
    assert row is not None
    return row.channel, row.email


async def test_page_says_what_stands_and_since_when(client) -> None:
    anna = await person("Anna", "applicant")
    await client.sign_in(anna)
    page = words((await client.get(MINE)).text)
    assert "Berichten over uw aanvraag Per mail (sinds 20 augustus 2026 om 11.00 uur)" in page
    assert "Wat u eerder koos" not in page


async def test_one_kind_taken_back_goes_by_post_and_the_others_by_mail(client) -> None:
    anna = await person("Anna", "applicant")
    await client.sign_in(anna)
    client.clock.now = OPEN + timedelta(hours=1)
    for _ in range(2):
        answer = await client.post(MINE, data={"application": "mail", "money": "mail"})
        assert answer.status_code == 303
    assert await standing(anna.person_id) == [("application", "mail"), ("money", "mail")]
    ended = await Consent.get(message="decision", person_id=anna.person_id)
    assert ended.revoked_at == OPEN + timedelta(hours=1)
    assert (await letter(anna.person_id, "decision", "a"))[0] == "post"
    assert await letter(anna.person_id, "receipt", "b") == ("mail", "anna@voorbeeld.example")
    assert await JournalEntry.filter(act="consent.changed").count() == 1
    page = words((await client.get(MINE)).text)
    assert "Besluiten Per post, op papier" in page
    assert "Besluiten: per mail, van 20 augustus 2026 om 11.00 uur tot 10 september 2026" in page


async def test_helper_gets_what_was_chosen_and_a_new_address_is_a_new_consent(client) -> None:
    anna = await person("Anna", "applicant")
    await client.sign_in(anna)
    await client.post(MINE, data={"decision": "helper", "helper": "Hulp@voorbeeld.example"})
    assert await letter(anna.person_id, "decision", "a") == ("helper", "hulp@voorbeeld.example")
    assert (await letter(anna.person_id, "receipt", "b"))[0] == "post"
    await client.post(MINE, data={"decision": "helper", "helper": "ander@voorbeeld.example"})
    rows = await Consent.filter(channel="helper").order_by("id").values_list("email", "revoked_at")
    assert rows == [("hulp@voorbeeld.example", OPEN), ("ander@voorbeeld.example", None)]


async def test_second_channel_gets_the_same_letter(client) -> None:
    anna = await person("Anna", "applicant")
    await client.sign_in(anna)
    await client.post(MINE, data={"application": ["mail", "post"]})
    await letter(anna.person_id, "receipt", "a")
    assert await LetterRow.filter(key="a").order_by("id").values_list("channel", flat=True) == [
        "mail",
        "post",
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"decision": "helper", "helper": ""}, "Vul het e-mailadres van de helper in."),
        ({"decision": "helper", "helper": "geen adres"}, "Dit is geen e-mailadres."),
        ({"decision": "duif"}, "Kies hoe wij u mogen schrijven."),
    ],
)
async def test_bad_choice_changes_nothing_and_stays_on_the_page(client, form, said) -> None:
    anna = await person("Anna", "applicant")
    before = await standing(anna.person_id)
    await client.sign_in(anna)
    answer = await client.post(MINE, data=form)
    assert answer.status_code == 409
    assert said in words(answer.text)
    assert form.get("helper", "") in answer.text
    assert await standing(anna.person_id) == before


async def test_who_has_no_mail_cannot_choose_it(client) -> None:
    made = await Person.create(public_id="0" * 32, name="Piet", created_at=OPEN)
    there = await town()
    await client.sign_in(there.officer)
    path = f"/gemeente/mensen/{made.public_id}"
    assert "Per mail" not in words((await client.get(path)).text)
    answer = await client.post(path, data=ALL_MAIL)
    assert answer.status_code == 409
    assert "Wij hebben geen e-mailadres van u." in words(answer.text)


async def test_address_is_kept_sealed_and_forgotten(client) -> None:
    anna = await person("Anna", "applicant")
    await client.sign_in(anna)
    form = {"doe": "adres", "address": "Dorp 1\n1234 AB Vlietstad"}
    for _ in range(2):
        assert (await client.post(MINE, data=form)).status_code == 303
    assert "Dorp" not in (await Person.get(id=anna.person_id)).address_sealed
    assert "Dorp 1\n1234 AB Vlietstad</textarea>" in (await client.get(MINE)).text
    assert await JournalEntry.filter(act="address.changed").count() == 1
    await client.post(MINE, data={"doe": "adres", "address": ""})
    assert (await Person.get(id=anna.person_id)).address_sealed == ""


async def test_person_hears_of_every_change_where_we_wrote_before(client) -> None:
    there = await town()
    anna = await Person.get(id=there.applicant.person_id)
    path = f"/gemeente/mensen/{anna.public_id}"
    await client.sign_in(there.officer)
    for _ in range(2):
        await client.post(path, data=dict.fromkeys(MESSAGES, "helper") | {"helper": "vreemde@elders.example"})
        await client.post(path, data={"doe": "adres", "address": "Elders 1"})
        await client.post(f"{path}/code", data={"sleutel": "c" * 32})
    rows = await LetterRow.filter(kind="contact_changed").order_by("id")
    assert [(row.values["what"], row.channel, row.email) for row in rows] == [
        (what, "mail", anna.email) for what in ("channels", "address", "code")
    ]
    assert not any(row.values["themselves"] for row in rows)


async def test_who_has_no_mail_hears_of_another_address_at_the_old_one(client) -> None:
    there = await town()
    piet = await Person.create(public_id="0" * 32, name="Piet", created_at=OPEN)
    await client.sign_in(there.officer)
    for address in ("Dorp 1", "Elders 1"):
        path = f"/gemeente/mensen/{piet.public_id}"
        assert (await client.post(path, data={"doe": "adres", "address": address})).status_code == 303
    shown = [words((await client.get(f"/gemeente/post/{one.public_id}")).text) for one in await Task.all()]
    assert ["Adres Dorp 1" in page for page in shown] == [False, True]
    assert "Adres Elders 1" in shown[0]


async def test_page_of_a_person_is_for_officers(client) -> None:
    there = await town()
    anna = await Person.get(id=there.applicant.person_id)
    assert await readers(client, there, f"/gemeente/mensen/{anna.public_id}") == OFFICERS


async def test_officer_writes_down_what_was_asked_and_stands_in_the_row(client) -> None:
    there = await town()
    anna = await Person.get(id=there.applicant.person_id)
    await client.sign_in(there.officer)
    path = f"/gemeente/mensen/{anna.public_id}"
    assert (await client.post(path, data={"application": "post"})).status_code == 303
    assert await standing(anna.id) == [("application", "post")]
    assert (await Consent.get(channel="post")).by_id == there.officer.person_id
    noted = await JournalEntry.get(act="consent.changed")
    assert (noted.person_id, noted.role) == (there.officer.person_id, "officer")
