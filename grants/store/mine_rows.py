"""What is kept about one person on the municipality's side, table by table, as rows for their copy."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from types import MappingProxyType

from tortoise.expressions import Q

from grants import round as rules_of
from grants import sealed
from grants.mine import Asker, Row
from grants.payment import masked
from grants.store.applications import Answer, Application, Completion, ScreeningCheck, Submission
from grants.store.companions import Companion
from grants.store.consents import Consent
from grants.store.decisions import Decision, ProposalRow
from grants.store.entries import Entry
from grants.store.filters import SavedFilter
from grants.store.help import HelpRequest
from grants.store.initiatives import Initiative
from grants.store.journal import JournalEntry
from grants.store.ledger import LedgerEntry
from grants.store.looks import Look, seen_by
from grants.store.notices import AccountChange, AddressChange, Notice, theirs
from grants.store.outbox import LetterRow, Task
from grants.store.payments import Determination, Payment, PayoutAccount, Report
from grants.store.people import PaperCode, Person, RoleHeld, Session, SignIn
from grants.store.uploads import Upload

FILES = "bestanden"
"""The folder in the copy in which uploaded files lie."""

OF_THE_COMMITTEE = "committee."


async def person(asker: Asker) -> list[Row]:
    found = await Person.get(id=asker.person_id)
    address = sealed.unseal(asker.field_key, found.address_sealed) if found.address_sealed else ""
    row = {"name": found.name, "email": found.email, "phone": found.phone, "address": address}
    return [{**row, "language": found.language, "created_at": found.created_at}]


async def roles(asker: Asker) -> list[Row]:
    return await RoleHeld.filter(person_id=asker.person_id).order_by("id").values("role", "since", "until")


async def consents(asker: Asker) -> list[Row]:
    rows = Consent.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("message", "channel", "email", "given_at", "revoked_at")


async def sign_ins(asker: Asker) -> list[Row]:
    person = await Person.get(id=asker.person_id)
    rows = SignIn.filter(email=person.email or "").order_by("id")
    return await rows.values("email", "asked_at", "used_at")


async def paper_codes(asker: Asker) -> list[Row]:
    rows = PaperCode.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("made_at", "expires_at", "ended_at")


async def sessions(asker: Asker) -> list[Row]:
    rows = Session.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("browser", "created_at", "expires_at", "revoked_at")


async def addresses(asker: Asker) -> list[Row]:
    rows = AddressChange.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("old_email", "new_email", "asked_at", "used_at")


async def initiatives(asker: Asker) -> list[Row]:
    rows = Initiative.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("kind", "name", "kvk", "phone", "created_at")


async def applications(asker: Asker) -> list[Row]:
    rows = Application.filter(person_id=asker.person_id).order_by("id")
    return await rows.values(
        "number", "title", "stage", "asked_cents", "least_cents", "created_at", "changed_at", "submitted_at"
    )


async def answers(asker: Asker) -> list[Row]:
    """The answers in one's own applications, and those that one wrote where one was asked to write along."""
    along = await _along(asker.person_id)
    rows = Answer.filter(_mine_or_written(asker.person_id, along))
    found = await rows.order_by("application_id", "id").select_related("application__round")
    return [
        {
            "application": _called(row.application, along),
            "question": _question(row.application, row.question),
            "answer": json.loads(row.value),
            "written_by_me": row.by_id == asker.person_id,
            "saved_at": row.saved_at,
        }
        for row in found
    ]


async def _along(person_id: int) -> dict[int, bool]:
    """The applications on which somebody is or was asked to write along, and whether that still holds.

    What an officer wrote for somebody is work: it is not about the officer (AVG 15(4)).
    """
    rows = Companion.filter(person_id=person_id).values_list("application_id", "ended_at")
    return {key: ended_at is None for key, ended_at in sorted(await rows, key=lambda row: row[1] is None)}


def _mine_or_written(person_id: int, along: Collection[int]) -> Q:
    return Q(application__person_id=person_id) | Q(by_id=person_id, application_id__in=list(along))


def _called(application: Application, along: Mapping[int, bool] = MappingProxyType({})) -> str:
    """Number and title; who no longer writes `along` is told the number only."""
    title = application.title if along.get(application.id, True) else ""
    return f"{application.number or ''} {title}".strip()


def _question(application: Application, key: str) -> str:
    """The question as the form asks it, or its key where the form is not known any more."""
    questions = rules_of.questions(application.round.frozen)
    return next((question.label for question in questions if question.key == key), key)


async def submissions(asker: Asker) -> list[Row]:
    rows = Submission.filter(application__person_id=asker.person_id).order_by("application_id", "version")
    return [
        {
            "application": _called(row.application),
            "version": row.version,
            "at": row.at,
            "content": {_question(row.application, key): value for key, value in row.answers.items()},
        }
        for row in await rows.select_related("application__round")
    ]


async def uploads_of(person_id: int) -> list[Upload]:
    """The files in this person's applications, and those that they added where they were asked to write along."""
    rows = Upload.filter(_mine_or_written(person_id, await _along(person_id)))
    return await rows.order_by("id").select_related("application__round")


def name_in_copy(row: Upload) -> str:
    """Where a file lies in the copy; the number keeps two of one name apart."""
    return f"{FILES}/{row.id}-{row.name}"


async def uploads(asker: Asker) -> list[Row]:
    along = await _along(asker.person_id)
    return [
        {
            "application": _called(row.application, along),
            "question": _question(row.application, row.question.removesuffix(".spoken")),
            "file": name_in_copy(row),
            "bytes": row.bytes,
            "at": row.at,
        }
        for row in await uploads_of(asker.person_id)
    ]


async def companions(asker: Asker) -> list[Row]:
    """Whom one asked to write along, by the name that one gave; and where one writes along."""
    along = await _along(asker.person_id)
    rows = Companion.filter(Q(application__person_id=asker.person_id) | Q(person_id=asker.person_id))
    return [
        {
            "application": _called(row.application, along),
            "role": row.role,
            "name": row.name,
            "invited_at": row.invited_at,
            "accepted_at": row.accepted_at,
            "ended_at": row.ended_at,
        }
        for row in await rows.order_by("id").select_related("application")
    ]


def _mine(asker: Asker) -> dict[str, int]:
    return {"application__person_id": asker.person_id}


async def entries(asker: Asker) -> list[Row]:
    rows = Entry.filter(**_mine(asker)).order_by("id")
    return await rows.values(
        "channel",
        "received_on",
        "entered_at",
        "confirmed_how",
        "confirmed_on",
        application="application__title",
    )


async def checks(asker: Asker) -> list[Row]:
    rows = ScreeningCheck.filter(**_mine(asker)).order_by("id")
    return await rows.values("verdict", "note", "at", application="application__title", check="check_key")


async def completions(asker: Asker) -> list[Row]:
    rows = Completion.filter(**_mine(asker)).order_by("id")
    return await rows.values("text", "due_on", "asked_at", "answered_at", application="application__title")


async def decisions(asker: Asker) -> list[Row]:
    """Only from the moment on which they were made known (Awb 3:40)."""
    rows = Decision.filter(announced_at__isnull=False, **_mine(asker)).order_by("id")
    return [
        {
            "application": _called(row.application),
            "outcome": row.kind,
            "cents": row.cents,
            "explanation": row.said.as_json(),
            "reasons": row.reasons_by_criterion,
            "deviation": row.deviation,
            "announced_at": row.announced_at,
            "objection_until": row.objection_until,
        }
        for row in await rows.select_related("application")
    ]


async def proposals(asker: Asker) -> list[Row]:
    """The advice, once the decision that followed it is known."""
    rows = ProposalRow.filter(application__decision__announced_at__isnull=False, **_mine(asker)).order_by(
        "id"
    )
    return await rows.values("cents", application="application__title", outcome="kind")


async def accounts(asker: Asker) -> list[Row]:
    rows = PayoutAccount.filter(**_mine(asker)).order_by("id")
    found = await rows.values("holder", "last4", "changed_at", application="application__title")
    return [{**row, "last4": masked(row["last4"])} for row in found]


async def payments(asker: Asker) -> list[Row]:
    rows = Payment.filter(**_mine(asker)).order_by("id")
    return await rows.values("instalment", "cents", "due_on", "paid_on", application="application__title")


async def ledger(asker: Asker) -> list[Row]:
    """Money is set apart at the decision: its amount is told once that is."""
    rows = LedgerEntry.filter(application__decision__announced_at__isnull=False, **_mine(asker)).order_by(
        "id"
    )
    return await rows.values("cents", "at", application="application__title", entry="kind")


async def reports(asker: Asker) -> list[Row]:
    rows = Report.filter(**_mine(asker)).order_by("id")
    return await rows.values("text", "spent_cents", "at", application="application__title")


async def determinations(asker: Asker) -> list[Row]:
    rows = Determination.filter(**_mine(asker)).order_by("id")
    return await rows.values("cents", "reason", "at", application="application__title")


async def letters(asker: Asker) -> list[Row]:
    person = await Person.get(id=asker.person_id)
    to_me = Q(person_id=asker.person_id)
    if person.email:
        to_me |= Q(person_id__isnull=True, email=person.email)
    rows = LetterRow.filter(to_me).order_by("id")
    return await rows.values("channel", "email", "state", "queued_at", "sent_at", letter="kind")


async def tasks(asker: Asker) -> list[Row]:
    rows = Task.filter(letter__person_id=asker.person_id).order_by("id")
    return await rows.values("made_at", "done_at", "outcome", letter="letter__kind")


async def notices(asker: Asker) -> list[Row]:
    """What one sent, also by who spoke for one; who speaks for the applicant no more gets their own words only."""
    words = ("number", "name", "address", "text", "late_reason", "received_at")
    by_me = Q(person_id=asker.person_id)
    rows = Notice.filter(by_me | Q(application__person_id=asker.person_id), await theirs(asker.person_id))
    known = await rows.order_by("id").values(
        *words, "due_on", "longer_reason", "answered_at", "outcome", "withdrawn_at", notice="kind",
        application="application__title",
    )  # fmt: skip
    rest = Notice.filter(by_me, number__not_in=[row["number"] for row in known])
    return [*known, *await rest.order_by("id").values(*words, notice="kind")]


async def account_changes(asker: Asker) -> list[Row]:
    rows = AccountChange.filter(notice__person_id=asker.person_id).order_by("id")
    found = await rows.values("holder", "last4", "checked_at", "taken_at", number="notice__number")
    return [{**row, "last4": masked(row["last4"])} for row in found]


async def help_asked(asker: Asker) -> list[Row]:
    rows = HelpRequest.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("page", "text", "contact", "asked_at", "done_at", "outcome")


async def filters(asker: Asker) -> list[Row]:
    return await SavedFilter.filter(person_id=asker.person_id).order_by("id").values("name", "query")


async def looks(asker: Asker) -> list[Row]:
    """Who read one's applications: role, purpose and day."""
    mine = await Application.filter(person_id=asker.person_id).order_by("id")
    return [
        {"application": _called(one), "role": seen.role, "purpose": seen.purpose.value, "day": seen.day}
        for one in mine
        for seen in await seen_by(one.id)
    ]


async def looked(asker: Asker) -> list[Row]:
    """When one read applications for one's work; not whose."""
    rows = Look.filter(person_id=asker.person_id).order_by("id").values("role", "purpose", "day")
    return await rows


async def journal(asker: Asker) -> list[Row]:
    """What one did, and what was done with one's applications: what, when, and in what role."""
    mine = await Application.filter(person_id=asker.person_id).values_list("id", flat=True)
    of_mine = Q(application_id__in=list(mine)) & ~Q(act__startswith=OF_THE_COMMITTEE)
    rows = JournalEntry.filter(Q(person_id=asker.person_id) | of_mine).order_by("place")
    return await rows.values("at", "act", "role")
