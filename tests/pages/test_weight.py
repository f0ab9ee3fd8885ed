"""How little goes over the wire: the first page with all its files, and each question after that."""

import gzip
import re

import pytest

from tests.factories import draft, opened_round, person

pytestmark = pytest.mark.anyio

FIRST_PAGE = 30_000
QUESTION_PAGE = 15_000
"""Bytes; a first page counts all that a browser asks for, packed; a question page its HTML as it is."""


async def test_first_page_with_all_its_files_is_light(client) -> None:
    await opened_round()
    page = (await client.get("/")).text
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert {path.rpartition(".")[2] for path in files} == {"css", "js", "svg"}
    bodies = [page.encode()] + [(await client.get(path)).content for path in sorted(files)]
    assert sum(len(gzip.compress(body)) for body in bodies) <= FIRST_PAGE


async def test_each_question_page_is_light(client) -> None:
    round_ = await opened_round()
    fatma = await person("Fatma", "applicant")
    made = await draft(fatma, round_)
    await client.sign_in(fatma)
    paths = ["wie", *(f"vraag/{question['key']}" for question in round_.frozen["questions"])]
    sizes = {path: len((await client.get(f"/aanvragen/{made.public_id}/{path}")).content) for path in paths}
    assert {path: size for path, size in sizes.items() if size > QUESTION_PAGE} == {}
    assert min(sizes.values()) > 1_000
