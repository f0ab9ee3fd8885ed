"""Writing together on the pages: asked by mail, joined with the mailbox as proof, seen and ended by the applicant."""

import re
from datetime import timedelta

import pytest

from grants import sealed
from grants.access import Actor
from grants.companion import INVITED, VALID, Part
from grants.pages.answers import SEEN
from grants.steps.screen import ask_completion
from grants.steps.share import Invitation, accept, invite
from grants.store.applications import Application
from grants.store.companions import Companion, invitation_key
from grants.store.outbox import LetterRow
from grants.store.people import Person
from tests.factories import OPEN, REVIEW, draft, opened_round, person, submitted
from tests.letters import decided_at

pytestmark = pytest.mark.anyio
SECRET = "s" * 32
ASKED = {"name": "Sanne Bos", "email": "Sanne@voorbeeld.example", "role": "helper", "from_name": "Fatma"}


def words(html: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


async def begun(client):
    """A draft of Fatma, who is signed in; its address and the application."""
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, round_)
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}", made, fatma


async def joined(client, applicant, application, part: Part = Part.HELPER):
    """A second browser in which somebody writes along."""
    sanne = await person("Sanne", "applicant")
    asked = Invitation("sanne@voorbeeld.example", "Sanne", "Fatma", part.value, part is Part.REPRESENTATIVE)
    made = await invite(applicant, application.public_id, asked, SECRET, OPEN)
    await accept(sanne, invitation_key(SECRET, made.public_id), OPEN)
    return await client.another().sign_in(sanne)


async def typed(visitor, path: str, **answer: str):
    """Fill in a question as it stands there now."""
    stamp = re.search(rf'name="{SEEN}" value="([^"]*)"', (await visitor.get(path)).text)[1]
    return await visitor.post(path, data={**answer, SEEN: stamp})


async def link() -> str:
    """The address in the letter of the last invitation."""
    row = await LetterRow.filter(kind="invitation").order_by("-id").first()
    return f"/uitnodiging/{invitation_key(SECRET, row.values['id'])}"


async def test_whole_path_from_asking_to_writing_along(client) -> None:
    base, made, _ = await begun(client)
    answer = await client.post(f"{base}/samen", data=ASKED)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/samen?gezegd=gevraagd")
    page = words((await client.get(answer.headers["location"])).text)
    assert "Wij sturen nu een mail." in page
    assert "Sanne Bos Nog geen antwoord Helper · sanne@voorbeeld.example" in page

    sanne, path = client.another(), await link()
    for method in ("GET", "HEAD", "GET"):
        assert (await sanne.request(method, path)).status_code == 200
    assert "Fatma vraagt u om mee te schrijven" in words((await sanne.get(path)).text)
    answer = await sanne.post(path)
    assert answer.headers["location"].startswith("/inloggen/code?voor=")
    letter = await LetterRow.filter(kind="sign_in").order_by("-id").first()
    assert letter.email == "sanne@voorbeeld.example"
    answer = await sanne.post(f"/inloggen/{sealed.derived(SECRET, 'link', letter.values['id'])}")
    assert answer.headers["location"] == path
    assert await Companion.filter(accepted_at__isnull=False).count() == 0  # signing in is not yet saying yes
    answer = await sanne.post(path)
    assert answer.headers["location"] == base

    mine = words((await sanne.get("/aanvragen")).text)
    assert "Samen eten" in mine
    assert "Aanvraag van Fatma. U doet mee als helper." in mine
    assert "U kunt meeschrijven. Versturen doet de aanvrager." in mine
    assert (await typed(sanne, f"{base}/vraag/title", title="Samen koken")).status_code == 303
    assert (await Application.get(id=made.id)).title == "Samen koken"
    assert "Sanne Bos Schrijft mee Helper" in words((await client.get(f"{base}/samen")).text)


async def test_bad_invitation_keeps_what_was_typed_and_names_each_fault(client) -> None:
    base, _, _ = await begun(client)
    typed = {"name": "Sanne <b>", "email": "sanne", "role": "representative", "from_name": ""}
    answer = await client.post(f"{base}/samen", data=typed)
    assert answer.status_code == 422
    assert "Er zijn 3 dingen die nog niet kloppen" in words(answer.text)
    for field in ("email", "authorised", "from_name"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'value="Sanne &lt;b&gt;"' in answer.text
    assert 'value="sanne"' in answer.text
    assert await Companion.all().count() == 0


async def test_asking_twice_sends_one_mail(client) -> None:
    base, _, _ = await begun(client)
    for _ in range(2):
        assert (await client.post(f"{base}/samen", data=ASKED)).status_code == 303
    assert await LetterRow.filter(kind="invitation").count() == 1


@pytest.mark.parametrize("part", INVITED)
async def test_what_each_part_sees_and_may_press(client, part: Part) -> None:
    base, made, fatma = await begun(client)
    other = await joined(client, fatma, made, part)
    tasks, check = (await other.get(base)).text, (await other.get(f"{base}/controleren")).text
    acts = part is Part.REPRESENTATIVE
    assert "/weggooien" not in tasks
    assert "Deze aanvraag is van Fatma." in words(tasks)
    assert ("Verstuur mijn aanvraag" in check) == acts
    assert ("Alleen de aanvrager kan versturen." in check) == (not acts)
    assert (await other.get(f"{base}/weggooien")).status_code == 403
    assert (await other.post(f"{base}/samen", data=ASKED)).status_code == 403
    answer = await other.post(f"{base}/controleren")
    assert answer.status_code == (303 if acts else 403)
    assert ((await Application.get(id=made.id)).stage == "submitted") == acts


@pytest.mark.parametrize("part", INVITED)
async def test_after_the_decision_a_helper_sees_no_outcome(client, part: Part) -> None:
    made = await decided_at(REVIEW + timedelta(days=60))
    fatma = await client_of(made)
    client.clock.now = REVIEW + timedelta(days=61)
    other = await joined(client, fatma, made, part)
    client.clock.now = REVIEW + timedelta(days=61)
    base, sees = f"/aanvragen/{made.public_id}", part is not Part.HELPER
    assert (await other.get(base)).status_code == 200
    assert ("toegekend" in words((await other.get(base)).text).lower()) == sees
    assert (await other.get(f"{base}/besluit")).status_code == (200 if sees else 403)
    assert (await other.get(f"{base}/ontvangst")).status_code == 200
    assert (await other.get(f"{base}/rekening")).status_code == 403
    assert f'{base}/rekening"' not in (await other.get(base)).text
    listed = words((await other.get("/aanvragen")).text)
    assert ("Verstuurd De aanvraag is verstuurd." in listed) == (not sees)


async def client_of(application: Application) -> Actor:
    """The applicant, as the actor they are."""
    found = await Person.get(id=application.person_id)
    return Actor(found.id, found.name, frozenset({"applicant"}))


async def test_helper_helps_to_complete(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ans", "officer")
    made = await submitted(fatma, round_)
    other = await joined(client, fatma, made)
    await ask_completion(officer, made.public_id, ["plan"], "Wat gaat u doen?", OPEN)
    base = f"/aanvragen/{made.public_id}"
    page = (await other.get(base)).text
    assert "De gemeente mist nog iets" in page
    assert f"{base}/vraag/plan" in page
    assert (await typed(other, f"{base}/vraag/plan", plan="Wij koken samen.")).status_code == 303
    assert (await other.post(f"{base}/controleren")).status_code == 403


async def test_two_people_at_once_both_see_both_texts(client) -> None:
    base, made, fatma = await begun(client)
    other = await joined(client, fatma, made)
    stamps = [
        re.search(rf'name="{SEEN}" value="([^"]*)"', (await one.get(f"{base}/vraag/plan")).text)[1]
        for one in (client, other)
    ]
    await other.post(f"{base}/vraag/plan", data={"plan": "Dit schreef Sanne.", SEEN: stamps[1]})
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Dit schreef Fatma.", SEEN: stamps[0]})
    assert answer.status_code == 409
    assert "Dit schreef Sanne." in answer.text
    assert "Dit schreef Fatma." in answer.text


async def test_ended_and_left(client) -> None:
    base, made, fatma = await begun(client)
    other = await joined(client, fatma, made)
    for _ in range(2):
        left = await other.post(f"{base}/samen/stoppen", data={"wie": ""})
        assert left.headers["location"] == "/aanvragen?gezegd=gestopt"
    assert (await other.get(base)).status_code == 404
    assert "U schrijft niet meer mee" in (await other.get("/aanvragen?gezegd=gestopt")).text
    await client.post(f"{base}/samen", data=ASKED)
    row = await Companion.get(ended_at=None)
    answer = await client.post(f"{base}/samen/stoppen", data={"wie": row.public_id})
    assert answer.headers["location"] == f"{base}/samen?gezegd=gestopt"
    assert (await other.get(await link())).status_code == 404
    for nobody in ("0" * 32, "", "'"):
        assert (await client.post(f"{base}/samen/stoppen", data={"wie": nobody})).status_code == 404


async def test_wrong_person_is_told_and_gets_no_button(client) -> None:
    base, _, _ = await begun(client)
    await client.post(f"{base}/samen", data=ASKED)
    other = await client.another().sign_in(await person("Ander", "applicant"))
    page = (await other.get(await link())).text
    assert "U bent ingelogd met een ander adres" in page
    assert "Ja, ik doe mee" not in page
    assert "Samen eten" not in page
    answer = await other.post(await link())
    assert answer.status_code == 409
    assert (await other.get(base)).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "%00", "a" * 300])
async def test_unknown_and_old_links_say_what_to_do(client, token: str) -> None:
    await begun(client)
    for method in ("GET", "POST"):
        assert (await client.another().request(method, f"/uitnodiging/{token}")).status_code == 404


async def test_link_that_ran_out_sends_no_mail(client) -> None:
    base, _, _ = await begun(client)
    await client.post(f"{base}/samen", data=ASKED)
    client.clock.now += VALID
    answer = await client.another().post(await link())
    assert answer.status_code == 404
    assert "Vraag de aanvrager om een nieuwe." in answer.text
    assert await LetterRow.filter(kind="sign_in").count() == 0


async def test_page_asks_the_same_for_one_and_three(client, query_count) -> None:
    base, _, _ = await begun(client)
    counts = []
    for people in (("Een",), ("Twee", "Drie")):
        for name in people:
            await client.post(
                f"{base}/samen", data={**ASKED, "name": name, "email": f"{name}@voorbeeld.example"}
            )
        with query_count() as queries:
            await client.get(f"{base}/samen")
        counts.append(len(queries))
    assert counts == [5, 5]


async def test_officer_sees_who_writes_along_and_who_may_act(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ans", "officer")
    made = await submitted(fatma, round_)
    await joined(client, fatma, made, Part.REPRESENTATIVE)
    asked = Invitation("bram@voorbeeld.example", "Bram", "Fatma", "helper", False)
    await invite(fatma, made.public_id, asked, SECRET, OPEN)
    desk = await client.another().sign_in(officer)
    page = words((await desk.get(f"/gemeente/aanvragen/{made.public_id}")).text)
    assert "Sanne, sanne@voorbeeld.example: Gemachtigde" in page
    assert "De aanvrager gaf toestemming op" in page
    assert "bram@voorbeeld.example" not in page  # who did not accept is nobody yet
