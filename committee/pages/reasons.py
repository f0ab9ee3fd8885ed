"""The joint reasons: what the members wrote, without names, becomes one text per criterion for the applicant.

Law: Awb 3:46 (a decision rests on sound reasons). Applicants read these texts, and of awards the public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from committee.access import VOTING
from committee.framework import Criterion
from committee.pages.review import PATH, shuffled
from committee.pages.sight import Case, case_of
from committee.steps.review import MAX_REASON, framework_of, write_reason
from committee.store.members import Seat
from committee.store.reviews import JointReason, Score, review_of
from grants.application import Stage
from grants.errors import Problem, Refusal, Sentence
from grants.initiative import Kind
from grants.publication import may_be_published
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

TELLING = Sentence(
    "Staat hier een naam, telefoonnummer, adres of rekening in? Haal die weg. "
    "Klopt de tekst toch? Zet dan onderaan een kruisje."
)


class Part(NamedTuple):
    """One criterion: what the members wrote, and what is kept as the joint reason."""

    criterion: Criterion
    sentences: list[str]
    kept: str


async def reasons(request: Request) -> Response:
    """What the members wrote, with one field for each criterion."""
    case = await _case(request)
    if not case.declared:
        return redirect(PATH.format(id=case.application.public_id))
    parts = await _parts(case)
    form = Form.of(**{part.criterion.key: part.kept for part in parts})
    return await _page(request, case, parts, form)


async def write(request: Request) -> Response:
    """Keep every text that was changed. A text that seems to name somebody is asked about first."""
    case = await _case(request)
    if not case.declared:
        return redirect(PATH.format(id=case.application.public_id))
    parts = await _parts(case)
    keys = [part.criterion.key for part in parts]
    form = await read_form(request, *keys, *(f"{key}.was" for key in keys), "toch")
    changed = [key for key in keys if form.text(key) != form.text(f"{key}.was")]
    if not form.text("toch"):
        names = await _names(case)
        for key in changed:
            if tells(form.text(key), names, case):
                form.add(key, TELLING)
    if not form.problems:
        form.problems, form.status = await _keep(request, case, form, changed)
    if form.problems:
        return await _page(request, case, await _parts(case), form)
    return redirect("/commissie?gezegd=redenen")


async def _keep(request: Request, case: Case, form: Form, keys: Iterable[str]) -> tuple[list[Problem], int]:
    """Keep each text on its own: one that is refused does not hold up the others."""
    problems: list[Problem] = []
    status = 200
    for key in keys:
        one = Form()
        with one.attempt():
            await write_reason(
                actor_of(request),
                case.application.public_id,
                key,
                form.text(key),
                request.app.state.clock(),
                before=form.text(f"{key}.was"),
            )
        if one.problems:
            problems += one.problems
            status = one.status
    return problems, status


async def _page(request: Request, case: Case, parts: list[Part], form: Form) -> Response:
    context = {
        "case": case,
        "form": form,
        "parts": parts,
        "max_reason": MAX_REASON,
        "telling": any(problem.said is TELLING for problem in form.problems),
        "fixed": case.application.at is Stage.ALLOCATED,
    }
    return page(request, "committee/reasons.html", context, status=form.status if form.problems else 200)


async def _parts(case: Case) -> list[Part]:
    application = case.application
    scores = await Score.filter(
        review__application_id=application.id, review__done_at__isnull=False, review__void_at=None
    ).values_list("criterion", "sentence")
    kept = dict(await JointReason.filter(application_id=application.id).values_list("criterion", "text"))
    return [
        Part(
            criterion,
            shuffled([sentence for key, sentence in scores if key == criterion.key]),
            kept.get(criterion.key, ""),
        )
        for criterion in framework_of(application).criteria
    ]


async def _names(case: Case) -> set[str]:
    """The words of the names of the committee: no reason should say who thought so."""
    names = await Seat.filter(fund_id=case.seat.fund_id, until=None).values_list("person__name")
    words = {word for (name,) in names for word in re.findall(r"\w{3,}", name)}
    return {word for word in words if word[0].isupper()}


def tells(text: str, names: set[str], case: Case) -> bool:
    """Does the text seem to hold a name of the committee or of the applicant, or a number or address?"""
    if not names.isdisjoint(re.findall(r"\w+", text)):
        return True
    initiative = case.application.initiative
    return not may_be_published(text, initiative.name, Kind(initiative.kind))


async def _case(request: Request) -> Case:
    """The application for chair or secretary; a chair who still judges it must not read the others first."""
    case = await case_of(actor_of(request), request.path_params["id"], "committee.write_reason")
    if case.judging and case.declared and case.seat.role in VOTING:
        review = await review_of(case.seat.id, case.application.id)
        if review is None or review.done_at is None:
            raise Refusal(
                "Geef eerst zelf uw oordeel over deze aanvraag. Daarna leest u wat anderen schreven."
            )
    return case


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{PATH}/redenen", "committee.write_reason", name="reasons", get=reasons, post=write),
)
