"""Every form that somebody may send who is no official: two of each, filled in, with who sends them and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from grants import sealed
from grants.access import APPLICANT, Actor
from grants.companion import Part
from grants.pages.answers import SEEN
from grants.steps import share
from grants.steps.draft import stamp
from grants.steps.share import Invitation
from grants.store.companions import Companion, invitation_key
from grants.store.outbox import LetterRow
from grants.store.people import Session
from tests.factories import DECIDING, OPEN, draft, person, submitted
from tests.pages.conftest import Visitor
from tests.pages.officers import IBAN, Town, hidden, published

SECRET = "s" * 32


@dataclass
class Sheet:
    """One form as it stands ready to be sent: by `who`, or in the browser `visitor` where that matters."""

    path: str
    fields: dict[str, Any] = field(default_factory=dict)
    who: Actor | None = None
    visitor: Visitor | None = None
    now: datetime = OPEN


Made = Callable[[Town, Visitor], Awaitable[list[Sheet]]]


async def _drafts(there: Town, path: str, **fields: str) -> list[Sheet]:
    made = [await draft(there.applicant, there.round_, title) for title in ("Eten", "Zingen")]
    return [Sheet(f"/aanvragen/{one.public_id}/{path}", dict(fields), there.applicant) for one in made]


async def begin(there: Town, _: Visitor) -> list[Sheet]:
    ronde = there.round_.public_id
    return [
        Sheet("/aanvragen/nieuw", {"ronde": ronde, "sleutel": key}, there.applicant)
        for key in ("een", "twee")
    ]


async def who(there: Town, client: Visitor) -> list[Sheet]:
    sheets = await _drafts(there, "wie", kind="group", name="De Buren", phone="06 12345678")
    visitor = await client.another().sign_in(there.applicant)
    for sheet in sheets:
        sheet.fields[SEEN] = hidden((await visitor.get(sheet.path)).text, SEEN)
    return sheets


async def answer(there: Town, _: Visitor) -> list[Sheet]:
    sheets = await _drafts(there, "vraag/plan", plan="Wij koken samen.")
    for sheet, title in zip(sheets, ("Eten", "Zingen"), strict=True):
        sheet.fields[SEEN] = stamp(f"Over {title}.")
    return sheets


async def send(there: Town, _: Visitor) -> list[Sheet]:
    return await _drafts(there, "controleren")


async def throw_away(there: Town, _: Visitor) -> list[Sheet]:
    return await _drafts(there, "weggooien")


async def withdraw(there: Town, _: Visitor) -> list[Sheet]:
    made = [await submitted(there.applicant, there.round_, title) for title in ("Eten", "Zingen")]
    fields = {"reden": "Toch niet."}
    return [Sheet(f"/aanvragen/{one.public_id}/intrekken", fields, there.applicant) for one in made]


async def invite(there: Town, _: Visitor) -> list[Sheet]:
    helper = {"name": "Bea", "email": "bea@voorbeeld.example", "role": Part.HELPER.value, "from_name": "Anna"}
    return await _drafts(there, "samen", **helper)


async def _invited(there: Town) -> list[tuple[str, Companion]]:
    """Two drafts, with for each the invitation of Bea."""
    asked = Invitation("bea@voorbeeld.example", "Bea", "Anna", Part.HELPER.value, authorised=False)
    return [
        (sheet.path, await share.invite(there.applicant, sheet.path.split("/")[2], asked, SECRET, OPEN))
        for sheet in await _drafts(there, "samen/stoppen")
    ]


async def stop_together(there: Town, _: Visitor) -> list[Sheet]:
    return [Sheet(path, {"wie": asked.public_id}, there.applicant) for path, asked in await _invited(there)]


async def leave(there: Town, _: Visitor) -> list[Sheet]:
    bea = await person("Bea", APPLICANT)
    invited = await _invited(there)
    for _, asked in invited:
        await share.accept(bea, invitation_key(SECRET, asked.public_id), OPEN)
    return [Sheet(path, {"wie": ""}, bea) for path, _ in invited]


async def accept(there: Town, _: Visitor) -> list[Sheet]:
    bea = await person("Bea", APPLICANT)
    keys = [invitation_key(SECRET, asked.public_id) for _, asked in await _invited(there)]
    return [Sheet(f"/uitnodiging/{key}", who=bea) for key in keys]


async def granted(there: Town, path: str, **fields: str) -> list[Sheet]:
    plans = await published(there, (900_000, 900_000), (800_000, 800_000), account=False)
    return [
        Sheet(f"/aanvragen/{one.public_id}/{path}", fields, there.applicant, now=DECIDING) for one in plans
    ]


async def account(there: Town, _: Visitor) -> list[Sheet]:
    return await granted(there, "rekening", holder="Stichting Samen", iban=IBAN)


async def report(there: Town, _: Visitor) -> list[Sheet]:
    return await granted(there, "verslag", text="Het was mooi.", cents="3.000")


async def help_asked(_: Town, client: Visitor) -> list[Sheet]:
    sheets = []
    for text in ("Wat is een begroting?", "Wat is bezwaar?"):
        visitor = client.another()
        await visitor.get("/hulp")
        sheets.append(Sheet("/hulp", {"pagina": "/vragen", "text": text, "contact": ""}, visitor=visitor))
    return sheets


async def mail(_: Town, client: Visitor) -> list[Sheet]:
    sheets = []
    for email in ("ann@voorbeeld.example", "bea@voorbeeld.example"):
        visitor = client.another()
        await visitor.get("/inloggen")
        sheets.append(Sheet("/inloggen", {"email": email}, visitor=visitor))
    return sheets


async def _asked(there: Town, client: Visitor) -> list[tuple[Visitor, str, str]]:
    """Browsers in which a mail was asked for, with the public id of the mail and the sealed address."""
    asked = []
    for sheet in await mail(there, client):
        assert sheet.visitor is not None
        went = (await sheet.visitor.post(sheet.path, data=sheet.fields)).headers["location"]
        row = await LetterRow.all().order_by("-id").first()
        assert row is not None
        asked.append((sheet.visitor, row.values["id"], parse_qs(urlsplit(went).query)["voor"][0]))
    return asked


async def code(there: Town, client: Visitor) -> list[Sheet]:
    return [
        Sheet("/inloggen/code", {"voor": voor, "code": sealed.code(SECRET, public_id)}, visitor=visitor)
        for visitor, public_id, voor in await _asked(there, client)
    ]


async def link(there: Town, client: Visitor) -> list[Sheet]:
    return [
        Sheet(f"/inloggen/{sealed.derived(SECRET, 'link', public_id)}", visitor=visitor)
        for visitor, public_id, _ in await _asked(there, client)
    ]


async def _signed_in(there: Town, client: Visitor, path: str, **fields: str) -> list[Sheet]:
    visitors = [await client.another().sign_in(there.applicant) for _ in range(2)]
    return [Sheet(path, fields, visitor=visitor) for visitor in visitors]


async def language_of_letters(there: Town, client: Visitor) -> list[Sheet]:
    return await _signed_in(there, client, "/mijn/taal", taal="en")


async def language(there: Town, client: Visitor) -> list[Sheet]:
    return await _signed_in(there, client, "/taal", taal="en", terug="/vragen")


async def sign_out(there: Town, client: Visitor) -> list[Sheet]:
    return await _signed_in(there, client, "/uitloggen")


async def end_session(there: Town, client: Visitor) -> list[Sheet]:
    sheets = await _signed_in(there, client, "/mijn/uitloggen")
    for sheet, session in zip(sheets, await Session.all().order_by("id"), strict=True):
        sheet.fields = {"sessie": str(session.id)}
    return sheets


FORMS: dict[str, Made] = {
    "/aanvragen/nieuw": begin,
    "/aanvragen/{id}/controleren": send,
    "/aanvragen/{id}/intrekken": withdraw,
    "/aanvragen/{id}/rekening": account,
    "/aanvragen/{id}/verslag": report,
    "/aanvragen/{id}/vraag/{key}": answer,
    "/aanvragen/{id}/weggooien": throw_away,
    "/aanvragen/{id}/wie": who,
    "/aanvragen/{id}/samen": invite,
    "/aanvragen/{id}/samen/stoppen": stop_together,
    "/aanvragen/{id}/samen/stoppen?": leave,
    "/hulp": help_asked,
    "/inloggen": mail,
    "/inloggen/code": code,
    "/inloggen/{token}": link,
    "/mijn/taal": language_of_letters,
    "/mijn/uitloggen": end_session,
    "/taal": language,
    "/uitloggen": sign_out,
    "/uitnodiging/{token}": accept,
}
"""By route; a second form of a route has a question mark behind it.

A route that takes a form from an applicant or a visitor and is not here fails a test.
"""
