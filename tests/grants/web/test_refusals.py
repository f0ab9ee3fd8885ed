import logging
import re

import httpx2
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Forbidden, NotFound, Refusal, Stale
from grants.web.guard import SECURE_HEADERS, page_route
from grants.web.say import environment
from tests.grants.web.conftest import Town


async def answer(town: Town, error: Exception, language: str = "nl") -> httpx2.Response:
    async def fail(_: Request) -> Response:
        raise error

    client = town.browser(page_route("/", "public.read", get=fail, name="fail"))
    return await client.get("/", headers={"accept-language": language})


def heading(response: httpx2.Response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (Refusal("Nee."), 409, "Dit kan nu niet"),
        (Stale("Nee."), 409, "Dit kan nu niet"),
        (NotFound("Nee."), 404, "Deze pagina is er niet"),
        (Forbidden("Nee."), 403, "Dit mag u niet doen"),
        (HTTPException(404), 404, "Deze pagina is er niet"),
        (HTTPException(405, headers={"allow": "GET"}), 405, "Dit kan hier niet"),
        (HTTPException(413), 413, "Dit is te veel"),
        (HTTPException(429, headers={"retry-after": "60"}), 429, "Even wachten"),
        (HTTPException(418), 418, "Dit lukte niet"),
    ],
)
async def test_every_no_is_a_page_with_its_status(
    town: Town, error: Exception, status: int, title: str
) -> None:
    response = await answer(town, error)
    assert (response.status_code, heading(response)) == (status, title)
    assert response.headers["cache-control"] == "no-store"
    for name, value in (getattr(error, "headers", None) or {}).items():
        assert response.headers[name] == value


async def test_a_refusal_is_said_in_the_visitors_language_with_its_values(town: Town) -> None:
    refusal = Refusal(
        "Het bedrag bij “{label}” is te hoog. Het hoogste bedrag is {most:euro}.", label="<i>", most=100000
    )
    assert (
        "The amount at “&lt;i&gt;” is too high. The highest amount is €1,000."
        in (await answer(town, refusal, "en")).text
    )


async def test_a_missing_page_still_greets_who_is_signed_in(town: Town) -> None:
    client = town.browser()
    town.admit(client, "applicant")
    response = await client.get("/nergens")
    assert response.status_code == 404
    assert "Fatma" in response.text


async def test_a_crash_tells_a_number_and_nothing_else(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "grants.web.refusals"):
        response = await answer(town, RuntimeError("secret of the database"))
    assert (response.status_code, heading(response)) == (500, "Er ging iets mis bij ons")
    found = re.search(r"<strong>([0-9A-F]{8})</strong>", response.text)
    assert found
    assert "secret" not in response.text
    assert f"failure {found[1]}: GET /" in caplog.text
    assert "secret of the database" in caplog.text
    assert {name: response.headers[name] for name in SECURE_HEADERS} == SECURE_HEADERS
    assert response.headers["cache-control"] == "no-store"


async def test_a_crash_is_calm_even_when_its_page_is_broken(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment("nl"), "get_template", None)
    response = await answer(town, RuntimeError("x"))
    assert response.status_code == 500
    assert re.fullmatch(r"Er ging iets mis\. Meld ons dit nummer: [0-9A-F]{8}", response.text)
