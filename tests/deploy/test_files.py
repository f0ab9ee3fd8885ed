"""The place of uploads, a real folder and a real bucket: whole or not at all, read in parts, swept when unnamed."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy import files as door
from deploy.files import Store, open_files, sweep_once
from deploy.settings import CannotStart
from grants import upload
from grants.steps.attach import attach, remove
from grants.store.files import Away, Files, catch
from grants.store.uploads import Upload
from grants.upload import Unfit
from tests import uploads as sample
from tests.factories import OPEN, draft, opened_round, person
from tests.servers.bucket import KEYS, running_bucket

PAPERS = upload.files("papers")
TOMORROW = timedelta(days=1, minutes=1)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environ, running_bucket() as url:
        for name, key in KEYS.items():
            environ.setenv(name, key)
        yield url


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """An empty place of its own for each test."""
    if request.param == "folder":
        return open_files(f"file://{tmp_path / 'diep' / 'files'}")
    url: str = request.getfixturevalue("bucket")
    return open_files(url.replace("2026?", f"{secrets.token_hex(4)}?"))


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def everything(files: Files) -> list[str]:
    return sorted([file.path async for lying in files.everything() for file in lying])


async def read(files: Files, path: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in await files.read(path, start, end)])


async def test_what_is_written_is_read_back_whole_and_in_parts(files: Files) -> None:
    data = os.urandom(300_000)
    await files.write("ab/een", pieces(*(data[at : at + 10_000] for at in range(0, len(data), 10_000))))
    assert await read(files, "ab/een", 0, len(data)) == data
    assert await read(files, "ab/een", 10, 20) == data[10:20]
    assert await everything(files) == ["ab/een"]


async def test_more_than_one_part_of_a_bucket(files: Files) -> None:
    data = os.urandom(12_000_000)
    await files.write("ab/groot", pieces(data[:5_000_000], data[5_000_000:]))
    assert await read(files, "ab/groot", 0, len(data)) == data


async def test_nothing_is_kept_when_the_pieces_end_in_an_exception(files: Files) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield bytes(6_000_000)
        raise Unfit("Nee.", "x", PAPERS)

    with pytest.raises(Unfit):
        await files.write("ab/half", failing())
    assert await everything(files) == []


async def test_deleting_twice_and_reading_what_is_gone(files: Files) -> None:
    await files.write("ab/een", pieces(b"x"))
    for _ in range(2):
        await files.delete(["ab/een", "ab/nooit"])
    with pytest.raises(FileNotFoundError):
        await files.read("ab/een", 0, 1)


@pytest.mark.parametrize(
    ("data", "media_type", "name"),
    [(sample.PDF, "application/pdf", "brief.pdf"), (sample.camera_picture(), "image/jpeg", "brief.jpg")],
)
async def test_what_is_caught_lies_under_a_path_that_says_nothing(
    files: Files, data: bytes, media_type: str, name: str
) -> None:
    caught = await catch(files, "brief.exe", pieces(data[:3], data[3:]), PAPERS)
    assert (caught.media_type, caught.name) == (media_type, name)
    assert await everything(files) == [caught.path]
    assert "brief" not in caught.path
    kept = await read(files, caught.path, 0, caught.bytes)
    assert len(kept) == caught.bytes
    assert b"GEHEIM" not in kept


@pytest.mark.parametrize(
    "data",
    [b"", sample.ZIP, sample.HTML, sample.MP3, sample.bomb(), sample.picture()[:3000], sample.PDF[:50],
     b"%PDF-" + bytes(10_000_001), b"\xff\xd8\xff" + bytes(15_000_001)],
)  # fmt: skip
async def test_what_is_refused_leaves_nothing_behind(files: Files, data: bytes) -> None:
    with pytest.raises(Unfit):
        await catch(
            files, "x.pdf", pieces(*(data[at : at + 65_536] for at in range(0, len(data), 65_536))), PAPERS
        )
    assert await everything(files) == []


async def test_the_sweep_takes_what_no_row_names_after_a_day(files: Files, database: object) -> None:
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, await opened_round())
    now = datetime.now(UTC)
    kept = await catch(files, "blijft.pdf", pieces(sample.PDF), PAPERS)
    gone = await catch(files, "weg.jpg", pieces(sample.picture()), PAPERS)
    await catch(files, "van niemand.jpg", pieces(sample.picture((9, 9))), PAPERS)
    await attach(fatma, made.public_id, "papers", kept, OPEN)
    row = await attach(fatma, made.public_id, "papers", gone, OPEN)
    assert await sweep_once(files, now) == 0
    await remove(fatma, made.public_id, "papers", row.public_id, OPEN)
    assert await sweep_once(files, now) == 0
    assert await sweep_once(files, now + TOMORROW) == 2
    assert await everything(files) == [kept.path]
    assert [row.name for row in await Upload.all()] == ["blijft.pdf"]


async def test_sweeping_goes_on_after_trouble_until_it_is_stopped(
    database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = open_files((tmp_path / "files").as_uri())
    of_another = ["ab/" + "c" * 33, "ab/van-een-ander", "fonds.sqlite3"]
    for path in (*of_another, "ab/" + "c" * 32):
        await place.write(path, pieces(b"x"))
    stop, asked = asyncio.Event(), list[datetime]()

    def clock() -> datetime:
        asked.append(datetime.now(UTC) + TOMORROW)
        if len(asked) == 1:
            raise RuntimeError("the clock stands still")
        if len(asked) == 3:
            stop.set()
        return asked[-1]

    monkeypatch.setattr(door, "SWEPT_EVERY", 0.01)
    await asyncio.wait_for(door.keep_swept(place, stop, clock), 10)
    assert len(asked) == 3
    assert await everything(place) == of_another


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///prefix", "s3://fonds?sleutel=geheim", "file:///proc/nergens/files"],
)
def test_a_place_that_cannot_be_used_stops_the_start(url: str) -> None:
    with pytest.raises(CannotStart, match="MEEBESLIS_FILES_URL"):
        open_files(url)


async def test_a_bucket_that_does_not_answer_is_said_in_a_sentence(bucket: str) -> None:
    gone = open_files("s3://er-is-geen/bak?endpoint=http://127.0.0.1:1&region=us-east-1")
    assert isinstance(gone, Store)
    with pytest.raises(Away):
        await gone.write("ab/een", pieces(b"x"))
    with pytest.raises(Away):
        await gone.read("ab/een", 0, 1)
