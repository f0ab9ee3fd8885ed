"""Who reads and hears what was uploaded: the applicant, officers what was sent in, members what they may read."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from committee.steps.recuse import declare
from deploy.files import sweep_once
from grants import upload
from grants.pages import files as page_of
from grants.steps.screen import ask_completion
from grants.steps.submit import complete, submit
from grants.store.applications import Submission, answers_of
from grants.store.uploads import Upload
from tests import uploads as sample
from tests.committee.scene import scene
from tests.factories import OPEN, REVIEW, draft, person
from tests.pages.sending import VOICE, add, kept, lying, say_aloud, started

pytestmark = pytest.mark.anyio


async def test_nobody_else_reads_or_adds(client) -> None:
    base = await started(client)
    await add(client, base, sample.PDF)
    (entry,) = await kept()
    stranger = await client.another().sign_in(await person("Ali", "applicant"))
    officer = await client.another().sign_in(await person("Olga", "officer"))
    for other in (stranger, officer):
        assert (await other.get(f"{base}/bestanden/{entry['id']}")).status_code == 404
        assert (await add(other, base, sample.PDF + b"2")).status_code == 404
    own_desk = f"/gemeente{base}/bestanden/{entry['id']}"
    assert (await officer.get(own_desk)).status_code == 404
    assert len(lying(client)) == 1
    visitor = await client.another().get(f"{base}/bestanden/{entry['id']}")
    assert visitor.headers["location"].startswith("/inloggen")


async def test_what_was_sent_in_is_read_by_officer_and_committee_and_stays_when_it_is_replaced(
    client,
) -> None:
    made = await scene(1)
    plan = await draft(made.applicant, made.round, "Met geluid")
    base = f"/aanvragen/{plan.public_id}"
    await client.sign_in(made.applicant)
    await add(client, base, sample.PDF, "offerte.pdf")
    await say_aloud(client, base, plan="Luister maar.")
    await submit(made.applicant, plan.public_id, OPEN)
    ids = sorted(upload.names(await answers_of(plan.id)))
    content = (await Submission.get(application_id=plan.id)).content
    assert all(file in content for file in ids)
    client.clock.now = REVIEW
    officer = await client.another().sign_in(made.officer)
    desk = f"/gemeente{base}"
    for file in ids:
        assert f'href="{desk}/bestanden/{file}"' in (await officer.get(desk)).text
        assert (await officer.get(f"{desk}/bestanden/{file}")).status_code == 200
    assert "<audio" in (await officer.get(desk)).text

    await ask_completion(made.officer, plan.public_id, ["papers"], "Welke offerte?", REVIEW)
    await client.sign_in(made.applicant)
    (old,) = (await answers_of(plan.id))["papers"]
    await client.post(f"{base}/vraag/papers", data={page_of.REMOVE: old["id"]})
    await add(client, base, sample.PDF + b"nieuw", "nieuw.pdf")
    (new,) = (await answers_of(plan.id))["papers"]
    assert (await officer.get(f"{desk}/bestanden/{new['id']}")).status_code == 404
    assert (await officer.get(f"{desk}/bestanden/{old['id']}")).status_code == 200
    await complete(made.applicant, plan.public_id, REVIEW)
    await sweep_once(client.app.state.files, datetime.now(UTC) + timedelta(days=2))
    shown = (await officer.get(desk)).text
    for file in (old["id"], new["id"]):
        assert file in shown
        assert (await officer.get(f"{desk}/bestanden/{file}")).status_code == 200


async def test_committee_hears_only_what_it_may_read(client) -> None:
    made = await scene(1)
    plan = made.plans[0]
    row = await Upload.create(
        public_id="a" * 32, application_id=plan.id, question=VOICE, name="opname.webm", media_type="audio/webm",
        bytes=len(sample.WEBM), sha256="x" * 64, path="aa/opname", by_id=made.applicant.person_id, at=OPEN,
    )  # fmt: skip
    hidden = await Upload.create(
        public_id="b" * 32, application_id=plan.id, question="selling", name="b.pdf", media_type="application/pdf",
        bytes=1, sha256="y" * 64, path="bb/x", by_id=made.applicant.person_id, at=OPEN,
    )  # fmt: skip
    await sent_with(plan, {VOICE: [row.entry], "selling": [hidden.entry]})
    await client.app.state.files.write("aa/opname", once(sample.WEBM))
    await client.app.state.files.write("bb/x", once(b"x"))
    client.clock.now = REVIEW
    base = f"/commissie/aanvragen/{plan.public_id}"
    await client.sign_in(made.ada)
    assert (await client.get(f"{base}/bestanden/{row.public_id}")).status_code == 404
    await made.free(made.ada)
    page = await client.get(base)
    assert f'src="{base}/bestanden/{row.public_id}"' in page.text
    heard = await client.get(f"{base}/bestanden/{row.public_id}")
    assert (heard.content, heard.headers["content-type"]) == (sample.WEBM, "audio/webm")
    assert (await client.get(f"{base}/bestanden/{hidden.public_id}")).status_code == 404
    await declare(made.bo, plan.public_id, "family", REVIEW)
    aside = await client.another().sign_in(made.bo)
    assert (await aside.get(f"{base}/bestanden/{row.public_id}")).status_code == 404


async def sent_with(plan, more):
    """The application as it was sent in, in a next version with these answers as well."""
    last = await Submission.get(application_id=plan.id)
    content = json.dumps(last.answers | more)
    await Submission.create(
        application_id=plan.id, version=2, content=content, content_hash="z" * 64, at=OPEN
    )


async def once(data):
    yield data
