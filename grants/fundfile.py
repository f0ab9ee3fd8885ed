"""Reading a file that a person wrote in TOML: each value by name and kind, each fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from grants import calendar
from grants.errors import FileError, Refusal

MAX_SOURCE = 200_000
MAX_TABLES = 60

_HEADER = re.compile(r"\s*(?P<opening>\[\[?)\s*(?P<path>[A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"\s*(?P<path>[A-Za-z0-9_.\-]+)\s*=")
_LINE_IN_MESSAGE = re.compile(r" ?\(at line (\d+), column \d+\)")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FRACTION = re.compile(r"[0-9]{1,3}(/[1-9][0-9]{0,2})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Table:
    """One table of such a file.

    Ask for every value by name and kind, and call `done` last: it refuses what nobody asked for, so that a
    misspelt name is never passed over. `path` counts from 1 ("questions.3"); `lines` tells where each path
    stands in the source, and is empty where there is no source. Every fault is a FileError.
    """

    def __init__(
        self, values: Mapping[str, Any], path: str = "", lines: Mapping[str, int] | None = None
    ) -> None:
        self.path = path
        self._values = values
        self._lines = lines or {}
        self._asked: set[str] = set()

    def at(self, key: str = "") -> dict[str, Any]:
        """Where `key` stands, as the values that every sentence about a fault carries."""
        where = ".".join(part for part in (self.path, key) if part)
        return {"field": where, "where": where, "line": line_of(where, self._lines)}

    def has(self, key: str) -> bool:
        return key in self._values

    def _take(self, key: str, optional: bool) -> Any:
        self._asked.add(key)
        if key not in self._values and not optional:
            raise FileError("Regel {line}: “{where}” ontbreekt.", **self.at(key))
        return self._values.get(key)

    def text(self, key: str, most: int = 200, default: str | None = None) -> str:
        """A text of 1 to `most` characters without control characters, or `default` where it is left out."""
        value = self._take(key, default is not None)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise FileError(
                "Regel {line}: bij “{where}” hoort een tekst tussen aanhalingstekens.", **self.at(key)
            )
        value = value.strip()
        if not value:
            raise FileError("Regel {line}: “{where}” is leeg. Vul een tekst in.", **self.at(key))
        if len(value) > most:
            raise FileError(
                "Regel {line}: “{where}” is te lang. Gebruik hoogstens {most} tekens.",
                most=most,
                **self.at(key),
            )
        if _CONTROL.search(value):
            raise FileError("Regel {line}: in “{where}” staat een teken dat niet kan.", **self.at(key))
        return value

    def texts(self, key: str, fewest: int, most: int, longest: int = 120) -> tuple[str, ...]:
        """A list of `fewest` to `most` different texts."""
        value = self._take(key, optional=False)
        if not isinstance(value, list) or not fewest <= len(value) <= most:
            raise FileError(
                "Regel {line}: bij “{where}” hoort een lijst van {fewest} tot {most} teksten.",
                fewest=fewest,
                most=most,
                **self.at(key),
            )
        numbered = Table(
            {str(n): item for n, item in enumerate(value, 1)}, self.at(key)["where"], self._lines
        )
        texts = tuple(numbered.text(str(n), longest) for n in range(1, len(value) + 1))
        if len(set(texts)) < len(texts):
            raise FileError("Regel {line}: in “{where}” staat twee keer hetzelfde.", **self.at(key))
        return texts

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number from `least` to `most`, or `default` where it is left out."""
        value = self._take(key, default is not None)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise FileError(
                "Regel {line}: bij “{where}” hoort een heel getal van {least} tot en met {most}.",
                least=least,
                most=most,
                **self.at(key),
            )
        return value

    def yes(self, key: str, default: bool) -> bool:
        value = self._take(key, optional=True)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise FileError("Regel {line}: bij “{where}” hoort true of false.", **self.at(key))
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._take(key, optional=False)
        if value not in allowed:
            raise FileError(
                "Regel {line}: “{where}” kan dit niet zijn. Kies uit: {allowed}.",
                allowed=", ".join(allowed),
                **self.at(key),
            )
        return str(value)

    def key(self) -> str:
        """The name by which the rest of the system knows a question, check or criterion."""
        key = self.text("key", 40)
        if not _NAME.fullmatch(key):
            raise FileError(
                "Regel {line}: “{where}” begint met een kleine letter. Daarna: kleine letters, cijfers en _.",
                **self.at("key"),
            )
        return key

    def why(self) -> str:
        """The sentence that tells a citizen why this is asked: without it nothing is asked."""
        if not self.has("why"):
            raise FileError(
                "Regel {line}: bij “{where}” staat niet waarom dit gevraagd wordt. "
                "Zet er een regel why bij, in woorden die een inwoner begrijpt.",
                **self.at(),
            )
        return self.text("why", 600)

    def fraction(self, key: str, most: Fraction) -> Fraction:
        """An exact number above 0 and up to `most`: a whole number, or text such as "2/3"."""
        value = self._take(key, optional=False)
        written = str(value) if isinstance(value, int | str) else ""
        number = Fraction(written) if _FRACTION.fullmatch(written) else Fraction(0)
        if not 0 < number <= most:
            raise FileError(
                'Regel {line}: bij “{where}” hoort een getal of breuk ("2/3"), boven 0 en hoogstens {most}.',
                most=str(most),
                **self.at(key),
            )
        return number

    def moment(self, key: str) -> datetime:
        """A time on the clock of Amsterdam (2026-10-16T17:00:00, without zone), as UTC."""
        value = self._take(key, optional=False)
        if not isinstance(value, datetime) or value.tzinfo is not None:
            raise FileError(
                "Regel {line}: bij “{where}” hoort een dag met de tijd in Nederland: 2026-10-16T17:00:00.",
                **self.at(key),
            )
        _check_year(value, self.at(key))
        try:
            return calendar.from_local(value)
        except Refusal:
            raise FileError(
                "Regel {line}: de tijd bij “{where}” bestaat niet, want dan gaat de klok een uur vooruit.",
                **self.at(key),
            ) from None

    def day(self, key: str) -> date:
        value = self._take(key, optional=False)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise FileError("Regel {line}: bij “{where}” hoort een dag, zoals 2026-12-18.", **self.at(key))
        _check_year(value, self.at(key))
        return value

    def table(self, key: str) -> Table:
        value = self._take(key, optional=False)
        if not isinstance(value, dict):
            raise FileError("Regel {line}: “{where}” hoort een tabel te zijn: [{where}].", **self.at(key))
        return Table(value, self.at(key)["where"], self._lines)

    def tables(self, key: str) -> list[Table]:
        """One to `MAX_TABLES` tables of the same kind, as written with [[key]]."""
        value = self._take(key, optional=False)
        whole = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        if not whole or not 0 < len(value) <= MAX_TABLES:
            raise FileError(
                "Regel {line}: bij “{where}” horen 1 tot {most} tabellen: [[{where}]].",
                most=MAX_TABLES,
                **self.at(key),
            )
        where = self.at(key)["where"]
        return [Table(item, f"{where}.{n}", self._lines) for n, item in enumerate(value, 1)]

    def opaque(self, key: str) -> dict[str, Any]:
        """A table that somebody else reads, as it stands."""
        self.table(key)
        return dict(self._values[key])

    def done(self) -> None:
        """Refuse the first name that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise FileError(
                    "Regel {line}: “{where}” kennen wij niet. Kijk of de naam klopt.", **self.at(key)
                )


def check_keys(tables: Sequence[Table], keys: Sequence[str]) -> None:
    """Refuse the first table whose key one before it already has."""
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise FileError(
                "Regel {line}: de naam “{key}” is al gebruikt.", key=key, **tables[place].at("key")
            )


def read_toml(source: str) -> Table:
    """The whole file as one table. Refused: longer than `MAX_SOURCE` characters, or not TOML."""
    if len(source) > MAX_SOURCE:
        raise FileError(
            "Dit bestand is te groot. Het heeft hoogstens {most} tekens.", most=MAX_SOURCE, line=1
        )
    source = source.removeprefix("\ufeff")
    try:
        return Table(tomllib.loads(source), lines=find_lines(source))
    except (ValueError, RecursionError) as fault:
        said = str(fault)
        found = _LINE_IN_MESSAGE.search(said)
        raise FileError(
            "Regel {line}: dit is geen geldig TOML-bestand ({reason}).",
            line=int(found[1]) if found else source.count("\n") + 1,
            reason=_LINE_IN_MESSAGE.sub("", said),
        ) from None


def line_of(path: str, lines: Mapping[str, int]) -> int:
    """The line of `path`, else of the nearest table around it; 0 where there is no source."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path, 1 if lines else 0)


def find_lines(source: str) -> dict[str, int]:
    """On which line each table and key begins, by path; tables in a list count from 1 ("questions.3.why").

    tomllib does not tell; this reads only headers and names, so a key inside an inline table has no line.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, quote = "", ""
    for number, line in enumerate(source.split("\n"), 1):
        if quote:
            quote = "" if quote in line else quote
            continue
        if header := _HEADER.match(line):
            table = _place(header["path"], counts, is_list=header["opening"] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{table}.{key['path']}".strip("."), number)
        quote = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return lines


def _place(header: str, counts: dict[str, int], *, is_list: bool) -> str:
    """The path of a header, each list on the way with the number of its last table."""
    path = ""
    *parents, last = header.split(".")
    for part in parents:
        path = f"{path}.{part}".strip(".")
        if path in counts:
            path = f"{path}.{counts[path]}"
    path = f"{path}.{last}".strip(".")
    if not is_list:
        return path
    counts[path] = counts.get(path, 0) + 1
    return f"{path}.{counts[path]}"


def _check_year(day: date, at: dict[str, Any]) -> None:
    if not calendar.FIRST_YEAR <= day.year <= calendar.LAST_YEAR:
        raise FileError(
            "Regel {line}: kijk het jaar bij “{where}” na. Het ligt tussen {first} en {last}.",
            first=calendar.FIRST_YEAR,
            last=calendar.LAST_YEAR,
            **at,
        )
