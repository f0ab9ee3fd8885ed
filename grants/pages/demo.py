"""Only in a demonstration on one's own machine: whom to sign in as, and the mailbox of everybody at once."""

from __future__ import annotations

import re
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import NotFound, Sentence
from grants.pages.application import is_public_id
from grants.pages.sign_in import device, welcome
from grants.steps.sign_in import sign_in_as
from grants.store.outbox import LetterRow
from grants.store.people import person_by_email
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page

DEMO = "/demo"
MAILBOX = f"{DEMO}/postvak"
MOST_LETTERS = 100

LETTER_WORDS: dict[str, Sentence] = {
    "admitted": Sentence("Uw aanvraag gaat naar de commissie"),
    "completion_receipt": Sentence("Wij kregen uw aanvulling"),
    "completion_request": Sentence("Wij missen nog iets"),
    "contact_changed": Sentence("Er is iets veranderd in uw gegevens"),
    "decision": Sentence("Het besluit over uw aanvraag"),
    "determination": Sentence("Het bedrag ligt vast"),
    "deviation": Sentence("De gemeente besluit anders"),
    "invitation": Sentence("Uitnodiging om mee te schrijven"),
    "message": Sentence("Er staat een bericht voor u klaar"),
    "new_address": Sentence("Nieuw e-mailadres"),
    "notice_answer": Sentence("Antwoord op een officieel bericht"),
    "notice_longer": Sentence("Het antwoord duurt langer"),
    "notice_receipt": Sentence("Bewijs van een officieel bericht"),
    "notice_withdrawn": Sentence("Officieel bericht ingetrokken"),
    "payment": Sentence("Het geld komt eraan"),
    "receipt": Sentence("Wij kregen uw aanvraag"),
    "report_receipt": Sentence("Wij kregen uw verslag"),
    "sign_in": Sentence("Inloggen"),
    "stretch": Sentence("De commissie heeft een idee"),
    "stretch_answer": Sentence("Uw antwoord op het idee is binnen"),
    "withdrawn": Sentence("Uw aanvraag is ingetrokken"),
}
"""What each letter is about, for the list: its own subject is only made when somebody opens it."""


class Piece(NamedTuple):
    """A piece of a line of a letter: words, or an address of this site to click on."""

    text: str
    href: str


async def people(request: Request) -> Response:
    """Whom to sign in as, and what each of them can do."""
    return page(request, "grants/demo/people.html", {"people": _people(request)})


async def become(request: Request) -> Response:
    """Sign in as one of the people of the demonstration, without a mail."""
    email = (await read_form(request, "email")).text("email")
    person = await person_by_email(email) if email in {one[0] for one in _people(request)} else None
    if person is None:
        raise NotFound("Deze persoon hoort niet bij de proef.")
    key = await sign_in_as(person.id, request.app.state.clock(), browser=device(request))
    return await welcome(request, key)


def _people(request: Request) -> list[tuple[str, str, str]]:
    """(email, name, what they do), as the deployment names them."""
    known: list[tuple[str, str, str]] = request.app.state.demo_people
    return known


async def mailbox(request: Request) -> Response:
    """Every letter, newest first, of everybody or of one address."""
    wanted = request.query_params.get("aan", "").strip().lower().replace("\0", "")[:254]
    found = LetterRow.filter(email=wanted) if wanted else LetterRow.all()
    rows = await found.order_by("-id").limit(MOST_LETTERS).values("public_id", "email", "kind", "queued_at")
    context = {
        "form": Form.of(aan=wanted),
        "wanted": wanted,
        "letters": [{**row, "said": LETTER_WORDS[row["kind"]]} for row in rows],
        "most": MOST_LETTERS,
    }
    return page(request, "grants/demo/mailbox.html", context)


async def letter(request: Request) -> Response:
    """One letter as plain text, its link ready to follow."""
    row = None
    if is_public_id(request.path_params["id"]):
        row = await LetterRow.get_or_none(public_id=request.path_params["id"])
    if row is None:
        raise NotFound("Deze brief is er niet.")
    subject, text, _ = await request.app.state.render_letter(row)
    paragraphs = [
        [pieces(line, request.app.state.site.base_url) for line in paragraph.splitlines()]
        for paragraph in re.split(r"\n\s*\n", text.strip())
    ]
    said = LETTER_WORDS[row.kind]
    context = {"letter": row, "said": said, "subject": subject, "paragraphs": paragraphs}
    return page(request, "grants/demo/letter.html", context)


def pieces(line: str, base_url: str) -> list[Piece]:
    """A line with the addresses of this site made into links, and no other address."""
    parts = re.split(rf"({re.escape(base_url)}/[^\s<>\"]*[^\s<>\".,;:!?)])", line)
    paths = [part.removeprefix(base_url) if place % 2 else "" for place, part in enumerate(parts)]
    return [Piece(part, path) for part, path in zip(parts, paths, strict=True) if part]


ROUTES: tuple[PageRoute, ...] = (
    page_route(DEMO, "demo.read", name="demo", get=people, post=become),
    page_route(MAILBOX, "demo.read", name="demo.mailbox", get=mailbox),
    page_route(f"{MAILBOX}/{{id}}", "demo.read", name="demo.letter", get=letter),
)
