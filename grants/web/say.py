"""From values to words: sentences, amounts and days in a language, and the templates that say them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, select_autoescape
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from grants import budget, calendar, money
from grants.errors import Sentence
from grants.language import DUTCH, tag

_PACKAGE = Path(__file__).parents[1]
DATA = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent
TEMPLATES = DATA / "templates"
LANGUAGES = (DUTCH, *sorted(file.stem for file in (TEMPLATES / "locale").glob("*.po")))
"""Every language one can choose: that of the texts themselves, and each that has a catalogue."""

OWN_NAME = Sentence("Nederlands")
"""What a language calls itself: each catalogue has its own name as the translation of this one."""

DRAWN_KEPT = 2048
"""How many pieces of a page are kept drawn, of each language: the rows of a full desk and what stands round it."""


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


def size_text(size: int) -> str:
    """So many bytes in whole kB or MB, rounded up."""
    unit, name = (1_000_000, "MB") if size >= 1_000_000 else (1000, "kB")
    return f"{-(-size // unit)}\u00a0{name}"


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language, which fall back to the texts themselves; Dutch has none."""
    path = TEMPLATES / "locale" / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        read = read_po(file, locale=tag(language))
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


@cache
def direction(language: str) -> str:
    """Which way a language is written: ltr or rtl."""
    return Locale.parse(tag(language)).text_direction


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """Every language one can choose, with what it calls itself."""
    return tuple((language, say(OWN_NAME, language)) for language in LANGUAGES)


def dutch(text: str, language: str) -> str:
    """A text of the fund file, which is Dutch on every page: marked as such where the page is not."""
    return text if tag(language) == DUTCH or not text else Markup('<span lang="nl">{}</span>').format(text)


class _Calls(Context):
    """Calls what a template names as it is: nothing of ours wants the context, and asking costs more than calling."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*args, **named)


class _Translating(Environment):
    """Says what its templates say while they are compiled; only the values of a text wait for the page."""

    context_class = _Calls

    def __init__(self, texts: NullTranslations, **options: Any) -> None:
        super().__init__(**options)
        self.globals |= {"ngettext": texts.ngettext, "drawn": lru_cache(DRAWN_KEPT, typed=True)(_draw)}
        self._translated = _Translated(texts)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(self._translated.visit(source), *args, **options)

    def make_globals(self, _: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template knows: no template of ours has globals of its own."""
        return self.globals


class _Translated(NodeTransformer):
    """Turns `_(text, **values)` and `ngettext(one, many, num, **values)` into what they say.

    Every text is a format with marks like %(name)s. The text is ours and safe, the values are escaped.
    """

    def __init__(self, texts: NullTranslations) -> None:
        self._texts = texts

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja calls it by its node
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(text))], kwargs=values):
                return _filled(nodes.Const(self._texts.gettext(text)), values)
            case nodes.Call(node=nodes.Name(name="ngettext"), args=[_, _, number] as args, kwargs=values):
                chosen = nodes.Call(node.node, args, [], None, None)
                return _filled(chosen, [nodes.Keyword("num", number), *values])
        return node


def _draw(macro: Callable[..., str], *values: Hashable) -> str:
    """What an imported macro makes of plain values. It knows nothing else, so that it is drawn once for all.

    Markup and the same text that is none are told apart; inside a tuple they are not: there, plain text only.
    """
    return macro(*values)


def _filled(text: nodes.Expr, values: list[nodes.Keyword]) -> nodes.Expr:
    """A text that is safe, with its values in the place of their marks."""
    pairs = [nodes.Pair(nodes.Const(one.key), one.value) for one in values]
    return nodes.Mod(nodes.MarkSafeIfAutoescape(text), nodes.Dict(pairs))


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
    made.globals["languages"] = languages()
    made.filters["tag"] = tag
    made.filters["direction"] = direction
    made.filters["say"] = lambda sentence: say(sentence, language)
    made.filters["dutch"] = lambda text: dutch(text, language)
    made.filters["euro"] = lambda cents: money_text(cents, language)
    made.filters["euro_cents"] = lambda cents: money.show(cents, language, decimals=True)
    made.filters["sums"] = budget.sums
    made.filters["day"] = lambda day: date_text(day, language)
    made.filters["size"] = size_text
    made.filters["moment"] = lambda at: time_text(at, language)
    return made
