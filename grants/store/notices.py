"""Official messages as they came in and were answered; a change of account waits here for two people."""

from __future__ import annotations

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from grants import sealed
from grants.access import Actor
from grants.companion import Part, Right
from grants.errors import Forbidden, NotFound, Sentence
from grants.notice import ABOUT_APPLICATION, RULES, About, Kind, Timing
from grants.store.applications import Application, entered
from grants.store.companions import accompanied
from grants.store.people import Person

KINDS = ", ".join(f"'{kind.value}'" for kind in Kind)
TIMINGS = ", ".join(f"'{timing.value}'" for timing in Timing)
ABOUTS = ", ".join(f"'{about.value}'" for about in About)
OF_APPLICATIONS = ", ".join(f"'{kind.value}'" for kind in ABOUT_APPLICATION)

MOST_SHOWN = 50
NOT_THERE = Sentence("Dit bericht is er niet. Kijk bij “Mijn instellingen”.")


class NoticeCount(Model):
    """The last number of each kind in a year: one row for each kind, locked by whoever takes the next."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=12, unique=True)
    year = fields.IntField()
    serial = fields.IntField()

    class Meta:
        table = "notice_count"


class Notice(Model):
    """One official message. What somebody sent never changes; once it is answered or taken back, nothing does.

    `term_ends_on` is the last day that counted when it came in, `timing` how it came beside that. `due_on` is the
    last day to answer. A change of contact is done at once, by nobody of the municipality.
    """

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    form_key = fields.CharField(max_length=64, unique=True)
    kind = fields.CharField(max_length=12)
    number = fields.CharField(max_length=20, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="notices", on_delete=fields.RESTRICT
    )
    person_id: int
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "grants.Application", related_name="notices", on_delete=fields.RESTRICT, null=True
    )
    application_id: int | None
    about = fields.CharField(max_length=16, default="")
    name = fields.CharField(max_length=120)
    address = fields.CharField(max_length=300, default="")
    text = fields.TextField()
    late_reason = fields.TextField(default="")
    timing = fields.CharField(max_length=8, default=Timing.IN_TIME.value)
    term_ends_on = fields.DateField(null=True)
    received_at = fields.DatetimeField()
    due_on = fields.DateField()
    advisers = fields.BooleanField(default=False)
    longer = fields.BooleanField(default=False)
    longer_reason = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="notices_answered", on_delete=fields.RESTRICT, null=True
    )
    answered_by_id: int | None
    outcome = fields.TextField(default="")
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        constraints = (
            CheckConstraint(check=f"kind IN ({KINDS})", name="notice_kind"),
            CheckConstraint(check=f"timing IN ({TIMINGS})", name="notice_timing"),
            CheckConstraint(check=f"about IN ({ABOUTS})", name="notice_about"),
            CheckConstraint(check="text <> ''", name="notice_text"),
            CheckConstraint(
                check="(longer_reason <> '') = (advisers OR longer)", name="notice_longer_has_reason"
            ),
            CheckConstraint(
                check=f"kind NOT IN ({OF_APPLICATIONS}) OR application_id IS NOT NULL",
                name="notice_application",
            ),
            CheckConstraint(check="(answered_at IS NULL) = (outcome = '')", name="notice_outcome"),
            CheckConstraint(
                check="(answered_at IS NULL OR kind = 'contact') = (answered_by_id IS NULL)",
                name="notice_answered_by",
            ),
            CheckConstraint(check="answered_at IS NULL OR withdrawn_at IS NULL", name="notice_one_end"),
        )

    @property
    def of(self) -> Kind:
        return Kind(self.kind)

    @property
    def open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None


class AccountChange(Model):
    """Another account that somebody asked for: one person checks it, another takes it over."""

    id = fields.IntField(primary_key=True)
    notice: fields.OneToOneRelation[Notice] = fields.OneToOneField(
        "grants.Notice", related_name="account_change", on_delete=fields.RESTRICT
    )
    notice_id: int
    holder = fields.CharField(max_length=120)
    iban_sealed = fields.TextField()
    last4 = fields.CharField(max_length=4)
    checked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="accounts_checked", on_delete=fields.RESTRICT, null=True
    )
    checked_by_id: int | None
    checked_at = fields.DatetimeField(null=True)
    how_checked = fields.TextField(default="")
    taken_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="accounts_taken", on_delete=fields.RESTRICT, null=True
    )
    taken_by_id: int | None
    taken_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_change"
        constraints = (
            CheckConstraint(
                check="(checked_by_id IS NULL) = (how_checked = '') AND (checked_by_id IS NULL) = (checked_at IS NULL)",
                name="account_change_checked",
            ),
            CheckConstraint(
                check="taken_by_id IS NULL OR (checked_by_id IS NOT NULL AND taken_by_id <> checked_by_id)",
                name="account_change_four_eyes",
            ),
            CheckConstraint(check="(taken_by_id IS NULL) = (taken_at IS NULL)", name="account_change_taken"),
        )


class AddressChange(Model):
    """Another mail address that somebody asked for: it holds once the link that went there has been used."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="address_changes", on_delete=fields.RESTRICT
    )
    person_id: int
    old_email = fields.CharField(max_length=254, default="")
    new_email = fields.CharField(max_length=254)
    link_hash = fields.CharField(max_length=64, unique=True)
    asked_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "address_change"
        constraints = (
            CheckConstraint(check="new_email = lower(new_email)", name="address_change_email_lower"),
        )


def address_key(secret: str, public_id: str) -> str:
    """What stands in the link to a new address; it can be made again, and is never kept."""
    return sealed.derived(secret, "address", public_id)


async def lock_notice(public_id: str) -> Notice:
    """The message, locked until the end of the transaction; its sender and application are locked first."""
    found = await Notice.get_or_none(public_id=public_id)
    if found is None:
        raise NotFound("Dit bericht is er niet.")
    await Person.filter(id=found.person_id).select_for_update().get()
    if found.application_id is not None:
        await Application.filter(id=found.application_id).select_for_update().get()
    return await Notice.filter(id=found.id).select_for_update().get()


async def check_theirs(actor: Actor, found: Notice) -> None:
    """As if it were not there unless it is theirs: of who speaks in its application now, or else of who sent it.

    A change of account is of the applicant alone. Who sent it and speaks for nobody any more has no part in it.
    """
    if found.application_id is None:
        if found.person_id != actor.person_id:
            raise NotFound(NOT_THERE.text)
        return
    right = Right.OWN if found.of is Kind.PAYOUT else Right.SPEAK
    try:
        await entered(await Application.get(id=found.application_id), actor, right)
    except (Forbidden, NotFound) as refused:
        raise NotFound(NOT_THERE.text) from refused


async def next_serial(kind: Kind, year: int) -> int:
    """The next serial number of this kind in this year, in the caller's transaction."""
    count = await NoticeCount.filter(kind=kind.value).select_for_update().get()
    count.serial = count.serial + 1 if count.year == year else 1
    count.year = year
    await count.save(update_fields=["year", "serial"])
    return count.serial


async def open_account_change(application_id: int) -> AccountChange | None:
    """The other account that was asked for and waits, with its message."""
    return await AccountChange.get_or_none(
        notice__application_id=application_id, notice__answered_at=None, notice__withdrawn_at=None
    ).select_related("notice")


async def open_objection(application_id: int) -> date | None:
    """Until when an objection about this application is to be answered; None where none waits."""
    waiting = Notice.filter(
        kind=Kind.OBJECTION.value, application_id=application_id, answered_at=None, withdrawn_at=None
    )
    first = await waiting.order_by("due_on").first()
    return first.due_on if first else None


async def theirs(person_id: int | None) -> Q:
    """Which messages `check_theirs` lets this person read."""
    along = await accompanied(person_id)
    spoken_for = [row.application_id for row in along.values() if row.part is Part.REPRESENTATIVE]
    return (
        Q(person_id=person_id, application_id=None)
        | Q(application__person_id=person_id)
        | Q(application_id__in=spoken_for, kind__not=Kind.PAYOUT.value)
    )


async def sent_by(person_id: int | None) -> list[dict[str, Any]]:
    """What was sent officially by this person or for whom they speak, the last first, with what it is called."""
    rows = Notice.filter(await theirs(person_id)).order_by("-received_at", "-id").limit(MOST_SHOWN)
    found = await rows.values("public_id", "number", "kind")
    return [{**row, "said": RULES[Kind(row["kind"])].said} for row in found]
