"""The worker with a real mail server that behaves: once each, whoever else works, sleeps or dies."""

import asyncio
import logging
from dataclasses import replace
from email.message import EmailMessage

import pytest

from deploy import worker
from deploy.busy import Busy
from deploy.database import open_database
from deploy.mail import SENDING, DemoLine, SmtpLine, server_says
from deploy.settings import CannotStart, Smtp
from deploy.worker import Drained, Outcome, deliver, drain, drain_all
from grants import sealed
from grants.letter import RETRY, Letter
from grants.steps import post
from grants.steps.sign_in import ask
from grants.store.outbox import LetterRow, Task, queue
from tests.factories import OPEN, fund, opened_round, person, submitted
from tests.letters import (
    SECRET,
    SENDER,
    SETTINGS,
    Clock,
    line_to,
    message_ids,
    queued,
    reached,
    served_by,
    the_letter,
    working,
)
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_letter_is_sent_once(database: object, smtp: SmtpServer, clock: Clock) -> None:
    (row,) = await queued()
    clock.later(seconds=30)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained()
    (mail,) = smtp.mails
    token = sealed.derived(SECRET, "link", row.values["id"])
    assert mail.recipients == ["mens0@voorbeeld.example"]
    assert mail.message["Message-ID"] == f"<{row.message_id}@vlietstad.example>"
    assert mail.message["Date"].datetime == OPEN
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert f"https://fonds.vlietstad.example/inloggen/{token}" in body.get_content()
    sent = await the_letter()
    assert (sent.state, sent.sent_at, sent.attempts, sent.leased_until) == ("sent", clock(), 1, None)


async def test_the_fund_writes_under_its_own_name(database: object, smtp: SmtpServer, clock: Clock) -> None:
    applicant = await person("Fatma Yilmaz", "applicant", language="en")
    await submitted(applicant, await opened_round())
    clock.later(days=1)
    await drain(clock, line_to(smtp), SENDER)
    (mail,) = smtp.mails
    assert mail.message["Reply-To"] == "participatiefonds@vlietstad.example"
    assert mail.message["Subject"] == "About your application 2026-001: we have received it"
    assert mail.message["Content-Language"] == "en"
    text, html = (part.get_content() for part in mail.message.iter_parts())
    for part in (text, html):
        assert "Participatiefonds Vlietstad" in part
        assert "088 000 00 00" in part


async def test_a_yes_is_noted_before_taking_leave(database: object, smtp: SmtpServer, clock: Clock) -> None:
    class Watching(SmtpLine):
        async def close(self) -> None:
            states.append((await the_letter()).state)
            await super().close()

    states: list[str] = []
    await queued()
    await drain(clock, Watching(Smtp("127.0.0.1", smtp.port), "vlietstad.example"), SENDER)
    assert states == ["sent"]


async def test_two_workers_send_each_letter_once(database_url: str, smtp: SmtpServer, clock: Clock) -> None:
    """Each with its own connections, on the same outbox."""
    async with open_database(database_url):
        rows = await queued(60)

    both = asyncio.Barrier(2)

    async def work() -> int:
        async with open_database(database_url):
            await both.wait()
            return (await drain(clock, line_to(smtp), SENDER)).sent

    shares = await asyncio.gather(asyncio.create_task(work()), asyncio.create_task(work()))
    assert sum(shares) == 60
    assert min(shares) > 0
    assert sorted(message_ids(smtp)) == sorted(f"<{row.message_id}@vlietstad.example>" for row in rows)
    async with open_database(database_url):
        assert await LetterRow.filter(state="sent", attempts=1).count() == 60


async def test_a_letter_leased_by_a_worker_that_died_is_taken_up_after_the_lease(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queued()
    await post.lease(clock())
    clock.later(seconds=119)
    assert await drain(clock, line_to(smtp), SENDER) == Drained()
    clock.later(seconds=1)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1)
    assert (await the_letter()).attempts == 2


async def test_a_worker_that_slept_past_its_lease_sends_and_writes_nothing(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queued()
    (mine,) = await post.lease(clock())
    clock.later(minutes=3)
    assert await deliver(mine, clock, line_to(smtp), SENDER) is Outcome.LEFT
    assert smtp.mails == []
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1)
    assert not await post.note_sent(mine, clock())
    await post.note_failed(mine, server_says("550 too late"), clock(), for_good=True)
    kept = await the_letter()
    assert (kept.state, kept.sent_at, kept.last_error) == ("sent", clock(), "")
    assert not await Task.exists()


async def test_a_letter_too_near_the_end_of_its_lease_is_not_begun(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    """Or it could still be on its way when another worker takes it up."""
    await queued()
    (mine,) = await post.lease(clock())
    clock.later(seconds=post.LEASE.total_seconds() - SENDING + 1)
    assert await deliver(mine, clock, line_to(smtp), SENDER) is Outcome.LEFT
    assert smtp.attempts == []


async def test_a_letter_that_cannot_be_written_holds_up_no_other(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queue([Letter("receipt", "about nothing", "a@voorbeeld.example")], clock())
    await queued()
    assert await drain(clock, line_to(smtp), SENDER) == Drained(sent=1, failed=1)
    broken = await LetterRow.get(kind="receipt")
    assert (broken.state, broken.attempts) == ("queued", 1)
    assert broken.trouble is not None
    assert broken.trouble.values["what"].endswith("is about no application")
    for wait in RETRY:
        clock.later(seconds=wait.total_seconds())
        assert await drain(clock, line_to(smtp), SENDER) == Drained(failed=1)
    assert (await LetterRow.get(kind="receipt")).state == "failed"
    task = await Task.get()
    assert task.trouble.text == "De brief kon niet worden gemaakt: {what}"
    assert task.trouble.values["what"].startswith("LookupError: letter ")


async def test_a_way_in_that_is_too_old_is_not_sent(database: object, smtp: SmtpServer, clock: Clock) -> None:
    await queued()
    clock.later(minutes=10)
    assert await drain(clock, line_to(smtp), SENDER) == Drained(failed=1)
    assert (smtp.mails, (await the_letter()).state) == ([], "failed")


async def test_no_address_token_or_text_is_logged(
    database: object, smtp: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="deploy")
    (first, second) = await queued(2)
    await drain(clock, line_to(smtp), SENDER)
    await queue([Letter("receipt", "about nothing", "a@voorbeeld.example")], clock())
    smtp.mode = "refuse"
    await ask("mens9@voorbeeld.example", "browser", SECRET, OPEN)
    await drain(clock, line_to(smtp), SENDER)
    assert first.public_id in caplog.text
    assert second.public_id in caplog.text
    secrets = [sealed.derived(SECRET, "link", row.values["id"]) for row in (first, second)]
    for private in (*secrets, "voorbeeld.example", "inloggen", "Goedendag", "No such person"):
        assert private not in caplog.text


async def test_noting_waits_for_a_busy_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "NOTING_AGAIN", (0.0, 0.0))
    refusals = [Busy("locked"), Busy("locked")]

    async def note() -> None:
        if refusals:
            raise refusals.pop()

    await worker._surely(note)
    refusals += [Busy("locked")] * 3
    with pytest.raises(Busy):
        await worker._surely(note)


async def test_run_posts_what_comes_until_it_is_told_to_stop(
    database: object, smtp: SmtpServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "INTERVAL", 0.02)
    async with working(served_by(smtp), clock):
        await queued(2)
        await reached("sent", 2)
        await ask("later@voorbeeld.example", "browser", SECRET, OPEN)
        await reached("sent", 3)
    assert len(smtp.mails) == 3


async def test_who_is_told_to_stop_begins_no_other_letter(
    database: object, smtp: SmtpServer, clock: Clock
) -> None:
    await queued(2)
    stop = asyncio.Event()

    class Last(SmtpLine):
        async def hand_over(self, message: EmailMessage) -> None:
            await super().hand_over(message)
            stop.set()

    line = Last(Smtp("127.0.0.1", smtp.port), "vlietstad.example")
    assert await drain(clock, line, SENDER, stop) == Drained(sent=1)
    assert await drain(clock, line, SENDER) == Drained(sent=1)


async def test_without_a_mail_server_letters_wait(database: object, clock: Clock) -> None:
    await queued()
    async with working(SETTINGS, clock) as worker_task:
        await asyncio.sleep(0.05)
        assert not worker_task.done()
    assert ((await the_letter()).state, (await the_letter()).attempts) == ("queued", 0)
    with pytest.raises(CannotStart, match="MEEBESLIS_SMTP_URL is not set"):
        await drain_all(SETTINGS, clock=clock)


async def test_in_a_demonstration_the_mailbox_takes_every_letter(database: object, clock: Clock) -> None:
    await fund()
    await queued()
    demo = replace(SETTINGS, demo=True)
    assert await drain_all(demo, clock=clock) == 1
    assert (await the_letter()).state == "sent"
    assert await drain(clock, DemoLine(), SENDER) == Drained()


async def test_draining_from_the_command_line(database: object, smtp: SmtpServer, clock: Clock) -> None:
    await queued(2)
    assert await drain_all(served_by(smtp), clock=clock) == 2
    await ask("later@voorbeeld.example", "browser", SECRET, OPEN)
    smtp.port = free_port()
    with pytest.raises(CannotStart, match="The mail server of MEEBESLIS_SMTP_URL cannot be used"):
        await drain_all(served_by(smtp), clock=clock)
