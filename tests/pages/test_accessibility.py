"""What the accessibility statement says is what the last run that was written down found: no more, no less."""

import json
import re
from datetime import date

import pytest

from grants import calendar
from grants.web.say import TEMPLATES
from tests.pages.officers import words

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_statement_says_what_was_found(client, language) -> None:
    run = json.loads((TEMPLATES / "grants/home/accessibility.json").read_text(encoding="utf-8"))
    client.cookies.set("taal", language)
    page = (await client.get("/toegankelijkheid")).text
    facts = [
        words(f"<main{fact}</main>")
        for fact in re.findall(r"<dd class=\"utrecht-data-list__item-value\"(>.*?)</dd>", page)
    ]
    when, how, *figures = [fact.removeprefix("> ").strip("> ") for fact in facts]
    assert when == calendar.show(date.fromisoformat(run["date"]), language)
    assert run["axe"] in how
    assert figures == [str(run[key]) for key in ("pages", "looks", "findings")]
    assert run["findings"] == 0
    for norm in ("EN 301 549", "WCAG 2.1", "WCAG 2.2", "status C"):
        assert norm in words(page)
