"""What a page keeps while somebody types: only what can be kept, never over somebody else's, never sent in."""

import pytest

from committee.store.reviews import Review
from grants.access import Actor
from grants.pages.answers import SEEN
from grants.store.applications import Application, answers_of
from tests.committee.scene import scene
from tests.factories import REVIEW
from tests.pages.test_answers import budget, seen, started
from tests.pages.test_review import CASE, at, filled
from tests.pages.test_review import seen as review_seen

pytestmark = pytest.mark.anyio

BY_ITSELF = {"accept": "application/json"}
NOT_YET = {"said": "Nog niet bewaard. Dit antwoord is nog niet af."}


async def kept() -> dict:
    return await answers_of((await Application.get()).id)


async def test_answer_is_kept_and_the_next_one_stands_on_it(client) -> None:
    path = f"{await started(client)}/vraag/plan"
    stamp = ""
    for text in ("Wij", "Wij koken"):
        answer = await client.post(path, data={"plan": text, SEEN: stamp}, headers=BY_ITSELF)
        assert answer.status_code == 200
        assert answer.json()["said"] == "Bewaard om 11.00 uur."
        assert await kept() == {"plan": text}
        stamp = answer.json()["seen"]
    assert stamp == await seen(client, path)
    button = await client.post(path, data={"plan": "Wij koken samen", SEEN: stamp})
    assert button.status_code == 303


async def test_it_is_said_in_the_language_of_the_page(client) -> None:
    path = f"{await started(client)}/vraag/plan"
    client.cookies.set("taal", "en")
    answer = await client.post(path, data={"plan": "Cook", SEEN: ""}, headers=BY_ITSELF)
    assert answer.json()["said"] == "Saved at 11:00."


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("plan", {"plan": ""}),
        ("plan", {"plan": "a" * 3001}),
        ("people", {"people": "vijf"}),
        ("when", {"when": "1-"}),
        ("where", {}),
        ("budget", budget(("Huur", "", ""))),
        ("budget", budget(("Huur", "5", "6"))),
    ],
)
async def test_half_an_answer_changes_nothing_and_marks_no_error(client, key, typed) -> None:
    path = f"{await started(client)}/vraag/{key}"
    answer = await client.post(path, data=typed or {SEEN: ""}, headers=BY_ITSELF)
    assert (answer.status_code, answer.json()) == (200, NOT_YET)
    assert await kept() == {}


async def test_emptied_answer_stays_until_a_button_takes_it_away(client) -> None:
    path = f"{await started(client)}/vraag/budget"
    await client.post(path, data=budget(("Huur", "500", "100")))
    stamp = await seen(client, path)
    answer = await client.post(path, data={**budget(("", "", "")), SEEN: stamp}, headers=BY_ITSELF)
    assert answer.json() == NOT_YET
    assert (await Application.get()).asked_cents == 50_000


async def test_what_another_device_wrote_is_never_lost(client) -> None:
    path = f"{await started(client)}/vraag/plan"
    await client.post(path, data={"plan": "Van de telefoon", SEEN: ""})
    answer = await client.post(path, data={"plan": "Van de computer", SEEN: ""}, headers=BY_ITSELF)
    assert (answer.status_code, answer.json()["stop"]) == (409, True)
    assert answer.json()["said"].startswith("Dit is intussen ook ergens anders veranderd.")
    assert await kept() == {"plan": "Van de telefoon"}
    by_hand = await client.post(path, data={"plan": "Van de computer", SEEN: ""})
    assert by_hand.status_code == 409
    for text in ("Van de telefoon", "Van de computer</textarea>"):
        assert text in by_hand.text


async def test_more_lines_do_not_hide_what_another_device_wrote(client) -> None:
    path = f"{await started(client)}/vraag/budget"
    await client.post(path, data=budget(("Huur", "500", "100")))
    answer = await client.post(path, data={**budget(("Eten", "1", "1")), SEEN: "", "knop-regels": "6"})
    assert answer.status_code == 409
    assert "Dit staat er nu bewaard" in answer.text
    assert (await Application.get()).asked_cents == 50_000


async def test_round_that_closed_ends_it_and_says_so(client) -> None:
    path = f"{await started(client)}/vraag/plan"
    client.clock.now = REVIEW
    await client.sign_in(Actor(person_id=(await Application.get()).person_id))
    answer = await client.post(path, data={"plan": "Te laat", SEEN: ""}, headers=BY_ITSELF)
    assert (answer.status_code, answer.json()["stop"]) == (409, True)
    assert "De ronde is gesloten." in answer.json()["said"]
    assert await kept() == {}


async def test_only_the_owner_from_a_page_of_ours(client) -> None:
    path = f"{await started(client)}/vraag/plan"
    for visitor, headers in (
        (client.another(), BY_ITSELF),
        (client, {**BY_ITSELF, "sec-fetch-site": "cross-site"}),
    ):
        assert (await visitor.post(path, data={"plan": "x"}, headers=headers)).status_code == 403
    assert await kept() == {}


async def test_draft_of_a_judgement_is_kept_but_never_in(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    page = (await visitor.get(path)).text
    assert "data-autosave" in page
    sent = filled(made) | {"klaar": "ja", "gezien": review_seen(page)}
    answer = await visitor.post(path, data=sent, headers=BY_ITSELF)
    assert answer.status_code == 200
    assert (await Review.get()).done_at is None
    assert answer.json()["seen"] == review_seen((await visitor.get(path)).text)
    stale = await visitor.post(path, data=sent, headers=BY_ITSELF)
    assert (stale.status_code, stale.json()["stop"]) == (409, True)


async def test_judgement_that_is_in_changes_by_a_button_only(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    await visitor.post(
        path, data=filled(made) | {"klaar": "ja", "gezien": review_seen((await visitor.get(path)).text)}
    )
    page = (await visitor.get(f"{path}?aanpassen=ja")).text
    assert "data-autosave" not in page
    changed = filled(made, "1") | {"gezien": review_seen(page)}
    answer = await visitor.post(path, data=changed, headers=BY_ITSELF)
    assert (answer.status_code, answer.json()["stop"]) == (409, True)
    assert {score.value for score in await (await Review.get()).scores.all()} == {4}
