"""What happens to one plan in the demonstration: each event of `demo_data/`, done by the real steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deploy.demo_story import Content, Plan, Story, pick
from grants import payment
from grants import round as rules_of
from grants.access import Actor
from grants.screening import Verdict
from grants.steps.account import determine, report
from grants.steps.draft import begin, save_answer, save_initiative
from grants.steps.pay import approve, name_account, prepare
from grants.steps.screen import admit, ask_completion, not_handle, note_check
from grants.steps.submit import complete, submit, withdraw
from grants.store.decisions import Decision
from grants.store.payments import Payment, Report

OFFICERS = ("marieke", "abdel")
PREPARES, APPROVES = "ingrid", "kofi"
ANSWERS = (
    "title", "plan", "together", "who", "people", "where", "spot", "joint", "partners", "starts", "change",
    "budget", "selling",
)  # fmt: skip
LINES = {"budget": ("what", "wished", "least", "source"), "partners": ("name", "kvk", "does")}
QUESTION = {"starts": "when"}
TO_WRITE_IT = timedelta(minutes=50)
SECOND_LOOK = timedelta(minutes=25)

Event = Callable[[Story, Plan, Content, datetime], Awaitable[object]]


def tell_plan(story: Story, plan: Plan) -> None:
    """Put everything that happens to a plan in the diary."""
    begins = plan.words.get("started") or plan.words["sent"]
    story.then(plan.days.moment(begins) - TO_WRITE_IT, partial(_write, story, plan))
    for name, event in EVENTS.items():
        given = plan.words.get(name, [])
        for said in given if isinstance(given, list) else [given]:
            content = said if isinstance(said, dict) else {"at": said}
            at = plan.days.moment(content["at"], office=name in AT_THE_OFFICE)
            story.then(at, partial(event, story, plan, content))


async def _write(story: Story, plan: Plan, at: datetime) -> None:
    """Begin a draft and answer what the file holds an answer to."""
    actor, words = story.actors[plan.words["by"]], {**plan.words, **plan.words.get("at_first", {})}
    begun = await begin(actor, story.round_of(plan).public_id, f"{plan.days.year}-{plan.key}", at)
    plan.public_id, plan.id = begun.public_id, begun.id
    if "kind" in words:
        await save_initiative(actor, plan.public_id, words["kind"], words["name"], "", "", at)
    for key in ANSWERS:
        if key in words:
            question = QUESTION.get(key, key)
            await save_answer(actor, plan.public_id, question, _answer(plan, key, words[key]), at)


def _answer(plan: Plan, key: str, said: Any) -> Any:
    """What stands in the file, as somebody would fill it in on the form."""
    if key == "starts":
        return plan.days.day(str(said)).isoformat()
    if key in LINES:
        return [dict(zip(LINES[key], map(str, line), strict=False)) for line in said]
    return said


async def _send(story: Story, plan: Plan, _: Content, at: datetime) -> None:
    await submit(story.actors[plan.words["by"]], plan.public_id, at)


async def _ask(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    officer = _officer(story, plan)
    await note_check(officer, plan.public_id, said["check"], Verdict.MISSING, said["note"], at)
    await ask_completion(officer, plan.public_id, said["questions"], said["text"], at)


async def _complete(story: Story, plan: Plan, _: Content, at: datetime) -> None:
    """Send in what was asked for: what stood there at first makes room for what stands in the file."""
    actor = story.actors[plan.words["by"]]
    for key in plan.words["at_first"]:
        await save_answer(actor, plan.public_id, key, _answer(plan, key, plan.words[key]), at)
    await complete(actor, plan.public_id, at)


async def _admit(story: Story, plan: Plan, _: Content, at: datetime) -> None:
    officer = _officer(story, plan)
    for check in rules_of.checks(story.round_of(plan).frozen):
        await note_check(officer, plan.public_id, check.key, Verdict.GOOD, "", at)
    await admit(officer, plan.public_id, at)


async def _not_handle(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    await not_handle(_officer(story, plan), plan.public_id, said["reason"], at)


async def _withdraw(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    await withdraw(story.actors[plan.words["by"]], plan.public_id, said["reason"], at)


async def _name_account(story: Story, plan: Plan, _: Content, at: datetime) -> None:
    actor = story.actors[plan.words["by"]]
    holder = plan.words["name"] if plan.words["kind"] == "organisation" else actor.name
    await name_account(actor, plan.public_id, holder, _iban(plan.key), story.field_key, at)


def _iban(seed: str) -> str:
    """An account with good check digits at a bank that does not exist."""
    number = f"VLST{pick(seed, 10**9):010}"
    digits = "".join(str(int(sign, 36)) for sign in f"{number}NL00")
    return f"NL{98 - int(digits) % 97:02}{number}"


async def _prepare(story: Story, plan: Plan, _: Content, at: datetime) -> Payment:
    """Prepare the next part; the last one is the rest, of what was spent where that was told already."""
    granted = (await Decision.get(application_id=plan.id)).cents
    told = await Report.get_or_none(application_id=plan.id)
    regime = rules_of.regime_for(story.round_of(plan).frozen, granted)
    parts = payment.instalments(granted, regime.instalments)
    earlier = [row.cents for row in await Payment.filter(application_id=plan.id)]
    is_last = len(earlier) + 1 == len(parts)
    cents = (told.spent_cents if told else granted) - sum(earlier) if is_last else parts[len(earlier)]
    return await prepare(story.actors[PREPARES], plan.public_id, cents, at)


async def _pay(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    """One colleague prepares the next part, another records it a little later."""
    prepared = await _prepare(story, plan, said, at)
    story.then(at + SECOND_LOOK, partial(_approve, story, prepared))


async def _approve(story: Story, prepared: Payment, at: datetime) -> None:
    await approve(story.actors[APPROVES], prepared.public_id, at.date(), at)


async def _report(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    granted = (await Decision.get(application_id=plan.id)).cents
    spent = said["spent"] * 100 if "spent" in said else granted
    await report(story.actors[plan.words["by"]], plan.public_id, said["text"], spent, at)


async def _determine(story: Story, plan: Plan, said: Content, at: datetime) -> None:
    spent = (await Report.get(application_id=plan.id)).spent_cents
    await determine(_officer(story, plan), plan.public_id, spent, said.get("reason", ""), at)


def _officer(story: Story, plan: Plan) -> Actor:
    return story.actors[OFFICERS[pick(plan.key, len(OFFICERS))]]


EVENTS: dict[str, Event] = {
    "sent": _send,
    "asked": _ask,
    "completed": _complete,
    "admitted": _admit,
    "not_handled": _not_handle,
    "withdrawn": _withdraw,
    "account": _name_account,
    "paid": _pay,
    "waits": _prepare,
    "report": _report,
    "determined": _determine,
}
AT_THE_OFFICE = frozenset({"asked", "admitted", "not_handled", "paid", "waits", "determined"})
