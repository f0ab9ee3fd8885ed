"""A form with files: read while it comes in, in whatever pieces, and never more of it than we can hold."""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from grants.web import body
from grants.web.body import MULTIPART, TooLarge, WrongKind, read_pairs

BOUNDARY = "scheiding"
FIELDS = [("plan", "Wij gaan koken.\r\n--scheidin"), ("leeg", ""), ("naam", "Ünal 🙂")]
FILES = [
    ("papers", "plek één.jpg", b"\xff\xd8\r\n--scheidin\r\n" + bytes(range(256)) * 4),
    ("papers", "", b""),
]


def multipart(fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]], end: bool = True) -> bytes:
    """A form as browsers send it."""
    parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in fields]
    parts += [
        f'name="{name}"; filename="{file}"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + data
        for name, file, data in files
    ]
    begin = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(begin + part + b"\r\n" for part in parts) + (
        f"--{BOUNDARY}--\r\n".encode() if end else b""
    )


def request(sent: bytes, cut: int = 65536, kind: str = f"{MULTIPART}; boundary={BOUNDARY}") -> Request:
    """A request whose body comes in pieces of `cut` bytes."""
    pieces = [sent[at : at + cut] for at in range(0, len(sent), cut)]

    async def receive() -> dict[str, object]:
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


class Caught:
    def __init__(self, most: int = 10**9) -> None:
        self.files: list[tuple[str, str, bytes]] = []
        self.most = most

    async def __call__(self, field: str, name: str, pieces: AsyncIterator[bytes]) -> None:
        data = b""
        async for piece in pieces:
            data += piece
            if len(data) > self.most:
                break
        self.files.append((field, name, data))


@given(cut=st.integers(1, 400))
async def test_texts_and_files_come_out_as_they_went_in_however_they_are_cut(cut: int) -> None:
    caught = Caught()
    assert await read_pairs(request(multipart(FIELDS, FILES), cut), caught) == FIELDS
    assert caught.files == FILES[:1]


@given(cut=st.integers(1, 400), most=st.integers(0, 1000))
async def test_a_file_that_is_not_read_to_its_end_takes_nothing_of_what_follows(cut: int, most: int) -> None:
    sent = multipart([], [FILES[0], ("papers", "tweede.pdf", b"%PDF-")])
    last = multipart(FIELDS, [])
    caught = Caught(most)
    whole = sent.removesuffix(f"--{BOUNDARY}--\r\n".encode()) + last
    assert await read_pairs(request(whole, cut), caught) == FIELDS
    assert [name for _, name, _ in caught.files] == ["plek één.jpg", "tweede.pdf"]


async def test_without_anybody_to_catch_them_files_go_past() -> None:
    assert await read_pairs(request(multipart(FIELDS, FILES))) == FIELDS


@given(cut=st.integers(1, len(multipart(FIELDS, FILES)) - 5))
async def test_a_form_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(WrongKind):
        await read_pairs(request(multipart(FIELDS, FILES)[:cut]), Caught())


@given(st.binary(max_size=300))
async def test_any_bytes_are_a_form_or_a_refusal(sent: bytes) -> None:
    with suppress(TooLarge, WrongKind):
        await read_pairs(request(sent, 7), Caught())


@pytest.mark.parametrize(
    "kind",
    [
        MULTIPART,
        f"{MULTIPART}; boundary=",
        f"{MULTIPART}; boundary={'x' * 300}",
        "text/plain",
        "multipart/mixed; boundary=x",
    ],
)
async def test_a_form_of_another_kind_is_refused(kind: str) -> None:
    with pytest.raises(WrongKind):
        await read_pairs(request(multipart(FIELDS, []), kind=kind))


async def test_too_many_fields_too_much_text_and_too_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        await read_pairs(request(multipart([("a", "b")] * 501, [])))
    with pytest.raises(TooLarge):
        await read_pairs(request(multipart([("a", "b" * 3_000_000)] * 2, [])))
    monkeypatch.setattr(body, "MOST_SENT", 100_000)
    with pytest.raises(TooLarge):
        await read_pairs(request(multipart([], [("papers", "x.pdf", bytes(100_001))])), Caught())


async def test_who_goes_away_in_the_middle_is_no_mishap_of_ours() -> None:
    sent = multipart([], FILES)

    async def receive() -> dict[str, object]:
        receive.times += 1  # type: ignore[attr-defined]
        if receive.times > 1:  # type: ignore[attr-defined]
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": sent[:300], "more_body": True}

    receive.times = 0  # type: ignore[attr-defined]
    kind = f"{MULTIPART}; boundary={BOUNDARY}".encode()
    gone = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, receive)
    with pytest.raises(WrongKind):
        await read_pairs(gone, Caught())
