"""A copy of everything about a person: no table is forgotten, and nothing of somebody else is in it."""

import importlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tortoise.models import Model

import committee.store.mine
import grants.store.mine
from committee.steps.vote import cast
from deploy.database import APPS
from grants.mine import Asker
from grants.notice import Kind
from grants.steps.answer import answer
from grants.steps.hand_in import Message, hand_in
from tests.committee.scene import scene
from tests.factories import OPEN, VOTING, person
from tests.letters import every_letter
from tests.pages.officers import FIELD_KEY, decided, published, town

pytestmark = pytest.mark.anyio
KEPT = grants.store.mine.KEPT + committee.store.mine.KEPT


def tables() -> Iterator[str]:
    for app in APPS.values():
        for name in app["models"]:
            for model in vars(importlib.import_module(name)).values():
                if isinstance(model, type) and issubclass(model, Model) and model.__module__ == name:
                    yield model._meta.db_table or model.Meta.table


def test_every_table_is_in_the_copy_or_left_out_for_a_reason() -> None:
    """A new table with something about people is added to one of the two lists by hand."""
    copied = {table for source in KEPT.sources for table in source.tables}
    assert copied & set(KEPT.left_out) == set()
    assert copied | set(KEPT.left_out) == set(tables())
    assert all(KEPT.left_out.values())


def test_no_part_is_named_twice() -> None:
    keys = [source.key for source in KEPT.sources]
    assert len(keys) == len(set(keys))


async def copy_of(person_id: int | None) -> dict[str, list[dict]]:
    assert person_id is not None
    parts = await KEPT.about(Asker(person_id, FIELD_KEY))
    for part in parts:
        for row in part.rows:
            assert set(row) <= set(KEPT.labels), part.key
    return {part.key: part.rows for part in parts}


async def test_the_copy_of_an_applicant_holds_their_rows_and_no_name_of_others(database) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    made = await hand_in(there.applicant, Message(Kind.COMPLAINT, "Anna", "Het was koud."), "k", OPEN)
    await answer(there.officer, made.public_id, "Dat spijt ons.", OPEN + timedelta(days=1))
    found = await copy_of(there.applicant.person_id)
    filled = {key for key, rows in found.items() if rows}
    assert filled >= {
        "person", "applications", "answers", "submissions", "checks", "decisions", "advice", "accounts", "ledger",
        "notices", "letters", "roles", "journal", "initiatives",
    }  # fmt: skip
    said = json.dumps(found, default=str)
    assert not re.search("Olga|Farid|Agnes|olga\\.|farid\\.|agnes\\.", said)
    assert "Dat spijt ons." in said
    assert "NL91ABNA" not in said


async def test_the_copy_of_one_tells_nothing_of_another(database) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    found = await copy_of(there.finance.person_id)
    assert found["applications"] == found["answers"] == found["notices"] == found["letters"] == []
    assert "Plan 1" not in json.dumps(found, default=str)


async def test_a_decision_is_not_in_the_copy_before_it_is_sent(database) -> None:
    there = await town()
    await decided(there, (500_000, 0))
    found = await copy_of(there.applicant.person_id)
    assert found["decisions"] == found["advice"] == []


async def test_a_member_gets_their_own_scores_and_vote_and_the_applicant_none(database) -> None:
    made = await scene(2)
    await made.judge_all(made.bo)
    await made.judge_all(made.chair)
    await made.reasons()
    await made.poll()
    await cast(made.bo, made.round.public_id, made.ids[:1], False, VOTING)
    of_member = await copy_of(made.bo.person_id)
    assert len(of_member["reviews"]) == 2
    assert of_member["scores"]
    assert [row["abstains"] for row in of_member["votes"]] == [False]
    assert len(of_member["votes"][0]["applications"]) == 1
    assert of_member["joint_reasons"] == []
    of_applicant = await copy_of(made.applicant.person_id)
    assert of_applicant["scores"] == of_applicant["reviews"] == of_applicant["votes"] == []
    assert not [row for row in of_applicant["journal"] if row["act"].startswith("committee.")]


async def test_somebody_without_anything_gets_nothing_of_a_whole_round(database) -> None:
    """In the round are letters, messages, helpers and official messages of every kind, all of other people."""
    await every_letter()
    found = await copy_of((await person("Nieuw Hier", "applicant")).person_id)
    assert {key for key, rows in found.items() if rows} == {"person", "consents", "roles"}
