"""The life of a fund in chapters, played with the real steps: in each, people find pages as they never were before."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from committee.steps.allocate import allocate
from committee.steps.recuse import declare
from committee.steps.vote import cast
from deploy.demo import WHO, fill
from grants import sealed
from grants.access import Actor
from grants.companion import VALID
from grants.initiative import Host
from grants.notice import Kind as NoticeKind
from grants.steps.account import report
from grants.steps.announce import announce
from grants.steps.answer import answer as answer_notice
from grants.steps.attach import attach
from grants.steps.change_account import ask_account, check_account
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all
from grants.steps.draft import save_answer, save_initiative
from grants.steps.enter import Came, Who, enter
from grants.steps.hand_in import Message, hand_in
from grants.steps.name_host import name_host
from grants.steps.pay import approve, name_account, prepare
from grants.steps.publish import publish
from grants.steps.screen import ask_completion
from grants.steps.share import Invitation, accept, invite
from grants.steps.submit import submit, withdraw
from grants.store.applications import Application, Submission
from grants.store.companions import Companion, invitation_key
from grants.store.funds import Round
from grants.store.notices import AddressChange, address_key
from grants.store.people import Person
from tests.committee.scene import Scene, scene
from tests.factories import (
    AFTER_VOTE,
    DECIDING,
    OPEN,
    REVIEW,
    VOTING,
    answers,
    draft,
    fund,
    person,
    submitted,
)
from tests.journeys.talking import talk
from tests.pages.officers import FIELD_KEY, IBAN
from tests.uploads import caught

SECRET = "s" * 32
CODE_PAGE = f"/inloggen/code?{urlencode({'voor': sealed.seal(SECRET, 'iemand@voorbeeld.example')})}"
NOBODYS = "0" * 32
INVITATION = f"/uitnodiging/{invitation_key(SECRET, NOBODYS)}"
"""The link to an invitation of somebody who has not come yet: others find it too."""

PUBLIC = (
    "/", "/vragen", "/resultaten", "/open-data", "/privacy", "/toegankelijkheid", "/inloggen", CODE_PAGE,
    "/inloggen/een-oude-link", INVITATION, "/uitloggen", "/demo", "/demo/postvak", "/hulp/gevraagd",
    "/officieel",
)  # fmt: skip
OWN = ("/mijn", "/mijn/contact/gevraagd", "/aanvragen", "/aanvragen/nieuw")
FIRST_PAGE = {
    "applicant": "/aanvragen", "officer": "/gemeente", "finance": "/gemeente", "auditor": "/gemeente",
    "member": "/commissie", "chair": "/commissie", "secretary": "/commissie",
}  # fmt: skip


def first_pages(actor: Actor) -> tuple[str, ...]:
    """Where this person's work begins."""
    return tuple(dict.fromkeys(FIRST_PAGE[role] for role in sorted(actor.roles)))


async def nothing_yet() -> dict[str, Actor]:
    """An installation on its first day: people with roles, and no fund."""
    roles = ("officer", "finance", "auditor", "applicant")
    return {role: await person(f"Eerste {role}", role) for role in roles}


async def loaded() -> None:
    """A fund whose round is planned."""
    await fund()


async def demonstration() -> dict[str, Actor]:
    """The demonstration, with everybody whom one can try, and one person in each role alone."""
    await fill(OPEN, field_key=FIELD_KEY)
    await an_invitation()
    found: dict[str, Actor] = {}
    for who in WHO:
        row = await Person.get(email=who.email)
        found[who.name] = Actor(row.id, who.name, frozenset(who.roles))
        await officially(found[who.name])
    return found


async def officially(actor: Actor) -> None:
    """A complaint, and a change of mail address that waits for its link."""
    await hand_in(actor, Message(NoticeKind.COMPLAINT, actor.name, "Het duurde lang."), "k", OPEN)
    public_id = link_of(actor.name)
    await AddressChange.create(
        public_id=public_id, person_id=actor.person_id, new_email=f"{public_id[:8]}@voorbeeld.example",
        link_hash=sealed.fingerprint(address_key(SECRET, public_id)), asked_at=OPEN, expires_at=DECIDING,
    )  # fmt: skip


def link_of(name: str) -> str:
    """The public id of this person's change of address."""
    return sealed.fingerprint(name)[:32]


def address_page(name: str) -> str:
    """Where the link to their new mail address leads this person."""
    return f"/mijn/adres/{address_key(SECRET, link_of(name))}"


async def an_invitation() -> None:
    """Somebody was asked to write along on the first draft, and has not answered."""
    application = await Application.filter(stage="draft").order_by("id").first()
    assert application is not None
    await Companion.create(
        public_id=NOBODYS, application_id=application.id, role="helper", email="nog.niemand@voorbeeld.example",
        name="Nog Niemand", from_name="Fatma", key_hash=sealed.fingerprint(invitation_key(SECRET, NOBODYS)),
        invited_at=OPEN, expires_at=OPEN + VALID,
    )  # fmt: skip


PHOTO, SOUND = caught("plek.jpg", "image/jpeg"), caught("opname.webm", "audio/webm")


async def with_files(applicant: Actor, late: Application) -> None:
    """A photo and a recording on a draft."""
    await attach(applicant, late.public_id, "papers", PHOTO, OPEN)
    await attach(applicant, late.public_id, "plan", SOUND, OPEN)


async def sent_with_files(plan: Application) -> None:
    """The plan as it was sent in, now with a photo and a recording."""
    last = await Submission.get(application_id=plan.id)
    photo, sound = (
        {"id": secrets.token_hex(16), "name": one.name, "media_type": one.media_type, "bytes": one.bytes}
        for one in (PHOTO, SOUND)
    )
    content = json.dumps(last.answers | {"papers": [photo], "plan.spoken": [sound]})
    await Submission.create(
        application_id=plan.id, version=2, content=content, content_hash=sealed.fingerprint(content), at=OPEN
    )
    await Application.filter(id=plan.id).update(version=2)


async def with_others(applicant: Actor, helper: Actor, late: Application, waiting: Application) -> None:
    """A group whose money goes to an organisation, somebody who writes along on two plans, and one more asked."""
    await save_initiative(applicant, late.public_id, "group", "De Laatkomers", "", "", REVIEW)
    host = Host("Stichting De Brug", "12345678", "Ria Smit, 010 123 45 67")
    await name_host(applicant, late.public_id, host, True, REVIEW)
    for plan in (late, waiting):
        asked = Invitation("hanna.helper@voorbeeld.example", "Hanna", "Fatma", "helper", False)
        made = await invite(applicant, plan.public_id, asked, SECRET, REVIEW)
        await accept(helper, invitation_key(SECRET, made.public_id), REVIEW)
    asked = Invitation("bram@voorbeeld.example", "Bram", "Fatma", "representative", True)
    await invite(applicant, late.public_id, asked, SECRET, REVIEW)


async def on_paper(officer: Actor, round_: Round, applicant: Actor) -> list[Application]:
    """Entered at the desk: for somebody without mail, sent; for an applicant, sent; and one that is not finished."""
    email = (await Person.get(id=applicant.person_id)).email
    came = Came("paper", OPEN.date())
    made = []
    for who in (
        Who(name="Piet Papier", address="Dorp 1"),
        Who(known=email or ""),
        Who(name="Truus Telefoon"),
    ):
        entered = await enter(officer, round_.public_id, secrets.token_hex(8), who, came, FIELD_KEY, REVIEW)
        made.append(entered)
    for application in made[:2]:
        await save_initiative(officer, application.public_id, "person", "Piet Papier", "", "", REVIEW)
        for key, value in answers(round_, "Soep op straat", 50_000, 20_000).items():
            await save_answer(officer, application.public_id, key, value, REVIEW)
        await submit(officer, application.public_id, REVIEW)
    return made[:2]


MUNICIPALITY = ("officer", "finance", "auditor")
COMMITTEE = ("ada", "bo", "chair", "secretary")
MUNICIPALITY_DOORS = ("openen", "doorlaten", "overnemen", "bekendmaken", "publiceren", "uitbetalen")
COMMITTEE_DOORS = ("openen", "stemmen", "tellen", "uitslag")


@dataclass
class Year:
    """One round, from the committee's first reading to the closed year."""

    made: Scene
    finance: Actor
    auditor: Actor
    helper: Actor
    unlinked: tuple[str, ...] = ()
    entered: Sequence[Application] = ()

    @property
    def people(self) -> dict[str, Actor]:
        made = self.made
        return {
            "officer": made.officer, "applicant": made.applicant, "ada": made.ada, "bo": made.bo,
            "chair": made.chair, "secretary": made.secretary, "finance": self.finance, "auditor": self.auditor,
            "helper": self.helper,
        }  # fmt: skip

    def starts(self, who: str) -> tuple[str, ...]:
        """Where this person's work begins, and the doors of the round to which not everybody has a link."""
        if who not in self.people:
            return PUBLIC
        round_ = self.made.round.public_id
        if who in COMMITTEE:
            return ("/commissie", *(f"/commissie/rondes/{round_}/{door}" for door in COMMITTEE_DOORS))
        if who in ("applicant", "helper"):
            return ("/aanvragen",)
        doors = (f"/gemeente/rondes/{round_}/{door}" for door in MUNICIPALITY_DOORS)
        return ("/gemeente", "/commissie/plaatsen", "/gemeente/betalingen/goedkeuren", *doors, *self.unlinked)

    async def read(self) -> None:
        """One member judged everything, one stands aside; one plan was withdrawn, of one a part is missing."""
        made = self.made
        await sent_with_files(made.plans[2])
        await made.judge_all(made.bo)
        await declare(made.ada, made.plans[1].public_id, "family", REVIEW)
        await made.judge(made.ada, made.plans[0], done=False)
        waiting = await submitted(made.applicant, made.round, "Zonder begroting")
        await ask_completion(made.officer, waiting.public_id, ["budget"], "Wat kost de zaal?", REVIEW)
        self.unlinked = (f"/gemeente/aanvragen/{waiting.public_id}/niet-behandelen",)
        gone = await submitted(made.applicant, made.round, "Toch maar niet")
        await withdraw(made.applicant, gone.public_id, "Wij verhuizen.", REVIEW)
        late = await draft(made.applicant, made.round, "Te laat")
        await with_others(made.applicant, self.helper, late, waiting)
        await with_files(made.applicant, late)
        self.entered = await on_paper(made.officer, made.round, made.applicant)
        await talk(made)

    async def judge(self) -> None:
        """Everybody has read; every reason is there; nobody still has something to complete."""
        waiting = await Application.get(round_id=self.made.round.id, stage="completing")
        await withdraw(self.made.applicant, waiting.public_id, "", REVIEW)
        for plan in self.entered:
            await withdraw(Actor(plan.person_id), plan.public_id, "", REVIEW)
        await self.made.judge_all(self.made.chair)
        await self.made.reasons()

    async def vote(self) -> None:
        """The vote is open, and one member voted."""
        await self.made.poll()
        await cast(self.made.bo, self.made.round.public_id, self.made.ids, False, VOTING)

    async def close_the_vote(self) -> None:
        await cast(self.made.chair, self.made.round.public_id, self.made.ids[:1], False, VOTING)

    async def count(self) -> None:
        await allocate(self.made.chair, self.made.round.public_id, AFTER_VOTE)

    async def decide(self) -> None:
        await adopt_all(self.made.officer, self.made.round.id, DECIDING)

    async def tell(self) -> None:
        await announce(self.made.officer, self.made.round.id, DECIDING)

    async def make_public(self) -> None:
        """Everybody may read the outcome, and one applicant named an account."""
        await publish(self.made.officer, self.made.round.id, DECIDING)
        plan = self.made.plans[0].public_id
        await name_account(self.made.applicant, plan, "Stichting Samen eten", IBAN, FIELD_KEY, DECIDING)
        await prepare(self.made.officer, plan, 100_000, DECIDING)

    async def pay(self) -> None:
        """The first part was paid, the second waits; the recipient told how it went."""
        plan = self.made.plans[0].public_id
        first = await prepare(self.made.officer, plan, 150_000, DECIDING)
        await approve(self.finance, first.public_id, DECIDING.date(), DECIDING)
        await self.disagree(plan)
        await report(self.made.applicant, plan, "Het ging goed.\nWij gaan door.", 200_000, DECIDING)

    async def disagree(self, plan: str) -> None:
        """An objection that waits and one that was answered, a notice of default, and another account."""
        for key, kind in (
            ("a", NoticeKind.OBJECTION),
            ("b", NoticeKind.OBJECTION),
            ("c", NoticeKind.DEFAULT),
        ):
            made = await hand_in(
                self.made.applicant, Message(kind, "Anna", "Dit klopt niet."), key, DECIDING, plan
            )
            if key == "a":
                await answer_notice(self.made.officer, made.public_id, "U krijgt gelijk.", DECIDING)
        asked = (plan, "Stichting Nieuw", "NL02ABNA0123456789", FIELD_KEY, "d", DECIDING)
        other = await ask_account(self.made.applicant, *asked)
        assert other is not None
        await check_account(self.made.officer, other.public_id, "Gebeld met de aanvrager.", DECIDING)

    async def close(self) -> None:
        await close_year(self.made.officer, 2026, "B&W 12 januari 2027", LATER)


LATER = DECIDING + timedelta(days=40)


async def year() -> Year:
    made = await scene(3)
    finance, auditor = await person("Farid Financien", "finance"), await person("Agnes Auditor", "auditor")
    return Year(made, finance, auditor, await person("Hanna Helper", "applicant"))


Deed = Callable[[Year], Awaitable[Any]]

CHAPTERS: tuple[tuple[datetime, Deed, tuple[str, ...]], ...] = (
    (REVIEW, Year.read, ("applicant", "helper", "officer", "auditor", *COMMITTEE)),
    (VOTING, Year.judge, ("chair", "secretary", *MUNICIPALITY)),
    (VOTING, Year.vote, COMMITTEE),
    (AFTER_VOTE, Year.close_the_vote, ("chair", "ada", "secretary", "officer")),
    (AFTER_VOTE, Year.count, ("chair", "ada", "secretary", "officer", "auditor")),
    (DECIDING, Year.decide, ("officer", "auditor", "applicant")),
    (DECIDING, Year.tell, ("officer", "auditor", "applicant")),
    (DECIDING, Year.make_public, (*MUNICIPALITY, "applicant", "visitor")),
    (DECIDING, Year.pay, (*MUNICIPALITY, "applicant")),
    (LATER, Year.close, MUNICIPALITY),
)
"""When it is, what happens first, and who then look around."""
