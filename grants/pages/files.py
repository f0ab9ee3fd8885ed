"""Files and sound in an application: taken in with the form of their question, and given back to who may read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import form, upload
from grants.errors import Problem, Refusal, Sentence
from grants.form import Question
from grants.pages.application import OWN, is_public_id, own
from grants.pages.dossier import application_of
from grants.steps.attach import attach, check_may_add, remove
from grants.store.applications import Application
from grants.store.files import Caught, Files, catch
from grants.store.uploads import Upload, upload_of, was_sent_in
from grants.web.download import download
from grants.web.forms import Form
from grants.web.guard import PageRoute, page_route
from grants.web.session import actor_of

ADD, REMOVE = "knop-toevoegen", "knop-weghalen"
"""Buttons that stay on the page; the value of the second is the id of the file. No question key holds a dash."""

FILES = "bestanden"
SAID = "gezegd"
NOTHING_CHOSEN = {
    False: Sentence("Kies eerst een bestand. Druk dan op “Voeg toe”."),
    True: Sentence("Neem eerst uw stem op, of kies een opname. Druk dan op “Voeg toe”."),
}


class Intake:
    """The files that come with one form of one question; what is wrong with them waits in `problems`."""

    def __init__(self, request: Request, application: Application, question: Question) -> None:
        self._request, self._application, self._question = request, application, question
        self._files: Files = request.app.state.files
        self._wanted = form.wanted(question)
        self._caught: list[Caught] = []
        self.problems: list[Problem] = []

    async def catch(self, field: str, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Take in one file of the form; not more of them than the question has room for."""
        wanted = self._wanted
        if wanted is None or field != wanted.field:
            return
        try:
            if len(self._caught) == wanted.most:
                raise upload.too_many(wanted)
            await check_may_add(*self._at, self._request.app.state.clock())
            self._caught.append(await catch(self._files, name, pieces, wanted))
        except Refusal as refusal:
            self.problems += refusal.problems

    async def settle(self, typed: Form) -> None:
        """Make what was caught part of the answer, and take out what the button names."""
        if gone := typed.text(REMOVE):
            await remove(*self._at, gone, self._request.app.state.clock())
        if typed.text(ADD) and not self._caught and not self.problems and self._wanted:
            self.problems.append(
                Problem(self._wanted.field, NOTHING_CHOSEN[bool(self._question.spoken_minutes)])
            )
        for caught in self._caught:
            await self._attach(caught)

    async def _attach(self, caught: Caught) -> None:
        row = None
        try:
            row = await attach(*self._at, caught, self._request.app.state.clock())
        except Refusal as refusal:
            self.problems += refusal.problems
        finally:
            if row is None or row.path != caught.path:
                await self._files.delete([caught.path])

    @property
    def _at(self) -> tuple[Any, str, str]:
        return actor_of(self._request), self._application.public_id, self._question.key


def stays(typed: Form) -> bool:
    """Was it a button that comes back to the same page?"""
    return bool(typed.text(ADD) or typed.text(REMOVE))


def said(typed: Form) -> dict[str, str]:
    """For the address of that page: what became of it."""
    return {SAID: "weggehaald" if typed.text(REMOVE) else "toegevoegd"}


def shown_with(request: Request, question: Question, answers: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What the page of a question shows of the files that stand in its answer, and of what it takes."""
    wanted = form.wanted(question)
    return {
        "wanted": wanted,
        "uploads": upload.entries(answers.get(wanted.field)) if wanted else [],
        "where": f"{base}/{FILES}",
        "said": request.query_params.get(SAID, ""),
    }


async def give_own(request: Request) -> Response:
    """A file of one's own application."""
    return await download(request, await _named(request, await own(request)))


async def give_officer(request: Request) -> Response:
    """A file as it was sent in, for the municipality; what was never sent in is nobody else's to read."""
    row = await _named(request, await application_of(request))
    return await download(request, row if row and await was_sent_in(row) else None)


async def _named(request: Request, application: Application) -> Upload | None:
    file_id = request.path_params["file"]
    return await upload_of(application.id, file_id) if is_public_id(file_id) else None


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{OWN}/{FILES}/{{file}}", "application.own", name="application.file", get=give_own),
    page_route(
        f"/gemeente/aanvragen/{{id}}/{FILES}/{{file}}", "desk.read", name="desk.file", get=give_officer
    ),
)
