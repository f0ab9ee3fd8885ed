"""The joint reasons: who may write them, what is asked about first, and that no text is lost."""

from __future__ import annotations

import re

import pytest

from committee.conflict import NONE
from committee.steps.recuse import declare
from committee.steps.review import write_reason
from committee.store.reviews import JointReason
from grants.store.applications import Application
from grants.store.initiatives import Initiative
from tests.committee.scene import Scene, scene
from tests.factories import REVIEW, VOTING, member

pytestmark = pytest.mark.anyio


def path(made: Scene) -> str:
    return f"/commissie/aanvragen/{made.ids[0]}/redenen"


async def at(client, actor, now=REVIEW):
    client.clock.now = now
    return await client.another().sign_in(actor)


async def kept() -> dict[str, str]:
    return dict(await JointReason.all().values_list("criterion", "text"))


async def test_the_members_sentences_show_without_names_to_secretary_and_chair(client) -> None:
    made = await scene(1)
    plan = made.plans[0]
    await made.judge(made.ada, plan, 2, "Van Ada")
    await made.judge(made.bo, plan, 2, "Half", done=False)
    await declare(made.secretary, plan.public_id, NONE, REVIEW)
    text = (await (await at(client, made.secretary)).get(path(made))).text
    assert text.count("Van Ada") == 4
    assert "Half" not in text
    assert "Ada Lid" not in text
    await declare(made.chair, plan.public_id, NONE, REVIEW)
    chair = await at(client, made.chair)
    blind = await chair.get(path(made))
    assert (blind.status_code, "Van Ada" in blind.text) == (409, False)
    posted = await chair.post(path(made), data={made.criteria[0].key: "Wij vinden dit goed."})
    assert (posted.status_code, "Van Ada" in posted.text, await kept()) == (409, False, {})
    await made.judge(made.chair, plan)
    assert "Van Ada" in (await chair.get(path(made))).text


async def test_after_the_poll_opened_a_chair_who_did_not_judge_may_write(client) -> None:
    made = await scene(1)
    await made.judge_all(made.ada, made.bo, await member(made.round, "Lid C"))
    await declare(made.chair, made.ids[0], NONE, REVIEW)
    await made.poll()
    assert (await (await at(client, made.chair, VOTING)).get(path(made))).status_code == 200


async def test_undeclared_sees_and_writes_nothing(client) -> None:
    made = await scene(1)
    await made.judge_all(made.ada)
    visitor = await at(client, made.secretary)
    for answer in (
        await visitor.get(path(made)),
        await visitor.post(path(made), data={made.criteria[0].key: "Bel 06 12345678."}),
    ):
        assert (answer.status_code, answer.text) == (303, "")
    assert await kept() == {}


async def test_some_may_be_written_now_and_the_others_later(client) -> None:
    made = await scene(1)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    first, second, *_ = (criterion.key for criterion in made.criteria)
    visitor = await at(client, made.secretary)
    answer = await visitor.post(path(made), data={first: "Wij zien het voor ons.", second: " "})
    assert answer.headers["location"] == "/commissie?gezegd=redenen"
    assert await kept() == {first: "Wij zien het voor ons."}
    page = (await visitor.get(path(made))).text
    assert "Wij zien het voor ons.</textarea>" in page
    data = {first: "", f"{first}.was": "Wij zien het voor ons.", second: "Dit is nieuw."}
    answer = await visitor.post(path(made), data=data)
    assert (answer.status_code, "Schrijf de reden in een of twee zinnen" in answer.text) == (409, True)
    assert await kept() == {first: "Wij zien het voor ons.", second: "Dit is nieuw."}


@pytest.mark.parametrize(
    "text",
    [
        "Bel ons op 06 12345678.",
        "Mail naar wij@voorbeeld.nl.",
        "Ada vond het mooi.",
        "Rekening NL91 ABNA 0417.",
    ],
)
async def test_a_text_that_tells_on_somebody_is_asked_about_first(client, text: str) -> None:
    made = await scene(1)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    key = made.criteria[0].key
    visitor = await at(client, made.secretary)
    asked = await visitor.post(path(made), data={key: text})
    assert (asked.status_code, await kept()) == (422, {})
    assert "Staat hier een naam" in asked.text
    assert f"{text}</textarea>" in asked.text
    assert re.search(r'name="toch" value="ja"', asked.text)
    sure = await visitor.post(path(made), data={key: text, "toch": "ja"})
    assert (sure.status_code, await kept()) == (303, {key: text})


async def test_a_name_of_a_group_is_asked_about_and_of_an_organisation_not(client) -> None:
    made = await scene(1)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    key = made.criteria[0].key
    visitor = await at(client, made.secretary)
    for kind, status in (("person", 422), ("group", 422), ("organisation", 303)):
        await Initiative.all().update(kind=kind, name="Fatima Jansen")
        answer = await visitor.post(path(made), data={key: "Mooi gedaan, mevrouw Jansen."})
        assert (kind, answer.status_code) == (kind, status)


async def test_two_who_write_at_once_both_keep_their_text(client) -> None:
    made = await scene(1)
    await made.judge_all(made.chair)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    key = made.criteria[0].key
    visitor = await at(client, made.chair)
    await write_reason(made.secretary, made.ids[0], key, "Van de secretaris.", REVIEW)
    late = await visitor.post(path(made), data={key: "Van de voorzitter.", f"{key}.was": ""})
    assert late.status_code == 409
    assert "Iemand anders schreef hier intussen ook iets" in late.text
    assert "Van de voorzitter.</textarea>" in late.text
    assert "Nu bewaard: Van de secretaris." in late.text
    assert f'name="{key}.was" value="Van de secretaris."' in late.text
    again = {key: "Van ons beiden.", f"{key}.was": "Van de secretaris."}
    assert (await visitor.post(path(made), data=again)).status_code == 303
    assert await kept() == {key: "Van ons beiden."}


async def test_too_long_and_too_late_keep_the_text(client) -> None:
    made = await scene(1)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    key = made.criteria[0].key
    visitor = await at(client, made.secretary)
    long = await visitor.post(path(made), data={key: "w" * 2001})
    assert (long.status_code, "w" * 2001 in long.text) == (409, True)
    await Application.filter(public_id=made.ids[0]).update(stage="allocated")
    late = await visitor.post(path(made), data={key: "Te laat."})
    assert (late.status_code, "De redenen staan vast." in late.text) == (409, True)
    assert "Het advies is gegeven" in (await visitor.get(path(made))).text


async def test_queries_stay_the_same_with_more_members(client, query_count) -> None:
    made = await scene(1)
    await made.judge_all(made.ada)
    await declare(made.secretary, made.ids[0], NONE, REVIEW)
    visitor = await at(client, made.secretary)
    counts = []
    for _ in range(2):
        with query_count() as queries:
            await visitor.get(path(made))
        counts.append(len(queries))
        await made.judge_all(made.bo, made.chair)
    assert counts == [9, 9]
