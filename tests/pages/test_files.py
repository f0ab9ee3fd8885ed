"""Files in an application: taken with the form, and a bad one gets a sentence and changes nothing."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from deploy.files import open_files
from grants import limit
from grants.access import Actor
from grants.pages import files as page_of
from grants.pages.answers import AFTER
from grants.store.applications import Application
from grants.store.uploads import Upload
from tests import uploads as sample
from tests.factories import OPEN, submitted
from tests.pages.officers import town
from tests.pages.sending import ADD, VOICE, add, begun, kept, lying, started
from tests.servers.bucket import KEYS

pytestmark = pytest.mark.anyio


async def test_photo_is_drawn_anew_kept_and_given_back_as_an_attachment(client) -> None:
    base = await started(client)
    answer = await add(client, base, sample.camera_picture(), "mijn <plek>.PNG")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/vraag/papers?gezegd=toegevoegd")
    shown = await client.get(answer.headers["location"])
    assert "Toegevoegd en bewaard." in shown.text
    assert "mijn plek.jpg" in shown.text
    (entry,) = await kept()
    assert (entry["name"], entry["media_type"]) == ("mijn plek.jpg", "image/jpeg")
    given = await client.get(f"{base}/bestanden/{entry['id']}")
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''mijn%20plek.jpg"
    assert given.headers["content-type"] == "image/jpeg"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["cache-control"] == "no-store"
    assert b"GEHEIM" not in given.content
    assert Image.open(BytesIO(given.content)).size == (600, 800)
    assert lying(client) == [given.content]


async def test_paper_is_kept_as_it_is(client) -> None:
    base = await started(client)
    await add(client, base, sample.PDF, "offerte")
    (row,) = await Upload.all()
    assert (row.name, row.media_type, row.bytes) == ("offerte.pdf", "application/pdf", len(sample.PDF))
    assert (await client.get(f"{base}/bestanden/{row.public_id}")).content == sample.PDF


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "leeg.jpg", "“leeg.jpg” is leeg"),
        (sample.ZIP, "foto.jpg", "“foto.jpg” komt uit Word of is een zip-bestand"),
        (sample.HTML, "foto.jpg", "“foto.jpg” is een webpagina of een tekening"),
        (sample.SVG, "plek.svg", "“plek.svg” is een webpagina of een tekening"),
        (sample.HEIC, "IMG_1.HEIC", "een foto in de vorm HEIC"),
        (sample.PROGRAM, "x.pdf", "“x.pdf” kunnen wij niet lezen"),
        (sample.MP3, "lied.mp3", "“lied.mp3” is geluid"),
        (sample.bomb(), "bom.png", "“bom.png” heeft te veel beeldpunten"),
        (sample.picture()[:4000], "half.jpg", "“half.jpg” is beschadigd"),
        (sample.PDF[:60], "half.pdf", "“half.pdf” is beschadigd"),
        (b"%PDF-1.7" + bytes(10_000_000), "groot.pdf", "“groot.pdf” is te groot. Er is plaats voor 10 MB"),
        (b"\xff\xd8\xff" + bytes(15_000_000), "groot.jpg", "“groot.jpg” is te groot. Er is plaats voor 15 MB"),
    ],
)  # fmt: skip
async def test_bad_file_gets_a_sentence_and_changes_nothing(client, data, name, said) -> None:
    base = await started(client)
    await add(client, base, sample.PDF, "goed.pdf")
    before = await kept()
    answer = await add(client, base, data, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#papers"' in answer.text
    assert "goed.pdf" in answer.text
    assert await kept() == before
    assert lying(client) == [sample.PDF]


async def test_the_good_ones_of_several_are_kept(client) -> None:
    base = await started(client)
    parts = [
        ("papers", (name, data, ""))
        for name, data in (("a.pdf", sample.PDF), ("b.jpg", sample.ZIP), ("c.jpg", sample.picture()))
    ]
    answer = await client.post(f"{base}/vraag/papers", data=ADD, files=parts)
    assert answer.status_code == 422
    assert "“b.jpg”" in answer.text
    assert [entry["name"] for entry in await kept()] == ["a.pdf", "c.jpg"]


async def test_there_is_room_for_so_many_and_no_more(client) -> None:
    base = await started(client)
    parts = [("papers", (f"{place}.pdf", sample.PDF + b"%d" % place, "")) for place in range(7)]
    answer = await client.post(f"{base}/vraag/papers", data=ADD, files=parts)
    assert "U kunt hier hoogstens 5 bestanden bewaren" in answer.text
    answer = await add(client, base, sample.PDF, "nog een.pdf")
    assert (answer.status_code, len(await kept()), len(lying(client))) == (422, 5, 5)
    one = (await kept())[0]
    await client.post(f"{base}/vraag/papers", data={page_of.REMOVE: one["id"]})
    assert (await add(client, base, sample.PDF, "nu wel.pdf")).status_code == 303
    assert [entry["name"] for entry in await kept()] == ["1.pdf", "2.pdf", "3.pdf", "4.pdf", "nu wel.pdf"]


async def test_sending_the_same_file_many_times_at_once_keeps_it_once(client) -> None:
    base = await started(client)
    answers = await asyncio.gather(*(add(client, base, sample.PDF, "brief.pdf") for _ in range(16)))
    assert {answer.headers["location"] for answer in answers} == {f"{base}/vraag/papers?gezegd=toegevoegd"}
    assert len(await kept()) == 1
    assert lying(client) == [sample.PDF]


async def test_nothing_chosen_says_what_to_do_and_the_other_buttons_go_on(client) -> None:
    base = await started(client)
    for key, field in (("papers", "papers"), ("plan", VOICE)):
        answer = await client.post(f"{base}/vraag/{key}", data=ADD, files=[(field, ("", b"", ""))])
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    answer = await client.post(f"{base}/vraag/papers", data={}, files=[("papers", ("a.pdf", sample.PDF, ""))])
    assert answer.headers["location"].startswith(f"{base}/vraag/")
    assert len(await kept()) == 1


async def test_who_came_from_the_check_page_still_goes_back_there(client) -> None:
    base = await started(client)
    answer = await add(client, base, sample.PDF, **{AFTER: "controleren"})
    page = await client.get(answer.headers["location"])
    assert f'name="{AFTER}" value="controleren"' in page.text
    answer = await client.post(f"{base}/vraag/papers", data={AFTER: "controleren"})
    assert answer.headers["location"] == f"{base}/controleren"
    assert len(await kept()) == 1


async def test_saving_a_question_with_files_leaves_them_alone(client) -> None:
    base = await started(client)
    await add(client, base, sample.PDF)
    await client.post(f"{base}/vraag/papers", data={"papers": "iets anders"})
    assert len(await kept()) == 1


@pytest.mark.parametrize("file", ["x", "0" * 32, "../../etc/passwd", "%00"])
async def test_what_is_not_there(client, file) -> None:
    base = await started(client)
    assert (await client.get(f"{base}/bestanden/{file}")).status_code == 404


async def test_a_file_whose_bytes_are_gone_is_not_there(client) -> None:
    base = await started(client)
    await add(client, base, sample.PDF)
    row = await Upload.get()
    await client.app.state.files.delete([row.path])
    assert (await client.get(f"{base}/bestanden/{row.public_id}")).status_code == 404


async def test_too_late_leaves_no_file_behind(client) -> None:
    base = await started(client)
    made = await Application.get().select_related("round")
    client.clock.now = made.round.closes_at + timedelta(minutes=1)
    await client.sign_in(Actor(person_id=made.person_id))
    answer = await add(client, base, sample.PDF)
    assert (answer.status_code, "De ronde is gesloten" in answer.text) == (422, True)
    assert lying(client) == []


async def test_what_may_not_be_added_is_not_even_drawn_anew(client, monkeypatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(page_of, "catch", lambda _, name, *__: drawn.append(name))
    there = await town()
    sent = await submitted(there.applicant, there.round_)
    await client.sign_in(there.applicant)
    answer = await add(client, f"/aanvragen/{sent.public_id}", sample.camera_picture())
    assert answer.status_code == 422
    assert "Uw aanvraag is verstuurd." in answer.text
    assert drawn == []


async def test_bad_files_count_for_the_limit_too(client, monkeypatch) -> None:
    monkeypatch.setattr(limit, "UPLOAD", limit.Limit("upload", 2, limit.HOUR))
    base = await started(client)
    said = [(await add(client, base, sample.ZIP)).text for _ in range(3)]
    assert ["11.30 uur" in text for text in said] == [False, False, True]


async def test_taking_a_file_away_too_late_keeps_what_was_typed(client) -> None:
    base = await begun(client)
    made = await Application.get().select_related("round")
    client.clock.now = made.round.closes_at + timedelta(minutes=1)
    await client.sign_in(Actor(person_id=made.person_id))
    typed = {"plan": "Mijn lange tekst", page_of.REMOVE: "a" * 32}
    answer = await client.post(f"{base}/vraag/plan", data=typed)
    assert answer.status_code == 409
    assert "De ronde is gesloten" in answer.text
    assert "Mijn lange tekst" in answer.text


async def test_a_draft_that_is_thrown_away_takes_its_files_along(client) -> None:
    base = await started(client)
    await add(client, base, sample.PDF)
    for _ in range(2):
        assert (await client.post(f"{base}/weggooien")).status_code == 303
    assert await Upload.all().count() == 0
    assert lying(client) == []


async def test_who_adds_and_takes_away_for_an_hour_is_told_when_it_works_again(client, monkeypatch) -> None:
    monkeypatch.setattr(limit, "UPLOAD", limit.Limit("upload", 2, limit.HOUR))
    base = await started(client)
    for place in range(3):
        answer = await add(client, base, sample.PDF + b"%d" % place)
    assert answer.status_code == 422
    assert "11.30 uur" in answer.text
    assert len(await kept()) == len(lying(client)) == 2
    client.clock.now = OPEN + timedelta(minutes=31)
    assert (await add(client, base, sample.PDF)).status_code == 303


async def test_a_place_that_does_not_answer_is_told_and_what_was_typed_is_kept(client, monkeypatch) -> None:
    base = await begun(client)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    client.app.state.files = open_files("s3://er-is-geen?endpoint=http://127.0.0.1:1&region=us-east-1")
    answer = await add(client, base, sample.WEBM, "opname.webm", "plan", VOICE, plan="Wel bewaard")
    assert answer.status_code == 422
    assert "Wij kunnen nu geen bestanden bewaren of tonen." in answer.text
    assert await kept("plan") == "Wel bewaard"
    row = await Upload.create(
        public_id="a" * 32, application_id=(await Application.get()).id, question="papers", name="a.pdf",
        media_type="application/pdf", bytes=5, sha256="s", path="aa/x", by_id=1, at=OPEN,
    )  # fmt: skip
    assert (await client.get(f"{base}/bestanden/{row.public_id}")).status_code == 503
