"""The form on paper, empty and filled in: every question with its why, tagged for who listens to it."""

import pytest

from grants.form import Question
from grants.pages.paper import answer_row, paper_of
from tests.factories import opened_round, submitted
from tests.pages.officers import town, words

pytestmark = pytest.mark.anyio
TAGGED = (b"StructTreeRoot", b"/Marked true", b"pdfuaid")


def is_tagged(body: bytes, language: bytes) -> bool:
    return body.startswith(b"%PDF-") and all(mark in body for mark in (*TAGGED, b"/Lang(%s)" % language))


async def test_empty_form_is_for_everybody_with_every_question_and_its_why(client) -> None:
    round_ = await opened_round()
    page = words((await client.get("/formulier")).text)
    for question in round_.frozen["questions"]:
        assert question["label"] in page
        assert question["why"] in page
    assert "Stadhuisplein 1, 0000 AA Vlietstad" in page
    assert "Hulp nodig? Bel 088 000 00 00" in page
    assert "16 oktober 2026" in page
    assert "Uw handtekening" in page


async def test_empty_form_as_a_file(client) -> None:
    await opened_round()
    answer = await client.get("/formulier.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="aanvraagformulier.pdf"'
    assert is_tagged(answer.content, b"nl")


async def test_without_a_round_there_is_no_form(client) -> None:
    assert (await client.get("/formulier")).status_code == 404
    assert (await client.get("/formulier.pdf")).status_code == 404


async def test_each_kind_of_question_has_room_for_an_answer(client) -> None:
    round_ = await opened_round()
    await round_.fetch_related("fund")
    paper = paper_of(round_, "nl")
    for one in paper["questions"]:
        asked = next((q for q in round_.frozen["questions"] if q["label"] in one["title"]), None)
        has_room = one["ticks"] or one["columns"] or one["named"] or one["room"]
        assert has_room or (asked and asked["kind"] == "file"), one["title"]
        assert one["why"]


async def test_what_was_sent_as_a_file_for_who_sent_it_only(client) -> None:
    there = await town()
    made = await submitted(there.applicant, there.round_)
    path = f"/aanvragen/{made.public_id}/aanvraag.pdf"
    assert (await (await client.another().sign_in(there.finance)).get(path)).status_code == 404
    await client.sign_in(there.applicant)
    assert path in (await client.get(f"/aanvragen/{made.public_id}/ontvangst")).text
    answer = await client.get(path)
    assert answer.headers["content-disposition"] == 'attachment; filename="aanvraag-2026-001.pdf"'
    assert is_tagged(answer.content, b"nl")
    client.cookies.set("taal", "en")
    assert is_tagged((await client.get(path)).content, b"en")


@pytest.mark.parametrize(
    "text", ["#panic()", "$x$ \\ *dik* _schuin_", "`code` @verwijzing", "</text>", "⚙️ 漢字"]
)
async def test_what_somebody_wrote_is_never_read_as_a_command(client, text: str) -> None:
    there = await town()
    made = await submitted(there.applicant, there.round_, text)
    await client.sign_in(there.applicant)
    answer = await client.get(f"/aanvragen/{made.public_id}/aanvraag.pdf")
    assert answer.status_code == 200
    assert b"StructTreeRoot" in answer.content


def test_answer_in_words() -> None:
    def said(kind: str, value: object) -> str:
        question = Question("k", kind, "Vraag?", "Daarom.")
        return str(answer_row(question, {"k": value}, "nl")["said"])

    assert said("short", None) == "–"
    assert said("several", ["a", "b"]) == "a, b"
    assert said("date", "2027-05-01") == "1 mei 2027"
    assert said("number", 0) == "0"
    assert said("file", [{"name": "foto.jpg"}]) == "foto.jpg"
    question = Question("k", "long", "Vraag?", "Daarom.")
    answers = {"k": "Tekst", "k.spoken": [{"name": "opname.webm"}]}
    assert answer_row(question, answers, "nl")["said"] == "Tekst\nopname.webm"
