"""What the municipality's desk asks at every look, in three plain statements: it is open all day long.

Both engines read them. SQLite gives times and days as text, so that the rows are made whole here. Where a row
has a type of its own, its fields stand in the order of the columns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from tortoise import connections

_TIMES = frozenset({
    "opens_at", "closes_at", "ballot_opens_at", "ballot_closes_at", "opened_at", "advised_at", "decided_at",
    "announced_at", "published_at", "oldest_at", "asked_at", "answered_at", "reported_at", "written_at",
})  # fmt: skip
_DAYS = frozenset({"decide_by", "complete_by", "pay_by", "help_by", "answer_by", "account_by", "reply_by"})
_READ: dict[str, Callable[[str], date]] = {
    **dict.fromkeys(_TIMES, datetime.fromisoformat),
    **dict.fromkeys(_DAYS, date.fromisoformat),
}


class OpenRound(NamedTuple):
    """A round that is not closed, with the pot of its year (None where there is none yet).

    Beside that how many applications were `sent_in` and not withdrawn, and the `asked_cents` of them together.
    """

    id: int
    public_id: str
    year: int
    title: str
    opens_at: datetime
    closes_at: datetime
    ballot_opens_at: datetime
    ballot_closes_at: datetime
    decide_by: date
    opened_at: datetime | None
    advised_at: datetime | None
    decided_at: datetime | None
    announced_at: datetime | None
    published_at: datetime | None
    ceiling_cents: int | None
    reserved_cents: int | None
    committed_cents: int | None
    paid_cents: int | None
    carried_cents: int | None
    sent_in: int
    asked_cents: int


class UnderWay(NamedTuple):
    """What may have to be done for one application, with one of its completions and one of its payments.

    What there is not yet (a decision, an account, a completion, a report, a payment) has None in its columns.
    """

    id: int
    public_id: str
    number: str
    title: str
    stage: str
    round_id: int
    year: int
    decide_by: date
    announced_at: datetime
    account_id: int | None
    completion_id: int | None
    asked_at: datetime
    answered_at: datetime | None
    complete_by: date
    reported_at: datetime
    payment_id: str | None
    pay_by: date


_ROUNDS = """
SELECT r.id, r.public_id, r.year, r.title, r.opens_at, r.closes_at, r.ballot_opens_at, r.ballot_closes_at,
    r.decide_by, r.opened_at, r.advised_at, r.decided_at, r.announced_at, r.published_at,
    p.ceiling_cents, p.reserved_cents, p.committed_cents, p.paid_cents, p.carried_cents,
    COUNT(a.id) AS sent_in, CAST(COALESCE(SUM(a.asked_cents), 0) AS BIGINT) AS asked_cents
FROM "round" r
LEFT JOIN pot p ON p.fund_id = r.fund_id AND p.year = r.year
LEFT JOIN application a ON a.round_id = r.id AND a.submitted_at IS NOT NULL AND a.stage <> 'withdrawn'
WHERE r.closed_at IS NULL
GROUP BY r.id, p.id
ORDER BY r.year
"""

_TASKS = """
SELECT t.tasks, t.oldest_at, h.asking, h.help_by, n.incoming, n.answer_by, n.accounts, n.account_by
FROM (SELECT COUNT(*) AS tasks, MIN(made_at) AS oldest_at FROM task WHERE done_at IS NULL) t
CROSS JOIN (SELECT COUNT(*) AS asking, MIN(due_on) AS help_by FROM help_request WHERE done_at IS NULL) h
CROSS JOIN (
    SELECT COUNT(CASE WHEN kind <> 'payout' THEN 1 END) AS incoming,
        MIN(CASE WHEN kind <> 'payout' THEN due_on END) AS answer_by,
        COUNT(CASE WHEN kind = 'payout' THEN 1 END) AS accounts,
        MIN(CASE WHEN kind = 'payout' THEN due_on END) AS account_by
    FROM notice WHERE answered_at IS NULL AND withdrawn_at IS NULL
) n
"""

_WAITING = """
SELECT a.id, a.public_id, a.number, a.title, a.stage, a.round_id, r.year, r.decide_by,
    d.announced_at,
    b.id AS account_id, c.id AS completion_id, c.asked_at, c.answered_at, c.due_on AS complete_by,
    e.at AS reported_at, p.public_id AS payment_id, p.due_on AS pay_by
FROM application a
JOIN "round" r ON r.id = a.round_id
LEFT JOIN completion c ON c.application_id = a.id
LEFT JOIN decision d ON d.application_id = a.id
LEFT JOIN payout_account b ON b.application_id = a.id
LEFT JOIN report e ON e.application_id = a.id
LEFT JOIN determination f ON f.application_id = a.id
LEFT JOIN payment p ON p.application_id = a.id AND p.paid_on IS NULL
WHERE a.stage IN ('submitted', 'completing', 'screened', 'reviewed', 'allocated', 'decided', 'accounted')
    OR p.id IS NOT NULL
    OR a.stage IN ('announced', 'published', 'determined') AND COALESCE(f.cents, d.cents) > 0
        AND NOT EXISTS (SELECT 1 FROM payment q WHERE q.application_id = a.id)
"""


_MESSAGES = """
SELECT a.public_id, a.number, a.title, r.year, m.side, MIN(m.at) AS written_at, MIN(m.due_on) AS reply_by
FROM message m
JOIN application a ON a.id = m.application_id
JOIN "round" r ON r.id = a.round_id
LEFT JOIN message_read s ON s.application_id = m.application_id AND s.side = 'municipality'
WHERE m.side = 'applicant' AND m.id > COALESCE(s.message_id, 0)
    OR m.side = 'municipality' AND m.due_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM message n WHERE n.application_id = m.application_id AND n.side = 'applicant' AND n.id > m.id)
GROUP BY a.id, r.year, m.side
"""


async def rounds() -> list[OpenRound]:
    """The rounds that are not closed, by year."""
    _, found = await _read(_ROUNDS)
    return [OpenRound(*row) for row in found]


async def waiting() -> list[UnderWay]:
    """What may have to be done: a row for each application, with each of its completions and payments.

    An application is here while its term to decide runs; while its grant waits for a first payment or its
    report for an answer; and with each payment that was prepared and not made.
    """
    _, found = await _read(_WAITING)
    return [UnderWay(*row) for row in found]


async def tasks() -> dict[str, Any]:
    """How many letters could not be delivered (`tasks`) and since when; how many people are `asking` for help.

    They should have it on the day `help_by`, the first of them. `incoming` are the official messages to answer,
    the first of them by `answer_by`; `accounts` those that ask for another account, by `account_by`. Where there
    is none, the time or day is None.
    """
    return (await _rows(_TASKS))[0]


async def messages() -> list[dict[str, Any]]:
    """The talks that wait, a row for each: for an answer of the municipality (`side` is applicant), since `written_at`;

    or for the applicant's answer to a question with a last day, `reply_by`.
    """
    return await _rows(_MESSAGES)


async def _rows(statement: str) -> list[dict[str, Any]]:
    names, found = await _read(statement)
    return [dict(zip(names, row, strict=True)) for row in found]


async def _read(statement: str) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns, and the rows, with every time and day made whole."""
    _, found = await connections.get("default").execute_query(statement)
    names = list(found[0].keys()) if found else []
    rows = [list(row) for row in found]
    for place, name in enumerate(names):
        read = _READ.get(name)
        if read is not None:
            for row in rows:
                row[place] = read(row[place]) if isinstance(row[place], str) else row[place]
    return names, rows
