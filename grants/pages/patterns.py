"""Only in a demonstration: every pattern of our pages in every state, for who tests them or styles a theme."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants.errors import Sentence
from grants.pages.layout import Paging
from grants.web.autosave import by_itself, not_yet
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import page, redirect

PATTERNS = "/patronen"
FIELDS = ("plan", "naam", "mail", "bedrag", "start", "mensen", "wie", "wijken", "post-1-wat", "post-1-bedrag")

FILLED: dict[str, str | list[str]] = {
    "tekst": "Samen koken op dinsdag",
    "verhaal": "Elke dinsdag koken wij met tien mensen.\nDaarna eten wij samen.",
    "geld": "1.250",
    "datum": "13-11-2026",
    "getal": "25",
    "lijst": "own",
    "keuze": "groep",
    "meer": ["noord", "zuid"],
}
WRONG = {"tekst": "", "verhaal": "x", "geld": "veel", "datum": "31-02-2026", "getal": "een paar"}


WHY = (
    Sentence("Wij besluiten binnen acht weken."),
    Sentence("U vulde aan. Daarom is het {day:date}.", {"day": "2026-12-18"}),
)


async def patterns(request: Request) -> Response:
    return shown(request, Form.of(naam="Samen koken", wie="groep", wijken=["oost"]))


async def tried(request: Request) -> Response:
    """The form at the top, read as a real one: with what is wrong in it, or as new."""
    form = await read_form(request, *FIELDS)
    if by_itself(request):
        return not_yet(request)
    form.need("plan", Sentence("Vertel wat u gaat doen."))
    form.need("naam", Sentence("Vul de naam van uw plan in."))
    form.amount("bedrag", "Hoeveel geld vraagt u?")
    form.day("start", "Wanneer begint u?")
    if not form.text("wie"):
        form.add("wie", Sentence("Kies voor wie u aanvraagt."))
    if not form.several("wijken"):
        form.add("wijken", Sentence("Kies een wijk."))
    return shown(request, form, 422) if form.problems else redirect(PATTERNS)


def shown(request: Request, form: Form, status: int = 200) -> Response:
    """The page, with `form` as the one that can be tried."""
    context = {"form": form, "sample": _sample(), "paging": Paging(2, total=60), "why": WHY}
    return page(request, "grants/demo/patterns.html", context, status=status)


def _sample() -> Form:
    """Each kind of field three times: `-leeg`, `-gevuld` and `-fout`."""
    values: dict[str, str | list[str]] = {f"{name}-gevuld": value for name, value in FILLED.items()}
    form = Form.of(**values, **{f"{name}-fout": value for name, value in WRONG.items()})
    form.need("tekst-fout", Sentence("Vul de naam van uw plan in."))
    form.add("verhaal-fout", Sentence("Vertel wat u gaat doen."))
    form.amount("geld-fout", Sentence("Hoeveel geld vraagt u?"))
    form.day("datum-fout", Sentence("Wanneer begint u?"))
    form.number("getal-fout", Sentence("Hoeveel mensen doen mee?"))
    form.add("lijst-fout", Sentence("Kies wie het betaalt."))
    form.add("bestand-fout", Sentence("Kies een bestand."))
    form.add("keuze-fout", Sentence("Kies voor wie u aanvraagt."))
    form.add("meer-fout", Sentence("Kies een wijk."))
    return form


ROUTES: tuple[PageRoute, ...] = (
    page_route(PATTERNS, "demo.read", name="demo.patterns", get=patterns, post=tried),
)
