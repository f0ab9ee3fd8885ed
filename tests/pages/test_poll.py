"""Opening, counting and the outcome: what a chair sees beforehand, and what nobody sees of others."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest

from committee.conflict import NONE
from committee.steps.allocate import allocate
from committee.steps.recuse import declare
from committee.steps.vote import cast
from committee.store.ballots import Poll
from committee.store.members import Seat
from grants.access import Actor
from grants.store.applications import Application
from grants.store.decisions import Advice, ProposalRow
from grants.store.funds import Round
from tests.committee.scene import SEED, Scene, scene
from tests.factories import AFTER_VOTE, REVIEW, VOTING, member, person, submitted

pytestmark = pytest.mark.anyio

SURE = {"seed": SEED, "zeker": "ja"}


def path(made: Scene, end: str) -> str:
    return f"/commissie/rondes/{made.round.public_id}/{end}"


async def at(client, actor, now):
    client.clock.now = now
    return await client.another().sign_in(actor)


async def text_of(client, actor: Actor, where: str, now) -> str:
    answer = await (await at(client, actor, now)).get(where)
    assert answer.status_code == 200
    return html.unescape(answer.text)


async def voted(plans: int = 2) -> Scene:
    """Everybody judged, the reasons are written, and three members voted."""
    made = await scene(plans)
    await made.judge_all(made.ada, made.bo, made.chair)
    await made.reasons()
    await made.poll()
    for actor, marks in ((made.ada, made.ids), (made.bo, made.ids[:1]), (made.chair, made.ids[:1])):
        await cast(actor, made.round.public_id, marks, False, VOTING)
    return made


async def test_doors_around_the_poll(client) -> None:
    made = await scene(1)
    auditor = await person("Anne Controle", "auditor")
    everybody = {
        "ada": (403, 200, 303), "chair": (200, 200, 303), "secretary": (403, 200, 303),
        "officer": (403, 403, 403), "applicant": (403, 403, 403),
    }  # fmt: skip
    people = {who: getattr(made, who) for who in everybody} | {"auditor": auditor}
    for who, statuses in {**everybody, "auditor": (403, 403, 403)}.items():
        visitor = await at(client, people[who], VOTING)
        found = [(await visitor.get(path(made, end))).status_code for end in ("openen", "tellen", "uitslag")]
        assert (who, *found) == (who, *statuses)
        if who != "chair":
            assert (await visitor.post(path(made, "openen"), data=SURE)).status_code == 403
            assert (await visitor.post(path(made, "tellen"), data={"x": ""})).status_code == 403
    for end in ("openen", "tellen", "uitslag"):
        assert (await client.get(path(made, end))).headers["location"].startswith("/inloggen")
        missing = await (await at(client, made.chair, VOTING)).get(f"/commissie/rondes/{'0' * 32}/{end}")
        assert missing.status_code == 404
    assert await Poll.all().count() == 0


async def test_a_chair_of_another_fund_finds_nothing_here(client) -> None:
    made = await scene(1)
    await Seat.filter(person_id=made.chair.person_id).update(role="member")
    chair = await at(client, made.chair, VOTING)
    client.app.state.sessions.__dict__["roles_beside"] = _always_chair
    assert (await chair.get(path(made, "openen"))).status_code == 403
    await Seat.filter(person_id=made.chair.person_id).update(until=REVIEW)
    assert (await chair.get(path(made, "openen"))).status_code == 404
    assert (await chair.post(path(made, "openen"), data=SURE)).status_code == 404


async def _always_chair(_: int) -> frozenset[str]:
    return frozenset({"chair"})


async def test_opening_says_what_would_stop_and_why(client) -> None:
    made = await scene(4)
    fine, low, few, unjudged = made.plans
    for actor in (made.ada, made.bo, made.chair):
        await made.judge(actor, fine, 4)
        await made.judge(actor, low, 2)
    await made.judge(made.chair, few, 5)
    for actor in (made.ada, made.bo):
        await made.judge(actor, unjudged, 1, "Verborgen")
    text = await text_of(client, made.chair, path(made, "openen"), VOTING)
    assert "1 plan komt op het stembriefje." in text
    assert "2 plannen gaan nu niet door:" in text
    assert "De middelste score van deze aanvraag is 2. Ten minste 3 was nodig." in text
    assert "Te weinig leden hebben deze aanvraag beoordeeld: 1 van de 3. Er waren er 2 nodig." in text
    assert "Over 1 plan heeft u zelf nog niet geoordeeld." in text
    assert unjudged.title not in text
    assert made.round.frozen["committee"]["ties"]["seed_source"] in text
    await declare(made.chair, low.public_id, "family", REVIEW)
    text = await text_of(client, made.chair, path(made, "openen"), VOTING)
    assert low.title not in text
    assert "1 plan gaat nu niet door:" in text


async def test_opening_needs_the_dice_and_a_cross(client) -> None:
    made = await scene(1)
    await made.judge_all(made.ada, made.bo, made.chair)
    visitor = await at(client, made.chair, VOTING)
    empty = await visitor.post(path(made, "openen"), data={"seed": " "})
    assert empty.status_code == 422
    assert "Vul de cijfers in die zijn gegooid" in empty.text
    assert "Zet een kruisje" in empty.text
    unsure = await visitor.post(path(made, "openen"), data={"seed": SEED})
    assert (unsure.status_code, f'value="{SEED}"' in unsure.text) == (422, True)
    long = await visitor.post(path(made, "openen"), data={"seed": "9" * 201, "zeker": "ja"})
    assert (long.status_code, "Dit zijn te veel cijfers" in long.text) == (422, True)
    assert await Poll.all().count() == 0
    opened = await visitor.post(path(made, "openen"), data=SURE)
    assert opened.headers["location"] == "/commissie?gezegd=open"
    assert (await Poll.get()).seed == SEED
    again = await visitor.post(path(made, "openen"), data={"seed": "1", "zeker": "ja"})
    assert (again.status_code, (await Poll.get()).seed) == (303, SEED)
    assert SEED in await text_of(client, made.chair, path(made, "openen"), VOTING)


async def test_opening_has_its_time_and_waits_for_the_municipality(client) -> None:
    made = await scene(1)
    opens = made.round.ballot_opens_at
    early = await at(client, made.chair, opens - timedelta(seconds=1))
    assert (
        "U kunt de stemming openen van 16 november 2026 om 9.00 uur"
        in (await early.get(path(made, "openen"))).text
    )
    refused = await early.post(path(made, "openen"), data=SURE)
    assert (refused.status_code, "De stemming kan open van" in refused.text) == (409, True)
    await submitted(made.applicant, made.round, "Nog niet bekeken")
    text = await text_of(client, made.chair, path(made, "openen"), opens)
    assert "De gemeente kijkt nog 1 aanvraag na." in text
    assert 'name="seed"' not in text
    refused = await (await at(client, made.chair, opens)).post(path(made, "openen"), data=SURE)
    assert (refused.status_code, "nog niet klaar met aanvraag 2026-002" in refused.text) == (409, True)


async def test_counting_waits_and_says_what_is_missing(client) -> None:
    made = await scene(3)
    await made.judge_all(made.ada, made.bo, made.chair)
    assert "nog niet open" in await text_of(client, made.ada, path(made, "tellen"), VOTING)
    await declare(made.chair, made.ids[2], "family", REVIEW)
    await made.reasons(made.plans[0])
    poll = await made.poll()
    await cast(made.bo, made.round.public_id, made.ids, False, VOTING)
    text = await text_of(client, made.ada, path(made, "tellen"), VOTING)
    assert "De leden stemmen nog." in text
    assert "Ingeleverd" not in text
    for actor in (made.chair, made.secretary):
        assert "Ingeleverd: 1 van de 3" in await text_of(client, actor, path(made, "tellen"), VOTING)
    text = await text_of(client, made.chair, path(made, "tellen"), poll.closes_at)
    assert f"{made.ids[1]}/redenen" in text
    assert made.ids[2] not in text
    assert "bij een plan waar u niet bij meedoet" in text
    assert "Tel de stemmen" not in text
    chair = await at(client, made.chair, poll.closes_at)
    refused = await chair.post(path(made, "tellen"), data={"x": ""})
    assert (refused.status_code, (await Poll.get()).counted_at) == (409, None)
    assert "De voorzitter laat de stemmen tellen" in await text_of(
        client, made.ada, path(made, "tellen"), poll.closes_at
    )


async def test_counting_is_for_the_chair_once_after_the_last_second(client) -> None:
    made = await voted()
    poll = await Poll.get()
    early = await at(client, made.chair, poll.closes_at - timedelta(microseconds=1))
    refused = await early.post(path(made, "tellen"), data={"x": ""})
    assert (refused.status_code, "Tellen kan vanaf 4 december 2026 om 17.00 uur" in refused.text) == (
        409,
        True,
    )
    chair = await at(client, made.chair, poll.closes_at)
    assert "Tel de stemmen" in (await chair.get(path(made, "tellen"))).text
    counted = await chair.post(path(made, "tellen"), data={"x": ""})
    assert counted.headers["location"] == path(made, "uitslag")
    assert (await Poll.get()).counted_at == poll.closes_at
    assert (await chair.get(path(made, "tellen"))).headers["location"] == path(made, "uitslag")
    again = await chair.post(path(made, "tellen"), data={"x": ""})
    assert again.status_code == 303
    assert await Advice.all().count() == 1


async def test_the_outcome_with_its_explanation_and_what_is_left(client) -> None:
    made = await voted()
    await allocate(made.chair, made.round.public_id, AFTER_VOTE)
    text = await text_of(client, made.ada, path(made, "uitslag"), AFTER_VOTE)
    for shown in ("Toegekend", "€\u00a05.000", "In de pot", "€\u00a090.000", "Houd het nog voor uzelf"):
        assert shown in text
    explanation = json.loads((await ProposalRow.get(application__public_id=made.ids[0])).explanation)
    assert "Het plan krijgt {cents:euro}" in explanation["text"]
    assert "Aantal mensen dat het plan steunde: 3 van 3." in text
    assert "/resultaten/2026/telling" not in text
    await Round.all().update(published_at=AFTER_VOTE)
    assert "/resultaten/2026/telling" in await text_of(client, made.ada, path(made, "uitslag"), AFTER_VOTE)


async def test_the_outcome_hides_what_one_stands_aside_from_and_the_totals_with_it(client) -> None:
    made = await scene(3)
    await member(made.round, "Tom Aanvrager")
    await declare(made.ada, made.ids[0], "family", REVIEW)
    for plan in made.plans[1:]:
        await declare(made.ada, plan.public_id, NONE, REVIEW)
    await made.judge_all(made.bo, made.chair, await member(made.round, "Lid C"))
    await made.reasons()
    await made.poll()
    for actor in (made.bo, made.chair):
        await cast(actor, made.round.public_id, made.ids, False, VOTING)
    await allocate(made.chair, made.round.public_id, AFTER_VOTE)
    hidden = made.plans[0]
    text = await text_of(client, made.ada, path(made, "uitslag"), AFTER_VOTE)
    for secret in (
        hidden.title,
        str(hidden.number),
        hidden.public_id,
        "Blijft over",
        "blijft",
        "€\u00a085.000",
    ):
        assert secret not in text
    assert all(plan.title in text for plan in made.plans[1:])
    whole = await text_of(client, made.bo, path(made, "uitslag"), AFTER_VOTE)
    assert hidden.title in whole
    assert "Blijft over" in whole
    assert "het lot besliste." in whole
    tom = await at(client, made.applicant, AFTER_VOTE)
    own = (await tom.get(path(made, "uitslag"))).text
    assert not any(plan.title in own for plan in made.plans)


@pytest.mark.parametrize("plans", [1, 3])
async def test_queries_are_the_same_for_one_and_three(client, query_count, plans: int) -> None:
    made = await scene(plans)
    await made.judge_all(made.ada, made.bo, made.chair)
    counts = []

    async def ask(actor: Actor, end: str, now) -> None:
        visitor = await at(client, actor, now)
        with query_count() as queries:
            assert (await visitor.get(path(made, end))).status_code == 200
        counts.append(len(queries))

    await ask(made.chair, "openen", VOTING)
    await made.reasons()
    await made.poll()
    await ask(made.chair, "tellen", VOTING)
    await cast(made.ada, made.round.public_id, made.ids, False, VOTING)
    await allocate(made.chair, made.round.public_id, AFTER_VOTE)
    await ask(made.ada, "uitslag", AFTER_VOTE)
    assert counts == [19, 11, 10]
    assert await Application.filter(stage="allocated").count() == plans
