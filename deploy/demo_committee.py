"""What the committee does in the demonstration: it declares, reads, writes its reasons, votes and counts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from committee.conflict import NONE
from committee.judgement import Judged
from committee.steps.allocate import allocate
from committee.steps.recuse import declare
from committee.steps.review import save_review, write_reason
from committee.steps.seat import seat
from committee.steps.vote import cast, open_poll
from deploy.demo_story import Content, Plan, Story, address, pick, read
from grants.store.funds import Fund

CRITERIA = ("own_choice", "different", "joining_in", "doable")
CHAIR, SECRETARY = "nel", "jasper"
TO_READ_IT = timedelta(minutes=14)


async def take_seats(story: Story, people: list[Content], fund: Fund, officer: str, at: datetime) -> None:
    """Seat the committee of the fund."""
    for person in people:
        if "seat" in person:
            await seat(
                story.actors[officer],
                fund.id,
                address(person["key"]),
                person["name"],
                person["seat"],
                at,
                alias=person.get("alias", ""),
            )


def tell_readings(story: Story, plans: dict[str, Plan], found: Content, from_day: str, evenings: int) -> None:
    """Put in the diary who reads which plan, each on one of so many evenings from a day on."""
    book = read("sentences")
    for key, said in found.items():
        plan, used = plans[key], Counter[tuple[str, int]]()
        evening = partial(_evening, plan, from_day, evenings)
        for member, ground in said.get("aside", {}).items():
            story.then(evening(member), partial(_declare, story, plan, member, ground))
        halfway: dict[str, int] = said.get("half", {})
        for member in [*said["readers"], *halfway]:
            judged = _judged(plan, member, said, book, used)
            known = dict(islice(judged.items(), halfway.get(member)))
            objection = said.get("objections", {}).get(member, "")
            story.then(evening(member), partial(_declare, story, plan, member, NONE))
            story.then(evening(member) + TO_READ_IT, partial(_judge, story, plan, member, known, objection))


def _evening(plan: Plan, from_day: str, evenings: int, member: str) -> datetime:
    """When this member reads this plan: an evening and a minute of their own."""
    seed = f"{plan.key} {member}"
    first = plan.days.moment(f"{from_day} 19:00")
    return first + timedelta(days=pick(seed, evenings), minutes=pick(f"{seed} minute", 170))


def _judged(
    plan: Plan, member: str, said: Content, book: Content, used: Counter[tuple[str, int]]
) -> dict[str, Judged]:
    """What a member gives on each criterion: what the file says of them, or else about what most gave, with a
    common sentence of the `book` that nobody `used` for this plan yet.
    """
    own = {criterion: (score, text) for who, criterion, score, text in said["said"] if who == member}
    judged: dict[str, Judged] = {}
    for criterion, usual in zip(CRITERIA, said["scores"], strict=True):
        if criterion in own:
            score, text = own[criterion]
        else:
            step = (-1, 0, 0, 0, 1)[pick(f"{plan.key} {member} {criterion}", 5)]
            score = max(1, min(5, usual + step))
            choices = book[criterion][str(score)]
            place = pick(f"{plan.key} {criterion}", len(choices)) + used[criterion, score]
            text = choices[place % len(choices)]
            used[criterion, score] += 1
        judged[criterion] = Judged(score or None, text)
    return judged


async def _declare(story: Story, plan: Plan, member: str, ground: str, at: datetime) -> None:
    await declare(story.actors[member], plan.public_id, ground, at)


async def _judge(
    story: Story, plan: Plan, member: str, judged: dict[str, Judged], objection: str, at: datetime
) -> None:
    done = len(judged) == len(CRITERIA)
    await save_review(story.actors[member], plan.public_id, judged, objection, at, done=done)


async def write_reasons(story: Story, plans: dict[str, Plan], found: Content, at: datetime) -> None:
    """The secretary writes down what the committee says together, plan after plan."""
    secretary = story.actors[SECRETARY]
    for key, said in found.items():
        public_id = plans[key].public_id
        await declare(secretary, public_id, NONE, at)
        for criterion in CRITERIA:
            await write_reason(secretary, public_id, criterion, said["reasons"][criterion], at)


async def throw_and_open(story: Story, year: int, at: datetime) -> None:
    """Twenty throws of a ten-sided die in the open meeting, then the vote is open."""
    throws = ".".join(str(pick(f"{year} throw {turn}", 10)) for turn in range(20))
    await open_poll(story.actors[CHAIR], story.rounds[year].public_id, f"{throws}./", at)


def tell_votes(
    story: Story, year: int, plans: dict[str, Plan], ballots: dict[str, list[str]], opened_at: datetime
) -> None:
    """Put in the diary who votes when, in the two weeks after the vote opened; an empty ballot abstains."""
    for member, keys in ballots.items():
        minutes = pick(f"{member} minute", 90) + 1
        at = opened_at + timedelta(days=pick(f"{member} votes", 12), minutes=minutes)
        story.then(at, partial(_vote, story, year, member, [plans[key] for key in keys]))


async def _vote(story: Story, year: int, member: str, supported: list[Plan], at: datetime) -> None:
    marks = [plan.public_id for plan in supported]
    await cast(story.actors[member], story.rounds[year].public_id, marks, not marks, at)


async def count(story: Story, year: int, at: datetime) -> None:
    """The chair has the ballots counted by the frozen rule and hands over the advice."""
    await allocate(story.actors[CHAIR], story.rounds[year].public_id, at)
