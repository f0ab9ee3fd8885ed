"""An applicant's own applications: the list, beginning one, taking it back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from grants import round as rules_of
from grants.application import STAGE_WORDS, WITHDRAWABLE, WRITABLE, Stage
from grants.companion import PART_WORDS, RIGHTS, Part, Right
from grants.decision import KIND_WORDS, Kind
from grants.errors import NotFound, Refusal, Sentence
from grants.form import Question, asked
from grants.initiative import KIND_WORDS as SHAPES
from grants.initiative import Host
from grants.initiative import Kind as Shape
from grants.language import DUTCH
from grants.look import Purpose
from grants.pages.words import KIND_TONES
from grants.round import Phase
from grants.steps import draft
from grants.steps import submit as step
from grants.steps.look import looked
from grants.store.applications import Application, Completion, entered
from grants.store.companions import Companion, accompanied
from grants.store.files import Away
from grants.store.funds import current_round
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect
from grants.web.session import actor_of

LIST = "/aanvragen"
NEW = f"{LIST}/nieuw"
OWN = f"{LIST}/{{id}}"
_PUBLIC_ID = re.compile(r"[0-9a-f]{32}")

TONES: dict[Stage, str] = {
    Stage.DRAFT: "warning",
    Stage.COMPLETING: "warning",
    Stage.DETERMINED: "success",
    Stage.WITHDRAWN: "neutral",
}
"""The colour of a stage's badge: amber where the applicant must do something; else calm blue."""

WAITING: dict[Stage, Sentence] = {
    Stage.SUBMITTED: Sentence("De gemeente kijkt uw aanvraag na. U hoeft nu niets te doen."),
    Stage.SCREENED: Sentence("De commissie leest uw plan. U hoeft nu niets te doen."),
    Stage.REVIEWED: Sentence("De commissie stemt over de plannen. U hoeft nu niets te doen."),
    Stage.ALLOCATED: Sentence("De gemeente neemt een besluit. Daarna krijgt u een brief."),
    Stage.DECIDED: Sentence("De gemeente neemt een besluit. Daarna krijgt u een brief."),
    Stage.ACCOUNTED: Sentence("De gemeente leest uw verslag. U hoeft nu niets te doen."),
    Stage.DETERMINED: Sentence("Alles is klaar. Bedankt voor uw plan."),
    Stage.WITHDRAWN: Sentence("U trok deze aanvraag in."),
}
"""What an applicant is told where there is nothing to do; see `next_step` for where there is."""

ALONG: dict[Part, Sentence] = {
    Part.HELPER: Sentence("U kunt meeschrijven. Versturen doet de aanvrager."),
    Part.COAPPLICANT: Sentence("U kunt meeschrijven. Versturen doet de aanvrager."),
    Part.REPRESENTATIVE: Sentence("U mag schrijven en versturen namens de aanvrager."),
}
"""What somebody who writes along can do, in their list."""

SENT_BY_ANOTHER = Sentence("De aanvraag is verstuurd. De aanvrager hoort hoe het verder gaat.")

FINISH = Sentence("Maak uw aanvraag af. Versturen kan tot {closes:time}.")
TOO_LATE = Sentence("De ronde is gesloten. Dit concept kunt u niet meer versturen.")
COMPLETE = Sentence("Vul uw aanvraag aan. Dat kan tot en met {due:date}.")


def is_public_id(text: str) -> bool:
    """Could this be the public id of anything? The database is never asked for what cannot be one."""
    return bool(_PUBLIC_ID.fullmatch(text))


async def own(request: Request, right: Right = Right.READ) -> Application:
    """The application in the address, with its round, fund and initiative, for whoever has this right in it.

    A stranger's is answered as if it were not there, and so is what cannot be an id. `part` says who asks. That an
    officer read it who writes in somebody's name is written down for the applicant.
    """
    public_id, found = request.path_params["id"], None
    if is_public_id(public_id):
        there = Application.filter(public_id=public_id)
        found = await there.select_related("round__fund", "initiative", "person").first()
    mine = await entered(found, actor_of(request), right)
    request.state.for_whom = mine if mine.part is Part.DESK else None
    if mine.part is Part.DESK:
        await looked(actor_of(request), mine.id, Purpose.SCREEN, request.app.state.clock())
    return mine


def base(application: Application) -> str:
    """The address under which everything of one application stands."""
    return f"{LIST}/{application.public_id}"


def questions_of(application: Application, language: str = DUTCH) -> tuple[Question, ...]:
    """Every question of the form it was written on, as they are told in this language."""
    return tuple(question.told_in(language) for question in rules_of.questions(application.round.frozen))


def asked_of(
    application: Application, answers: Mapping[str, Any], language: str = DUTCH
) -> tuple[Question, ...]:
    """The questions that are asked after these answers, as they are told in this language."""
    return asked(questions_of(application, language), answers)


def applies(application: Application) -> list[tuple[Sentence, Sentence, str]]:
    """Who applies, as rows to read back, each with its page; what was left open and need not be there is left out."""
    known = application.initiative
    shape = SHAPES[Shape(known.kind)] if known.kind else Sentence("Nog niet ingevuld")
    rows = [(Sentence("Wie vraagt er aan?"), shape, "wie")]
    rows += [
        (term, Sentence("{text}", {"text": text}), "wie")
        for term, text in (
            (Sentence("Naam"), known.name),
            (Sentence("KvK-nummer"), known.kvk),
            (Sentence("Telefoonnummer"), known.phone),
        )
        if text
    ]
    if known.kind == Shape.GROUP:
        rows.append((Sentence("Wie krijgt het geld?"), receives(known.host), "geld-via"))
    return rows


def receives(host: Host | None) -> Sentence:
    """Who receives the money for a group."""
    if host is None:
        return Sentence("Iemand uit de groep")
    return Sentence("{name}, KvK {kvk}. Contact: {contact}", host._asdict())


async def listing(request: Request) -> Response:
    """All my applications, each with where it stands and what to do next."""
    person_id, now = actor_of(request).person_id, request.app.state.clock()
    along = await accompanied(person_id)
    rows = (
        await Application.filter(Q(person_id=person_id) | Q(id__in=list(along)))
        .order_by("-changed_at", "-id")
        .values(
            "id", "public_id", "title", "number", "stage", "asked_cents", "round__title",
            "round__closes_at", "decision__kind", "decision__announced_at", "account__last4",
            "determination__id", "report__id",
        )
    )  # fmt: skip
    open_ = Completion.filter(application_id__in=[row["id"] for row in rows], answered_at=None)
    due = dict(await open_.values_list("application_id", "due_on"))
    round_ = await current_round(now)
    context = {
        "applications": [
            _listed(row, due.get(row["id"]), now) | _whose(row, along.get(row["id"])) for row in rows
        ],
        "stopped": request.query_params.get("gezegd") == "gestopt",
        "open_round": round_ if round_ and round_.phase(now) is Phase.OPEN else None,
    }
    return page(request, "grants/application/list.html", context)


def _listed(row: Mapping[str, Any], due_on: date | None, now: datetime) -> dict[str, Any]:
    stage = Stage(row["stage"])
    said, tone = STAGE_WORDS[stage], TONES.get(stage, "info")
    if row["decision__announced_at"] and (stage in (Stage.ANNOUNCED, Stage.PUBLISHED) or _at_once(row)):
        kind = Kind(row["decision__kind"])
        said, tone = KIND_WORDS[kind], KIND_TONES[kind]
    return {**row, "said": said, "tone": tone, "next_step": next_step(row, stage, due_on, now)}


def _whose(row: Mapping[str, Any], under: Companion | None) -> dict[str, Any]:
    """Whose it is and what one may know of it, where it is somebody else's; nothing where it is one's own."""
    if under is None:
        return {}
    stage, part = Stage(row["stage"]), under.part
    here = {"whose": under.from_name, "as_what": PART_WORDS[part]}
    if stage in WRITABLE:
        here["next_step"] = ALONG[part]
    elif Right.OUTCOME not in RIGHTS[part]:
        here |= {"said": Sentence("Verstuurd"), "tone": "info", "next_step": SENT_BY_ANOTHER}
    return here


def next_step(row: Mapping[str, Any], stage: Stage, due_on: date | None, now: datetime) -> Sentence:
    """What the applicant can do now, or that there is nothing to do."""
    if stage is Stage.DRAFT:
        closes_at: datetime = row["round__closes_at"]
        return FINISH._replace(values={"closes": closes_at.isoformat()}) if now < closes_at else TOO_LATE
    if stage is Stage.COMPLETING and due_on:
        return COMPLETE._replace(values={"due": due_on.isoformat()})
    if stage in WAITING and not _at_once(row):
        return WAITING[stage]
    return _after_decision(row)


def _at_once(row: Mapping[str, Any]) -> bool:
    """Was the grant determined with the decision, so that what is left is to use the money?"""
    return row["determination__id"] is not None and row["report__id"] is None


def _after_decision(row: Mapping[str, Any]) -> Sentence:
    if not Kind(row["decision__kind"]).gives_money:
        return Sentence("Lees het besluit en de reden.")
    if row["account__last4"] is None:
        return Sentence("Vul in op welke rekening het geld mag komen.")
    if _at_once(row):
        return Sentence("Voer uw plan uit. U hoeft geen verslag te sturen.")
    return Sentence("Voer uw plan uit. Vertel ons daarna hoe het ging.")


async def new(request: Request) -> Response:
    """What to know before beginning, and the button that begins."""
    return await _new_page(request, Form.of(sleutel=secrets.token_hex(16)))


async def begin(request: Request) -> Response:
    """Begin an application; the key of the form makes that a second press opens the same one."""
    form = await read_form(request, "ronde", "sleutel")
    with form.attempt():
        form.check()
        if not is_public_id(form.text("ronde")):
            raise NotFound("Deze ronde is er niet.")
        made = await draft.begin(
            actor_of(request), form.text("ronde"), form.text("sleutel"), request.app.state.clock()
        )
        return redirect(f"{base(made)}/wie")
    return await _new_page(request, form)


async def _new_page(request: Request, form: Form) -> Response:
    now = request.app.state.clock()
    round_ = await current_round(now)
    questions = rules_of.questions(round_.frozen) if round_ and round_.frozen else ()
    context = {
        "form": form,
        "round": round_,
        "now": now,
        "open": round_ is not None and round_.phase(now) is Phase.OPEN,
        "total": len(asked(questions, {})) + 1,
        "more": any(question.only_if for question in questions),
    }
    status = form.status if form.problems else 200
    return page(request, "grants/application/new.html", context, status=status)


async def withdrawing(request: Request) -> Response:
    """Are you sure that you want to take it back?"""
    application = await own(request, Right.SEND)
    if application.at not in WITHDRAWABLE:
        raise Refusal("Deze aanvraag kunt u nu niet intrekken. Bel ons als u toch wilt stoppen.")
    return page(request, "grants/application/withdraw.html", {"application": application, "form": Form()})


async def withdraw(request: Request) -> Response:
    """Take an application back, with or without a reason."""
    application = await own(request, Right.SEND)
    form = await read_form(request, "reden")
    with form.attempt():
        form.check()
        await step.withdraw(
            actor_of(request), application.public_id, form.text("reden"), request.app.state.clock()
        )
        return redirect(base(application))
    context = {"application": application, "form": form}
    return page(request, "grants/application/withdraw.html", context, status=form.status)


async def throwing_away(request: Request) -> Response:
    """Are you sure that this draft may go?"""
    application = await own(request, Right.OWN)
    if application.at is not Stage.DRAFT:
        raise Refusal("Deze aanvraag is al verstuurd. U kunt hem wel intrekken.")
    return page(request, "grants/application/throw_away.html", {"application": application})


async def throw_away(request: Request) -> Response:
    """Throw a draft away for good; a second press finds it gone and says the same."""
    paths = await draft.delete_draft(actor_of(request), request.path_params["id"], request.app.state.clock())
    with suppress(Away):  # the sweep finds them tomorrow
        await request.app.state.files.delete(paths)
    return redirect(LIST)


ROUTES: tuple[PageRoute, ...] = (
    page_route(LIST, "application.list", name="applications", get=listing),
    page_route(NEW, "application.begin", name="application.new", get=new, post=begin),
    page_route(
        f"{OWN}/intrekken", "application.own", name="application.withdraw",
        get=withdrawing, post=withdraw, post_act="application.write",
    ),
    page_route(
        f"{OWN}/weggooien", "application.own", name="application.throw_away",
        get=throwing_away, post=throw_away, post_act="application.write",
    ),
)  # fmt: skip
