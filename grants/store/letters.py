"""What a letter tells: for each kind exactly the facts its template shows, as plain values and sentences.

They are loaded when the letter is written, not when it is queued; what may have moved on by then (a later
version of the answers, a next payment) is read as it stood when the letter was queued.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from grants import calendar, form, sealed
from grants import round as rules_of
from grants.decision import Kind
from grants.errors import Sentence
from grants.payment import masked
from grants.store.applications import Application, Completion, Submission
from grants.store.companions import for_another, invitation_facts, invitation_key
from grants.store.decisions import Advice, Decision, ProposalRow, proposal_of
from grants.store.funds import Fund, Round
from grants.store.funds import fund_facts as _fund
from grants.store.notice_letters import about_notice, contact_changed, new_address
from grants.store.notices import address_key
from grants.store.outbox import LetterRow
from grants.store.payments import Determination, Payment, PayoutAccount, Report
from grants.store.people import Person, SignIn
from grants.store.talk_letters import message_facts, stretch_facts

Facts = dict[str, Any]


async def waiting(now: datetime) -> bool:
    """Is there a letter to post now?"""
    return await LetterRow.exists(state="queued", due_at__lte=now)


async def facts(row: LetterRow) -> Facts:
    """Everything the templates of this kind of letter show, and `fund`: whose letter it is, or None.

    A letter that is of no use after some moment has `expires_at`. Raises LookupError when the row does not
    say what the letter is about, and Tortoise's DoesNotExist when that is not there.
    """
    return await _LOADERS[row.kind](row) | await for_another(row)


def sign_in_keys(row: LetterRow, secret_key: str) -> Facts:
    """The token and code of a letter that holds one: made from the key when it is written, never kept in a row."""
    if row.kind == "invitation":
        return {"token": invitation_key(secret_key, row.values["id"])}
    if row.kind == "new_address":
        return {"token": address_key(secret_key, row.values["id"])}
    if row.kind != "sign_in":
        return {}
    public_id = row.values["id"]
    return {
        "token": sealed.derived(secret_key, "link", public_id),
        "code": sealed.code(secret_key, public_id),
    }


async def _sign_in(row: LetterRow) -> Facts:
    asked = await SignIn.get(public_id=row.values["id"])
    fund = await Fund.all().order_by("-loaded_at").first()
    return {"fund": _fund(fund) if fund else None, "expires_at": asked.expires_at}


async def _about_application(row: LetterRow) -> Facts:
    """What every letter about an application knows; enough for being admitted and for withdrawing."""
    return _common(await _application(row), row)


async def _receipt(row: LetterRow) -> Facts:
    application = await _application(row)
    return {**_common(application, row), "answers": await _sent_answers(application, row)}


async def _completion_request(row: LetterRow) -> Facts:
    application = await _application(row)
    asked = await Completion.get(id=row.values["completion"])
    labels = [q.label for q in rules_of.questions(application.round.frozen) if q.key in asked.questions]
    return {
        **_common(application, row),
        "missing": asked.text,
        "questions": labels,
        "due_on": asked.due_on,
    }


async def _completion_receipt(row: LetterRow) -> Facts:
    application = await _application(row)
    answered = await Completion.get(application_id=application.id, answered_at=row.queued_at)
    answers = await _sent_answers(application, row)
    opened = form.reopened(rules_of.questions(application.round.frozen), answered.questions)
    return {**_common(application, row), "answers": [a for a in answers if a["key"] in opened]}


async def _decision(row: LetterRow) -> Facts:
    application = await _application(row)
    decision = await Decision.get(application_id=application.id)
    if decision.announced_at is None or decision.objection_until is None:
        raise LookupError(f"decision {decision.id} has not been announced")
    announced_on = calendar.local(decision.announced_at).date()
    advice = await Advice.get_or_none(round_id=application.round_id)
    return {
        **_common(application, row),
        "kind": decision.kind,
        "cents": decision.cents,
        "explanation": decision.said,
        "reasons": list(decision.reasons_by_criterion.items()),
        "advised": await _left_advice(decision),
        "deviation": decision.deviation,
        "left_over": Sentence.from_json(json.loads(advice.left_over)) if advice else None,
        "regime": _regime(application, decision.cents),
        "pay_by": calendar.payment_due(announced_on),
        "decided_on": calendar.local(decision.decided_at).date(),
        "announced_on": announced_on,
        "objection": _objection(application, decision.objection_until),
        "rules": _rules(application),
    }


async def _payment(row: LetterRow) -> Facts:
    application = await _application(row)
    payment = await Payment.get(public_id=row.values["payment"])
    account = await PayoutAccount.get(application_id=application.id)
    decision = await Decision.get(application_id=application.id)
    paid_cents = await _paid_by(application.id, calendar.local(row.queued_at).date())
    return {
        **_common(application, row),
        "cents": payment.cents,
        "paid_on": payment.paid_on,
        "account": masked(account.last4),
        "left_cents": max(decision.cents - paid_cents, 0),
        "regime": _regime(application, decision.cents),
    }


async def _report_receipt(row: LetterRow) -> Facts:
    application = await _application(row)
    report = await Report.get(application_id=application.id)
    decision = await Decision.get(application_id=application.id)
    return {
        **_common(application, row),
        "report": report.text,
        "spent_cents": report.spent_cents,
        "unspent_cents": decision.cents - report.spent_cents,
        "answer_by": calendar.decision_last_day(calendar.local(report.at).date()),
    }


async def _determination(row: LetterRow) -> Facts:
    application = await _application(row)
    fixed = await Determination.get(application_id=application.id)
    decision = await Decision.get(application_id=application.id)
    fixed_on = calendar.local(fixed.at).date()
    paid_cents = await _paid_by(application.id, fixed_on)
    return {
        **_common(application, row),
        "cents": fixed.cents,
        "granted_cents": decision.cents,
        "released_cents": fixed.released_cents,
        "owed_cents": max(paid_cents - fixed.cents, 0),
        "left_cents": max(fixed.cents - paid_cents, 0),
        "reason": fixed.reason,
        "decided_on": fixed_on,
        "announced_on": fixed_on,
        "objection": _objection(application, calendar.objection_last_day(fixed_on)),
        "rules": _rules(application),
    }


async def _deviation(row: LetterRow) -> Facts:
    round_ = await Round.get(public_id=row.values["round"]).select_related("fund")
    decisions = (
        await Decision.filter(application__round_id=round_.id, followed=False)
        .order_by("application__number")
        .select_related("application")
    )
    adviser = await Person.get_or_none(id=row.person_id)
    return {
        "fund": _fund(round_.fund),
        "name": adviser.name if adviser else "",
        "round": {"title": round_.title, "year": round_.year},
        "deviations": [
            {
                "number": decision.application.number,
                "advised": await _left_advice(decision),
                "decided": _outcome(decision),
                "reason": decision.deviation,
            }
            for decision in decisions
        ],
    }


def _and(more: Callable[[LetterRow], Awaitable[Facts]]) -> Callable[[LetterRow], Awaitable[Facts]]:
    """What every letter about an application knows, and this."""

    async def loaded(row: LetterRow) -> Facts:
        return {**_common(await _application(row), row), **await more(row)}

    return loaded


_LOADERS: dict[str, Callable[[LetterRow], Awaitable[Facts]]] = {
    "admitted": _about_application,
    "completion_receipt": _completion_receipt,
    "completion_request": _completion_request,
    "contact_changed": contact_changed,
    "decision": _decision,
    "determination": _determination,
    "deviation": _deviation,
    "invitation": invitation_facts,
    "new_address": new_address,
    "notice_answer": about_notice,
    "notice_longer": about_notice,
    "notice_receipt": about_notice,
    "notice_withdrawn": about_notice,
    "message": _and(message_facts),
    "payment": _payment,
    "receipt": _receipt,
    "report_receipt": _report_receipt,
    "sign_in": _sign_in,
    "stretch": _and(stretch_facts),
    "stretch_answer": _and(stretch_facts),
    "withdrawn": _about_application,
}


async def _application(row: LetterRow) -> Application:
    if row.application_id is None:
        raise LookupError(f"letter {row.id} ({row.kind}) is about no application")
    return await Application.get(id=row.application_id).select_related("round__fund", "person")


def _common(application: Application, row: LetterRow) -> Facts:
    round_ = application.round
    return {
        "fund": _fund(round_.fund),
        "name": application.person.name,
        "number": application.number,
        "asked_cents": application.asked_cents,
        "path": f"/aanvragen/{application.public_id}",
        "at": row.queued_at,
        "vote_by": calendar.local(round_.ballot_closes_at).date(),
        "decide_by": round_.decide_by,
    }


async def _sent_answers(application: Application, row: LetterRow) -> list[Facts]:
    """The answers that this letter is about, in the order of the form; what was left open is left out."""
    sent = Submission.filter(application_id=application.id, at__lte=row.queued_at)
    last = await sent.order_by("-version").first()
    answers = last.answers if last else {}
    return [
        {"key": question.key, "kind": question.kind, "label": question.label, "value": answers[question.key]}
        for question in rules_of.questions(application.round.frozen)
        if answers.get(question.key) not in (None, "", [])
    ]


async def _left_advice(decision: Decision) -> Sentence | None:
    """What was advised, where the municipality decided otherwise."""
    proposal = None if decision.followed else await proposal_of(decision.application_id)
    return _outcome(proposal) if proposal else None


def _outcome(found: Decision | ProposalRow) -> Sentence:
    if Kind(found.kind).gives_money:
        return Sentence("{cents:euro}", {"cents": found.cents})
    return Sentence("geen geld")


def _regime(application: Application, cents: int) -> Facts | None:
    """How this amount is paid and told of; None where there is nothing to pay."""
    if not cents:
        return None
    regime = rules_of.regime_for(application.round.frozen, cents)
    return {
        "mode": regime.mode,
        "instalments": regime.instalments,
        "report_weeks": regime.report_weeks,
        "why": regime.why,
    }


def _objection(application: Application, until: date) -> Facts:
    """To whom, where and until when (Awb 3:45), as frozen with the round."""
    return {**application.round.frozen["objection"], "until": until}


def _rules(application: Application) -> Facts:
    frozen = application.round.frozen
    ceiling = frozen["ceiling"]
    return {
        "basis": frozen["legal_basis"],
        "ceiling_cents": ceiling["cents"],
        "published_in": ceiling["published_in"] or "",
    }


async def _paid_by(application_id: int, day: date) -> int:
    """The cents that had been paid by the end of this day."""
    rows = await Payment.filter(application_id=application_id, paid_on__lte=day).values("cents")
    return sum(row["cents"] for row in rows)
