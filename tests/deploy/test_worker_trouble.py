"""The worker against a real mail server that defers, refuses, cuts, stalls or is away, on both databases."""

import asyncio

import pytest
from aiosmtpd.controller import Controller

from deploy import worker
from deploy.mail import SmtpLine, server_says
from deploy.settings import Smtp
from deploy.worker import Drained, drain
from grants.letter import RETRY
from grants.store.outbox import LetterRow, Task
from tests.factories import OPEN, opened_round, person, submitted
from tests.letters import SENDER, Clock, line_to, message_ids, queued, reached, served_by, the_letter, working
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_deferred_letter_is_taken_later_and_once(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    (row,) = await queued()
    smtp.mode = "defer"
    assert await drain(clock, line_to(smtp), SENDER) == Drained(failed=1)
    waiting = await the_letter()
    assert (waiting.state, waiting.due_at) == ("queued", OPEN + RETRY[0])
    assert waiting.trouble == server_says("451 4.7.1 Try again later")
    clock.later(seconds=59)
    assert await drain(clock, line_to(smtp), SENDER) == Drained()
    clock.later(seconds=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1)
    assert smtp.attempts == [f"<{row.message_id}@vlietstad.example>"] * 2
    assert len(smtp.mails) == 1


async def test_a_refused_letter_becomes_a_task_for_a_person(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    applicant = await person("Fatma", "applicant")
    await submitted(applicant, await opened_round())
    smtp.mode = "refuse"
    clock.later(days=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(failed=1)
    assert (await the_letter()).state == "failed"
    task = await Task.get()
    assert (task.kind, task.trouble) == ("undeliverable", server_says("550 5.1.1 No such person here"))
    clock.later(days=9)
    assert await drain(clock, line_to(smtp), SENDER) == Drained()


async def test_a_letter_whose_answer_was_lost_goes_again_as_the_same_message(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queued()
    smtp.mode = "cut"
    assert (await drain(clock, line_to(smtp), SENDER)).failed == 1
    assert (await the_letter()).state == "queued"
    smtp.mode = "ok"
    clock.later(minutes=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1)
    assert len(message_ids(smtp)) == 2
    assert len(set(message_ids(smtp))) == 1
    assert [mail.answered for mail in smtp.mails] == [False, True]


async def test_a_line_that_drops_after_its_answer_costs_nothing(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    rows = await queued(3)
    smtp.mode = "cut-after"
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=3)
    assert message_ids(smtp) == [f"<{row.message_id}@vlietstad.example>" for row in rows]


async def test_a_server_that_stalls_is_left_alone_after_three_letters(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queued(5)
    smtp.mode = "stall"
    done = await drain(clock, line_to(smtp, sending=0.2), SENDER)
    assert (done.sent, done.failed, bool(done.away)) == (0, 3, True)
    assert await LetterRow.all().order_by("id").values_list("attempts", flat=True) == [1, 1, 1, 0, 0]
    smtp.mode = "ok"
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=2)
    clock.later(minutes=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=3)
    assert len(set(message_ids(smtp))) == 5


async def test_a_server_that_is_away_costs_no_letter_a_try(database: object, clock: Clock) -> None:
    await queued(2)
    line = SmtpLine(Smtp("127.0.0.1", free_port()), "vlietstad.example")
    done = await drain(clock, line, SENDER)
    assert (done.sent, done.failed, bool(done.away)) == (0, 0, True)
    assert await LetterRow.filter(attempts=0, due_at=OPEN).count() == 2


async def test_run_calls_again_a_server_that_was_away(
    database: object, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "INTERVAL", 0.01)
    server = SmtpServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    await queued()
    async with working(served_by(server), clock):
        await asyncio.sleep(0.1)
        assert (await the_letter()).attempts == 0
        controller.start()
        try:
            await reached("sent", 1)
        finally:
            controller.stop()
    assert len(server.mails) == 1
