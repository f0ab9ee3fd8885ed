import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from committee.framework import check_body
from committee.store.reviews import Review
from deploy.database import open_database
from deploy.demo import FUND_FILE, WHO, fill, tell
from deploy.demo_story import Days, Plan, Story, read
from deploy.settings import DEMO_KEY
from grants import ledger
from grants.access import Actor
from grants.fund import read_fund
from grants.publication import tells_on_someone
from grants.round import Phase
from grants.screening import Verdict
from grants.sealed import unseal
from grants.steps.account import determine, report
from grants.steps.pay import approve, prepare
from grants.steps.screen import note_check
from grants.steps.submit import submit
from grants.store import journal, outbox
from grants.store.applications import Application
from grants.store.decisions import Decision, Publication
from grants.store.funds import Fund, Round
from grants.store.journal import JournalEntry
from grants.store.ledger import Pot, entries_of
from grants.store.outbox import LetterRow, Task
from grants.store.payments import Payment, PayoutAccount
from grants.store.people import Person, RoleHeld

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
BEFORE_THE_COMMITTEE = ("_write", "_send", "_ask", "_complete", "_admit", "_judge")
SOME_DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=9 * n, hours=n % 24) for n in range(170)]


@pytest.fixture(scope="module")
def filled_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One filled database for the tests that only read it."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    shutil.copyfile(sqlite_template, file)
    asyncio.run(filled_at(f"sqlite://{file}"))
    return file


async def filled_at(url: str) -> None:
    async with open_database(url):
        await fill(NOW, field_key="the key of this town")


@pytest.fixture
async def filled(filled_file: Path) -> AsyncIterator[TortoiseContext]:
    async with open_database(f"sqlite://{filled_file}") as context:
        yield context


async def stages(round_: Round) -> Counter[str]:
    return Counter(a.stage for a in await Application.filter(round_id=round_.id))


@pytest.mark.parametrize("now", [NOW, datetime(2028, 1, 1, 0, 5, tzinfo=UTC)], ids=str)
async def test_demo_is_a_fund_of_two_years_whenever_it_is_filled(database, now: datetime) -> None:
    await fill(now)
    last, this, after = await Round.all().order_by("year")
    assert [last.phase(now), this.phase(now), after.phase(now)] == [Phase.CLOSED, Phase.OPEN, Phase.UPCOMING]
    assert [last.year, this.year, after.year] == [now.year - 1, now.year, now.year + 1]
    assert await stages(last) == {"published": 6, "accounted": 2, "determined": 5, "withdrawn": 1}
    assert await stages(this) == {"draft": 3, "submitted": 2, "completing": 1, "screened": 6}
    assert await stages(after) == {}


async def test_demo_adds_up_and_its_journal_holds(filled) -> None:
    pots = await Pot.all().order_by("year")
    assert [ledger.recompute(await entries_of(pot.id)) for pot in pots] == [pot.balance for pot in pots]
    last, this = pots
    assert last.closing_decision == "Collegebesluit van 13 januari 2026, nummer 2026-0013"
    assert (last.balance.free, last.carried_cents) == (0, 10_000_000 - last.committed_cents)
    assert 800_000 <= last.carried_cents <= 1_500_000
    assert this.ceiling_cents == 10_000_000 + last.carried_cents
    assert await journal.broken_place() is None
    times = [entry.at for entry in await JournalEntry.all().order_by("place")]
    assert times == sorted(times)
    assert times[-1] < NOW


async def test_last_year_shows_every_outcome_and_one_deviation(filled) -> None:
    decisions = await Decision.all().select_related("application")
    assert Counter(decision.kind for decision in decisions) == {
        "granted": 8,
        "partly": 2,
        "refused_ceiling": 1,
        "refused_other": 1,
        "not_handled": 1,
    }
    assert [d.application.title for d in decisions if not d.followed] == ["Waspunt West"]
    awards = (await Publication.get()).content["awards"]
    assert [bool(award["title"]) for award in awards] == [True] * 10
    assert [len(award["reasons"]) for award in awards] == [4] * len(awards)
    assert [award["number"] for award in awards if award["deviation"]] == [
        decision.application.number for decision in decisions if not decision.followed
    ]


async def test_demo_is_the_same_every_time(filled) -> None:
    granted = dict(await Decision.all().values_list("application__title", "cents"))
    assert granted["Een fiets voor wie fietsen wil"] == 1_202_223
    assert granted["Radio Vlietrand, elke donderdag live"] == 0
    assert sum(granted.values()) == 8_696_223


async def test_letters_of_the_past_are_sent_and_one_came_back(filled) -> None:
    counts = await outbox.counts()
    assert (counts["queued"], counts["failed"], counts["waiting"]) == (0, 1, 1)
    for letter in await LetterRow.filter(state="sent"):
        assert letter.sent_at - letter.queued_at == timedelta(seconds=40)
    task = await Task.get().select_related("letter")
    assert task.letter.email == "bep@voorbeeld.example"


async def test_a_second_pair_of_eyes_has_something_to_do(filled) -> None:
    waiting = await Payment.get(paid_on=None).select_related("prepared_by")
    assert waiting.prepared_by.name == "Ingrid Vos"
    for account in await PayoutAccount.all():
        assert unseal("the key of this town", account.iban_sealed)[4:8] == "VLST"


async def test_filling_again_changes_nothing(filled) -> None:
    before = await JournalEntry.all().count(), await Person.all().count()
    await fill(NOW + timedelta(days=400))
    assert (await JournalEntry.all().count(), await Person.all().count()) == before


async def test_filling_leaves_a_fund_that_is_there_alone(database) -> None:
    await Fund.create(
        slug="echt", name="Echt fonds", municipality="", purpose="", contact={}, source="",
        source_hash="", loaded_at=NOW,
    )  # fmt: skip
    await fill(NOW)
    assert (await Fund.all().count(), await Person.all().count()) == (1, 0)


async def test_who_can_sign_in_is_there_with_those_roles(filled) -> None:
    for who in WHO:
        person = await Person.get(email=who.email).prefetch_related("seats")
        held = {row.role for row in await RoleHeld.filter(person_id=person.id)}
        assert (person.name, held | {seat.role for seat in person.seats}) == (who.name, set(who.roles))
    every_role = {role for who in WHO for role in who.roles}
    assert every_role == {"applicant", "member", "chair", "secretary", "officer", "finance", "auditor"}
    assert [who.name for who in WHO if len(who.roles) > 1] == ["Winston Pengel"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_people_are_told_to_try_can_be_done(database, engine: str) -> None:
    await fill(NOW)
    ronnie, kofi, ingrid, farida, marieke = [
        Actor((await Person.get(email=f"{key}@voorbeeld.example")).id, key, frozenset({role}))
        for key, role in (
            ("ronnie", "applicant"), ("kofi", "finance"), ("ingrid", "finance"), ("farida", "applicant"),
            ("marieke", "officer"),
        )
    ]  # fmt: skip
    plans = {one.title: one.public_id for one in await Application.all()}
    assert (await submit(ronnie, plans["Leren lassen op donderdag"], NOW)).number == "2026-010"
    await report(farida, plans["Pannen op tafel"], "Lekker gegeten.", 1_475_000, NOW)
    waiting = await Payment.get(paid_on=None)
    await approve(kofi, waiting.public_id, NOW.date(), NOW)
    assert (await prepare(ingrid, plans["Mijn stad"], 297_500, NOW)).instalment == 2
    await determine(marieke, plans["Weekendcafé zonder baas"], 1_780_000, "", NOW)
    await note_check(marieke, plans["Feest op de stoep"], "in_town", Verdict.GOOD, "", NOW)


async def test_members_are_on_their_way_in_this_year(filled) -> None:
    this = await Review.filter(application__round__year=NOW.year)
    assert Counter(review.done_at is not None for review in this) == {True: 13, False: 3}


def test_story_is_in_order_and_past_on_any_day() -> None:
    for today in SOME_DAYS:
        check_story(tell(today, DEMO_KEY), today)


def check_story(story: Story, today: datetime) -> None:
    assert max(at for at, _, _ in story._diary) < today
    found: dict[int, list[tuple[int, datetime]]] = {}
    for at, _, deed in story._diary:
        name, plan = deed.func.__name__, next((one for one in deed.args if isinstance(one, Plan)), None)
        if plan and name in BEFORE_THE_COMMITTEE:
            found.setdefault(id(plan), []).append((BEFORE_THE_COMMITTEE.index(name), at))
    for moments in found.values():
        for (step, at), (next_step, later) in pairwise(sorted(moments)):
            assert at < later or step == next_step


@pytest.mark.parametrize("today", SOME_DAYS[::20], ids=str)
def test_fund_file_is_the_example_with_other_rounds(today: datetime) -> None:
    story = tell(today, DEMO_KEY)
    sources = [deed.args[1] for _, _, deed in story._diary if deed.func.__name__ == "_load"]
    fund = read_fund(max(sources, key=len), check_body)
    example = read_fund(FUND_FILE.read_text(), check_body)
    assert [one.year for one in fund.rounds] == [today.year - 1, today.year, today.year + 1]
    assert (fund.questions, fund.regimes, fund.committee) == (
        example.questions,
        example.regimes,
        example.committee,
    )
    assert fund.round(today.year).windows.closes_at > today + timedelta(days=3)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts(item))


@pytest.mark.parametrize(
    "name", ["last_year", "this_year", "last_year_committee", "this_year_committee", "sentences"]
)
def test_nothing_written_in_the_demo_tells_on_someone(name: str) -> None:
    assert [text for text in texts(read(name)) if tells_on_someone(text)] == []


def test_office_works_on_the_working_day_before() -> None:
    days = Days(2026, datetime(2026, 4, 6, tzinfo=UTC).date(), datetime(2026, 4, 27, tzinfo=UTC).date())
    assert days.moment("0 09:00") == datetime(2026, 4, 6, 7, tzinfo=UTC)
    assert days.moment("0 09:00", office=True) == datetime(2026, 4, 2, 7, tzinfo=UTC)
    assert days.moment("T-1 20:15") == datetime(2026, 4, 26, 18, 15, tzinfo=UTC)


async def test_story_is_played_in_the_order_of_time_and_may_grow(database) -> None:
    story, heard = Story(DEMO_KEY), []

    async def say(at: datetime) -> None:
        heard.append(at)
        if len(heard) == 1:
            story.then(at + timedelta(hours=1), say)

    story.then(NOW + timedelta(days=1), say)
    story.then(NOW, say)
    await story.play()
    assert heard == [NOW, NOW + timedelta(hours=1), NOW + timedelta(days=1)]
