"""What may be uploaded: known by its content alone, whatever it is called, and every no says what to do."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import upload
from grants.upload import Family, Flow, Media, Unfit, Wanted
from tests import uploads as sample

PAPERS = upload.files("papers")
VOICE = upload.sound("plan.spoken", 5)
ANY = Wanted("x", tuple(Family), 9, 5)
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2028\u2029]')

GOOD = {
    upload.JPEG: sample.picture((8, 8)), upload.PNG: sample.picture((8, 8), "PNG"),
    upload.WEBP: sample.picture((8, 8), "WEBP"), upload.PDF: sample.PDF, upload.WEBM: sample.WEBM,
    upload.OGG: sample.OGG, upload.MP4: sample.MP4, upload.MP3: sample.MP3, upload.WAV: sample.WAV,
}  # fmt: skip


@pytest.mark.parametrize(("media", "data"), GOOD.items(), ids=lambda value: getattr(value, "extension", ""))
def test_a_file_is_what_its_content_says_whatever_it_is_called(media: Media, data: bytes) -> None:
    for name in ("foto.jpg", "virus.exe", "", "x.html"):
        assert upload.recognise(data[: upload.HEAD], name, ANY) == media


@pytest.mark.parametrize(
    ("data", "wanted", "said"),
    [
        (b"", PAPERS, "“{name}” is leeg. Kies een ander bestand."),
        (sample.HEIC, PAPERS, "“{name}” is een foto in de vorm HEIC."),
        (sample.ZIP, PAPERS, "“{name}” komt uit Word of is een zip-bestand."),
        (sample.WORD, PAPERS, "“{name}” komt uit Word of is een zip-bestand."),
        (sample.SVG, PAPERS, "“{name}” is een webpagina of een tekening."),
        (sample.HTML, PAPERS, "“{name}” is een webpagina of een tekening."),
        (b"\xef\xbb\xbf<svg>", PAPERS, "“{name}” is een webpagina of een tekening."),
        (sample.PROGRAM, PAPERS, "“{name}” kunnen wij niet lezen."),
        (b"GIF89a" + bytes(99), PAPERS, "“{name}” kunnen wij niet lezen."),
        (b" %PDF-1.7", PAPERS, "“{name}” kunnen wij niet lezen."),
        (sample.MP3, PAPERS, "“{name}” is geluid."),
        (sample.PDF, VOICE, "“{name}” is geen geluid."),
        (sample.OGG_FILM, VOICE, "“{name}” kunnen wij niet afspelen."),
        (b"RIFF\0\0\0\0AVI LIST", VOICE, "“{name}” kunnen wij niet afspelen."),
        (b"\0\0\0\x14ftypqt  ", VOICE, "“{name}” kunnen wij niet afspelen."),
        (b"\xff\xf1\x50\x80", VOICE, "“{name}” kunnen wij niet afspelen."),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_named_with_what_to_do(data: bytes, wanted: Wanted, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        upload.recognise(data, "/tmp/vakantie.jpg", wanted)
    assert refused.value.said.text.startswith(said)
    assert (refused.value.field, refused.value.said.values["name"]) == (wanted.field, "vakantie.jpg")


@given(st.binary(max_size=80))
def test_any_bytes_are_something_we_take_or_a_refusal(head: bytes) -> None:
    try:
        assert upload.recognise(head, "x", ANY).media_type.count("/") == 1
    except Unfit:
        assert not any(head.startswith(data[:8]) for data in GOOD.values())


@pytest.mark.parametrize("media", [upload.PDF, upload.JPEG, upload.OGG])
def test_one_byte_over_the_limit_is_too_large(media: Media) -> None:
    most = ANY.bytes_of(media.family)
    flow = Flow("x", media, ANY)
    flow.pass_by(bytes(most))
    assert flow.size == most
    with pytest.raises(Unfit, match="te groot") as refused:
        flow.pass_by(b"x")
    assert refused.value.said.values["most"] == most // 1_000_000


@given(st.integers(1, 4000))
def test_a_film_is_seen_wherever_the_pieces_are_cut(cut: int) -> None:
    flow = Flow("x", upload.MP4, VOICE)
    with pytest.raises(Unfit, match="film"):
        for start in range(0, len(sample.MP4_FILM), cut):
            flow.pass_by(sample.MP4_FILM[start : start + cut])


@given(st.integers(1, len(sample.PDF)))
def test_a_pdf_that_is_cut_off_is_broken(cut: int) -> None:
    whole, short = Flow("x", upload.PDF, PAPERS), Flow("x", upload.PDF, PAPERS)
    whole.pass_by(sample.PDF[:cut])
    whole.pass_by(sample.PDF[cut:])
    whole.end()
    short.pass_by(sample.PDF[: min(cut, len(sample.PDF) - 3)])
    with pytest.raises(Unfit, match="beschadigd"):
        short.end()


@given(st.text(max_size=300), st.sampled_from(sorted(upload.KEPT.values())))
def test_a_name_is_safe_short_and_ends_in_what_is_true(name: str, media: Media) -> None:
    made = upload.display_name(name, media)
    assert UNFIT.search(made) is None
    assert made.endswith(f".{media.extension}")
    assert len(media.extension) + 2 <= len(made) <= upload.MAX_NAME
    assert upload.display_name(made, media) == made


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Users\\Fatma\\offerte.zip", "offerte.pdf"), ("..", "bestand.pdf"),
        ("", "bestand.pdf"), (".htaccess", "htaccess.pdf"), ("brief van\u202e Ada.v1.PDF", "brief van Ada.v1.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"), ("x" * 300, "x" * 76 + ".pdf"),
    ],
)  # fmt: skip
def test_names_as_browsers_send_them(name: str, kept: str) -> None:
    assert upload.display_name(name, upload.PDF) == kept


GOOD_ENTRY = {"id": "a" * 32, "name": "x.pdf", "media_type": "application/pdf", "bytes": 5}


@pytest.mark.parametrize(
    "value",
    [None, "x", 5, {}, ["x"], [{}], [GOOD_ENTRY | {"id": "../x"}], [GOOD_ENTRY | {"media_type": "text/html"}],
     [GOOD_ENTRY | {"bytes": "5"}], [GOOD_ENTRY | {"more": 1}]],
)  # fmt: skip
def test_what_is_no_upload_is_no_answer(value: object) -> None:
    assert upload.entries(value) == []


def test_the_ids_in_a_whole_application() -> None:
    answers = {"title": "x", "papers": [GOOD_ENTRY], "plan.spoken": [GOOD_ENTRY | {"id": "b" * 32}]}
    assert upload.entries([GOOD_ENTRY]) == [GOOD_ENTRY]
    assert upload.names(answers) == {"a" * 32, "b" * 32}
