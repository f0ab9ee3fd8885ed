"""Reading a real participatory-budgeting election from a `.pb` file, strictly: a broken line is refused.

The format of Pabulib (Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from committee.election import Application, Election, Histogram, merge
from grants.errors import FileError

TITLES = ("META", "PROJECTS", "VOTES")
NEEDED = ("num_projects", "num_votes", "budget", "vote_type")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
WITH_POINTS = ("cumulative", "scoring")
_AMOUNT = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2})0{0,6})?", re.ASCII)
_POINTS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?", re.ASCII)

Row = tuple[int, list[str]]


def read_pb(source: bytes | str | BinaryIO) -> Election:
    """The election in a `.pb` file: its text, its bytes, or the open binary file.

    Every vote type becomes approvals, as cost utilities see them: a project that a ballot lists is supported.
    Points and ranks are kept as scores for the ranked list (the first of m ranked projects scores m).
    FileError names the line and what is wrong with it; nothing half-read is ever handed out.
    """
    rows = _rows(_text(source))
    before, _ = _until(rows, "META")
    if before:
        raise FileError("Regel {line}: het bestand begint niet met META.", line=before[0][0])
    meta_rows, line = _until(rows, "PROJECTS")
    meta = _meta(meta_rows, line)
    project_rows, line = _until(rows, "VOTES")
    projects = _projects(project_rows, line)
    _agree("num_projects", meta, len(projects))
    votes = _Votes(meta["vote_type"], projects)
    votes.read(rows, line)
    _agree("num_votes", meta, votes.number)
    return merge(
        _amount(meta["budget"], _line_of(meta_rows, "budget")),
        projects,
        votes.merged(),
        scores=votes.scores(),
        vote_type=meta["vote_type"],
        meta=meta,
    )


def _text(source: bytes | str | BinaryIO) -> str:
    data = source if isinstance(source, bytes | str) else source.read()
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise FileError("Regel {line}: dit is geen tekst in UTF-8.", line=line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileError("Regel {line}: hier staat een teken dat geen tekst is.", line=line)
    return text


def _rows(text: str) -> Iterator[Row]:
    """The rows that are not blank, each with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    line = 0
    try:
        for row in reader:
            line = reader.line_num
            if len(row) > 1 or (row and row[0].strip()):
                yield line, row
    except csv.Error as error:
        raise FileError("Regel {line}: de aanhalingstekens kloppen niet.", line=line + 1) from error


def _until(rows: Iterator[Row], title: str) -> tuple[list[Row], int]:
    """The rows before the line with this title, and the number of that line."""
    found: list[Row] = []
    for line, row in rows:
        if not _is_title(row):
            found.append((line, row))
        elif row[0].strip().upper() == title:
            return found, line
        else:
            raise FileError("Regel {line}: hier hoort {title} te komen.", line=line, title=title)
    raise FileError("Het deel {title} ontbreekt.", title=title)


def _is_title(row: list[str]) -> bool:
    return row[0].strip().upper() in TITLES and not any(row[1:])


def _columns(rows: Iterator[Row], line: int, needed: tuple[str, ...]) -> list[str]:
    """The names in the header row, with all that are needed among them."""
    line, row = next(rows, (line, []))
    names = [name.strip() for name in row]
    for name in needed:
        if name not in names:
            raise FileError("Regel {line}: de kolom {name} ontbreekt.", line=line, name=name)
    for name, times in Counter(names).items():
        if times > 1:
            raise FileError("Regel {line}: de kolom {name} staat er twee keer.", line=line, name=name)
    return names


def _check_width(line: int, row: list[str], columns: list[str]) -> None:
    if len(row) != len(columns):
        raise FileError(
            "Regel {line}: hier staan {found} vakken. Dat moeten er {needed} zijn.",
            line=line,
            found=len(row),
            needed=len(columns),
        )


def _meta(rows: list[Row], title_line: int) -> dict[str, str]:
    """The keys and values of META, with all that a count needs among them."""
    body = iter(rows)
    columns = _columns(body, title_line, ("key", "value"))
    meta: dict[str, str] = {}
    for line, row in body:
        _check_width(line, row, columns)
        key, value = row[0].strip(), row[1].strip()
        if key in meta:
            raise FileError("Regel {line}: {key} staat er twee keer.", line=line, key=key)
        if key == "vote_type" and value not in VOTE_TYPES:
            raise FileError("Regel {line}: de stemvorm {value} kennen wij niet.", line=line, value=value)
        if key in ("num_projects", "num_votes") and not re.fullmatch("[0-9]{1,9}", value, re.ASCII):
            raise FileError("Regel {line}: {value} is geen heel aantal.", line=line, value=value)
        meta[key] = value
    for key in NEEDED:
        if key not in meta:
            raise FileError("In het deel META ontbreekt {key}.", key=key)
    return meta


def _line_of(rows: list[Row], key: str) -> int:
    return next(line for line, row in rows if row[0].strip() == key)


def _agree(key: str, meta: dict[str, str], found: int) -> None:
    if int(meta[key]) != found:
        raise FileError(
            "In het deel META staat bij {key} het getal {said}. Er zijn er {found} in het bestand.",
            key=key,
            said=int(meta[key]),
            found=found,
        )


def _projects(rows: list[Row], title_line: int) -> tuple[Application, ...]:
    """The projects by id; all or nothing, so that the least amount is the whole cost."""
    body = iter(rows)
    columns = _columns(body, title_line, ("project_id", "cost"))
    id_at, cost_at = columns.index("project_id"), columns.index("cost")
    name_at = columns.index("name") if "name" in columns else id_at
    projects: dict[str, Application] = {}
    for line, row in body:
        _check_width(line, row, columns)
        id_ = row[id_at].strip()
        if not id_ or "," in id_:
            raise FileError("Regel {line}: {id} kan geen nummer van een project zijn.", line=line, id=id_)
        if id_ in projects:
            raise FileError("Regel {line}: het project {id} staat er twee keer.", line=line, id=id_)
        cost = _amount(row[cost_at].strip(), line)
        projects[id_] = Application(id_, row[name_at].strip() or id_, cost, cost)
    return tuple(sorted(projects.values(), key=lambda project: project.id))


def _amount(text: str, line: int) -> int:
    """Whole cents, above nothing: "1250", "1250.5" and "1250,50" are amounts."""
    found = _AMOUNT.fullmatch(text)
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not cents:
        raise FileError("Regel {line}: {found} is geen bedrag.", line=line, found=text)
    return cents


class _Votes:
    """The ballots as they are read: equal texts are counted first and taken apart once."""

    def __init__(self, vote_type: str, projects: tuple[Application, ...]) -> None:
        self.vote_type = vote_type
        self.places = {project.id: place for place, project in enumerate(projects)}
        self.number = 0
        self.texts: dict[tuple[str, str], int] = {}  # the columns vote and points: how many ballots
        self.first: dict[tuple[str, str], int] = {}  # and the line of the first of them
        self.ballots: dict[tuple[str, str], list[int]] = {}

    def read(self, rows: Iterator[Row], title_line: int) -> None:
        """Every ballot to the end of the file."""
        with_points = self.vote_type in WITH_POINTS
        columns = _columns(
            rows, title_line, ("voter_id", "vote", "points") if with_points else ("voter_id", "vote")
        )
        voter_at, vote_at, width = columns.index("voter_id"), columns.index("vote"), len(columns)
        points_at = columns.index("points") if with_points else -1
        voters: set[str] = set()
        texts, first = self.texts, self.first
        for line, row in rows:
            if len(row) != width:
                _check_width(line, row, columns)
            voters.add(row[voter_at])
            self.number += 1
            if len(voters) < self.number or not row[voter_at]:
                raise FileError(
                    "Regel {line}: de kiezer {id} staat er twee keer of is leeg.", line=line, id=row[voter_at]
                )
            text = row[vote_at], row[points_at] if with_points else ""
            if text in texts:
                texts[text] += 1
            else:
                texts[text], first[text] = 1, line
        for text, line in first.items():
            self.ballots[text] = self._marks(text[0], line)

    def merged(self) -> Counter[tuple[int, ...]]:
        """Distinct sets of places, each with its number of voters."""
        merged: Counter[tuple[int, ...]] = Counter()
        for text, marks in self.ballots.items():
            merged[tuple(sorted(marks))] += self.texts[text]
        return merged

    def scores(self) -> tuple[Histogram, ...] | None:
        """Points, or places in a ranking, per project; a ballot without it gave it 0. None for approvals."""
        if self.vote_type not in (*WITH_POINTS, "ordinal"):
            return None
        tallies: list[Counter[Fraction]] = [Counter() for _ in self.places]
        for text, marks in self.ballots.items():
            for place, score in zip(marks, self._scores(text, len(marks)), strict=True):
                tallies[place][score] += self.texts[text]
        for tally in tallies:
            tally[Fraction(0)] += self.number - tally.total()
        return tuple(tuple(sorted((score, n) for score, n in tally.items() if n)) for tally in tallies)

    def _marks(self, vote: str, line: int) -> list[int]:
        ids = [id_.strip() for id_ in vote.split(",")] if vote.strip() else []
        try:
            marks = [self.places[id_] for id_ in ids]
        except KeyError as error:
            raise FileError(
                "Regel {line}: het project {id} bestaat niet.", line=line, id=error.args[0]
            ) from None
        if len(set(marks)) < len(marks):
            raise FileError("Regel {line}: een project staat twee keer in deze stem.", line=line)
        if self.vote_type == "choose-1" and len(marks) > 1:
            raise FileError("Regel {line}: deze stem noemt meer dan één project.", line=line)
        return marks

    def _scores(self, text: tuple[str, str], marks: int) -> list[Fraction]:
        if self.vote_type == "ordinal":
            return [Fraction(len(self.places) - place) for place in range(marks)]
        points = [point.strip() for point in text[1].split(",")] if text[1].strip() else []
        if len(points) != marks or not all(_POINTS.fullmatch(point) for point in points):
            raise FileError("Regel {line}: de punten passen niet bij de stem.", line=self.first[text])
        return [Fraction(point) for point in points]
