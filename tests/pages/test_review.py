"""Declaring, reading and judging: nothing before the declaration, nothing of others before one is done."""

from __future__ import annotations

import html
import re

import pytest

from committee.conflict import NONE
from committee.judgement import MAX_SENTENCE
from committee.steps.recuse import declare
from committee.steps.review import save_review
from committee.steps.vote import cast
from committee.store.conflicts import Declaration
from committee.store.reviews import Review, Score
from grants.store.applications import Application, Submission
from grants.store.initiatives import Initiative
from tests.committee.scene import Scene, scene
from tests.factories import REVIEW, VOTING, answers, member, person

pytestmark = pytest.mark.anyio

CASE = "/commissie/aanvragen/{}"


async def at(client, actor, now=REVIEW):
    client.clock.now = now
    return await client.another().sign_in(actor)


def filled(made: Scene, value: str = "4", said: str = "Omdat het kan.") -> dict[str, str]:
    """A form in which everything is filled in alike."""
    names = [criterion.key for criterion in made.criteria]
    return dict.fromkeys(names, value) | {f"{name}.sentence": said for name in names}


def seen(text: str) -> str:
    found = re.search(r'name="gezien" value="([^"]*)"', text)
    assert found
    return found[1]


async def test_doors_of_a_case(client) -> None:
    made = await scene(1)
    auditor = await person("Anne Controle", "auditor")
    await made.free(made.ada, made.chair, made.secretary)
    path = CASE.format(made.ids[0])
    everybody = {
        "ada": (200, 200, 200, 403),
        "bo": (200, 200, 303, 403),
        "chair": (200, 200, 200, 409),
        "secretary": (200, 200, 403, 200),
        "officer": (403, 403, 403, 403),
        "applicant": (403, 403, 403, 403),
    }
    people = {who: getattr(made, who) for who in everybody} | {"auditor": auditor}
    for who, statuses in {**everybody, "auditor": (403, 403, 403, 403)}.items():
        visitor = await at(client, people[who])
        found = [
            (await visitor.get(path + end)).status_code for end in ("", "/verklaring", "/oordeel", "/redenen")
        ]
        assert (who, *found) == (who, *statuses)
    for end in ("", "/verklaring", "/oordeel", "/redenen"):
        assert (await client.get(path + end)).headers["location"].startswith("/inloggen")


async def test_before_the_declaration_only_a_summary_shows(client) -> None:
    made = await scene(1)
    plan = made.plans[0]
    visitor = await at(client, made.ada)
    answer = await visitor.get(CASE.format(plan.public_id))
    text = html.unescape(answer.text)
    for shown in (
        "Samen eten",
        "2026-001",
        "€\u00a05.000",
        "Stichting Samen eten",
        "Binnenstad",
        "Waarom zie ik alleen dit?",
    ):
        assert shown in text
    for hidden in ("Over Samen eten.", "Alles bij elkaar", "Tom", "voorbeeld.example", "1 mei 2027"):
        assert hidden not in text
    assert (await visitor.get(CASE.format(plan.public_id) + "/oordeel")).status_code == 303
    posted = await visitor.post(CASE.format(plan.public_id) + "/oordeel", data=filled(made) | {"klaar": "ja"})
    assert (posted.status_code, posted.text, await Review.all().count()) == (303, "", 0)


async def test_a_private_person_is_never_named(client) -> None:
    made = await scene(1)
    for kind, shown in (("person", False), ("group", True)):
        await Initiative.all().update(kind=kind, name="Fatima Jansen")
        visitor = await at(client, made.ada)
        text = (await visitor.get(CASE.format(made.ids[0]))).text
        assert ("Fatima" in text) is shown
        assert ("Een inwoner" in text) is not shown
    await declare(made.ada, made.ids[0], NONE, REVIEW)
    assert "Fatima" not in (await visitor.get(CASE.format(made.ids[0]))).text


async def test_free_opens_the_plan_without_what_is_not_for_the_committee(client) -> None:
    made = await scene(1)
    path = CASE.format(made.ids[0])
    visitor = await at(client, made.ada)
    answer = await visitor.post(f"{path}/verklaring", data={"ground": "none"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    text = html.unescape((await visitor.get(path)).text)
    answered = answers(made.round, "Samen eten", 0, 0)
    for question in made.round.frozen["questions"]:
        read = question["committee"] and question["key"] != "title" and question["key"] in answered
        assert (question["label"] in text) is read
    for shown in ("Over Samen eten.", "Alles bij elkaar", "€\u00a05.000,00", "€\u00a02.500,00", "1 mei 2027"):
        assert shown in text
    for hidden in ("Stichting", "voorbeeld.example", "Tom Aanvrager"):
        assert hidden not in text


async def test_standing_aside_is_asked_twice_and_then_final(client) -> None:
    made = await scene(2)
    path = CASE.format(made.ids[0])
    visitor = await at(client, made.ada)
    nothing = await visitor.post(f"{path}/verklaring", data={"ground": ""})
    assert (nothing.status_code, "Kies eerst een van de antwoorden" in nothing.text) == (422, True)
    odd = await visitor.post(f"{path}/verklaring", data={"ground": "zomaar"})
    assert (odd.status_code, "Kies eerst of u" in odd.text) == (409, True)
    asked = await visitor.post(f"{path}/verklaring", data={"ground": "family"})
    assert (asked.status_code, "Klopt dit?" in asked.text) == (200, True)
    assert await Declaration.all().count() == 0
    sure = await visitor.post(f"{path}/verklaring", data={"ground": "family", "zeker": "ja"})
    assert sure.headers["location"] == "/commissie?gezegd=opzij"
    docket = (await visitor.get("/commissie?gezegd=opzij")).text
    assert "U doet bij die aanvraag niet mee." in docket
    assert "Samen eten" not in docket
    again = await visitor.post(f"{path}/verklaring", data={"ground": "none"})
    assert again.status_code == 404


async def test_aside_own_missing_and_withdrawn_look_the_same(client) -> None:
    made = await scene(1)
    tom = await member(made.round, "Tom Aanvrager")
    for actor in (made.ada, made.chair, made.secretary):
        await declare(actor, made.ids[0], "other", REVIEW)
    for actor, ends in (
        (made.ada, ("", "/verklaring", "/oordeel")),
        (tom, ("", "/verklaring", "/oordeel")),
        (made.chair, ("", "/verklaring", "/oordeel", "/redenen")),
        (made.secretary, ("", "/verklaring", "/redenen")),
    ):
        visitor = await at(client, actor)
        for end in ends:
            here = await visitor.get(CASE.format(made.ids[0]) + end)
            missing = await visitor.get(CASE.format("0" * 32) + end)
            assert here.status_code == missing.status_code == 404
            assert here.text.replace(made.ids[0], "0" * 32) == missing.text
            if end:
                posted = await visitor.post(CASE.format(made.ids[0]) + end, data=filled(made))
                assert posted.status_code == 404


async def test_a_draft_comes_back_as_it_was(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    first, second, third, fourth = (criterion.key for criterion in made.criteria)
    typed = {first: "2", f"{second}.sentence": "Nog <b>geen</b> woord.", third: "geen", "objection": "Wacht."}
    page = (await visitor.get(path)).text
    answer = await visitor.post(path, data={**typed, "gezien": seen(page)})
    assert answer.headers["location"] == "/commissie?gezegd=bewaard"
    page = (await visitor.get(path)).text
    assert re.search(rf'name="{first}" value="2"[^>]* checked', page)
    assert re.search(rf'name="{third}" value="geen"[^>]* checked', page)
    assert not re.search(rf'name="{second}"[^>]* checked', page)
    assert not re.search(rf'name="{fourth}"[^>]* checked', page)
    assert "Nog &lt;b&gt;geen&lt;/b&gt; woord." in page
    assert ">\nWacht.</textarea>" in page


async def test_done_needs_everything_and_keeps_what_was_typed(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    first, second, third, _ = (criterion.key for criterion in made.criteria)
    typed = {
        first: "3", f"{first}.sentence": " ", second: "12", third: "wat?",
        f"{third}.sentence": "x" * (MAX_SENTENCE + 1), "klaar": "ja",
        "gezien": seen((await visitor.get(path)).text),
    }  # fmt: skip
    answer = await visitor.post(path, data=typed)
    assert (answer.status_code, await Review.all().count()) == (422, 0)
    assert len(re.findall(r'class="utrecht-form-field-error-message"', answer.text)) == 5
    assert "x" * (MAX_SENTENCE + 1) in answer.text
    assert re.search(rf'name="{first}" value="3"[^>]* checked', answer.text)
    answer = await visitor.post(path, data=filled(made) | {"klaar": "ja", "gezien": typed["gezien"]})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert (await Review.get()).done_at == REVIEW


async def test_texts_of_a_megabyte_and_odd_bytes_are_refused_calmly(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    long = await visitor.post(path, data=filled(made, said="é" * 1_000_000) | {"klaar": "ja"})
    assert long.status_code in (413, 422)
    odd = await visitor.post(
        path, data=filled(made, value="４", said="\0\ud800".encode("utf-8", "replace").decode())
    )
    assert odd.status_code == 409
    assert await Review.all().count() == 0
    assert (await visitor.post(path, json={})).status_code == 415


async def test_a_stale_form_keeps_its_text_and_can_be_sent_again(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    old = seen((await visitor.get(path)).text)
    await save_review(made.ada, made.ids[0], made.judged(1, "Eerder"), "", REVIEW, done=False)
    refused = await visitor.post(path, data=filled(made, said="Mijn nieuwe zin.") | {"gezien": old})
    assert refused.status_code == 409
    assert "Er is iets veranderd terwijl u schreef" in refused.text
    assert refused.text.count("Mijn nieuwe zin.") == 4
    again = await visitor.post(
        path, data=filled(made, said="Mijn nieuwe zin.") | {"gezien": seen(refused.text)}
    )
    assert again.status_code == 303
    assert set(await Score.all().values_list("sentence", flat=True)) == {"Mijn nieuwe zin."}


async def test_a_form_that_comes_after_the_poll_opened_keeps_its_text(client) -> None:
    made = await scene(1)
    await made.free(made.ada)
    await made.judge_all(made.bo, made.chair)
    path = CASE.format(made.ids[0]) + "/oordeel"
    form = filled(made, said="Te laat geschreven.") | {"klaar": "ja"}
    form["gezien"] = seen((await (await at(client, made.ada)).get(path)).text)
    await made.poll()
    visitor = await at(client, made.ada, VOTING)
    late = await visitor.post(path, data=form)
    assert (late.status_code, late.text.count("Te laat geschreven.")) == (409, 4)
    assert "de stemming is open" in late.text
    assert 'name="klaar"' not in late.text
    closed = (await visitor.get(path)).text
    assert "Oordelen kan niet meer" in closed
    assert "bo lid" not in closed.lower()


async def test_others_show_once_one_is_done_without_names_and_only_those_done(client) -> None:
    made = await scene(1)
    plan = made.plans[0]
    others = [await member(made.round, f"Lid {letter}") for letter in "CDE"]
    await made.judge(made.bo, plan, 2, "Zin van de een")
    await made.judge(made.chair, plan, 5, "Half werk", done=False)
    gone = await member(made.round, "Lid Weg")
    await made.judge(gone, plan, 1, "Van wie opzij ging")
    await declare(gone, plan.public_id, "other", REVIEW)
    await made.judge(made.ada, plan, 4, "Mijn zin")
    visitor = await at(client, made.ada)
    text = (await visitor.get(CASE.format(plan.public_id) + "/oordeel")).text
    assert text.count("Zin van de een") == len(made.criteria)
    for hidden in ("Half werk", "Van wie opzij ging", "Bo Lid", "Lid 2", "De oordelen lopen"):
        assert hidden not in text
    for number, actor in enumerate(others):
        await made.judge(actor, plan, 2 + number, f"Zin {number}")
    text = (await visitor.get(CASE.format(plan.public_id) + "/oordeel")).text
    assert "De oordelen lopen van “een beetje” tot “goed”." in text
    sentences = [re.findall(rf"<li>(Zin [^<]*) {criterion.key}\.", text) for criterion in made.criteria]
    assert all(sorted(one) == ["Zin 0", "Zin 1", "Zin 2", "Zin van de een"] for one in sentences)
    assert len({tuple(one) for one in sentences}) > 1


async def test_nothing_that_others_hide_changes_a_page(client) -> None:
    """Non-interference: every page of a member who is not done is the same, byte for byte."""
    made = await scene(2)
    plan, other = made.plans
    await made.judge(made.ada, other)
    await made.judge(made.ada, plan, done=False)
    paths = [
        "/commissie", f"/commissie/rondes/{made.round.public_id}/stemmen",
        f"/commissie/rondes/{made.round.public_id}/tellen",
        *(CASE.format(plan.public_id) + end for end in ("", "/verklaring", "/oordeel")),
    ]  # fmt: skip

    async def pages() -> list[bytes]:
        found = []
        for actor in (made.ada, made.chair):
            visitor = await at(client, actor)
            answers = [await visitor.get(path) for path in paths]
            found += [answer.content + str(sorted(answer.headers.items())).encode() for answer in answers]
        return found

    await made.free(made.chair)
    without = await pages()
    await made.judge(made.bo, plan, 1, "Hier ben ik tegen", done=False)
    assert await pages() == without
    for value, said in ((1, "Hier ben ik tegen"), (5, "Geweldig, meteen doen"), (None, "Geen idee")):
        await save_review(made.bo, plan.public_id, made.judged(value, said), said, REVIEW, done=True)
        assert await pages() == without
    await declare(made.bo, plan.public_id, "family", REVIEW)
    assert await pages() == without


async def test_nothing_of_the_ballots_changes_a_page_before_the_count(client) -> None:
    made = await scene(2)
    await made.judge_all(made.ada, made.bo, made.chair)
    await made.poll()
    round_id = made.round.public_id
    paths = [
        "/commissie",
        *(f"/commissie/rondes/{round_id}/{end}" for end in ("stemmen", "tellen", "uitslag")),
    ]

    async def pages(*actors) -> list[bytes]:
        found = []
        for actor in actors:
            visitor = await at(client, actor, VOTING)
            found += [(await visitor.get(path)).content for path in paths]
        return found

    before = await pages(made.ada)
    await cast(made.bo, round_id, made.ids[:1], False, VOTING)
    leading = await pages(made.chair, made.secretary)
    assert await pages(made.ada) == before
    for marks, abstains in ((made.ids, False), ([], True), (made.ids[1:], False)):
        await cast(made.bo, round_id, marks, abstains, VOTING)
        assert await pages(made.ada) == before
        assert await pages(made.chair, made.secretary) == leading


async def test_done_may_be_changed_until_the_poll_opens(client) -> None:
    made = await scene(1)
    await made.judge_all(made.ada, made.bo, made.chair)
    path = CASE.format(made.ids[0]) + "/oordeel"
    visitor = await at(client, made.ada)
    assert "?aanpassen=1" in (await visitor.get(path)).text
    page = (await visitor.get(f"{path}?aanpassen=1")).text
    assert "Bewaar, ik ga later verder" not in page
    answer = await visitor.post(
        path, data=filled(made, "5", "Toch wel.") | {"klaar": "ja", "gezien": seen(page)}
    )
    assert answer.status_code == 303
    await made.poll()
    visitor = await at(client, made.ada, VOTING)
    closed = (await visitor.get(f"{path}?aanpassen=1")).text
    assert "?aanpassen=1" not in closed
    assert "Toch wel." in closed
    assert "<form" not in closed.split("<main")[1]


async def test_a_changed_plan_is_said_wherever_it_matters(client) -> None:
    made = await scene(1)
    await made.judge_all(made.ada)
    plan = await Application.get(id=made.plans[0].id)
    await Submission.create(
        application_id=plan.id,
        version=2,
        content='{"plan": "Een nieuwe tekst."}',
        content_hash="0" * 64,
        at=REVIEW,
    )
    await Application.filter(id=plan.id).update(version=2)
    visitor = await at(client, made.ada)
    for end in ("", "/oordeel", "/oordeel?aanpassen=1"):
        assert "Dit plan is veranderd" in (await visitor.get(CASE.format(plan.public_id) + end)).text
    assert "Een nieuwe tekst." in (await visitor.get(CASE.format(plan.public_id))).text


async def test_queries_stay_the_same_with_more_plans_and_members(client, query_count) -> None:
    made = await scene(1)
    path = CASE.format(made.ids[0])
    visitor = await at(client, made.ada)

    async def asked(end: str) -> int:
        with query_count() as queries:
            assert (await visitor.get(path + end)).status_code == 200
        return len(queries)

    assert await asked("") == 8
    await made.free(made.ada)
    assert await asked("") == 11  # the first look of a day is written down
    assert (await asked(""), await asked("/verklaring"), await asked("/oordeel")) == (10, 8, 10)
    await made.judge_all(made.ada)
    assert (await asked(""), await asked("/oordeel")) == (11, 11)
    await made.judge_all(made.bo, made.chair, await member(made.round, "Lid C"))
    assert (await asked(""), await asked("/oordeel")) == (11, 11)
