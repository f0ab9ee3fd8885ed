"""Naming a fiscal host: the organisation that receives the money for a group without a legal form."""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from grants.access import Actor
from grants.application import Stage
from grants.companion import Right, check_may
from grants.errors import Invalid, Refusal
from grants.initiative import Host, Kind, check_host
from grants.store import journal
from grants.store.applications import Application, lock_own
from grants.store.initiatives import Initiative
from grants.store.payments import PayoutAccount
from grants.text import clean


async def name_host(actor: Actor, public_id: str, host: Host | None, agreed: bool, now: datetime) -> None:
    """Keep who receives the money; None: somebody of the group itself. The same again changes nothing.

    Whoever writes may do this in a draft. Afterwards the applicant may, until a bank account is known: from
    then on another account is a change that two people look at.
    """
    kept = Host(*(" ".join(clean(text).split()) for text in host)) if host else None
    if kept is not None and (problems := check_host(kept, agreed=agreed)):
        raise Invalid(problems)
    async with in_transaction():
        application = await lock_own(actor, public_id, Right.WRITE)
        await _check_still(application)
        initiative = await Initiative.get(id=application.initiative_id)
        if initiative.kind != Kind.GROUP:
            raise Refusal("Dit is alleen voor een groep zonder stichting of vereniging.")
        if initiative.host == kept:
            return
        name, kvk, contact = kept or ("", "", "")
        await Initiative.filter(id=initiative.id).update(
            host_name=name, host_kvk=kvk, host_contact=contact, host_agreed_at=now if kept else None
        )
        await Application.filter(id=application.id).update(changed_at=now)
        await journal.note(
            actor, "host.named" if kept else "host.none", now, role=application.part,
            round_id=application.round_id, application_id=application.id, kvk=kvk,
        )  # fmt: skip


async def _check_still(application: Application) -> None:
    if application.at is Stage.DRAFT:
        return
    check_may(application.part, Right.OWN)
    if application.at is Stage.WITHDRAWN or await PayoutAccount.exists(application_id=application.id):
        raise Refusal("Dit kunt u nu niet meer wijzigen. Bel ons als er iets niet klopt.")
