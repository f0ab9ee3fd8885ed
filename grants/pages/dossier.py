"""One application as the municipality reads it: what was sent in, what changed, and what happened when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request

from grants import round as rules_of
from grants.access import PERSON
from grants.application import Stage
from grants.difference import Change, asked_in
from grants.errors import NotFound, Sentence
from grants.form import Question, heard
from grants.look import Purpose
from grants.pages.words import event_words, role_words
from grants.steps.look import looked
from grants.store.applications import Application, Submission, check_stranger
from grants.store.journal import JournalEntry
from grants.store.people import Person
from grants.web.session import actor_of

OF_THE_COMMITTEE = "committee."
"""Acts of members. Who judged, voted or stood aside, and why, is not for the municipality's pages."""


async def application_of(request: Request, purpose: Purpose = Purpose.SCREEN) -> Application:
    """The application in the address, with all around it, or NotFound: a draft is nobody else's to read.

    Refused where it is the reader's own, or they wrote along. That it was read, and for what purpose, is written
    down for the applicant.
    """
    found = (
        await Application.filter(public_id=request.path_params["id"])
        .exclude(stage=Stage.DRAFT.value)
        .select_related("round__fund", "initiative", "person")
        .first()
    )
    if found is None:
        raise NotFound("Deze aanvraag is er niet.")
    await check_stranger(actor_of(request), found)
    await looked(actor_of(request), found.id, purpose, request.app.state.clock())
    return found


class Shown(NamedTuple):
    """One answer as it was sent in last; `before` holds the earlier one where it was completed."""

    question: Question
    value: Any
    changed: bool = False
    before: Any = None

    @property
    def change(self) -> Change:
        """Both versions beside each other."""
        return Change(self.question, self.before, self.value)


async def answers_shown(application: Application) -> list[Shown]:
    """The answers of the last version, in the order of the form, beside those of the version before it."""
    versions = await Submission.filter(application_id=application.id).order_by("-version").limit(2)
    questions = rules_of.questions(application.round.frozen)
    return compare(questions, *(version.answers for version in versions))


def compare(
    questions: Sequence[Question],
    last: Mapping[str, Any] | None = None,
    earlier: Mapping[str, Any] | None = None,
) -> list[Shown]:
    """What is said on each question; `earlier` is the version that was sent in before the last."""
    shown = []
    for question in heard(asked_in(questions, last or {}, earlier or {}), last or {}, earlier or {}):
        value = (last or {}).get(question.key)
        before = value if earlier is None else earlier.get(question.key)
        shown.append(Shown(question, value, before != value, before))
    return shown


class Event(NamedTuple):
    """One line of the journal in words; `name` is empty where a person's name is not for this page.

    `role` says nothing where a name says it all: of somebody who signed in.
    """

    place: int
    at: datetime
    said: Sentence
    role: Sentence
    name: str
    ground: str


async def events_in_words(entries: Sequence[JournalEntry]) -> list[Event]:
    """Journal lines as people read them: who, in what role, when, on what ground. One query for all names."""
    known = {entry.person_id for entry in entries if entry.person_id and not _of_committee(entry)}
    names = dict(await Person.filter(id__in=known).values_list("id", "name")) if known else {}
    return [
        _event(entry, "" if _of_committee(entry) else names.get(entry.person_id, "")) for entry in entries
    ]


def _event(entry: JournalEntry, name: str) -> Event:
    role = Sentence("") if name and entry.role == PERSON else role_words(entry.role)
    ground = "" if _of_committee(entry) else entry.ground
    return Event(entry.place, entry.at, event_words(entry.act), role, name, ground)


def _of_committee(entry: JournalEntry) -> bool:
    return entry.act.startswith(OF_THE_COMMITTEE)
