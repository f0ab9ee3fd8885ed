"""What had better not stand in an answer: told once with the reason, kept all the same, and never in the way."""

import re

import pytest

from grants.application import Stage
from grants.pages.answers import SEEN
from grants.pages.caution import TOLD
from grants.steps.draft import begin, save_answer
from grants.store.applications import Application, answers_of
from tests.factories import OPEN, draft, opened_round, person

pytestmark = pytest.mark.anyio
PLAN = "Bel mij op 06-12345678. Ik heb ADHD."
TITLE = "Wilt u dit nog eens lezen?"


async def started(client) -> str:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await begin(fatma, round_.public_id, "sleutel", OPEN)
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}"


async def hidden(client, path: str) -> dict[str, str]:
    text = (await client.get(path)).text
    return {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in (SEEN, TOLD)}


async def kept() -> dict:
    return await answers_of((await Application.get()).id)


async def test_answer_with_something_private_is_kept_and_told_with_the_reason(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/plan"
    answer = await client.post(path, data={"plan": PLAN} | await hidden(client, path))
    assert answer.headers["location"] == f"{path}?let-op=verder"
    assert await kept() == {"plan": PLAN}
    text = (await client.get(f"{path}?let-op=verder")).text
    assert TITLE in text
    assert "“06-12345678” lijkt een telefoonnummer. Anderen lezen dit ook." in text
    assert "“ADHD” zegt iets over iemands gezondheid. Dat hoeft niemand te weten." in text
    assert re.search(r'href="#plan">Pas aan<', text)
    assert re.search(rf'href="{base}/vraag/together">Laat het zo staan<', text)


async def test_what_was_told_is_not_told_again_but_something_new_is(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/plan"
    await client.post(path, data={"plan": PLAN} | await hidden(client, path))
    assert TITLE not in (await client.get(path)).text
    answer = await client.post(path, data={"plan": f"{PLAN} Echt."} | await hidden(client, path))
    assert answer.headers["location"] == f"{base}/vraag/together"
    answer = await client.post(
        path, data={"plan": f"{PLAN} fatma@voorbeeld.example"} | await hidden(client, path)
    )
    assert answer.headers["location"] == f"{path}?let-op=verder"


async def test_who_stops_or_came_to_change_one_thing_goes_on_there(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/plan"
    answer = await client.post(path, data={"plan": PLAN, "knop-naar": "overzicht"})
    assert answer.headers["location"] == f"{path}?let-op=overzicht"
    assert f'href="{base}">Laat het zo staan<' in (await client.get(answer.headers["location"])).text
    data = {"plan": f"{PLAN} 111222333", "na-bewaren": "controleren"} | await hidden(client, path)
    answer = await client.post(path, data=data)
    assert answer.headers["location"] == f"{path}?let-op=verder&na-bewaren=controleren"
    assert (
        f'href="{base}/controleren">Laat het zo staan<' in (await client.get(answer.headers["location"])).text
    )


async def test_answer_with_nothing_private_goes_on(client) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Wij koken voor 60 mensen op 1 mei."})
    assert answer.headers["location"] == f"{base}/vraag/together"
    assert TITLE not in (await client.get(f"{base}/vraag/plan?let-op=verder")).text


async def test_keeping_by_itself_tells_it_too(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/plan"
    page = await hidden(client, path)
    answer = await client.post(path, data={"plan": PLAN} | page, headers={"accept": "application/json"})
    assert answer.json()["said"].endswith(
        "Let op: “06-12345678” lijkt een telefoonnummer. Anderen lezen dit ook."
    )
    data = {"plan": PLAN} | page | {SEEN: answer.json()["seen"]}
    assert (await client.post(path, data=data)).headers["location"] == f"{path}?let-op=verder"


async def test_check_page_tells_it_and_sending_goes_on(client) -> None:
    round_, fatma = await opened_round(), await person("Fatma", "applicant")
    made = await draft(fatma, round_)
    await save_answer(fatma, made.public_id, "plan", PLAN, OPEN)
    lines = [{"what": "Cursus over ADHD", "wished": "500", "least": "100"}]
    await save_answer(fatma, made.public_id, "budget", lines, OPEN)
    await client.sign_in(fatma)
    check = f"/aanvragen/{made.public_id}/controleren"
    text = (await client.get(check)).text
    assert TITLE in text
    assert text.count("lijkt een telefoonnummer") == 1
    assert text.count("zegt iets over iemands gezondheid") == 2
    assert f"{made.public_id}/vraag/budget?na-bewaren=controleren" in text
    assert (await client.post(check)).headers["location"].endswith("/ontvangst")
    assert (await Application.get()).at is Stage.SUBMITTED
