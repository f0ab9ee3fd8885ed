"""How an application stands, at every stage: what happened, what comes, by when; and the receipt."""

from datetime import timedelta

import pytest

from grants import form
from grants import round as rules_of
from grants.application import Stage
from grants.pages.progress import STEPS, states
from grants.steps.account import report
from grants.steps.publish import publish
from grants.steps.screen import ask_completion, not_handle
from grants.steps.submit import complete
from grants.store.applications import Answer, Application, Submission
from tests.factories import DECIDING, OPEN, REVIEW, draft, opened_round, person, screened, submitted
from tests.pages.officers import announced, decided, published, town, words

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("stage", list(Stage))
def test_states_never_go_back(stage) -> None:
    order = ["done", "now", "later"]
    found = [order.index(state) for state in states(stage)]
    assert len(found) == len(STEPS)
    assert found == sorted(found)
    assert found.count(1) <= 1


async def status(client, application: Application) -> str:
    answer = await client.get(f"/aanvragen/{application.public_id}")
    assert answer.status_code == 200
    return words(answer.text)


async def test_draft_is_a_list_of_tasks(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, round_)
    await client.sign_in(fatma)
    assert (await status(client, made)).count("Klaar") == 13
    page = (await client.get(f"/aanvragen/{made.public_id}")).text
    assert "Kijk alles na en verstuur" in page
    client.clock.now = round_.closes_at
    await client.sign_in(fatma)
    assert "De ronde is gesloten" in await status(client, made)
    assert "Kijk alles na en verstuur" not in (await client.get(f"/aanvragen/{made.public_id}")).text


async def test_draft_says_what_is_left_and_that_one_may_stop(client) -> None:
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, await opened_round())
    await Answer.filter(application_id=made.id, question__in=["plan", "title"]).delete()
    await client.sign_in(fatma)
    said = await status(client, made)
    assert "Nog 2 vragen te doen. Alles wat u invulde, is bewaard. U kunt stoppen wanneer u wilt." in said
    page = (await client.get(f"/aanvragen/{made.public_id}")).text
    assert page.index("Ga verder") < page.index("De vragen")


async def test_after_sending_it_tells_what_comes_and_when(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ambtenaar", "officer")
    sent = await submitted(fatma, round_)
    await client.sign_in(fatma)
    said = await status(client, sent)
    assert "De gemeente kijkt of alles er is (nu)" in said
    assert "De gemeente kijkt uw aanvraag na. U hoeft nu niets te doen. Wie doet dat? De gemeente" in said
    assert "Wanneer? U hoort het besluit uiterlijk 18 december 2026" in said
    assert "Uiterlijk 18 december 2026" in said
    assert "Waarom die dag? De regels van de ronde noemen een laatste dag voor het besluit" in said
    assert "Stemmen kan van 16 november 2026 om 9.00 uur tot 4 december 2026 om 17.00 uur" in said
    read = await screened(fatma, officer, round_, "Nog een plan")
    client.clock.now = REVIEW
    await client.sign_in(fatma)
    said = await status(client, read)
    assert "De commissie leest en stemt (nu)" in said
    assert "Trek deze aanvraag in" in said


async def test_completion_stops_the_clock_and_says_so(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ambtenaar", "officer")
    made = await submitted(fatma, round_)
    await ask_completion(
        officer, made.public_id, ["plan"], "Wat kost de zaal?\nEn wie komt er?", OPEN + timedelta(days=1)
    )
    client.clock.now = OPEN + timedelta(days=3)
    await client.sign_in(fatma)
    said = await status(client, made)
    assert "Wat kost de zaal? En wie komt er?" in said
    assert "Vul dit aan tot en met 25 september 2026." in said
    assert "Wie doet dat? U Wanneer? Tot en met 25 september 2026" in said
    assert "Wij vroegen het op 11 september 2026. U krijgt daarna 14 dagen de tijd." in said
    assert "Zodra u heeft aangevuld, weten wij de nieuwe datum" in said
    await complete(fatma, made.public_id, OPEN + timedelta(days=3))
    said = await status(client, made)
    assert "Wij wachtten op uw aanvulling. Daarom mag het iets later." in said
    assert "Uiterlijk 19 december 2026" in said
    assert "De dagen daartussen stond de tijd stil. Dagen erbij: 1." in said


async def test_completion_that_never_came_counts_its_days_and_no_more(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ambtenaar", "officer")
    made = await submitted(fatma, round_)
    await ask_completion(officer, made.public_id, ["plan"], "Wat kost de zaal?", OPEN)
    client.clock.now = OPEN + timedelta(days=30)
    await client.sign_in(fatma)
    assert "Uiterlijk 1 januari 2027" in await status(client, made)


async def test_not_handled_is_told_as_such(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ambtenaar", "officer")
    made = await submitted(fatma, round_)
    await ask_completion(officer, made.public_id, ["plan"], "Wat kost de zaal?", OPEN)
    client.clock.now = OPEN + timedelta(days=30)
    await not_handle(officer, made.public_id, "Wij weten niet wat de zaal kost.", client.clock.now)
    await client.sign_in(fatma)
    said = await status(client, made)
    assert "Wij hebben uw aanvraag niet behandeld" in said
    assert "De commissie leest en stemt" not in said


async def test_nothing_of_the_decision_shows_before_it_is_announced(client) -> None:
    there = await town()
    plans = await decided(there, (500_000, 400_000), (100_000, 0))
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    for plan in plans:
        said = await status(client, plan)
        assert "De gemeente neemt een besluit (nu)" in said
        assert "oegekend" not in said
        assert "Afgewezen" not in said
    listed = words((await client.get("/aanvragen")).text)
    assert "oegekend" not in listed
    assert "Afgewezen" not in listed


async def test_after_the_announcement_the_money_and_the_way_on(client) -> None:
    there = await town()
    granted, refused = await announced(there, (500_000, 500_000), (100_000, 0))
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    said = await status(client, granted)
    assert "Vul uw rekeningnummer in" in said
    assert "Wie doet dat? U Wanneer? Zo snel als u kunt. Daarna betalen wij." in said
    assert "Gevraagd €\u00a05.000 Toegekend €\u00a05.000" in said
    assert "U krijgt het geld (nu)" in said
    assert "De uitslag komt op de website (nu)" in said
    said = await status(client, refused)
    assert "Afgewezen: er was niet genoeg geld" in said
    assert "rekeningnummer" not in said
    assert "Wie doet dat?" not in said
    assert "Wanneer? Bezwaar maken kan tot en met" in said
    assert "Wij verstuurden het besluit op 8 december 2026. Bezwaar maken kan dan nog zes weken." in said
    client.clock.now = DECIDING + timedelta(days=90)
    await client.sign_in(there.applicant)
    assert "Bezwaar maken kan" not in await status(client, refused)


async def test_after_publication_the_report_and_then_waiting(client) -> None:
    there = await town()
    (plan,) = await published(there, (500_000, 500_000))
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    said = await status(client, plan)
    assert "Vertel hoe het ging" in said
    assert "Stichting Samen, •••• 4300" in said
    assert "NL91" not in said
    await report(there.applicant, plan.public_id, "Goed.", 500_000, DECIDING)
    assert "Wij leggen het bedrag vast (nu)" in await status(client, plan)


async def test_an_amount_that_is_final_at_once_asks_for_no_report(client) -> None:
    there = await town()
    (plan,) = await announced(there, (400_000, 400_000))
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    for step in (None, publish):
        if step:
            await step(there.officer, there.round_.id, DECIDING)
        said = await status(client, plan)
        assert "U kreeg een brief. Het bedrag staat nu al vast." in said
        assert "Vul uw rekeningnummer in" in said
        assert "U krijgt het geld (nu)" in said
        for asked in ("ertel hoe het ging", "ertellen hoe het ging", "Wij leggen het bedrag vast"):
            assert asked not in said


async def test_receipt_is_a_copy_of_what_was_sent(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made, unsent = await submitted(fatma, round_, "Samen eten"), await draft(fatma, round_)
    await client.sign_in(fatma)
    said = words((await client.get(f"/aanvragen/{made.public_id}/ontvangst")).text)
    assert "Uw nummer is 2026-001" in said
    assert "10 september 2026 om 12.00 uur" in said
    sent = await Submission.get(application_id=made.id)
    asked = {question.key for question in form.asked(rules_of.questions(round_.frozen), sent.answers)}
    for question in round_.frozen["questions"]:
        assert (question["label"] in said) is (question["key"] in asked)
    assert "Over Samen eten." in said
    assert (await client.get(f"/aanvragen/{unsent.public_id}/ontvangst")).status_code == 404


async def test_status_asks_the_same_number_of_questions_at_home_and_abroad(client, query_count) -> None:
    there = await town()
    plans = await published(there, (500_000, 500_000), (100_000, 0))
    client.clock.now = DECIDING
    await client.sign_in(there.applicant)
    counted = []
    for plan in plans:
        with query_count() as queries:
            await client.get(f"/aanvragen/{plan.public_id}")
        counted.append(len(queries))
    assert counted == [13, 10]
