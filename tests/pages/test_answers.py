"""Filling in: every answer is kept or given back with why, in any notation, stale or twice or too late."""

import re
from datetime import timedelta

import pytest

from grants.access import Actor
from grants.application import Stage
from grants.pages.answers import SEEN
from grants.pages.fields import LINES
from grants.steps.draft import begin, save_answer, save_initiative
from grants.steps.screen import ask_completion
from grants.store.applications import Application, Submission, answers_of
from grants.store.initiatives import Initiative
from grants.store.outbox import LetterRow
from tests.factories import OPEN, answers, draft, opened_round, person, submitted

pytestmark = pytest.mark.anyio


async def started(client) -> str:
    """A new draft of somebody who is signed in; its address."""
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await begin(fatma, round_.public_id, "sleutel", OPEN)
    await client.sign_in(fatma)
    return f"/aanvragen/{made.public_id}"


async def kept() -> dict:
    return await answers_of((await Application.get()).id)


async def seen(client, path: str) -> str:
    return re.search(rf'name="{SEEN}" value="([^"]*)"', (await client.get(path)).text)[1]


def budget(*lines: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"budget.{place}.{part}": text
        for place, line in enumerate(lines, 1)
        for part, text in zip(("what", "wished", "least"), line, strict=True)
    }


async def test_whole_path_from_first_question_to_receipt(client) -> None:
    base = await started(client)
    answer = await client.post(
        f"{base}/wie",
        data={"kind": "organisation", "name": "Stichting De Pan", "kvk": "1234 5678", "phone": ""},
    )
    assert answer.headers["location"] == f"{base}/vraag/title"
    given = answers((await Application.get().select_related("round")).round, "Samen koken", 0, 0)
    keys = []
    while answer.headers["location"] != f"{base}/controleren":
        page = await client.get(answer.headers["location"])
        keys.append(answer.headers["location"].rpartition("/")[2])
        asked = 14 if "where" in keys[:-1] else 13
        assert f"<title>Vraag {len(keys) + 1} van {asked}:" in page.text
        assert re.search(
            f'<h1 [^>]+><span class="mb-steps">Vraag {len(keys) + 1} van {asked}</span>', page.text
        )
        sent = (
            budget(("Huur", "1.250,50", "0"), ("Eten", "€ 400", "200,-"))
            if keys[-1] == "budget"
            else {keys[-1]: given.get(keys[-1], "")}
        )
        answer = await client.post(f"{base}/vraag/{keys[-1]}", data=sent)
        assert answer.status_code == 303
    assert len(keys) + 1 == asked
    page = await client.get(f"{base}/controleren")
    assert "Klopt alles?" in page.text
    assert "€\u00a01.650,50" in page.text
    for _ in range(2):
        answer = await client.post(f"{base}/controleren", data={})
        assert answer.headers["location"] == f"{base}/ontvangst"
    receipt = await client.get(f"{base}/ontvangst")
    assert "2026-001" in receipt.text
    assert "10 september 2026 om 11.00 uur" in receipt.text
    assert "Stichting De Pan" in receipt.text
    assert "Over Samen koken." in receipt.text
    made = await Application.get()
    assert (made.asked_cents, made.least_cents, made.at) == (165_050, 20_000, Stage.SUBMITTED)
    assert await Submission.all().count() == 1
    assert await LetterRow.filter(kind="receipt").count() == 1


@pytest.mark.parametrize("length", [3000, 3001, 1_000_000])
async def test_long_text_is_kept_or_given_back_whole(client, length) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "a" * length})
    if length == 3000:
        assert answer.status_code == 303
        assert await kept() == {"plan": "a" * 3000}
        return
    assert answer.status_code in (409, 422)
    assert "a" * length in answer.text
    assert 'href="#plan"' in answer.text
    assert await kept() == {}


async def test_more_than_any_form_can_hold(client) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "a" * 5_000_000})
    assert answer.status_code == 413


async def test_control_characters_are_dropped_and_lines_stay(client) -> None:
    base = await started(client)
    await client.post(f"{base}/vraag/plan", data={"plan": "Eén\0\x07\r\nTwee\u202e"})
    assert await kept() == {"plan": "Eén\nTwee"}


async def test_bytes_that_are_no_text(client) -> None:
    base = await started(client)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.post(f"{base}/vraag/plan", content=b"plan=%ff%fe%ed%a0%80&plan", headers=headers)
    assert answer.status_code == 303
    assert "\ufffd" in (await kept())["plan"]


async def test_going_back_keeps_what_was_typed_and_asks_nothing(client) -> None:
    base = await started(client)
    go = {"knop-naar": "vorige"}
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Wij koken."} | go)
    assert answer.headers["location"] == f"{base}/vraag/title"
    assert await kept() == {"plan": "Wij koken."}
    answer = await client.post(f"{base}/vraag/title", data={"title": ""} | go)
    assert answer.headers["location"] == f"{base}/wie"
    long = await client.post(f"{base}/vraag/title", data={"title": "x" * 300} | go)
    assert (long.status_code, "x" * 300 in long.text) == (409, True)


async def test_text_with_markup_comes_back_as_text(client) -> None:
    base = await started(client)
    await client.post(f"{base}/vraag/plan", data={"plan": "</textarea><script>alert(1)</script>"})
    for page in ("/vraag/plan", "/controleren"):
        assert "<script>alert" not in (await client.get(base + page)).text


@pytest.mark.parametrize("value", ["", "   ", "\u200b"])
async def test_required_question_left_open_says_what_to_do(client, value) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": value})
    assert answer.status_code == 409
    assert "Beantwoord de vraag “Wat gaat u doen?”" in answer.text
    assert "<title>Fout: Vraag 3 van 13" in answer.text


@pytest.mark.parametrize(
    ("wished", "cents"),
    [("1250", 125_000), ("1.250", 125_000), ("1,250", 125_000), ("€ 1.250,50", 125_050), ("1250,-", 125_000)],
)
async def test_amounts_in_every_notation(client, wished, cents) -> None:
    base = await started(client)
    assert (await client.post(f"{base}/vraag/budget", data=budget(("Huur", wished, "1")))).status_code == 303
    assert (await Application.get()).asked_cents == cents
    shown = await client.get(f"{base}/vraag/budget")
    assert "Bewaard: u vraagt samen" in shown.text


@pytest.mark.parametrize("wished", ["veel", "-5", "1.2.3", "1e9", "99999999999999999999", "١٢x", "=1+1"])
async def test_amount_that_cannot_be_read_names_its_field_and_loses_nothing(client, wished) -> None:
    base = await started(client)
    answer = await client.post(
        f"{base}/vraag/budget", data=budget(("Huur", "500", "100"), ("Eten & drinken", wished, "2"))
    )
    assert answer.status_code == 422
    assert 'href="#budget.2.wished"' in answer.text
    assert 'id="budget.2.wished"' in answer.text
    for typed in ("Huur", "Eten &amp; drinken", 'value="500"', 'value="2"'):
        assert typed in answer.text
    assert await kept() == {}


async def test_more_lines_keep_what_is_right_and_lose_nothing_else(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/budget"
    assert (await client.get(path)).text.count("Waarvoor?") == 3
    good = await client.post(path, data=budget(("Huur", "500", "100")) | {LINES: "6"})
    assert good.status_code == 200
    assert good.text.count("Waarvoor?") == 6
    assert "u vraagt samen €\u00a0500" in good.text
    unfinished = await client.post(path, data=budget(("Huur", "vijf", "")) | {LINES: "9"})
    assert unfinished.status_code == 200
    assert unfinished.text.count("Waarvoor?") == 9
    assert 'value="vijf"' in unfinished.text
    assert (await Application.get()).asked_cents == 50_000


@pytest.mark.parametrize("lines", ["41", "999", "-1", "abc", "9" * 30])
async def test_odd_numbers_of_lines(client, lines) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/budget", data={LINES: lines})
    assert answer.status_code == 200
    assert 3 <= answer.text.count("Waarvoor?") <= 40


async def test_least_above_wished_and_nothing_needed_at_all(client) -> None:
    base = await started(client)
    for line, field in ((("Huur", "5", "6"), "budget.1.least"), (("Huur", "5", "0"), "budget")):
        answer = await client.post(f"{base}/vraag/budget", data=budget(line))
        assert answer.status_code in (409, 422)
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text


async def test_several_and_choice_take_only_what_is_offered(client) -> None:
    base = await started(client)
    await client.post(f"{base}/vraag/where", data={"where": ["Oost", "Noord"]})
    assert await kept() == {"where": ["Noord", "Oost"]}
    assert (await client.get(f"{base}/vraag/where")).text.count(" checked") == 2
    answer = await client.post(f"{base}/vraag/selling", data={"selling": "Iets anders"})
    assert answer.status_code == 409
    assert "Kies bij" in answer.text


@pytest.mark.parametrize(
    ("key", "typed", "is_kept"), [("when", "1-5-2027", "2027-05-01"), ("people", "1.250", 1250)]
)
async def test_dates_and_numbers_are_read_back_as_they_are_shown(client, key, typed, is_kept) -> None:
    base = await started(client)
    await client.post(f"{base}/vraag/{key}", data={key: typed})
    assert await kept() == {key: is_kept}
    for language in ("nl", "en"):
        shown = await client.get(f"{base}/vraag/{key}", headers={"accept-language": language})
        value = re.search(rf'name="{key}" value="([^"]*)"', shown.text)[1]
        stamp = re.search(rf'name="{SEEN}" value="([^"]*)"', shown.text)[1]
        assert (await client.post(f"{base}/vraag/{key}", data={key: value, SEEN: stamp})).status_code == 303
    assert await kept() == {key: is_kept}


@pytest.mark.parametrize("typed", ["31-2-2027", "morgen", "1-1-1", "2027-13-01"])
async def test_impossible_dates(client, typed) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/when", data={"when": typed})
    assert answer.status_code in (409, 422)
    assert f'value="{typed}"' in answer.text


async def test_stale_form_shows_both_texts_and_writes_on_the_second_press(client) -> None:
    base = await started(client)
    path = f"{base}/vraag/plan"
    old = await seen(client, path)
    await client.post(path, data={"plan": "Uit het andere venster.", SEEN: old})
    answer = await client.post(path, data={"plan": "Uit dit venster.", SEEN: old})
    assert answer.status_code == 409
    assert "Uit het andere venster." in answer.text
    assert "Uit dit venster." in answer.text
    assert await kept() == {"plan": "Uit het andere venster."}
    stamp = re.search(rf'name="{SEEN}" value="([^"]*)"', answer.text)[1]
    assert (await client.post(path, data={"plan": "Uit dit venster.", SEEN: stamp})).status_code == 303
    assert await kept() == {"plan": "Uit dit venster."}


async def test_same_answer_sent_twice_is_no_conflict(client) -> None:
    base = await started(client)
    for _ in range(2):
        assert (await client.post(f"{base}/vraag/plan", data={"plan": "Hetzelfde."})).status_code == 303


async def test_too_late_gives_the_text_back(client) -> None:
    base = await started(client)
    made = await Application.get().select_related("round")
    client.clock.now = made.round.closes_at
    await client.sign_in(Actor(person_id=made.person_id))
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Net te laat."})
    assert answer.status_code == 409
    assert "De ronde is gesloten" in answer.text
    assert "Net te laat." in answer.text
    assert (await client.post(f"{base}/controleren", data={})).status_code in (409, 422)


@pytest.mark.parametrize("key", ["onbekend", "budget.1", "%00", "__class__", "x" * 500])
async def test_question_that_is_not_on_the_form(client, key) -> None:
    base = await started(client)
    assert (await client.get(f"{base}/vraag/{key}")).status_code == 404
    assert (await client.post(f"{base}/vraag/{key}", data={key: "x"})).status_code == 404


async def test_saving_and_going_to_the_overview(client) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Iets.", "knop-naar": "overzicht"})
    assert answer.headers["location"] == base
    answer = await client.post(f"{base}/wie", data={"kind": "group", "name": "Wij", "knop-naar": "overzicht"})
    assert answer.headers["location"] == base


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "", "name": "Wij"}, "kind"),
        ({"kind": "bedrijf", "name": "Wij"}, "kind"),
        ({"kind": "group", "name": ""}, "name"),
        ({"kind": "group", "name": "x" * 121}, "name"),
        ({"kind": "organisation", "name": "Wij", "kvk": "123"}, "kvk"),
        ({"kind": "group", "name": "Wij", "phone": "06-12345678 of 030-1234567"}, "phone"),
    ],
)
async def test_who_applies_names_what_is_wrong(client, typed, field) -> None:
    base = await started(client)
    answer = await client.post(f"{base}/wie", data=typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert (await Initiative.get()).kind == ""


async def test_who_changes_one_thing_goes_back_to_the_check_page(client) -> None:
    base = await started(client)
    assert (
        f'href="{base}/vraag/plan?na-bewaren=controleren"' in (await client.get(f"{base}/controleren")).text
    )
    for path, typed in (("wie", {"kind": "group", "name": "Wij"}), ("vraag/plan", {"plan": "Iets."})):
        page = await client.get(f"{base}/{path}?na-bewaren=controleren")
        assert '<input type="hidden" name="na-bewaren" value="controleren">' in page.text
        answer = await client.post(f"{base}/{path}", data=typed | {"na-bewaren": "controleren"})
        assert answer.headers["location"] == f"{base}/controleren"


async def test_check_page_names_everything_missing_with_a_way_there(client) -> None:
    base = await started(client)
    await client.post(f"{base}/vraag/plan", data={"plan": "Iets."})
    page = await client.get(f"{base}/controleren")
    assert page.status_code == 200
    answer = await client.post(f"{base}/controleren", data={})
    assert answer.status_code == 422
    for shown in (page, answer):
        assert "Er missen nog 12 dingen" in shown.text
        assert f'href="{base}/wie?na-bewaren=controleren"' in shown.text
        assert f'href="{base}/vraag/budget?na-bewaren=controleren"' in shown.text
    assert (await Application.get()).at is Stage.DRAFT


async def test_asking_for_more_than_the_pot_holds(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, round_, asked_cents=20_000_000, least_cents=15_000_000)
    await client.sign_in(fatma)
    answer = await client.post(f"/aanvragen/{made.public_id}/controleren", data={})
    assert answer.status_code == 422
    assert "Vraag minder" in answer.text


async def test_after_sending_nothing_can_be_changed(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await submitted(fatma, round_)
    await client.sign_in(fatma)
    base = f"/aanvragen/{made.public_id}"
    for page in ("/wie", "/vraag/plan", "/controleren"):
        assert (await client.get(base + page)).headers["location"] == base
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Iets anders."})
    assert answer.status_code == 409
    assert "Iets anders." in answer.text
    answer = await client.post(f"{base}/wie", data={"kind": "group", "name": "Anderen"})
    assert answer.status_code == 409
    assert (await answers_of(made.id))["plan"] == "Over Samen eten."


async def test_completion_reopens_only_the_named_questions(client) -> None:
    round_ = await opened_round()
    fatma, officer = await person("Fatma", "applicant"), await person("Ambtenaar", "officer")
    made = await submitted(fatma, round_)
    await ask_completion(
        officer, made.public_id, ["budget", "plan"], "Wat kost de zaal?", OPEN + timedelta(days=1)
    )
    client.clock.now = OPEN + timedelta(days=2)
    await client.sign_in(fatma)
    base = f"/aanvragen/{made.public_id}"
    page = await client.get(f"{base}/vraag/plan")
    assert "<title>Vraag 1 van 2:" in page.text
    assert "Wat kost de zaal?" in page.text
    assert "25 september 2026" in page.text
    assert (await client.get(f"{base}/wie")).headers["location"] == base
    refused = await client.post(f"{base}/vraag/title", data={"title": "Nieuwe naam"})
    assert refused.status_code == 409
    stamp = re.search(rf'name="{SEEN}" value="([^"]*)"', page.text)[1]
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "De zaal kost € 20.", SEEN: stamp})
    assert answer.headers["location"] == f"{base}/vraag/budget"
    check = await client.get(f"{base}/controleren")
    assert check.text.count(">Wijzig<") == 2
    for _ in range(2):
        answer = await client.post(f"{base}/controleren", data={})
        assert answer.headers["location"] == f"{base}/ontvangst"
    assert "De zaal kost € 20." in (await client.get(f"{base}/ontvangst")).text
    assert await Submission.all().count() == 2
    assert (await Application.get()).at is Stage.SUBMITTED


async def test_session_that_ended_while_typing_keeps_the_text(client) -> None:
    base = await started(client)
    client.clock.now += timedelta(hours=3)
    answer = await client.post(f"{base}/vraag/plan", data={"plan": "Lang over nagedacht."})
    assert answer.status_code == 403
    assert "Lang over nagedacht." in answer.text


async def test_questions_asked_of_the_database_do_not_grow_with_the_form(client, query_count) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await begin(fatma, round_.public_id, "een", OPEN)
    await save_initiative(fatma, made.public_id, "group", "Wij", "", "", OPEN)
    await client.sign_in(fatma)
    counted = []
    for keys in (["title"], ["plan", "together", "who"]):
        for key in keys:
            await save_answer(fatma, made.public_id, key, "Iets.", OPEN)
        for page in ("", "/vraag/plan", "/controleren"):
            with query_count() as queries:
                await client.get(f"/aanvragen/{made.public_id}{page}")
            counted.append(len(queries))
    assert counted == [4, 4, 7] * 2
