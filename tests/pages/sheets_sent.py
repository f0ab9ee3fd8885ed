"""The forms of somebody who has sent an application in: messages, answers to what was asked, official letters."""

from __future__ import annotations

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.steps.stretch import give_idea
from grants.access import APPLICANT, Actor
from grants.initiative import Kind
from grants.steps import paper_code
from grants.steps.change_contact import ask_address
from grants.steps.draft import save_initiative
from grants.steps.talk import write_to_applicant
from grants.store.entries import Entry
from grants.store.notices import Notice, address_key
from grants.store.people import Person
from tests.factories import OPEN, REVIEW, draft, member, person, screened, submitted
from tests.pages.conftest import Visitor
from tests.pages.officers import Town
from tests.pages.sheets import SECRET, Made, Sheet, granted

KEYS = ("a" * 32, "b" * 32)
SIGNED = {"name": "Anna Aanvrager", "address": "", "late_reason": ""}


async def _sent(there: Town, path: str, *fields: dict[str, str]) -> list[Sheet]:
    made = [await submitted(there.applicant, there.round_, title) for title in ("Eten", "Zingen")]
    return [
        Sheet(f"/aanvragen/{one.public_id}/{path}", form, there.applicant, now=REVIEW)
        for one, form in zip(made, fields, strict=True)
    ]


def _keyed(**fields: str) -> list[dict[str, str]]:
    return [{**fields, "sleutel": key} for key in KEYS]


async def message(there: Town, _: Visitor) -> list[Sheet]:
    return await _sent(there, "berichten", *_keyed(text="Mag het ook in mei?"))


async def read(there: Town, _: Visitor) -> list[Sheet]:
    sheets = await _sent(there, "berichten/gelezen", {}, {})
    for sheet in sheets:
        made = await write_to_applicant(
            there.officer, sheet.path.split("/")[2], "Wij lezen uw plan.", None, sheet.path[-20:], REVIEW
        )
        sheet.fields = {"tot": str(made.id)}
    return sheets


async def confirm(there: Town, _: Visitor) -> list[Sheet]:
    made = [await submitted(there.applicant, there.round_, title) for title in ("Eten", "Zingen")]
    for one in made:
        await Entry.create(
            application_id=one.id, channel="paper", received_on=OPEN.date(),
            entered_by_id=there.officer.person_id, entered_at=OPEN,
        )  # fmt: skip
    return [Sheet(f"/aanvragen/{one.public_id}/bevestigen", {}, there.applicant) for one in made]


async def default(there: Town, _: Visitor) -> list[Sheet]:
    return await _sent(there, "ingebrekestelling", *_keyed(text="U bent te laat.", **SIGNED))


async def objection(there: Town, _: Visitor) -> list[Sheet]:
    sheets = await granted(there, "bezwaar", text="Ik vraag meer.", about="decision", **SIGNED)
    for sheet, key in zip(sheets, KEYS, strict=True):
        sheet.fields = sheet.fields | {"sleutel": key}
    return sheets


async def complaint(there: Town, _: Visitor) -> list[Sheet]:
    forms = _keyed(text="Niemand nam op.", aanvraag="", **SIGNED)
    return [Sheet("/klacht", form, there.applicant) for form in forms]


async def take_back(there: Town, client: Visitor) -> list[Sheet]:
    sheets = await complaint(there, client)
    for sheet in sheets:
        await (await client.another().sign_in(there.applicant)).post(sheet.path, data=sheet.fields)
    sent = await Notice.all().order_by("id")
    return [Sheet(f"/mijn/gestuurd/{one.public_id}/intrekken", {}, there.applicant) for one in sent]


async def host(there: Town, _: Visitor) -> list[Sheet]:
    made = [await draft(there.applicant, there.round_, title) for title in ("Eten", "Zingen")]
    for one in made:
        await save_initiative(there.applicant, one.public_id, Kind.GROUP.value, "De Buren", "", "", OPEN)
    fields = {"via": "organisatie", "host_name": "Stichting Kas", "host_kvk": "12345678",
              "host_contact": "kas@voorbeeld.example", "host_agreed": "ja"}  # fmt: skip
    return [Sheet(f"/aanvragen/{one.public_id}/geld-via", fields, there.applicant) for one in made]


async def stretch(there: Town, _: Visitor) -> list[Sheet]:
    secretary = await member(there.round_, "Sil", "secretary")
    made = [await screened(there.applicant, there.officer, there.round_, one) for one in ("Eten", "Zingen")]
    for one in made:
        await declare(secretary, one.public_id, NONE, REVIEW)
        await give_idea(secretary, one.public_id, ["plan"], "Vraag ook de buren.", REVIEW)
    paths = [f"/aanvragen/{one.public_id}/stap-verder" for one in made]
    return [Sheet(path, {"choice": "accepted"}, there.applicant, now=REVIEW) for path in paths]


async def paper(there: Town, client: Visitor) -> list[Sheet]:
    sheets = []
    for who, key in zip(await _two(there), KEYS, strict=True):
        public_id = (await Person.get(id=who.person_id)).public_id
        await paper_code.make(there.officer, public_id, key, frozenset(), SECRET, OPEN)
        visitor = client.another()
        await visitor.get("/inloggen/papier")
        form = {"code": paper_code.digits_of(key, SECRET)}
        sheets.append(Sheet("/inloggen/papier", form, visitor=visitor))
    return sheets


async def _two(there: Town) -> list[Actor]:
    return [there.applicant, await person("Bea", APPLICANT)]


async def channels(there: Town, _: Visitor) -> list[Sheet]:
    form = {"money": ["mail", "helper"], "helper": "hulp@voorbeeld.example"}
    return [Sheet("/mijn/berichten", form, who) for who in await _two(there)]


async def contact(there: Town, _: Visitor) -> list[Sheet]:
    forms = _keyed(name="Anna Nieuw", phone="06 1")
    return [Sheet("/mijn/contact", form, who) for form, who in zip(forms, await _two(there), strict=True)]


async def address(there: Town, _: Visitor) -> list[Sheet]:
    form = {"email": "nieuw@voorbeeld.example"}
    return [Sheet("/mijn/contact/adres", form, who) for who in await _two(there)]


async def new_address(there: Town, _: Visitor) -> list[Sheet]:
    sheets = []
    for who, email in zip(
        await _two(there), ("een@voorbeeld.example", "twee@voorbeeld.example"), strict=True
    ):
        asked = await ask_address(who, email, SECRET, OPEN)
        sheets.append(Sheet(f"/mijn/adres/{address_key(SECRET, asked.public_id)}", {}, who))
    return sheets


SENT_FORMS: dict[str, Made] = {
    "/aanvragen/{id}/berichten": message,
    "/aanvragen/{id}/berichten/gelezen": read,
    "/aanvragen/{id}/bevestigen": confirm,
    "/aanvragen/{id}/bezwaar": objection,
    "/aanvragen/{id}/geld-via": host,
    "/aanvragen/{id}/ingebrekestelling": default,
    "/aanvragen/{id}/stap-verder": stretch,
    "/inloggen/papier": paper,
    "/klacht": complaint,
    "/mijn/adres/{token}": new_address,
    "/mijn/berichten": channels,
    "/mijn/contact": contact,
    "/mijn/contact/adres": address,
    "/mijn/gestuurd/{id}/intrekken": take_back,
}
