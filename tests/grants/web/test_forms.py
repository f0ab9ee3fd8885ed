from datetime import date

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grants.errors import Forbidden, Invalid, NotFound, Problem, Refusal, Sentence, Stale
from grants.web.body import MAX_BYTES
from grants.web.forms import Form, read_form, safe_path
from grants.web.guard import page_route
from tests.grants.web.conftest import FORM, Town


async def echo(request: Request) -> Response:
    form = await read_form(request, "naam", "wijken", "tekst")
    read = {"naam": form.text("naam"), "wijken": form.several("wijken"), "tekst": form.text("tekst")}
    return JSONResponse({**read, "problems": [problem.said.text for problem in form.problems]})


async def send(town: Town, body: bytes | str, kind: str = FORM["content-type"]) -> httpx2.Response:
    client = town.browser(page_route("/", "public.read", post=echo, name="echo"))
    return await client.post("/", content=body, headers={**FORM, "content-type": kind})


async def read(town: Town, body: bytes | str) -> dict[str, object]:
    answer: dict[str, object] = (await send(town, body)).json()
    return answer


async def test_only_the_named_fields_are_read(town: Town) -> None:
    answer = await read(town, "naam=Samen+koken&wijken=noord&wijken=oost&rol=officer")
    assert answer == {"naam": "Samen koken", "wijken": ["noord", "oost"], "tekst": "", "problems": []}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("%20a%0D%0Ab%0Dc%20", "a\nb\nc"),
        ("a%00b%1Bc%C2%85d", "abcd"),
        ("100%E2%80%AE001", "100001"),
        ("caf%C3%A9 %F0%9F%99%82", "café 🙂"),
        ("%ff%fe", "\ufffd\ufffd"),
        ("%ED%A0%80", "\ufffd\ufffd\ufffd"),
        ("50%", "50%"),
    ],
)
async def test_text_is_cleaned_and_never_breaks_us(town: Town, sent: str, kept: str) -> None:
    assert (await read(town, f"naam={sent}"))["naam"] == kept


async def test_a_text_of_1_mb_comes_back_with_a_sentence(town: Town) -> None:
    answer = await read(town, "tekst=" + "%C3%A9" * 500_000)
    assert answer["problems"] == ["Deze tekst is te lang: {chars} tekens. Er passen {most} tekens in."]
    assert answer["tekst"] == "é" * 500_000


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("naam=" + "x" * MAX_BYTES, FORM["content-type"], 413),
        ("&".join(f"veld{number}=1" for number in range(501)), FORM["content-type"], 413),
        ("{}", "application/json", 415),
        ("naam=x", "", 415),
        ("naam=x", "multipart/form-data", 415),
    ],
)
async def test_what_is_no_form_of_ours_is_refused_on_a_page(
    town: Town, body: str, kind: str, status: int
) -> None:
    response = await send(town, body, kind)
    assert response.status_code == status
    assert "<h1" in response.text


def test_typed_values_are_read_or_become_problems() -> None:
    form = Form.of(huur="1.250,50", start="13-11-2026", mensen="1.200", leeg="", fout="veel")
    assert form.amount("huur", "Huur") == 125050
    assert form.day("start", "Start") == date(2026, 11, 13)
    assert form.number("mensen", "Mensen") == 1200
    assert form.amount("leeg", "Reiskosten", required=False) is None
    assert form.problems == []
    assert form.amount("fout", "Reiskosten", required=False) is None
    assert form.day("fout", "Einde") is None
    assert form.number("leeg", "Mensen") is None
    assert [problem.field for problem in form.problems] == ["fout", "fout", "leeg"]


def test_a_missing_text_is_a_problem_with_the_sentence_given() -> None:
    form = Form.of(naam=" ".strip())
    said = Sentence("Vul de naam in.")
    assert form.need("naam", said) == ""
    assert form.problem("naam") == said
    assert form.problem("bedrag") is None


def test_a_refusal_of_a_step_stays_with_the_form() -> None:
    form = Form.of(bedrag="12")
    with form.attempt():
        raise Refusal("Vraag minder dan {most:euro}.", field="bedrag", most=500)
    assert form.problems == [Problem("bedrag", Sentence("Vraag minder dan {most:euro}.", {"most": 500}))]
    assert (form.status, form.text("bedrag")) == (409, "12")


def test_every_problem_is_told_before_a_step_is_asked() -> None:
    form = Form()
    with form.attempt():
        form.need("naam", Sentence("Vul de naam in."))
        form.amount("bedrag", "Bedrag")
        form.check()
        pytest.fail("the step was asked")
    assert ([problem.field for problem in form.problems], form.status) == (["naam", "bedrag"], 422)
    with pytest.raises(Invalid):
        form.check()


@pytest.mark.parametrize("refusal", [NotFound, Forbidden])
def test_what_is_no_fault_of_the_form_goes_through(refusal: type[Refusal]) -> None:
    with pytest.raises(refusal), Form().attempt():
        raise refusal("Nee.")


def test_a_stale_form_keeps_its_status() -> None:
    form = Form()
    with form.attempt():
        raise Stale("Iemand anders was u voor.")
    assert form.status == 409


@pytest.mark.parametrize("path", ["/", "/aanvragen/3?stap=2#naam", "/a//b"])
def test_an_address_inside_the_site_is_safe(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "aanvragen", "//evil.nl", "///evil.nl", "/\\evil.nl", "\\\\evil.nl", "https://evil.nl",
     "javascript:x", "/\t/evil.nl", "/a\r\nb", " /a", "/\x00a"],
)  # fmt: skip
def test_an_address_outside_the_site_becomes_the_start_page(path: str) -> None:
    assert safe_path(path) == "/"
