"""What letters about official messages tell; see `letters` for how facts are gathered."""

from __future__ import annotations

from typing import Any

from grants import calendar
from grants.notice import RULES
from grants.store.funds import Fund, fund_facts
from grants.store.notices import AccountChange, AddressChange, Notice
from grants.store.outbox import LetterRow
from grants.store.people import Person


async def about_notice(row: LetterRow) -> dict[str, Any]:
    """What every letter about an official message knows."""
    found = await Notice.get(public_id=row.values["notice"]).select_related("application__round__fund")
    application = found.application
    change = await AccountChange.get_or_none(notice_id=found.id)
    answered_on = calendar.local(found.answered_at).date() if found.answered_at else None
    return {
        "fund": fund_facts(application.round.fund) if application else await _present_fund(),
        "name": found.name,
        "kind": found.kind,
        "said": RULES[found.of].said,
        "notice_number": found.number,
        "application_number": application.number if application else "",
        "about": found.about,
        "text": found.text,
        "late_reason": found.late_reason,
        "timing": found.timing,
        "term_ends_on": found.term_ends_on,
        "received_at": found.received_at,
        "due_on": found.due_on,
        "advisers": found.advisers,
        "longer_reason": found.longer_reason,
        "outcome": found.outcome,
        "taken": change is not None and change.taken_at is not None,
        "withdrawn_at": found.withdrawn_at,
        "appeal_until": calendar.objection_last_day(answered_on) if answered_on else None,
        "path": f"/mijn/gestuurd/{found.public_id}",
    }


async def new_address(row: LetterRow) -> dict[str, Any]:
    """The link to prove another mail address; of no use once it has expired."""
    asked = await AddressChange.get(public_id=row.values["id"])
    return {"fund": await _present_fund(), "expires_at": asked.expires_at}


async def contact_changed(row: LetterRow) -> dict[str, Any]:
    """What changed in how we reach somebody, when, and whether they did it themselves."""
    person = await Person.get(id=row.person_id)
    values = row.values
    return {
        "fund": await _present_fund(),
        "name": person.name,
        "what": values["what"],
        "themselves": values["themselves"],
        "at": row.queued_at,
    }


async def _present_fund() -> dict[str, Any] | None:
    fund = await Fund.all().order_by("-loaded_at").first()
    return fund_facts(fund) if fund else None
