"""From values to what people read: sentences in their language, pages, letters, and the files of a page."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, pass_eval_context, select_autoescape
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from grants import calendar, money
from grants.errors import NotFound, Sentence
from grants.web.forms import read_form, safe_path
from grants.web.session import actor_of

LANGUAGES = ("nl", "en")
LANGUAGE_COOKIE = "taal"
_YEAR_SECONDS = 31_536_000
_PACKAGE = Path(__file__).parents[1]
_DATA = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent
TEMPLATES = _DATA / "templates"


class Place(NamedTuple):
    """One entry of the navigation; without roles it is there for everybody."""

    said: Sentence
    path: str
    roles: frozenset[str] = frozenset()


class Contact(NamedTuple):
    """Where a person finds help; the same on every page and in every letter."""

    name: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""


NOBODY = Contact()


class Asset(NamedTuple):
    """A file for the browser, as it is and packed."""

    body: bytes
    packed: bytes
    media_type: str


class Shelf:
    """The static files, read once; each address carries a hash of the content, so browsers may keep it."""

    def __init__(self, theme_css: Path | None = None, folder: Path = _DATA / "static") -> None:
        files = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
        if theme_css is not None:
            files["thema.css"] = theme_css
        self._addresses: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for name, path in files.items():
            self._add(name, path.read_bytes())

    def _add(self, name: str, body: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{suffix}"
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._addresses[name] = f"/static/{hashed}"
        self._assets[hashed] = Asset(body, gzip.compress(body, mtime=0), media_type)

    def __contains__(self, name: str) -> bool:
        return name in self._addresses

    def url(self, name: str) -> str:
        """The address of a file by its plain name; an unknown name is a KeyError."""
        return self._addresses[name]

    def asset(self, hashed: str) -> Asset:
        if hashed not in self._assets:
            raise NotFound("Dit bestand is er niet.")
        return self._assets[hashed]


@dataclass(frozen=True)
class Site:
    """What every page shows around its content. It stands in `app.state.site`."""

    base_url: str
    name: str = "Meebeslis"
    municipality: str = ""
    contact: Contact = NOBODY
    navigation: tuple[Place, ...] = ()
    theme_class: str = ""
    demo: bool = False
    shelf: Shelf = field(default_factory=Shelf)


class _Words(Formatter):
    """Fills in the marks of a sentence: plain names only, so that no text can reach into a value."""

    def __init__(self, language: str) -> None:
        self._marks: dict[str, Callable[[Any, str], str]] = {
            "euro": money_text,
            "date": date_text,
            "time": time_text,
        }
        self._language = language

    def get_field(self, field_name: str, _: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        if not field_name.isidentifier():
            raise ValueError(f"{field_name!r} is not a plain name")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Sentence):
            return say(value, self._language)
        return self._marks[format_spec](value, self._language) if format_spec else str(value)


@cache
def _words(language: str) -> _Words:
    return _Words(language)


def money_text(cents: int, language: str) -> str:
    return money.show(cents, language)


def date_text(day: date | str, language: str) -> str:
    return calendar.show(date.fromisoformat(day) if isinstance(day, str) else day, language)


def time_text(at: datetime | str, language: str) -> str:
    return calendar.show_time(datetime.fromisoformat(at) if isinstance(at, str) else at, language)


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language; Dutch is what stands in the texts themselves."""
    if language == "nl":
        return NullTranslations()
    with (TEMPLATES / "locale" / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


def say(sentence: Sentence | dict[str, Any], language: str) -> str:
    """A sentence in a language, its values filled in; also as it was kept in a row (`Sentence.as_json`)."""
    if isinstance(sentence, dict):
        sentence = Sentence.from_json(sentence)
    text = _text(sentence.text, language)
    return _words(language).vformat(text, (), sentence.values) if "{" in text else text


@lru_cache(maxsize=4096)
def _text(text: str, language: str) -> str:
    return catalogue(language).gettext(text) if text else ""


def dutch(text: str, language: str) -> str:
    """A text of the fund file, which is Dutch on every page: marked as such where the page is not."""
    return text if language == "nl" or not text else Markup('<span lang="nl">{}</span>').format(text)


class _Translating(Environment):
    """Says what a page always says while its template is compiled; only texts with values wait for the page."""

    def __init__(self, texts: NullTranslations, **options: Any) -> None:
        super().__init__(**options)
        self._translated = _Translated(texts)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(self._translated.visit(source), *args, **options)


class _Translated(NodeTransformer):
    def __init__(self, texts: NullTranslations) -> None:
        self._texts = texts

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja calls it by its node
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(text))], kwargs=[]):
                return nodes.MarkSafeIfAutoescape(nodes.Const(self._texts.gettext(text) % {}))
        return self.generic_visit(node)


def _saying(texts: NullTranslations) -> dict[str, Callable[..., str]]:
    """What templates say texts with: `_(text, **values)` and `ngettext(one, many, num, **values)`.

    Every text is a format with marks like %(name)s. The text is ours and safe, the values are escaped.
    """

    @pass_eval_context
    def said(context: nodes.EvalContext, text: str, /, **values: Any) -> str:
        text = texts.gettext(text)
        return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - ours

    @pass_eval_context
    def counted(context: nodes.EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
        text = texts.ngettext(one, many, num)
        return (Markup(text) if context.autoescape else text) % {"num": num, **values}  # noqa: S704 - ours

    return {"_": said, "ngettext": counted}


@cache
def environment(language: str) -> Environment:
    """The templates in one language, each compiled when first needed. Unknown names in them are errors."""
    texts = catalogue(language)
    made = _Translating(
        texts,
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals |= _saying(texts)
    made.filters["say"] = lambda sentence: say(sentence, language)
    made.filters["dutch"] = lambda text: dutch(text, language)
    made.filters["euro"] = lambda cents: money_text(cents, language)
    made.filters["euro_cents"] = lambda cents: money.show(cents, language, decimals=True)
    made.filters["day"] = lambda day: date_text(day, language)
    made.filters["moment"] = lambda at: time_text(at, language)
    return made


def language_of(request: Request) -> str:
    """The language of the answer: chosen in this browser, else the person's own, else what the browser asks.

    A browser that reads Dutch at all gets Dutch: many residents have a computer that is set to English.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    actor = actor_of(request)
    if actor.signed_in:
        return actor.language
    accepted = request.headers.get("accept-language", "").lower().split(",")
    asked = {part.strip()[:2] for part in accepted}
    return "en" if "en" in asked and "nl" not in asked else "nl"


def page(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> Response:
    """A page of the site. The template also knows `site`, `actor`, `language`, `path` and `places`."""
    site: Site = request.app.state.site
    actor = actor_of(request)
    language = language_of(request)
    around = {
        "site": site,
        "actor": actor,
        "language": language,
        "path": request.url.path,
        "places": [place for place in site.navigation if not place.roles or actor.has(*place.roles)],
        "form": None,
    }
    html = environment(language).get_template(template).render({**around, **(context or {})})
    return HTMLResponse(html, status, {"vary": "Cookie, Accept-Language"})


async def choose_language(request: Request) -> Response:
    """Keep the language somebody chose for a year, in this browser only, and show the same page in it."""
    form = await read_form(request, "taal", "terug")
    site: Site = request.app.state.site
    response = redirect(safe_path(form.text("terug")))
    if form.text("taal") in LANGUAGES:
        https = site.base_url.startswith("https:")
        response.set_cookie(
            LANGUAGE_COOKIE, form.text("taal"), _YEAR_SECONDS, secure=https, httponly=True, samesite="lax"
        )
    return response


def redirect(path: str) -> Response:
    """Go and read `path`: the answer to every form that was taken."""
    return RedirectResponse(path, 303)


def render_letter(kind: str, params: Mapping[str, Any], language: str, site: Site) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a letter. The subject is the first line of `letters/<kind>.txt`.

    The templates know `site`, `language` and the letter's own `params`. Blank lines come one at a time.
    """
    context = {"site": site, "language": language, **params}
    made = environment(language)
    text = made.get_template(f"letters/{kind}.txt").render(context).strip()
    html = made.get_template(f"letters/{kind}.html").render(context)
    subject, _, body = text.partition("\n")
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n", html


async def static_file(request: Request) -> Response:
    """A file from the shelf; its address changes with its content."""
    site: Site = request.app.state.site
    asset = site.shelf.asset(request.path_params["name"])
    headers = {"cache-control": f"public, max-age={_YEAR_SECONDS}, immutable", "vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(asset.packed if packed else asset.body, headers=headers, media_type=asset.media_type)
