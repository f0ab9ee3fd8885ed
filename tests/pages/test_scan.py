"""The scan of a paper application: kept with what was entered, read by the desk and by the applicant."""

import pytest

from grants.store.journal import JournalEntry
from grants.store.uploads import Upload
from tests.pages.officers import town, words
from tests.pages.test_entry import DESK, entered, fill_in
from tests.uploads import HTML, PDF, picture

pytestmark = pytest.mark.anyio


async def test_scan_is_kept_once_and_read_by_desk_and_applicant(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    made = await entered(client, there, who="bekend", known="anna.aanvrager@voorbeeld.example")
    path = f"{DESK}/{made.public_id}"
    for _ in range(2):
        answer = await client.post(f"{path}/scan", files={"scan": ("brief.pdf", PDF, "text/plain")})
        assert answer.status_code == 303
    row = await Upload.get()
    assert (row.question, row.name, row.media_type) == ("scan", "brief.pdf", "application/pdf")
    assert await JournalEntry.filter(act="entry.scanned").count() == 1
    assert "brief.pdf" in words((await client.get(path)).text)
    given = await client.get(f"{path}/scan/{row.public_id}")
    assert (given.content, given.headers["content-disposition"][:10]) == (PDF, "attachment")
    await fill_in(client, there, made)
    anna = await client.another().sign_in(there.applicant)
    own = f"/aanvragen/{made.public_id}"
    assert "brief.pdf" in words((await anna.get(f"{own}/bevestigen")).text)
    assert (await anna.get(f"{own}/bestanden/{row.public_id}")).content == PDF
    assert (await anna.get(f"{path}/scan/{row.public_id}")).status_code == 403


async def test_bad_scan_is_told_and_leaves_nothing(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    made = await entered(client, there)
    path = f"{DESK}/{made.public_id}/scan"
    for files in (
        {"scan": ("brief.pdf", HTML, "application/pdf")},
        {"scan": ("leeg.pdf", b"", "application/pdf")},
    ):
        answer = await client.post(path, files=files)
        assert answer.status_code in (409, 422)
        assert 'href="#scan"' in answer.text
    assert "Kies eerst een bestand." in words((await client.post(path, files={"other": ("", b"")})).text)
    assert await Upload.all().count() == 0


async def test_photo_of_the_paper_becomes_a_jpeg(client) -> None:
    there = await town()
    await client.sign_in(there.officer)
    made = await entered(client, there)
    await client.post(
        f"{DESK}/{made.public_id}/scan", files={"scan": ("foto.png", picture(form="PNG"), "image/png")}
    )
    assert (await Upload.get()).media_type == "image/jpeg"
