"""Letters to test with: every kind, queued by the steps that really queue it, and a worker to post them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from committee.steps.recuse import declare
from committee.steps.stretch import give_idea
from deploy.mail import SENDING, SmtpLine, compose
from deploy.settings import Settings, Smtp, from_environment
from deploy.worker import Sender, run
from grants.access import Actor
from grants.application import Stage
from grants.companion import INVITED, Part
from grants.decision import Kind, Proposal
from grants.errors import Sentence
from grants.letter import message_id
from grants.steps import channels, paper_code
from grants.steps.account import determine, report
from grants.steps.announce import announce
from grants.steps.decide import adopt_all, decide, receive_advice
from grants.steps.pay import approve, name_account, prepare
from grants.steps.publish import publish
from grants.steps.screen import ask_completion, not_handle
from grants.steps.share import Invitation, invite
from grants.steps.sign_in import ask
from grants.steps.stretch import choose, send_new_plan
from grants.steps.submit import complete, withdraw
from grants.steps.talk import write_to_applicant
from grants.store.applications import Application
from grants.store.funds import Round
from grants.store.outbox import LetterRow
from grants.store.people import Person
from grants.stretch import Choice
from tests.factories import (
    AFTER_VOTE,
    DECIDING,
    OPEN,
    OPERATOR,
    REVIEW,
    member,
    opened_round,
    person,
    screened,
    submitted,
)
from tests.notices import every_notice
from tests.servers.smtp import SmtpServer

SECRET = "a key for the tests"
SETTINGS = from_environment(
    {
        "MEEBESLIS_BASE_URL": "https://fonds.vlietstad.example",
        "MEEBESLIS_MAIL_FROM": "Gemeente Vlietstad <fonds@vlietstad.example>",
        "MEEBESLIS_SECRET_KEY": SECRET,
    }
)
SENDER = Sender.of(SETTINGS)
CRITERIA = ("Mensen beslissen zelf", "Het kan lukken")
REASONS = dict.fromkeys(CRITERIA, "Dit is goed te zien in het plan.")
SUPPORTED = Sentence("Zeven leden steunden dit plan.")
LEFT_OVER = Sentence("Er bleef {left:euro} over. Dat is te weinig voor een volgend plan.", {"left": 40_000})
LATER = DECIDING + timedelta(days=60)


class Clock:
    """The time, which goes on when the test says so."""

    def __init__(self, at: datetime = OPEN) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def later(self, **wait: float) -> None:
        self.at += timedelta(**wait)


def line_to(smtp: SmtpServer, sending: float = SENDING) -> SmtpLine:
    """A line to this server, with less patience where a test asks for it."""
    return SmtpLine(Smtp("127.0.0.1", smtp.port), "vlietstad.example", sending=sending)


def served_by(smtp: SmtpServer) -> Settings:
    """The settings of an installation with this mail server."""
    return replace(SETTINGS, smtp=Smtp("127.0.0.1", smtp.port))


@asynccontextmanager
async def working(settings: Settings, clock: Clock) -> AsyncIterator[asyncio.Task[None]]:
    """A worker that runs for as long as the block lasts, and then stops of itself."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, stop, clock=clock))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def reached(state: str, number: int) -> None:
    """Wait until this many letters are in this state."""
    async with asyncio.timeout(10):
        while await LetterRow.filter(state=state).count() < number:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)


def message_ids(smtp: SmtpServer) -> list[str]:
    """The Message-ID of each mail that the server took."""
    return [str(mail.message["Message-ID"]) for mail in smtp.mails]


def message_to(email: str = "fatma@voorbeeld.example", **changed: str) -> EmailMessage:
    """A letter as it is handed over."""
    row = LetterRow(email=email, language="nl", message_id=message_id("k", email), queued_at=DECIDING)
    parts = {
        "subject": "Bericht over uw aanvraag",
        "text": "U krijgt €\u00a05.\n",
        "html": "<p>U krijgt €\u00a05.</p>\n",
    }
    around = {"mail_from": SETTINGS.mail_from, "reply_to": "team@vlietstad.example"}
    return compose(row, **{**parts, **around, **changed})


async def queued(number: int = 1) -> list[LetterRow]:
    """Sign-in letters for this many people, in order."""
    for place in range(number):
        await ask(f"mens{place}@voorbeeld.example", "browser", SECRET, OPEN)
    return await LetterRow.all().order_by("id")


async def the_letter() -> LetterRow:
    """The only letter there is."""
    return await LetterRow.get()


async def letter_of(kind: str, application: Application | None = None) -> LetterRow:
    """The one letter of this kind, about this application where one is given."""
    about = {} if application is None else {"application_id": application.id}
    return await LetterRow.get(kind=kind, **about)


async def advised(
    round_: Round, outcomes: Sequence[tuple[Application, Kind, int]], advisers: Sequence[Actor] = ()
) -> None:
    """The committee's advice on these applications, as it would come in after the vote."""
    for application, _, _ in outcomes:
        await Application.filter(id=application.id).update(stage=Stage.REVIEWED.value)
    proposals = [Proposal(a.public_id, kind, cents, SUPPORTED, REASONS) for a, kind, cents in outcomes]
    people = [adviser.person_id for adviser in advisers if adviser.person_id is not None]
    await receive_advice(
        round_.id, proposals, "{}", "0" * 64, LEFT_OVER, CRITERIA, people, OPERATOR, AFTER_VOTE
    )


async def decided_at(now: datetime, kind: Kind = Kind.GRANTED) -> Application:
    """One application of which the decision, of this kind, was announced at `now`."""
    round_ = await opened_round()
    applicant, officer = await person("Fatma Yilmaz", "applicant"), await person("Ans de Wit", "officer")
    application = await screened(applicant, officer, round_)
    cents = {Kind.GRANTED: 500_000, Kind.PARTLY: 300_000}.get(kind, 0)
    await advised(round_, [(application, kind, cents)])
    await adopt_all(officer, round_.id, DECIDING)
    await announce(officer, round_.id, now)
    return application


async def every_letter() -> list[LetterRow]:
    """All kinds of letter in all their forms."""
    round_ = await opened_round()
    applicant, officer = await person("Fatma Yilmaz", "applicant"), await person("Ans de Wit", "officer")
    await ask("fatma.yilmaz@voorbeeld.example", "browser", SECRET, OPEN)
    await _before_the_committee(applicant, officer, round_)
    waiting = await submitted(applicant, round_, "Wachten")
    granted = await _after_the_committee(applicant, officer, round_)
    await _money(applicant, officer, granted)
    await every_notice(applicant, officer, granted[0], waiting, SECRET)
    await _reached(applicant, officer)
    return await LetterRow.all().order_by("id")


async def _reached(applicant: Actor, officer: Actor) -> None:
    """Other channels, another address and a code: by themselves, and by the desk."""
    who = (await Person.get(id=applicant.person_id)).public_id
    await channels.choose(applicant, who, {}, "", LATER)
    await channels.keep_address(officer, who, "Dorpsstraat 1\n1234 AB Vlietstad", SECRET, LATER)
    await paper_code.make(officer, who, "a" * 32, frozenset(), SECRET, LATER)


async def _before_the_committee(applicant: Actor, officer: Actor, round_: Round) -> None:
    incomplete = await submitted(applicant, round_, "Fietsen")
    for part in INVITED:
        asked = Invitation(f"{part}@voorbeeld.example", "Sanne", "Fatma", part, part is Part.REPRESENTATIVE)
        await invite(applicant, incomplete.public_id, asked, SECRET, REVIEW)
    await ask_completion(officer, incomplete.public_id, ["plan", "budget"], "Wat kost de huur?", REVIEW)
    await complete(applicant, incomplete.public_id, REVIEW + timedelta(days=1))
    await not_handle(officer, incomplete.public_id, "Het bedrag is niet te volgen.", AFTER_VOTE)
    await _talk(applicant, officer, round_)
    taken_back = await submitted(applicant, round_, "Tuinieren")
    await withdraw(applicant, taken_back.public_id, "", REVIEW)


async def _talk(applicant: Actor, officer: Actor, round_: Round) -> None:
    """A message, a question, and two ideas of the committee: one is taken up, one is not."""
    chair = await member(round_, "Carla Voorzitter", "chair")
    for title, choice in (("Breien", Choice.ACCEPTED), ("Dammen", Choice.DECLINED)):
        plan = await screened(applicant, officer, round_, title)
        due_on = None if choice.reopens else REVIEW.date() + timedelta(days=7)
        await write_to_applicant(officer, plan.public_id, "Wie zijn de buren?", due_on, title, REVIEW)
        await declare(chair, plan.public_id, "none", REVIEW)
        await give_idea(chair, plan.public_id, ["plan"], "Vraag de buren erbij.", REVIEW)
        await choose(applicant, plan.public_id, choice, "Ik wil dit zelf.", REVIEW)
        if choice.reopens:
            await send_new_plan(applicant, plan.public_id, REVIEW)
        await withdraw(applicant, plan.public_id, "", REVIEW)


async def _after_the_committee(applicant: Actor, officer: Actor, round_: Round) -> list[Application]:
    """Each kind of decision, and two that leave the advice; returns the three of whose money a report is asked."""
    titles = ("Koken", "Zingen", "Wandelen", "Timmeren", "Schaken", "Zwemmen", "Dansen")
    plans = [
        await screened(applicant, officer, round_, title, asked_cents=600_000, least_cents=200_000)
        for title in titles
    ]
    kinds = (
        Kind.GRANTED, Kind.PARTLY, Kind.REFUSED_CEILING, Kind.REFUSED_OTHER, Kind.GRANTED, Kind.PARTLY, Kind.PARTLY,
    )  # fmt: skip
    cents = (600_000, 530_000, 0, 0, 600_000, 200_000, 300_000)
    adviser = await member(round_, "Bram Bakker")
    await advised(round_, list(zip(plans, kinds, cents, strict=True)), [adviser])
    await decide(officer, plans[4].public_id, Kind.PARTLY, 550_000, "De huur is lager.", DECIDING)
    await decide(officer, plans[5].public_id, Kind.REFUSED_OTHER, 0, "Dit plan bestaat al.", DECIDING)
    await adopt_all(officer, round_.id, DECIDING)
    await announce(officer, round_.id, DECIDING)
    await publish(officer, round_.id, DECIDING)
    return [plans[0], plans[1], plans[4]]


async def _money(applicant: Actor, officer: Actor, granted: Sequence[Application]) -> None:
    """Paid in full and all used; paid in part and less used; paid in full and some owed back."""
    finance = await person("Piet Geld", "finance")
    for plan, paid, spent in zip(
        granted, ((300_000, 300_000), (100_000,), (550_000,)), (600_000, 250_000, 400_000), strict=True
    ):
        await name_account(applicant, plan.public_id, "Stichting", "NL91ABNA0417164300", SECRET, DECIDING)
        for cents in paid:
            payment = await prepare(officer, plan.public_id, cents, DECIDING)
            await approve(finance, payment.public_id, date(2026, 12, 8), DECIDING)
        await report(applicant, plan.public_id, "Het ging goed.\nEr kwamen veel mensen.", spent, LATER)
        reason = "" if spent == 600_000 else "U had minder nodig."
        await determine(officer, plan.public_id, spent, reason, LATER + timedelta(days=3))
