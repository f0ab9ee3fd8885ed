"""A form sent thirty-two times at once, as by a shaking hand on a slow connection: one effect, one answer."""

import asyncio
import re
from collections import Counter

import httpx2
import pytest
from tortoise import Tortoise

from deploy.app import ACTS
from deploy.database import APPS
from grants.access import ANYBODY, APPLICANT, Actor, may
from grants.store.limits import Used
from tests.house.test_routes import LISTED
from tests.pages.conftest import Visitor
from tests.pages.officers import town
from tests.pages.sheets import FORMS, Sheet
from tests.pages.sheets_sent import SENT_FORMS

pytestmark = pytest.mark.anyio

TIMES = 32
ALL = FORMS | SENT_FORMS
EACH_TIME_ANEW = {"/mijn/gegevens": "a copy for oneself: only that it was taken is written down"}


def test_every_form_of_an_applicant_is_tried() -> None:
    applicant = Actor(person_id=1, roles=frozenset({APPLICANT}))
    routes = {
        route
        for method, route, act in map(str.split, LISTED.read_text(encoding="utf-8").splitlines())
        if method == "POST"
        and act != "demo.read"
        and any(may(ACTS, one, act).allowed for one in (ANYBODY, applicant))
    }
    assert routes == {route.rstrip("?") for route in ALL} | set(EACH_TIME_ANEW)


@pytest.mark.parametrize("route", ALL)
async def test_sent_many_times_at_once_is_sent_once(client: Visitor, route: str) -> None:
    sheets = await ALL[route](await town(), client)
    client.clock.now = sheets[0].now
    once, often = [await ready(client, sheet) for sheet in sheets]
    start = await rows()
    (answer,) = await sent(once, sheets[0], 1)
    middle = await rows()
    answers = await sent(often, sheets[1], TIMES)
    end = await rows()
    assert {table: end[table] - middle[table] for table in end} == {
        table: middle[table] - start[table] for table in end
    }
    assert Counter(answers) == {answers[0]: TIMES}
    assert answer[0] == 303
    assert [without_ids(one) for one in (answer, answers[0])] == [without_ids(answer)] * 2


async def ready(client: Visitor, sheet: Sheet) -> Visitor:
    """The browser in which the form stands."""
    visitor = sheet.visitor or client.another()
    return visitor if sheet.who is None else await visitor.sign_in(sheet.who)


async def sent(visitor: Visitor, sheet: Sheet, times: int) -> list[tuple[int, str]]:
    """Status and address of each answer to the form, sent this many times at the same moment."""
    browsers = [visitor.another() for _ in range(times)]
    for browser in browsers:
        browser.cookies = httpx2.Cookies(visitor.cookies)
    answers = await asyncio.gather(*[browser.post(sheet.path, data=sheet.fields) for browser in browsers])
    told = [
        one.headers.get("location", one.text).partition("?voor=")[0] for one in answers
    ]  # sealed anew each time
    return [(one.status_code, where) for one, where in zip(answers, told, strict=True)]


def without_ids(answer: tuple[int, str]) -> tuple[int, str]:
    return answer[0], re.sub(r"[0-9a-f]{32}", "", answer[1])


async def rows() -> dict[str, int]:
    """How many rows each table has; what limits remember of the sending itself is no effect."""
    models = [model for app in APPS for model in Tortoise.apps[app].values() if model is not Used]
    return {model._meta.db_table: await model.all().count() for model in models}
