"""The ballot: what is on it, what was handed in, the exact second, and one box row whatever happens."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta

import pytest

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.store.ballots import Ballot, Box, Mark, Poll, ballot_in_box, items_of
from committee.store.members import Seat
from grants.access import Actor
from grants.steps.submit import withdraw
from tests.committee.scene import Scene, scene
from tests.factories import AFTER_VOTE, REVIEW, VOTING, member

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)


def path(made: Scene) -> str:
    return f"/commissie/rondes/{made.round.public_id}/stemmen"


async def at(client, actor, now=VOTING):
    client.clock.now = now
    return await client.another().sign_in(actor)


async def opened(plans: int = 2) -> tuple[Scene, Poll]:
    made = await scene(plans)
    await made.judge_all(made.ada, made.bo, made.chair)
    return made, await made.poll()


async def marks_of(poll: Poll, actor: Actor) -> set[str] | None:
    found = await ballot_in_box(poll.id, (await Seat.get(person_id=actor.person_id)).id)
    return None if found is None else set(found.marks)


async def test_doors_of_the_ballot(client) -> None:
    made, _ = await opened(1)
    for who, status in (
        ("ada", 200), ("chair", 200), ("secretary", 403), ("officer", 403), ("applicant", 403),
    ):  # fmt: skip
        visitor = await at(client, getattr(made, who))
        assert (who, (await visitor.get(path(made))).status_code) == (who, status)
        posted = await visitor.post(path(made), data={"keuze": "onthouden"})
        assert (who, posted.status_code) == (who, 303 if status == 200 else status)
    assert (await client.get(path(made))).headers["location"].startswith("/inloggen")
    assert await Box.all().count() == 2
    assert (await visitor.get("/commissie/rondes/" + "0" * 32 + "/stemmen")).status_code == 403
    nowhere = await (await at(client, made.ada)).get("/commissie/rondes/" + "0" * 32 + "/stemmen")
    assert nowhere.status_code == 404


async def test_the_ballot_in_lot_order_with_amounts_and_ones_own_words(client) -> None:
    made, poll = await opened(3)
    text = html.unescape((await (await at(client, made.ada)).get(path(made))).text)
    order = re.findall(r'name="marks" value="([0-9a-f]{32})"', text)
    assert order == [item.application.public_id for item in await items_of(poll.id)]
    assert "In de pot zit €\u00a0100.000. De plannen hieronder vragen samen €\u00a015.000." in text
    assert text.count("Vraagt €\u00a05.000. Het kan ook met €\u00a02.500.") == 3
    assert "Ada Lid vindt dit van Samen eten:" in text
    assert "Bo Lid" not in text
    assert made.round.frozen["committee"]["ballot"]["advice"] in text
    assert "Kruis er ten minste 1 aan." in text
    assert "U kunt stemmen tot 4 december 2026 om 17.00 uur" in text
    assert "leeg stembriefje" not in text


async def test_voting_and_changing_until_it_closes(client) -> None:
    made, poll = await opened(2)
    visitor = await at(client, made.ada)
    answer = await visitor.post(path(made), data={"marks": made.ids[:1]})
    assert answer.headers["location"] == path(made)
    text = (await visitor.get(path(made))).text
    assert "Uw stembriefje kwam binnen op 20 november 2026 om 10.00 uur." in text
    assert "U kunt het wijzigen tot 4 december 2026 om 17.00 uur." in text
    assert (made.plans[0].title in text, made.plans[1].title in text) == (True, False)
    again = (await visitor.get(f"{path(made)}?wijzigen=1")).text
    assert re.findall(r'value="([0-9a-f]{32})"[^>]* checked', again) == made.ids[:1]
    await visitor.post(path(made), data={"marks": made.ids})
    assert await marks_of(poll, made.ada) == set(made.ids)
    await visitor.post(path(made), data={"keuze": "onthouden", "marks": made.ids})
    assert "U onthoudt zich." in (await visitor.get(path(made))).text
    assert await Box.all().count() == 1


async def test_closing_is_exact_and_nothing_marked_is_lost(client) -> None:
    made, poll = await opened(2)
    late = await at(client, made.ada, poll.closes_at)
    answer = await late.post(path(made), data={"marks": made.ids[:1]})
    assert (answer.status_code, "Stemmen kon tot 4 december 2026 om 17.00 uur" in answer.text) == (409, True)
    assert re.findall(r'value="([0-9a-f]{32})"[^>]* checked', answer.text) == made.ids[:1]
    assert "Lever uw stembriefje in" not in answer.text
    assert "De stemming is gesloten" in (await late.get(path(made))).text
    just = await at(client, made.ada, poll.closes_at - TICK)
    assert (await just.post(path(made), data={"marks": made.ids[:1]})).status_code == 303
    early = await at(client, made.bo, poll.opened_at - TICK)
    assert (await early.post(path(made), data={"marks": made.ids})).status_code == 409
    assert await Box.all().count() == 1


async def test_before_the_opening_and_after_the_count_it_is_calm(client) -> None:
    made = await scene(1)
    visitor = await at(client, made.ada, REVIEW)
    assert "De stemming is nog niet open." in (await visitor.get(path(made))).text
    for data in ({"marks": made.ids}, {"marks": ""}, {"keuze": "onthouden"}):
        assert (await visitor.post(path(made), data=data)).status_code == 404
    await made.judge_all(made.ada, made.bo, made.chair)
    await made.poll()
    await Poll.all().update(counted_at=VOTING)
    visitor = await at(client, made.ada, VOTING)
    assert "De stemming is gesloten." in (await visitor.get(path(made))).text
    assert (await visitor.post(path(made), data={"marks": made.ids})).status_code == 409
    late = await member(made.round, "Lid Laat")
    await Seat.filter(person_id=late.person_id).update(since=AFTER_VOTE)
    await Poll.all().update(counted_at=None)
    visitor = await at(client, late)
    assert "bij deze stemming geen stem" in (await visitor.get(path(made))).text


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"marks": ""}, 409, "niet in deze stemming"),
        ({"keuze": ""}, 422, "U heeft nog niets aangekruist"),
        ({"keuze": "blanco"}, 409, "ten minste 1"),
        ({"marks": "0" * 32}, 409, "niet in deze stemming"),
        ({"marks": ["zo maar", "zo maar"]}, 409, "twee keer"),
        ({"marks": ["x"] * 600}, 413, "te veel velden"),
        ({"marks": "x" * 30_000}, 422, "te lang"),
    ],
)
async def test_wrong_ballots_are_answered_plainly(client, data, status: int, said: str) -> None:
    made, poll = await opened(1)
    visitor = await at(client, made.ada)
    answer = await visitor.post(path(made), data=data)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert (await marks_of(poll, made.ada), await Ballot.all().count()) == (None, 0)


async def test_what_one_stands_aside_from_is_not_on_the_ballot(client) -> None:
    made = await scene(4)
    aside, undeclared, free, _ = made.plans
    await made.judge_all(made.bo, made.chair, await member(made.round, "Lid C"))
    eva = await member(made.round, "Tom Aanvrager")
    await declare(made.ada, aside.public_id, "family", REVIEW)
    for plan in made.plans[2:]:
        await declare(made.ada, plan.public_id, NONE, REVIEW)
    poll = await made.poll()
    visitor = await at(client, made.ada)
    text = html.unescape((await visitor.get(path(made))).text)
    assert aside.title not in text
    assert aside.public_id not in text
    assert "vragen samen €\u00a010.000" in text
    assert f'href="/commissie/aanvragen/{undeclared.public_id}"' in text
    assert f'value="{undeclared.public_id}"' not in text
    for wrong in (aside, undeclared):
        answer = await visitor.post(path(made), data={"marks": [wrong.public_id, free.public_id]})
        assert (answer.status_code, await marks_of(poll, made.ada)) == (409, None)
        assert aside.title not in answer.text
    own = (await (await at(client, eva)).get(path(made))).text
    assert not any(plan.title in own for plan in made.plans)
    assert "Er zijn nu geen plannen waarover u kunt stemmen." in own


async def test_standing_aside_after_voting_asks_for_a_new_ballot(client) -> None:
    made, poll = await opened(2)
    visitor = await at(client, made.ada)
    await visitor.post(path(made), data={"marks": made.ids})
    await visitor.post(
        f"/commissie/aanvragen/{made.ids[0]}/verklaring", data={"ground": "family", "zeker": "ja"}
    )
    assert await marks_of(poll, made.ada) is None
    assert "U kunt nu stemmen" in (await visitor.get("/commissie")).text
    assert made.plans[0].title not in (await visitor.get(path(made))).text


async def test_what_was_withdrawn_is_gone_from_the_ballot(client) -> None:
    made, _ = await opened(2)
    await withdraw(made.applicant, made.ids[0], "", VOTING)
    text = (await (await at(client, made.ada)).get(path(made))).text
    assert (made.plans[0].title in text, made.plans[1].title in text) == (False, True)


async def test_twelve_ballots_sent_at_once_leave_one_box_row(client) -> None:
    made, poll = await opened(2)
    visitor = await at(client, made.ada)
    choices = [{"marks": made.ids[:1]}, {"marks": made.ids}, {"keuze": "onthouden"}]
    answers = await asyncio.gather(*(visitor.post(path(made), data=choices[n % 3]) for n in range(12)))
    assert {answer.status_code for answer in answers} == {303}
    assert (await Box.all().count(), await Ballot.all().count()) == (1, 12)
    assert await marks_of(poll, made.ada) in (set(made.ids[:1]), set(made.ids), set())


async def test_a_blank_ballot_is_offered_where_no_mark_is_needed(client) -> None:
    made, poll = await opened(1)
    for plan in made.plans:
        await declare(made.ada, plan.public_id, "other", VOTING)
    visitor = await at(client, made.ada)
    assert "Lever een leeg stembriefje in" in (await visitor.get(path(made))).text
    assert (await visitor.post(path(made), data={"keuze": "blanco"})).status_code == 303
    assert await marks_of(poll, made.ada) == set()
    assert "Uw stembriefje is leeg." in (await visitor.get(path(made))).text
    assert await Mark.all().count() == 0


@pytest.mark.parametrize("plans", [1, 3])
async def test_queries_are_the_same_for_one_and_three(client, query_count, plans: int) -> None:
    made, _ = await opened(plans)
    visitor = await at(client, made.ada)
    with query_count() as asked:
        await visitor.get(path(made))
    await visitor.post(path(made), data={"marks": made.ids})
    with query_count() as voted:
        await visitor.get(path(made))
    assert (len(asked), len(voted)) == (10, 12)
