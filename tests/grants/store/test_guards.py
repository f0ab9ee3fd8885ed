"""The rules that the database itself holds: one bad row for each, on both engines."""

import importlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from deploy.database import APPS
from grants.application import Stage
from grants.decision import Kind
from grants.store.applications import Application, Completion, ScreeningCheck, Submission
from grants.store.companions import Companion
from grants.store.consents import Consent
from grants.store.decisions import Advice, Decision, ProposalRow
from grants.store.entries import Entry
from grants.store.filters import SavedFilter
from grants.store.funds import Round
from grants.store.help import HelpRequest
from grants.store.initiatives import Initiative
from grants.store.journal import JournalEntry
from grants.store.ledger import LedgerEntry, Pot
from grants.store.limits import Used
from grants.store.looks import Look
from grants.store.messages import Message, MessageRead
from grants.store.notices import AccountChange, AddressChange, Notice
from grants.store.outbox import LetterRow, Task
from grants.store.payments import Determination, Payment, Report
from grants.store.people import PaperCode, Person, RoleHeld, SignIn
from grants.store.stretches import Stretch
from grants.store.uploads import Upload
from tests.factories import BEFORE, DECIDING, OPEN, opened_round, person, submitted

pytestmark = pytest.mark.anyio

Change = Callable[[], Awaitable[Any]]


async def refuses(change: Change, *words: str) -> None:
    """The database says no, and says which rule."""
    with pytest.raises(BaseORMException) as refused:
        await change()
    assert any(word in str(refused.value) for word in words), f"{words} not in: {refused.value}"


def altered(row: Model, **values: Any) -> Change:
    return lambda: type(row).filter(id=row.pk).update(**values)


def again(row: Model, **values: Any) -> Change:
    """A copy of the row with other values."""
    copy = {name: getattr(row, name) for name in row._meta.fields_db_projection if name != "id"}
    return lambda: type(row).create(**{**copy, **values})


AGREED = {"answer": "accepted", "answered_at": OPEN, "answered_by_id": 1, "consent": "ja"}
"""An answer to an idea of the committee, as a whole."""


async def rows() -> dict[str, Model]:
    """One good row in every table that has a rule."""
    round_ = await opened_round()
    applicant = await person("Aanvrager", "applicant")
    officer = await person("Ambtenaar", "officer")
    sent = await submitted(applicant, round_)
    common = {"application_id": sent.id}
    letter = await LetterRow.first()
    assert letter is not None
    notice = await Notice.create(
        **common, public_id="n", form_key="n", kind="objection", number="B-2026-001", person_id=applicant.person_id,
        name="n", text="t", received_at=OPEN, due_on=OPEN.date(),
    )  # fmt: skip
    return {
        "person": await Person.get(id=applicant.person_id),
        "role_held": await RoleHeld.get(person_id=applicant.person_id),
        "sign_in": await SignIn.create(
            public_id="1", email="a@b.nl", browser_hash="b", link_hash="l", code_hash="c", asked_at=OPEN,
            expires_at=OPEN,
        ),
        "round": round_,
        "initiative": await Initiative.get(id=sent.initiative_id),
        "application": sent,
        "screening_check": await ScreeningCheck.create(
            **common, check_key="k", verdict="good", by_id=officer.person_id, at=OPEN
        ),
        "completion": await Completion.create(
            **common, questions=["plan"], text="t", due_on=OPEN.date(), asked_at=OPEN
        ),
        "pot": await Pot.get(year=2026),
        "ledger_entry": await LedgerEntry.get(kind="ceiling"),
        "proposal": await ProposalRow.create(
            **common, kind=Kind.GRANTED.value, cents=5, explanation="{}", reasons="{}"
        ),
        "decision": await Decision.create(
            **common, kind=Kind.GRANTED.value, cents=5, followed=True, explanation="{}", reasons="{}", decided_at=OPEN
        ),
        "payment": await Payment.create(
            **common, public_id="p", instalment=1, cents=5, due_on=OPEN.date(), prepared_by_id=officer.person_id,
            prepared_at=OPEN,
        ),
        "report": await Report.create(**common, text="t", spent_cents=5, at=OPEN),
        "determination": await Determination.create(**common, cents=5, released_cents=0, at=OPEN),
        "letter": letter,
        "post_letter": await LetterRow.create(
            public_id="p", key="p", channel="post", kind="receipt", language="nl", params="{}", message_id="p",
            person_id=applicant.person_id, state="to_post", due_at=OPEN, queued_at=OPEN,
        ),
        "consent": await Consent.get(person_id=officer.person_id, message="money"),
        "paper_code": await PaperCode.create(
            public_id="c", person_id=applicant.person_id, locator="12345678", code_hash="h", made_at=OPEN,
            made_by=officer.person_id, expires_at=OPEN,
        ),
        "entry": await Entry.create(
            **common, channel="paper", received_on=OPEN.date(), entered_by_id=officer.person_id, entered_at=OPEN
        ),
        "message": (
            message := await Message.create(
                **common, side="municipality", author_id=officer.person_id, text="t", at=OPEN, key="k"
            )
        ),
        "message_read": await MessageRead.create(
            **common, side="applicant", message_id=message.id, by_id=applicant.person_id, at=OPEN
        ),
        "stretch": await Stretch.create(
            **common, version=1, text="t", questions=["plan"], proposed_by_id=officer.person_id, role="chair",
            at=OPEN, due_on=OPEN.date(),
        ),
        "task": await Task.create(public_id="t", kind="undeliverable", note="n", made_at=OPEN),
        "help_request": await HelpRequest.create(
            public_id="h", text="t", contact="c", language="nl", browser_hash="b", asked_at=OPEN, due_on=OPEN.date()
        ),
        "saved_filter": await SavedFilter.create(person_id=officer.person_id, name="n", query="zoek=a"),
        "upload": await Upload.create(
            **common, public_id="u", question="papers", name="a.pdf", media_type="application/pdf", bytes=5,
            sha256="s", path="aa/u", by_id=applicant.person_id, at=OPEN,
        ),
        "companion": await Companion.create(
            **common, public_id="m", role="helper", email="m@b.nl", name="m", from_name="a", key_hash="m",
            invited_at=OPEN, expires_at=DECIDING, person_id=officer.person_id, accepted_at=OPEN,
        ),
        "notice": notice,
        "account_change": await AccountChange.create(notice_id=notice.id, holder="h", iban_sealed="s", last4="4300"),
        "address_change": await AddressChange.create(
            public_id="a", person_id=applicant.person_id, new_email="a@b.nl", link_hash="a", asked_at=OPEN,
            expires_at=DECIDING,
        ),
        "look": await Look.create(
            **common, person_id=officer.person_id, role="officer", purpose="screen", day=OPEN.date(), at=OPEN
        ),
        "limit_used": await Used.create(purpose="p", key_hash="k" * 64, free_at=OPEN),
    }  # fmt: skip


def bad_rows(good: dict[str, Model]) -> dict[str, Change]:
    """For each rule in a table, a change that breaks it and nothing else."""
    of = good.__getitem__
    return {
        "person_email_lower": altered(of("person"), email="Hoofd@letter.nl"),
        "person_language": altered(of("person"), language="NL"),
        "role_held_role": altered(of("role_held"), role="koning"),
        "role_held_once": again(of("role_held")),
        "sign_in_tries": altered(of("sign_in"), tries=6),
        "round_year": altered(of("round"), year=1999),
        "round_windows": again(
            of("round"), public_id="x", year=2031, closes_at=OPEN, ballot_opens_at=OPEN, ballot_closes_at=OPEN
        ),
        "round_frozen": again(of("round"), public_id="x", year=2030, rules=None),
        "initiative_host": altered(of("initiative"), host_name="Stichting"),
        "initiative_kind": altered(of("initiative"), kind="bv"),
        "application_stage": altered(of("application"), stage="zoek"),
        "application_amounts": altered(of("application"), least_cents=10**9),
        "application_submitted": altered(of("application"), number=None),
        "application_number": again(of("application"), public_id="x", begin_key="x"),
        "screening_check_verdict": altered(of("screening_check"), verdict="best"),
        "completion_times": altered(of("completion"), answered_at=OPEN.replace(year=2025)),
        "completion_open": again(of("completion")),
        "pot_ceiling": altered(of("pot"), reserved_cents=10_000_001),
        "pot_paid": altered(of("pot"), paid_cents=1),
        "pot_positive": altered(of("pot"), carried_cents=-1),
        "ledger_entry_cents": again(of("ledger_entry"), key="x", cents=0),
        "ledger_entry_accounts_differ": again(of("ledger_entry"), key="x", source="free", target="free"),
        "ledger_entry_accounts": again(of("ledger_entry"), key="x", target="pocket"),
        "ledger_entry_kind": again(of("ledger_entry"), key="x", kind="gift"),
        "ledger_entry_rests_on": again(of("ledger_entry"), key="x", decision_ref=""),
        "ledger_entry_reversed_once": _reversed_twice(of("ledger_entry")),
        "proposal_kind": again(of("proposal"), kind="misschien", cents=0),
        "proposal_cents": again(of("proposal"), cents=0),
        "decision_kind": altered(of("decision"), kind="misschien", cents=0),
        "decision_cents": altered(of("decision"), kind=Kind.REFUSED_CEILING.value),
        "decision_deviation_has_reason": altered(of("decision"), followed=False),
        "decision_explained": altered(of("decision"), explanation=""),
        "decision_objection_date": altered(of("decision"), objection_until=OPEN.date()),
        "payment_cents": altered(of("payment"), cents=0),
        "payment_instalment": altered(of("payment"), instalment=0),
        "payment_four_eyes": altered(of("payment"), approved_by_id=of("payment").prepared_by_id, paid_on=OPEN.date()),  # type: ignore[attr-defined]
        "payment_paid_by_someone": altered(of("payment"), paid_on=OPEN.date()),
        "report_spent": altered(of("report"), spent_cents=-1),
        "determination_cents": again(of("determination"), cents=-1),
        "determination_reason": again(of("determination"), released_cents=1),
        "letter_state": altered(of("letter"), state="weg"),
        "letter_channel": altered(of("letter"), channel="post"),
        "letter_post_once": again(of("post_letter"), public_id="x", message_id="x"),
        "consent_message": altered(of("consent"), message="reclame"),
        "consent_channel": altered(of("consent"), channel="helper"),
        "consent_times": altered(of("consent"), revoked_at=OPEN.replace(year=2025)),
        "consent_once": again(of("consent")),
        "paper_code_tries": altered(of("paper_code"), tries=6),
        "paper_code_one": again(of("paper_code"), public_id="x", locator="x"),
        "entry_channel": altered(of("entry"), channel="duif"),
        "entry_confirmed": altered(of("entry"), confirmed_how="paper"),
        "letter_attempts": altered(of("letter"), attempts=-1),
        "letter_sent": altered(of("letter"), state="sent"),
        "message_side": again(of("message"), key="x", side="committee"),
        "message_text": again(of("message"), key="x", text=""),
        "message_due": again(of("message"), key="x", side="applicant", due_on=OPEN.date()),
        "message_read_side": altered(of("message_read"), side="committee"),
        "stretch_text": altered(of("stretch"), text=""),
        "stretch_role": altered(of("stretch"), role="member"),
        "stretch_answer": altered(
            of("stretch"), answer="perhaps", answered_at=OPEN, answered_by_id=1, consent="ja"
        ),
        "stretch_answered_by": altered(of("stretch"), answer="declined", answered_at=OPEN),
        "stretch_consent": altered(of("stretch"), answer="accepted", answered_at=OPEN, answered_by_id=1),
        "stretch_led_to": altered(of("stretch"), **AGREED, led_to=1, sent_at=OPEN),
        "stretch_sent_at": altered(of("stretch"), **AGREED, led_to=2),
        "stretch_led_with_consent": altered(of("stretch"), led_to=2, sent_at=OPEN),
        "task_outcome": altered(of("task"), done_at=OPEN),
        "help_request_text": altered(of("help_request"), text=""),
        "help_request_outcome": altered(of("help_request"), done_at=OPEN, contact=""),
        "help_request_wiped": altered(of("help_request"), done_at=OPEN, outcome="o"),
        "upload_media_type": altered(of("upload"), media_type="text/html"),
        "upload_bytes": altered(of("upload"), bytes=0),
        "upload_times": altered(of("upload"), removed_at=BEFORE),
        "upload_once": again(of("upload"), public_id="v", path="aa/v"),
        "companion_role": altered(of("companion"), role="applicant"),
        "companion_email_lower": altered(of("companion"), email="M@b.nl"),
        "companion_names": altered(of("companion"), from_name=""),
        "companion_expires": altered(of("companion"), expires_at=OPEN, accepted_at=None, person_id=None),
        "companion_accepted_by": altered(of("companion"), person_id=None),
        "companion_accepted_in_time": altered(of("companion"), accepted_at=DECIDING),
        "companion_ended": altered(of("companion"), ended_at=BEFORE),
        "companion_authorised": altered(of("companion"), authorised_at=OPEN),
        "companion_address_once": again(
            of("companion"), public_id="x", key_hash="x", person_id=None, accepted_at=None
        ),
        "companion_person_once": again(of("companion"), public_id="x", key_hash="x", email="x@b.nl"),
        "notice_kind": another_notice(good, kind="brief"),
        "notice_timing": another_notice(good, timing="nooit"),
        "notice_about": another_notice(good, about="alles"),
        "notice_text": another_notice(good, text=""),
        "notice_application": another_notice(good, application_id=None),
        "notice_longer_has_reason": altered(of("notice"), longer=True),
        "notice_outcome": altered(of("notice"), outcome="o"),
        "notice_answered_by": altered(of("notice"), answered_at=OPEN, outcome="o"),
        "notice_one_end": altered(
            of("notice"), answered_at=OPEN, outcome="o", answered_by_id=of("person").pk, withdrawn_at=OPEN
        ),
        "account_change_checked": altered(of("account_change"), how_checked="h"),
        "account_change_four_eyes": altered(
            of("account_change"), **checked(good), taken_by_id=of("person").pk, taken_at=OPEN
        ),
        "account_change_taken": altered(of("account_change"), **checked(good), taken_by_id=of("person").pk + 1),
        "address_change_email_lower": altered(of("address_change"), new_email="A@b.nl"),
        "look_purpose": again(of("look"), purpose="zomaar", day=DECIDING.date()),
        "limit_used_purpose": altered(of("limit_used"), purpose=""),
        "limit_used_key": altered(of("limit_used"), key_hash="k"),
        "saved_filter_filled": altered(of("saved_filter"), query=""),
        "saved_filter_name": again(of("saved_filter")),
    }  # fmt: skip


def another_notice(good: dict[str, Model], **values: Any) -> Change:
    return again(good["notice"], **{"public_id": "x", "form_key": "x", "number": "x", **values})


def checked(good: dict[str, Model]) -> dict[str, Any]:
    return {"checked_by_id": good["person"].pk, "checked_at": OPEN, "how_checked": "h"}


def _reversed_twice(entry: Model) -> Change:
    async def change() -> None:
        await again(entry, key="first", reverses_id=entry.pk)()
        await again(entry, key="second", reverses_id=entry.pk)()

    return change


INDEX_COLUMNS = {
    "role_held_once": "role_held.person_id",
    "application_number": "application.round_id",
    "completion_open": "completion.application_id",
    "ledger_entry_reversed_once": "ledger_entry.reverses_id",
    "saved_filter_name": "saved_filter.person_id",
    "letter_post_once": "letter.key, letter.person_id",
    "companion_address_once": "companion.application_id, companion.email",
    "companion_person_once": "companion.application_id, companion.person_id",
    "consent_once": "consent.person_id",
    "paper_code_one": "paper_code.person_id",
    "upload_once": "upload.application_id",
}
"""SQLite names the columns of a unique index where PostgreSQL names the index."""


def declared_rules(app: str) -> set[str]:
    """The names of all constraints that the models of an app declare."""
    found: set[str] = set()
    for module in APPS[app]["models"]:
        for item in vars(importlib.import_module(module)).values():
            if isinstance(item, type) and issubclass(item, Model) and item.__module__ == module:
                found |= {rule.name for rule in getattr(item._meta, "constraints", ())}
    return found


async def test_every_rule_of_the_tables_refuses_a_bad_row(database: TortoiseContext) -> None:
    found = bad_rows(await rows())
    assert set(found) == declared_rules("grants")
    for name, change in found.items():
        await refuses(change, name, INDEX_COLUMNS.get(name, name))


async def test_rows_that_stay_as_they_are(database: TortoiseContext) -> None:
    good = await rows()
    round_ = good["round"]
    await Advice.create(
        round_id=round_.pk,
        record="{}",
        record_hash="0",
        left_over="{}",
        advisers=[],
        criteria=[],
        received_at=OPEN,
    )
    for table in (LedgerEntry, JournalEntry, Submission, Advice, ProposalRow, Determination, Message):
        row = await table.first()
        assert row is not None, table
        name = next(name for name in row._meta.fields_db_projection if name != "id")
        for change in (altered(row, **{name: getattr(row, name)}), table.filter(id=row.pk).delete):
            await refuses(change, f"{table._meta.db_table} is append-only")


async def test_announced_decision_cannot_change(database: TortoiseContext) -> None:
    decision = (await rows())["decision"]
    await altered(decision, announced_at=DECIDING, objection_until=DECIDING.date())()
    await refuses(altered(decision, cents=6), "announced decision cannot change")
    await refuses(Decision.filter(id=decision.pk).delete, "announced decision cannot be deleted")


async def test_idea_that_led_to_a_plan_stays_as_it_is(database: TortoiseContext) -> None:
    idea = (await rows())["stretch"]
    await altered(idea, **AGREED, led_to=2, sent_at=OPEN)()
    await refuses(altered(idea, consent="nee"), "an idea that led to a plan cannot change")
    await refuses(Stretch.filter(id=idea.pk).delete, "an idea cannot be deleted")


async def test_payment_made_cannot_change(database: TortoiseContext) -> None:
    payment = (await rows())["payment"]
    finance = await person("Financien", "finance")
    await altered(payment, approved_by_id=finance.person_id, paid_on=DECIDING.date())()
    await refuses(altered(payment, cents=6), "payment made cannot change")
    await refuses(Payment.filter(id=payment.pk).delete, "payment made cannot be deleted")


async def test_official_message_stays_as_it_was_sent_and_as_it_was_answered(
    database: TortoiseContext,
) -> None:
    notice = (await rows())["notice"]
    sent = "what was sent officially cannot change"
    for values in ({"text": "x"}, {"number": "x"}, {"application_id": None}, {"term_ends_on": OPEN.date()}):
        await refuses(altered(notice, **values), sent)
    await refuses(Notice.filter(id=notice.pk).delete, "official message cannot be deleted", "FOREIGN KEY")
    await altered(notice, withdrawn_at=OPEN)()
    await refuses(altered(notice, withdrawn_at=None), "answered official message cannot change")


async def test_account_that_was_taken_over_stays(database: TortoiseContext) -> None:
    good = await rows()
    change = good["account_change"]
    await altered(change, **checked(good), taken_by_id=good["person"].pk + 1, taken_at=OPEN)()
    await refuses(altered(change, holder="x"), "taken over cannot change")
    await refuses(AccountChange.filter(id=change.pk).delete, "change of account cannot be deleted")


async def test_rules_of_an_opened_round_are_frozen(database: TortoiseContext) -> None:
    round_ = await opened_round()
    for values in (
        {"rules": "{}"}, {"rules": None}, {"rules_hash": "0"}, {"opened_at": None}, {"closes_at": DECIDING},
        {"ballot_closes_at": DECIDING}, {"decide_by": DECIDING.date()},
    ):  # fmt: skip
        await refuses(altered(round_, **values), "rules of an opened round are frozen", "round_frozen")
    await Round.filter(id=round_.id).update(advised_at=DECIDING)


async def test_references_hold(database: TortoiseContext) -> None:
    sent = (await rows())["application"]
    await refuses(Application.filter(id=sent.pk).delete, "FOREIGN KEY", "foreign key")
    await refuses(altered(sent, round_id=9999), "FOREIGN KEY", "foreign key")


async def test_stages_in_the_database_are_those_of_the_table_of_moves(database: TortoiseContext) -> None:
    sent = (await rows())["application"]
    for stage in Stage:
        await altered(sent, stage=stage.value)()


async def test_models_and_migrations_tell_the_same(database: TortoiseContext) -> None:
    """Nothing but descriptions differs: `makemigrations` would have nothing to add."""
    assert database.apps is not None
    changes = await MigrationAutodetector(database.apps, APPS).changes()
    operations = [op for writer in changes for op in writer.operations]
    assert [op for op in operations if type(op).__name__ != "AlterModelOptions"] == []
