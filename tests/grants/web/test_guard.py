import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from grants.web.guard import SECURE_HEADERS, file_route, page_route
from tests.grants.web.conftest import FORM, Town

changed: list[str] = []


async def show(_: Request) -> Response:
    return PlainTextResponse("shown")


async def change(request: Request) -> Response:
    changed.append(request.method)
    return PlainTextResponse("changed")


@pytest.fixture
def client(town: Town) -> httpx2.AsyncClient:
    changed.clear()
    return town.browser(
        page_route("/open", "public.read", get=show, post=change, name="open"),
        page_route("/eigen", "session.own", get=show, post=change, name="own"),
        page_route("/balie", "desk.read", get=show, post=change, post_act="decision.make", name="desk"),
        page_route("/alleen-post", "public.read", post=change, name="post"),
        file_route("/bestand", show, name="file"),
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_reading_only_ever_reaches_get(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/open", headers=FORM)
    assert (response.status_code, changed) == (200, [])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post"])
async def test_nothing_but_a_post_reaches_post(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/alleen-post", headers=FORM)
    if method == "post":
        assert (response.status_code, changed) == (200, ["POST"])
    else:
        assert (response.status_code, response.headers["allow"], changed) == (405, "POST", [])


def headers(site: str | None = None, origin: str | None = None) -> dict[str, str]:
    given = {"sec-fetch-site": site, "origin": origin}
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize(
    "sent",
    [
        headers("same-origin"),
        headers("same-origin", "null"),
        headers(None, "http://127.0.0.1:8000"),
    ],
)
async def test_a_form_of_our_own_is_taken(client: httpx2.AsyncClient, sent: dict[str, str]) -> None:
    assert (await client.post("/open", headers=sent)).text == "changed"


@pytest.mark.parametrize(
    "sent",
    [
        headers(),
        headers("cross-site"),
        headers("same-site"),
        headers("none"),
        headers(""),
        headers("cross-site", "http://127.0.0.1:8000"),
        headers(None, "null"),
        headers(None, ""),
        headers(None, "http://127.0.0.1:8001"),
        headers(None, "https://127.0.0.1:8000"),
        headers(None, "http://127.0.0.1:8000.evil.nl"),
        headers(None, "http://evil.nl"),
    ],
)
async def test_a_form_from_elsewhere_is_refused(client: httpx2.AsyncClient, sent: dict[str, str]) -> None:
    response = await client.post("/open", headers=sent)
    assert (response.status_code, changed) == (403, [])
    assert "Dit formulier komt niet van onze website." in response.text


async def test_a_visitor_is_sent_to_sign_in_and_back(client: httpx2.AsyncClient) -> None:
    response = await client.get("/eigen?stap=2&x=%26")
    assert response.status_code == 303
    assert response.headers["location"] == "/inloggen?next=%2Feigen%3Fstap%3D2%26x%3D%2526"


async def test_what_was_typed_outlives_the_session(client: httpx2.AsyncClient, town: Town) -> None:
    response = await client.post("/eigen?stap=2", content="plan=a+%3Cb%3E%0D%0Ac&plan=d", headers=FORM)
    assert (response.status_code, changed) == (403, [])
    assert '<form method="post" action="/eigen?stap=2"' in response.text
    assert '<input type="hidden" name="plan" value="a &lt;b&gt;\r\nc">' in response.text
    assert '<input type="hidden" name="plan" value="d">' in response.text
    assert response.headers["cache-control"] == "no-cache"


async def test_a_role_that_does_not_fit_is_told_so(client: httpx2.AsyncClient, town: Town) -> None:
    town.admit(client, "applicant")
    response = await client.get("/balie")
    assert response.status_code == 403
    assert "Dit hoort niet bij uw rol." in response.text


async def test_reading_and_changing_may_be_two_acts(client: httpx2.AsyncClient, town: Town) -> None:
    town.admit(client, "auditor")
    assert (await client.get("/balie")).text == "shown"
    assert (await client.post("/balie", headers=FORM)).status_code == 403
    town.admit(client, "officer")
    assert (await client.post("/balie", headers=FORM)).text == "changed"


def test_a_route_knows_its_acts() -> None:
    route = page_route("/balie", "desk.read", get=show, post=change, post_act="decision.make", name="desk")
    assert route.acts == {"GET": "desk.read", "POST": "decision.make"}
    assert file_route("/bestand", show, name="file").acts == {"GET": "public.read"}


async def test_what_a_person_reads_is_not_kept(client: httpx2.AsyncClient, town: Town) -> None:
    assert (await client.get("/open")).headers["cache-control"] == "no-cache"
    town.admit(client, "applicant")
    assert (await client.get("/open")).headers["cache-control"] == "no-store"
    assert "cache-control" not in (await client.get("/bestand")).headers


@pytest.mark.parametrize("path", ["/open", "/bestand", "/nergens", "/eigen"])
async def test_every_answer_carries_the_strict_headers(client: httpx2.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert {name: response.headers[name] for name in SECURE_HEADERS} == SECURE_HEADERS
    assert "strict-transport-security" not in response.headers


async def test_on_https_the_browser_must_stay_there() -> None:
    client = Town("https://fonds.example").browser(page_route("/", "public.read", get=show, name="open"))
    assert (await client.get("/")).headers["strict-transport-security"] == "max-age=31536000"


async def test_a_page_may_set_a_header_of_its_own(town: Town) -> None:
    async def shared(_: Request) -> Response:
        return PlainTextResponse("data", headers={"cross-origin-resource-policy": "cross-origin"})

    response = await town.browser(file_route("/", shared, name="data")).get("/")
    assert response.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
