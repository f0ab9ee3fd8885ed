"""On paper: the empty form to fill in with a pen, and what somebody sent in, both from the fund's own questions.

Law: Awb 2:1(1) (appropriate support), 4:4 (a form may be set), division 2.3 (a copy of what was sent).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from grants import round as rules_of
from grants.budget import SOURCE_WORDS, Source
from grants.errors import NotFound, Sentence
from grants.form import Question, asked_when
from grants.initiative import KIND_WORDS
from grants.letter import MESSAGES
from grants.pages.application import OWN, applies, asked_of, own
from grants.store.applications import last_submission
from grants.store.funds import Round, current_round
from grants.web.guard import PageRoute, file_route, page_route
from grants.web.pdf import make, pdf
from grants.web.render import language_of, page
from grants.web.say import date_text, money_text, say

EMPTY = "/formulier"
TITLE = Sentence("Aanvraagformulier {fund}, {round}")
INTRO = (
    Sentence("Vul alles in. Staat er “niet verplicht” bij? Dan mag het leeg blijven."),
    Sentence("Schrijf zoals u praat. Fouten in de spelling tellen niet mee."),
    Sentence("Past het niet? Schrijf dan verder op een los blad. Zet daar het nummer van de vraag bij."),
    Sentence("Schrijf niets op over ziekte of behandeling. Dat hoeven wij niet te weten."),
)
SEND = (
    Sentence("Zet uw naam, de datum en uw handtekening onder het formulier."),
    Sentence(
        "Het formulier moet bij ons zijn op {day:date}. Bent u later? Stuur het toch, en schrijf op waarom."
    ),
    Sentence("U mag het ook bij ons afgeven. Dit is ons adres:"),
)
CALL = Sentence("Hulp nodig? Bel {phone} ({hours}). Wij vullen het ook graag samen met u in.")
WHY = Sentence("Waarom vragen wij dit?")
WHERE = Sentence("Waar stuurt u het heen?")
OPTIONAL = Sentence("{label} (niet verplicht)")
NUMBERED = Sentence("Vraag {number}. {label}")
NAMES = (
    Sentence("Naam van de organisatie, de groep of uzelf"),
    Sentence("KvK-nummer, als u dat heeft"),
    Sentence("Uw naam"),
    Sentence("Adres, postcode en plaats"),
    Sentence("Telefoonnummer"),
)
HEAR = Sentence("Hoe wilt u van ons horen?")
HEAR_WHY = Sentence("U kiest per soort bericht. U mag later altijd iets anders kiezen.")
HEAR_HELP = Sentence("Kruist u niets aan? Dan sturen wij u brieven op papier.")
BY_MAIL = Sentence("Per mail: {message}")
SIGN = Sentence("Uw handtekening")
SIGN_WHY = Sentence("Met uw handtekening zegt u: dit is mijn aanvraag. Zo staat het in de wet.")
ATTACH = Sentence("Doe een kopie bij dit formulier. Stuur geen papieren die u niet kunt missen.")
BUDGET = (Sentence("Waarvoor"), Sentence("Wie betaalt"), Sentence("Hoeveel"), Sentence("Ten minste"))
PARTNERS = (Sentence("Naam"), Sentence("KvK-nummer"), Sentence("Wat doen zij?"))
COPY = Sentence("Aanvraag {number}")
SENT = Sentence("Dit stuurde u ons op {day:date}. Bewaar dit papier.")

ROOM_MM = 12
LONG_MM = (50, 150)
CHARS_A_MM = 20
ROWS = 8


async def empty(request: Request) -> Response:
    """The empty form as a page to print."""
    round_ = await _round(request)
    context = {"paper": paper_of(round_, language_of(request)), "round": round_}
    return page(request, "grants/paper/form.html", context)


async def empty_pdf(request: Request) -> Response:
    """The empty form as a file."""
    round_, language = await _round(request), language_of(request)
    made = await make("form", paper_of(round_, language), language, request.app.state.site)
    return pdf(made, "aanvraagformulier")


async def copy_pdf(request: Request) -> Response:
    """What was sent in, as a file."""
    application = await own(request)
    sent = await last_submission(application.id)
    if sent is None:
        raise NotFound("U heeft deze aanvraag nog niet verstuurd. Daarom is er nog geen kopie.")
    language = language_of(request)
    rows = [_row(say(term, language), say(said, language)) for term, said, _ in applies(application)]
    rows += [
        answer_row(question, sent.answers, language)
        for question in asked_of(application, sent.answers, language)
    ]
    intro = [say(Sentence(SENT.text, {"day": sent.at.date().isoformat()}), language)]
    title = say(Sentence(COPY.text, {"number": application.number}), language)
    values = {"title": title, "intro": intro, "rows": rows}
    return pdf(await make("copy", values, language, request.app.state.site), f"aanvraag-{application.number}")


async def _round(request: Request) -> Round:
    round_ = await current_round(request.app.state.clock())
    if round_ is None:
        raise NotFound("Er is nu geen ronde. Daarom is er nog geen formulier.")
    return round_


def paper_of(round_: Round, language: str) -> dict[str, Any]:
    """The empty form of this round: every question with its why and room to write, and where to send it."""

    def told(sentence: Sentence, **values: Any) -> str:
        return say(Sentence(sentence.text, values), language)

    known = rules_of.questions(round_.frozen)
    asked = [_who(language), *(_ask(question, known, language) for question in known)]
    asked += [_hear(language), _sign(language)]
    numbered = [
        {**one, "title": told(NUMBERED, number=place, label=one["title"])}
        for place, one in enumerate(asked, 1)
    ]
    contact = round_.fund.contact
    last_day = round_.closes_at.date().isoformat()
    return {
        "title": told(TITLE, fund=round_.fund.name, round=round_.title),
        "intro": [told(one) for one in INTRO],
        "call": told(CALL, **contact) if contact.get("phone") else "",
        "questions": numbered,
        "send": [told(one, day=last_day) for one in SEND],
        "address": "\n".join((round_.fund.municipality, contact["name"], contact["address"])),
        "words": {"why": told(WHY), "send": told(WHERE)},
    }


def _question(title: str, why: str, **room: Any) -> dict[str, Any]:
    """One question on paper. `room` in mm, `named` one line each, `ticks` to cross, `columns` with `rows`."""
    nothing = {"when": "", "help": "", "ticks": [], "columns": [], "rows": 0, "named": [], "room": 0}
    return {"title": title, "why": why, **nothing, **room}


def _who(language: str) -> dict[str, Any]:
    return _question(
        say(Sentence("Wie vraagt er aan?"), language),
        say(Sentence("Dan weten wij wie u bent, en hoe wij u kunnen bereiken."), language),
        ticks=[say(one, language) for one in KIND_WORDS.values()],
        named=[say(one, language) for one in NAMES],
    )


def _hear(language: str) -> dict[str, Any]:
    ticks = [say(Sentence(BY_MAIL.text, {"message": one}), language) for one in MESSAGES.values()]
    return _question(
        say(HEAR, language),
        say(HEAR_WHY, language),
        help=say(HEAR_HELP, language),
        ticks=ticks,
        named=[say(Sentence("Uw e-mailadres, of dat van een helper"), language)],
    )


def _sign(language: str) -> dict[str, Any]:
    return _question(
        say(SIGN, language),
        say(SIGN_WHY, language),
        named=[say(Sentence("Datum"), language), say(Sentence("Naam"), language)],
        room=25,
    )


def _ask(question: Question, known: tuple[Question, ...], language: str) -> dict[str, Any]:
    when = asked_when(known, question)
    told = question.told_in(language)
    title = told.label if question.required else say(Sentence(OPTIONAL.text, {"label": told.label}), language)
    help_ = told.help or (say(ATTACH, language) if question.kind == "file" else "")
    return _question(
        title, told.why, help=help_, when=say(when, language) if when else "", **_room(question, language)
    )


def _room(question: Question, language: str) -> dict[str, Any]:
    """The room that an answer of this kind needs."""
    match question.kind:
        case "choice" | "several":
            return {"ticks": list(question.choices)}
        case "budget":
            return {"columns": [say(one, language) for one in BUDGET], "rows": ROWS}
        case "partners":
            return {"columns": [say(one, language) for one in PARTNERS], "rows": ROWS // 2}
        case "long":
            least, most = LONG_MM
            return {"room": max(least, min(most, question.max_chars // CHARS_A_MM))}
        case "file":
            return {}
        case _:
            return {"room": ROOM_MM}


def answer_row(question: Question, answers: dict[str, Any], language: str) -> dict[str, Any]:
    """One answer as it stands on paper: its words, or a table for a budget and for partners."""
    value = answers.get(question.key)
    if question.kind == "budget" and value:
        return _row(question.label, "", BUDGET, [_budget_line(line, language) for line in value], language)
    if question.kind == "partners" and value:
        cells = [[one["name"], one["kvk"], one["does"]] for one in value]
        return _row(question.label, "", PARTNERS, cells, language)
    said = _said(question, value, language)
    spoken = _names(answers.get(f"{question.key}.spoken") or [])
    return _row(question.label, "\n".join(filter(None, (said, spoken))) or "–")


def _said(question: Question, value: Any, language: str) -> str:
    match question.kind:
        case _ if value in (None, [], ""):
            return ""
        case "several":
            return ", ".join(value)
        case "amount":
            return money_text(value, language)
        case "date":
            return date_text(value, language)
        case "file":
            return _names(value)
        case _:
            return str(value)


def _names(files: list[dict[str, Any]]) -> str:
    return ", ".join(one["name"] for one in files)


def _budget_line(line: dict[str, Any], language: str) -> list[str]:
    payer = SOURCE_WORDS[Source(line.get("source", Source.FUND))]
    amounts = (money_text(line[part], language) for part in ("wished_cents", "least_cents"))
    return [line["what"], say(payer, language), *amounts]


def _row(
    label: str,
    said: str,
    columns: tuple[Sentence, ...] = (),
    cells: list[list[str]] | None = None,
    language: str = "",
) -> dict[str, Any]:
    return {
        "label": label,
        "said": said,
        "columns": [say(one, language) for one in columns],
        "cells": cells or [],
    }


ROUTES: tuple[PageRoute, ...] = (
    page_route(EMPTY, "public.read", name="paper", get=empty),
    file_route(f"{EMPTY}.pdf", empty_pdf, name="paper.pdf"),
    page_route(f"{OWN}/aanvraag.pdf", "application.own", name="application.pdf", get=copy_pdf),
)
