"""Telling a writer once that something had better not stand in an answer. It is kept all the same, and may stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from grants import sealed
from grants.disclosure import Finding, find_in
from grants.form import Question
from grants.web.forms import Form

TOLD = "gewaarschuwd"
"""Hidden field: the marks of what this page told already. No question key can be this word and ask again."""

LOOK, ONWARD, STOP = "let-op", "verder", "overzicht"
"""In the address: somebody just kept this answer, and on what page they go on when they leave it so."""


def marks(kept: Any) -> str:
    """What stands for everything found in a kept answer, for the hidden field."""
    return " ".join(map(_mark, find_in(kept)))


def untold(typed: Form, kept: Any) -> tuple[Finding, ...]:
    """What is found in a kept answer and was not told on the page from which it came."""
    told = typed.text(TOLD).split()
    return tuple(finding for finding in find_in(kept) if _mark(finding) not in told)


def look_again(request: Request, *, stopping: bool, back: Mapping[str, str]) -> str:
    """The address that shows the question again with what was found in its answer."""
    return f"{request.url.path}?{urlencode({LOOK: STOP if stopping else ONWARD} | dict(back))}"


def shown(request: Request, typed: Form, kept: Any) -> tuple[Finding, ...]:
    """What this page tells of the kept answer: just after keeping it, or when more lines were asked for."""
    if request.method == "POST":
        return untold(typed, kept)
    return find_in(kept) if LOOK in request.query_params else ()


def found(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[Question, Finding]]:
    """Everything found in the answers to these questions, for who looks them over."""
    return [(question, finding) for question in questions for finding in find_in(answers.get(question.key))]


def _mark(finding: Finding) -> str:
    return sealed.fingerprint(f"{finding.kind.value}:{finding.text}")[:12]
