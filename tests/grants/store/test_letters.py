"""The facts of letters: as they stood when each was queued, from real rows on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from grants import sealed
from grants.decision import Kind
from grants.errors import Sentence
from grants.steps.draft import save_answer
from grants.steps.screen import ask_completion
from grants.steps.sign_in import VALID, ask
from grants.steps.submit import complete
from grants.store import letters
from grants.store.applications import Application, Submission
from grants.store.outbox import LetterRow
from tests.factories import OPEN, REVIEW, opened_round, person, submitted
from tests.letters import SECRET, decided_at, every_letter, letter_of

pytestmark = pytest.mark.anyio


async def test_every_letter_of_a_round_has_its_facts(database: object) -> None:
    rows = await every_letter()
    told = [await letters.facts(row) for row in rows]
    assert {row.kind for row in rows} == set(letters._LOADERS)
    assert {facts["fund"]["name"] for facts in told} == {"Participatiefonds Vlietstad"}
    kinds = [facts["kind"] for row, facts in zip(rows, told, strict=True) if row.kind == "decision"]
    assert kinds == [
        "not_handled", "granted", "partly", "refused_ceiling", "refused_other", "partly", "refused_other", "partly",
    ]  # fmt: skip
    fixed = [facts for row, facts in zip(rows, told, strict=True) if row.kind == "determination"]
    assert [(f["cents"], f["granted_cents"], f["owed_cents"], f["left_cents"]) for f in fixed] == [
        (600_000, 600_000, 0, 0),
        (250_000, 530_000, 0, 150_000),
        (400_000, 550_000, 150_000, 0),
    ]
    assert [facts["released_cents"] for facts in fixed] == [0, 280_000, 0]


@pytest.mark.parametrize(
    ("announced_on", "until"),
    [
        (date(2026, 12, 18), date(2027, 1, 29)),
        (date(2027, 2, 12), date(2027, 3, 30)),
        (date(2027, 3, 16), date(2027, 4, 28)),
        (date(2027, 3, 24), date(2027, 5, 7)),
        (date(2027, 4, 5), date(2027, 5, 18)),
    ],
)
async def test_the_last_day_to_object_stands_in_the_decision(
    database: object, announced_on: date, until: date
) -> None:
    """The vectors of the calendar, and Amsterdam's day: an evening in London is tomorrow there."""
    late = datetime(announced_on.year, announced_on.month, announced_on.day, tzinfo=UTC) - timedelta(
        minutes=30
    )
    facts = await letters.facts(await letter_of("decision", await decided_at(late)))
    assert (facts["announced_on"], facts["objection"]["until"]) == (announced_on, until)
    assert facts["pay_by"] == announced_on + timedelta(days=42)
    assert facts["objection"]["to"] == "Het college van burgemeester en wethouders van Vlietstad"


@pytest.mark.parametrize(
    ("kind", "cents", "mode"),
    [(Kind.GRANTED, 500_000, "report"), (Kind.PARTLY, 300_000, "direct"), (Kind.REFUSED_CEILING, 0, None)],
)
async def test_a_decision_says_how_its_amount_is_paid(
    database: object, kind: Kind, cents: int, mode: str | None
) -> None:
    application = await decided_at(datetime(2026, 12, 18, 9, tzinfo=UTC), kind)
    facts = await letters.facts(await letter_of("decision", application))
    assert (facts["kind"], facts["cents"], facts["asked_cents"]) == (kind.value, cents, 500_000)
    assert (facts["regime"] or {"mode": None})["mode"] == mode
    assert facts["advised"] is None
    assert [label for label, _ in facts["reasons"]] == ["Mensen beslissen zelf", "Het kan lukken"]


async def test_a_decision_that_leaves_the_advice_tells_both(database: object) -> None:
    await every_letter()
    left = await Application.get(title="Zwemmen")
    facts = await letters.facts(await letter_of("decision", left))
    assert facts["advised"] == Sentence("{cents:euro}", {"cents": 200_000})
    assert facts["deviation"] == "Dit plan bestaat al."
    told = await letters.facts(await letter_of("deviation"))
    assert told["name"] == "Bram Bakker"
    assert [(one["decided"], one["reason"]) for one in told["deviations"]] == [
        (Sentence("{cents:euro}", {"cents": 550_000}), "De huur is lager."),
        (Sentence("geen geld"), "Dit plan bestaat al."),
    ]


async def test_a_receipt_repeats_what_was_sent_then_and_not_later(database: object) -> None:
    applicant, officer = await person("Fatma", "applicant"), await person("Ans", "officer")
    application = await submitted(applicant, await opened_round())
    await ask_completion(officer, application.public_id, ["plan"], "Vertel wat meer.", REVIEW)
    later = REVIEW + timedelta(days=2)
    await save_answer(applicant, application.public_id, "plan", "Wij koken elke week.", later)
    await complete(applicant, application.public_id, later)
    first = await letters.facts(await letter_of("receipt"))
    plans = {answer["key"]: answer["value"] for answer in first["answers"]}
    assert plans["plan"] == "Over Samen eten."
    assert plans.keys() == (await Submission.get(application_id=application.id, version=1)).answers.keys()
    added = await letters.facts(await letter_of("completion_receipt"))
    assert [(answer["key"], answer["value"]) for answer in added["answers"]] == [
        ("plan", "Wij koken elke week.")
    ]
    asked = await letters.facts(await letter_of("completion_request"))
    assert (asked["questions"], asked["missing"]) == (["Wat gaat u doen?"], "Vertel wat meer.")
    assert asked["due_on"] == date(2026, 11, 3)


async def test_a_way_in_is_made_from_the_key_and_not_kept(database: object) -> None:
    await ask("fatma@voorbeeld.example", "browser", SECRET, OPEN)
    row = await letter_of("sign_in")
    facts, keys = await letters.facts(row), letters.sign_in_keys(row, SECRET)
    assert facts == {"fund": None, "expires_at": OPEN + VALID}
    assert keys["token"] == sealed.derived(SECRET, "link", row.values["id"])
    assert keys["token"] not in row.params
    assert keys["code"] == sealed.code(SECRET, row.values["id"])
    assert letters.sign_in_keys(LetterRow(kind="receipt"), SECRET) == {}


async def test_a_letter_that_is_about_nothing_is_refused(database: object) -> None:
    row = LetterRow(id=7, kind="receipt", application_id=None)
    with pytest.raises(LookupError, match=r"letter 7 \(receipt\) is about no application"):
        await letters.facts(row)


async def test_waiting_tells_of_letters_that_are_due_and_of_no_others(database: object) -> None:
    assert not await letters.waiting(OPEN)
    await ask("fatma@voorbeeld.example", "browser", SECRET, OPEN)
    assert not await letters.waiting(OPEN - timedelta(seconds=1))
    assert await letters.waiting(OPEN)
    await LetterRow.all().update(state="sent", sent_at=OPEN)
    assert not await letters.waiting(OPEN)
