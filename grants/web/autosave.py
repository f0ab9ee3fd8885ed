"""Keeping what somebody is typing: the script of the page sends the form now and then, for a short answer.

It comes to the address of the form, past the same guard. Keeping by itself never sends anything in, never
marks an error, never takes an answer away, and never writes over what was kept elsewhere meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grants import calendar
from grants.errors import Refusal, Sentence, Stale
from grants.web.render import language_of
from grants.web.say import say

KEPT = Sentence("Bewaard {at}.")
KEPT_BUT = Sentence("Bewaard {at}. Let op: {also}")
NOT_YET = Sentence("Nog niet bewaard. Dit antwoord is nog niet af.")
ELSEWHERE = Sentence(
    "Dit is intussen ook ergens anders veranderd. Daarom bewaren wij niet meer vanzelf. "
    "Uw tekst staat er nog. Kies een knop om te bewaren."
)


def by_itself(request: Request) -> bool:
    """Did the script of the page send this form, and not a person with a button?"""
    return "application/json" in request.headers.get("accept", "")


def kept(request: Request, seen: str, now: datetime, also: Sentence | None = None) -> Response:
    """It is kept. `seen` stands for it in the form from now on; `also` is what the writer had better know."""
    at = calendar.show_clock(now, language_of(request))
    said = Sentence(KEPT_BUT.text, {"at": at, "also": also}) if also else Sentence(KEPT.text, {"at": at})
    return _answer(request, said, 200, seen=seen)


def not_yet(request: Request) -> Response:
    """What is typed so far is no answer yet: nothing was changed."""
    return _answer(request, NOT_YET, 200)


def refused(request: Request, refusal: Refusal) -> Response:
    """A fault in a field may only be half a word; any other no ends the keeping, and says why."""
    if isinstance(refusal, Stale):
        return _answer(request, ELSEWHERE, refusal.status, stop=True)
    if refusal.problems[0].field:
        return not_yet(request)
    return _answer(request, refusal.said, refusal.status, stop=True)


def _answer(request: Request, said: Sentence, status: int, **values: str | bool) -> Response:
    return JSONResponse({"said": say(said, language_of(request)), **values}, status)
