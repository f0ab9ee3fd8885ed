"""The docket: one thing first, an order of one's own, and nothing of what one stands aside from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.steps.vote import cast
from committee.store.ballots import Poll
from tests.committee.scene import scene
from tests.factories import AFTER_VOTE, REVIEW, VOTING, member, person, screened

pytestmark = pytest.mark.anyio


def order(text: str) -> list[str]:
    """The applications on the page, by address, each once."""
    return list(dict.fromkeys(re.findall(r'href="/commissie/aanvragen/([0-9a-f]{32})', text)))


async def docket(client, actor, now=REVIEW) -> str:
    client.clock.now = now
    answer = await (await client.another().sign_in(actor)).get("/commissie")
    assert answer.status_code == 200
    return answer.text


async def test_docket_opens_for_the_committee_only(client) -> None:
    made = await scene(1)
    client.clock.now = REVIEW
    assert (await client.get("/commissie")).headers["location"] == "/inloggen?next=%2Fcommissie"
    auditor = await person("Anne Controle", "auditor")
    for actor, status in (
        (made.ada, 200), (made.chair, 200), (made.secretary, 200),
        (made.officer, 403), (auditor, 403), (made.applicant, 403),
    ):  # fmt: skip
        answer = await (await client.another().sign_in(actor)).get("/commissie")
        assert answer.status_code == status, actor.name
        assert ("Samen eten" in answer.text) == (status == 200)


async def test_docket_says_what_is_next_and_how_far_everything_is(client) -> None:
    made = await scene(4)
    half, done, open_, _ = made.plans
    await made.judge(made.ada, half, done=False)
    await made.judge(made.ada, done)
    await declare(made.ada, open_.public_id, NONE, REVIEW)
    text = await docket(client, made.ada)
    first = text.index("Volgende voor u")
    assert text.index(half.title) > first
    assert f'href="/commissie/aanvragen/{half.public_id}/oordeel">Ga verder' in text
    places = [text.index(f">{word}<") for word in ("Half klaar", "Nog te beoordelen", "Klaar")]
    assert places == sorted(places)
    assert "van de" not in text
    await made.judge_all(made.ada)
    assert "U bent klaar" in await docket(client, made.ada)


async def test_docket_is_in_an_order_of_ones_own_that_stays(client) -> None:
    made = await scene(5)
    members = [await member(made.round, f"Lid {letter}") for letter in "CDEFGH"]
    orders = [order(await docket(client, actor)) for actor in (made.ada, made.bo, *members)]
    assert order(await docket(client, made.ada)) == orders[0]
    assert {frozenset(one) for one in orders} == {frozenset(made.ids)}
    assert len({one[0] for one in orders}) > 1


async def test_docket_shows_nothing_of_what_one_stands_aside_from_or_applied_for(client) -> None:
    made = await scene(2)
    own = await screened(await member(made.round, "Eva Lid"), made.officer, made.round, "Van mijzelf")
    eva = await member(made.round, "Eva Lid")
    for actor in (made.chair, made.secretary, made.ada):
        await made.judge_all(made.bo)
        await declare(actor, made.ids[0], "family", REVIEW)
        await declare(actor, own.public_id, "other", REVIEW)
    await declare(eva, made.ids[0], "family", REVIEW)
    for actor in (made.ada, made.chair, made.secretary, eva):
        text = await docket(client, actor)
        assert order(text) == [made.ids[1]]
        for hidden in (made.plans[0], own):
            assert hidden.title not in text
            assert str(hidden.number) not in text


async def test_docket_tells_a_chair_how_many_are_done_once_the_chair_is(client) -> None:
    made = await scene(1)
    tom = await member(made.round, "Tom Aanvrager")
    await made.judge(made.bo, made.plans[0])
    before = await docket(client, made.chair)
    assert "leden zijn klaar" not in before
    await made.judge(made.ada, made.plans[0], 1)
    assert await docket(client, made.chair) == before
    await made.judge(made.chair, made.plans[0])
    assert "3 van de 3 leden zijn klaar met oordelen" in await docket(client, made.chair)
    await declare(made.bo, made.ids[0], "family", REVIEW)
    after = await docket(client, made.chair)
    assert "2 van de 2 leden zijn klaar met oordelen" in after
    for other in (made.ada, made.secretary, tom):
        assert "leden zijn klaar" not in await docket(client, other)


async def test_docket_lists_the_reasons_for_those_who_write_them(client) -> None:
    made = await scene(2)
    await made.reasons(made.plans[0])
    await made.judge_all(made.chair)
    for actor in (made.secretary, made.chair):
        text = await docket(client, actor)
        assert "alle redenen staan er" in text
        assert f"{made.ids[0]}/redenen" in text
    assert "nog 4 redenen" in await docket(client, made.chair)
    assert "redenen" not in await docket(client, made.ada)


async def test_docket_follows_the_round(client) -> None:
    made = await scene(2)
    await made.judge_all(made.ada, made.bo, made.chair)
    opens = made.round.ballot_opens_at
    assert "/openen" not in await docket(client, made.chair, opens - timedelta(seconds=1))
    assert "/openen" in await docket(client, made.chair, opens)
    poll = await made.poll()
    text = await docket(client, made.ada, VOTING)
    assert "Stem vóór 4 december 2026 om 17.00 uur." in text
    assert "U heeft bij deze stemming geen stem" in await docket(client, made.secretary, VOTING)
    await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    assert "U heeft gestemd" in await docket(client, made.ada, VOTING)
    assert "U heeft gestemd" in await docket(client, made.ada, poll.closes_at - timedelta(seconds=1))
    assert "/tellen" in await docket(client, made.chair, poll.closes_at)
    assert "De voorzitter laat de stemmen tellen" in await docket(client, made.ada, poll.closes_at)
    await Poll.filter(id=poll.id).update(counted_at=AFTER_VOTE)
    assert "/uitslag" in await docket(client, made.ada, AFTER_VOTE)


async def test_docket_without_a_seat_in_an_open_round_is_calm(client) -> None:
    made = await scene(0)
    assert "Er zijn nog geen plannen" in await docket(client, made.ada)


@pytest.mark.parametrize(("who", "queries"), [("ada", 11), ("chair", 15), ("secretary", 12)])
async def test_docket_asks_the_same_for_one_and_three(client, query_count, who: str, queries: int) -> None:
    made = await scene(1)
    actor = getattr(made, who)
    counts = []
    for _ in range(2):
        if who == "secretary":
            await made.free(actor)
        else:
            await made.judge_all(actor)
        client.clock.now = REVIEW
        visitor = await client.another().sign_in(actor)
        with query_count() as asked:
            assert (await visitor.get("/commissie")).status_code == 200
        counts.append(len(asked))
        for title in ("Twee", "Drie"):
            made.plans.append(await screened(made.applicant, made.officer, made.round, title))
    assert counts == [queries, queries]


async def test_docket_tells_in_words_how_far_one_is_and_counts_nothing_that_is_not_ones_own(client) -> None:
    made = await scene(4)
    assert "Er wachten nog 4 plannen op u." in await docket(client, made.ada)
    await made.judge(made.ada, made.plans[0])
    await made.judge_all(made.bo)
    await declare(made.ada, made.plans[1].public_id, "family", REVIEW)
    text = await docket(client, made.ada)
    assert "U bent klaar met 1 plan. Er wachten nog 2 plannen op u." in text
    assert made.plans[1].title not in text
