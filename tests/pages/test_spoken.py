"""Answers told aloud: beside the text or instead of it, and nothing that was typed is lost."""

import re
from datetime import timedelta

import pytest

from grants.pages import files as page_of
from grants.pages.answers import SEEN
from tests import uploads as sample
from tests.pages.sending import VOICE, begun, kept, lying, say_aloud, started

pytestmark = pytest.mark.anyio


async def test_sound_stands_beside_the_text_and_nothing_typed_is_lost(client) -> None:
    base = await begun(client)
    answer = await say_aloud(client, base, plan="Half getypt")
    assert answer.headers["location"] == f"{base}/vraag/plan?gezegd=toegevoegd"
    assert await kept("plan") == "Half getypt"
    (entry,) = await kept(VOICE)
    page = await client.get(f"{base}/vraag/plan")
    assert f'<audio controls preload="none" src="{base}/bestanden/{entry["id"]}"' in page.text
    seen = re.search(rf'name="{SEEN}" value="([^"]*)"', page.text)[1]
    refused = await say_aloud(client, base, sample.FILM, plan="Langer getypt", **{SEEN: seen})
    assert "“opname.webm” is een film" in refused.text
    assert "Langer getypt" in refused.text
    assert await kept("plan") == "Langer getypt"
    long = await say_aloud(client, base, sample.OGG, plan="x" * 3001)
    assert (long.status_code, "x" * 3001 in long.text) == (409, True)
    assert len(await kept(VOICE)) == 2


async def test_limits_of_a_recording_are_said_beforehand_and_hold(client) -> None:
    base = await started(client)
    page = await client.get(f"{base}/vraag/plan")
    assert "Een opname mag 5 minuten duren en 10 MB groot zijn." in page.text
    answer = await say_aloud(client, base, sample.WAV + bytes(10_000_000))
    assert "is te groot. Er is plaats voor 10 MB" in answer.text
    for place in range(4):
        answer = await say_aloud(client, base, sample.MP3 + bytes([place]))
    assert (answer.status_code, len(await kept(VOICE))) == (422, 3)


async def test_a_question_that_must_be_answered_may_be_answered_aloud_only(client) -> None:
    base = await begun(client)
    assert (await client.post(f"{base}/vraag/plan", data={"plan": ""})).status_code == 409
    assert (await say_aloud(client, base, plan="")).status_code == 303
    answer = await client.post(f"{base}/vraag/plan", data={"plan": ""})
    assert answer.headers["location"] == f"{base}/vraag/together"
    check = await client.get(f"{base}/controleren")
    assert "Wat gaat u doen?”" not in check.text
    assert "<audio" in check.text
    (entry,) = await kept(VOICE)
    await client.post(f"{base}/vraag/plan", data={page_of.REMOVE: entry["id"], "plan": ""})
    assert await kept(VOICE) == []
    assert "Wat gaat u doen?”" in (await client.get(f"{base}/controleren")).text


async def test_only_the_page_of_that_question_may_use_the_microphone(client) -> None:
    base = await started(client)
    policy = "permissions-policy"
    assert "microphone=(self)" in (await client.get(f"{base}/vraag/plan")).headers[policy]
    for path in ("/", f"{base}/vraag/together", f"{base}/vraag/papers", f"{base}/controleren"):
        assert "microphone=()" in (await client.get(path)).headers[policy]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-1", 206, slice(0, 2)), ("bytes=10-", 206, slice(10, None)), ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-99999999", 206, slice(None)), ("bytes=99999-", 416, slice(0, 0)), ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)), ("lines=1-2", 200, slice(None)), ("bytes=-", 200, slice(None)),
        ("bytes=-0", 416, slice(0, 0)),
    ],
)  # fmt: skip
async def test_a_player_may_ask_for_a_part(client, asked, status, part) -> None:
    base = await started(client)
    await say_aloud(client, base)
    (entry,) = await kept(VOICE)
    answer = await client.get(f"{base}/bestanden/{entry['id']}", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, sample.WEBM[part])
    if status == 206:
        assert int(answer.headers["content-length"]) == len(answer.content)


async def test_session_that_ended_keeps_the_text_that_came_with_a_file(client) -> None:
    base = await started(client)
    client.clock.now += timedelta(hours=3)
    answer = await say_aloud(client, base, plan="Lang over nagedacht.")
    assert (answer.status_code, "Lang over nagedacht." in answer.text) == (403, True)
    assert lying(client) == []


async def test_the_stamp_of_a_text_is_not_changed_by_sound(client) -> None:
    base = await started(client)
    seen = re.search(rf'name="{SEEN}" value="([^"]*)"', (await client.get(f"{base}/vraag/plan")).text)[1]
    await say_aloud(client, base, plan="Over Samen eten.", **{SEEN: seen})
    assert (await client.post(f"{base}/vraag/plan", data={"plan": "Nieuw.", SEEN: seen})).status_code == 303
