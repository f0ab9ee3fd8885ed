"""Sending files and sound with the form of a question, and looking what was kept of them."""

from __future__ import annotations

from pathlib import Path

from grants.pages import files as page_of
from grants.steps.draft import begin
from grants.store.applications import Application, answers_of
from tests import uploads as sample
from tests.factories import OPEN, draft, opened_round, person

ADD = {page_of.ADD: "ja"}
VOICE = "plan.spoken"


async def started(client) -> str:
    """A full draft of somebody who is signed in; its address."""
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, await opened_round())
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}"


async def begun(client) -> str:
    """An empty draft of somebody who is signed in; its address."""
    fatma = await person("Fatma", "applicant")
    made = await begin(fatma, (await opened_round()).public_id, "een", OPEN)
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}"


async def add(client, base, data, name="foto.jpg", key="papers", field="papers", **typed):
    """Send the form of a question with a file."""
    return await client.post(
        f"{base}/vraag/{key}", data=ADD | typed, files=[(field, (name, data, "text/html"))]
    )


async def say_aloud(client, base, data=sample.WEBM, **typed):
    return await add(client, base, data, "opname.webm", "plan", VOICE, **typed)


async def kept(key="papers") -> list[dict]:
    return (await answers_of((await Application.get()).id)).get(key, [])


def lying(client) -> list[bytes]:
    folder = Path(client.app.state.settings.files_url.removeprefix("file://"))
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
