"""Keeps the catalogues in step with the texts in the code: English, and the easy twins of the Dutch.

`python tests/catalogue.py update` adds what is missing, still empty, and lists it; `prune` drops what nobody
says any more; `fill FILE.json` takes translations from an object of Dutch texts with their English. `twin
FILE.json` takes twins in easy Dutch in the same way, and drops those of texts that nobody says any more.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
ENGLISH = ROOT / "templates" / "locale" / "en.po"
TWINS = ROOT / "templates" / "locale" / "nl_easy.po"
METHODS = [
    ("grants/**.py", "python"),
    ("committee/**.py", "python"),
    ("deploy/**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("templates/**.txt", "jinja2.ext:babel_extract"),
]
ROOMS = ("grants", "committee", "deploy", "templates")
JINJA = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
OPTIONS = {"templates/**.html": JINJA, "templates/**.txt": JINJA}
MessageId = str | tuple[str, ...]


def said() -> dict[MessageId, set[str]]:
    """Every text that the code says to people, with the files that say it."""
    found: dict[MessageId, set[str]] = {}
    marks = dict.fromkeys(("_", "gettext", "Sentence", *_refusals()), (1,)) | {"ngettext": (1, 2)}
    for file, _, text, _, _ in extract_from_dir(ROOT, METHODS, OPTIONS, marks, directory_filter=_is_room):
        if text:
            found.setdefault(text, set()).add(file)
    return found


def _is_room(path: str | Path) -> bool:
    parts = Path(path).relative_to(ROOT).parts
    return not parts or parts[0] in ROOMS


def _refusals() -> set[str]:
    """Refusal and every class made of it, by name: the first word of each is a text for people."""
    code = (file.read_text() for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    classes = [
        found for text in code for found in re.findall(r"^class (\w+)\((?:\w+\.)*(\w+)\)", text, re.MULTILINE)
    ]
    names = {"Refusal"}
    while more := {name for name, base in classes if base in names} - names:
        names |= more
    return names


def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def easy() -> Catalog:
    with TWINS.open("rb") as file:
        return read_po(file, locale="nl")


def untranslated() -> list[str]:
    """Texts without an English one."""
    catalog = english()
    return sorted(str(text) for text in said() if not _complete(catalog.get(text)))


def unused(catalog: Catalog) -> list[str]:
    """Translations of what nobody says any more."""
    texts = said()
    return sorted(str(message.id) for message in catalog if message.id and message.id not in texts)


def mismatched(catalog: Catalog) -> list[str]:
    """Texts whose translation fills in other values than the Dutch."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and _complete(message)
        and set(_placeholders(message.id)) != set(_placeholders(message.string))
    ]


def _complete(message: Message | None) -> bool:
    return message is not None and all(_parts(message.string)) and not message.fuzzy


def _parts(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _placeholders(text: Any) -> Iterator[str]:
    for part in _parts(text):
        yield from re.findall(r"%(?!%).*?[a-z]", part)
        yield from (f"{{{name}:{mark}}}" for _, name, mark, _ in Formatter().parse(part) if name is not None)


def update(
    translations: Mapping[MessageId, MessageId] = MappingProxyType({}), *, prune: bool = False
) -> None:
    """Write the catalogue anew: every text once, in a fixed order, what is translated kept."""
    old, texts = english(), said()
    kept: dict[Any, Any] = {message.id: message.string for message in old if message.id} | dict(translations)
    new = Catalog(locale="en", fuzzy=False)
    for text in texts if prune else {**kept, **texts}:
        new.add(text, kept.get(text, ""), locations=[(file, 0) for file in sorted(texts.get(text, ()))])
    _write(ENGLISH, new)


def twin(twins: Mapping[MessageId, MessageId]) -> list[str]:
    """Add these twins to the easy catalogue and write it anew; returns the texts that nobody says."""
    texts = said()
    kept: dict[Any, Any] = {message.id: message.string for message in easy() if message.id} | dict(twins)
    new = Catalog(locale="nl", fuzzy=False)
    for text in kept.keys() & texts.keys():
        new.add(text, kept[text], locations=[(file, 0) for file in sorted(texts[text])])
    _write(TWINS, new)
    return sorted(str(text) for text in kept.keys() - texts.keys())


def _write(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False, omit_header=True)


def main(words: list[str]) -> None:
    match words:
        case ["update"]:
            update()
        case ["prune"]:
            update(prune=True)
        case ["fill", file]:
            update(json.loads(Path(file).read_text()))
        case ["twin", file]:
            left = twin(json.loads(Path(file).read_text()))
            sys.stdout.write("".join(f"nobody says: {text}\n" for text in left))
        case _:
            sys.exit(__doc__)
    sys.stdout.write("".join(f"to translate: {text}\n" for text in untranslated()))


if __name__ == "__main__":
    main(sys.argv[1:])
