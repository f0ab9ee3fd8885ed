"""What the municipality's desk asks at every look, in three plain statements: it is open all day long.

Both engines read them. SQLite gives times and days as text, so that the rows are made whole here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tortoise import connections

_TIMES = frozenset({
    "opens_at", "closes_at", "ballot_opens_at", "ballot_closes_at", "opened_at", "advised_at", "decided_at",
    "announced_at", "published_at", "oldest_at", "asked_at", "answered_at", "reported_at", "written_at",
})  # fmt: skip
_DAYS = frozenset({"decide_by", "complete_by", "pay_by", "help_by", "answer_by", "account_by", "reply_by"})

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


async def rounds() -> list[dict[str, Any]]:
    """The rounds that are not closed, by year, each with the pot of its year (None where there is none yet).

    Beside that how many applications were `sent_in` and not withdrawn, and the `asked_cents` of them together.
    """
    return await _rows(_ROUNDS)


async def waiting() -> list[dict[str, Any]]:
    """What may have to be done: a row for each application, with each of its completions and payments.

    An application is here while its term to decide runs; while its grant waits for a first payment or its
    report for an answer; and with each payment that was prepared and not made.
    """
    return await _rows(_WAITING)


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
    rows: list[dict[str, Any]] = await connections.get("default").execute_query_dict(statement)
    for read, names in ((datetime.fromisoformat, _TIMES), (date.fromisoformat, _DAYS)):
        present = names.intersection(rows[0] if rows else ())
        for row in rows:
            for name in present:
                if isinstance(row[name], str):
                    row[name] = read(row[name])
    return rows
