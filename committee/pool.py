"""The files of a draw: the closed list of who may be drawn, the plan, and a list of panels made elsewhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from committee.panel import Person, Plan, Quota, shortest, which_to_relax
from grants.errors import FileError, Refusal, Sentence
from grants.fundfile import Table, read_toml

ID = "id"
MOST_PEOPLE = 50_000
MOST_SEATS = 500
LONGEST = 80


def read_pool(text: str) -> dict[str, dict[str, str]]:
    """Everybody in a CSV file by the column `id`, with what every other column says of them.

    Columns stand between commas or semicolons. FileError names the line: an id twice, an empty or a missing
    value, a row of another length.
    """
    rows = _rows(text)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    if ID not in header or len(set(header)) < len(header) or not all(header):
        raise FileError("Regel 1: hier horen de namen van de kolommen, elk één keer, en een kolom “id”.")
    pool: dict[str, dict[str, str]] = {}
    for line, row in rows:
        values = [" ".join(value.split()) for value in row]
        if len(values) != len(header) or not all(values) or max(map(len, values)) > LONGEST:
            raise FileError(
                "Regel {line}: hier horen {columns} waarden, elk met 1 tot {most} tekens.",
                line=line,
                columns=len(header),
                most=LONGEST,
            )
        person = dict(zip(header, values, strict=True))
        id_ = person.pop(ID)
        if id_ in pool:
            raise FileError("Regel {line}: “{id}” staat twee keer in de lijst.", line=line, id=id_)
        if len(pool) == MOST_PEOPLE:
            raise FileError(
                "Regel {line}: er kunnen hoogstens {most} mensen mee.", line=line, most=MOST_PEOPLE
            )
        pool[id_] = person
    return pool


def read_plan(source: str, pool: Mapping[str, Person]) -> Plan:
    """The plan in a TOML file: `seats`, and [[quotas]] with feature, value, least and most.

    FileError names the line; a feature that the pool does not know is one too.
    """
    top = read_toml(source)
    seats = top.number("seats", 1, MOST_SEATS)
    quotas = tuple(_quota(table, seats) for table in (top.tables("quotas") if top.has("quotas") else ()))
    top.done()
    for place, quota in enumerate(quotas, 1):
        at = top.at(f"quotas.{place}")
        if (quota.feature, quota.value) in {(one.feature, one.value) for one in quotas[: place - 1]}:
            raise FileError("Regel {line}: voor “{value}” is er al een regel.", value=quota.value, **at)
        if not all(quota.feature in person for person in pool.values()):
            raise FileError("Regel {line}: de lijst heeft geen kolom “{name}”.", name=quota.feature, **at)
    return Plan(seats, quotas)


def _quota(table: Table, seats: int) -> Quota:
    least = table.number("least", 0, seats, default=0)
    quota = Quota(
        table.text("feature", LONGEST), table.text("value", LONGEST), least,
        table.number("most", least, seats, default=seats),
    )  # fmt: skip
    table.done()
    return quota


def read_panels(text: str, pool: Mapping[str, Person], plan: Plan) -> list[list[str]]:
    """Panels that another tool made, one a line, ids between commas or semicolons; each must meet the plan."""
    panels = []
    for line, row in _rows(text):
        ids = [value.strip() for value in row if value.strip()]
        known = len(set(ids)) == len(ids) and all(id_ in pool for id_ in ids)
        if not known or not plan.met_by([pool[id_] for id_ in ids]):
            raise FileError("Regel {line}: deze commissie past niet in de lijst en het plan.", line=line)
        panels.append(sorted(ids))
    if not panels:
        raise FileError("Regel 1: er staat geen commissie in dit bestand.")
    return panels


def pool_hash(pool: Mapping[str, Person]) -> str:
    """SHA-256 of the closed list, whatever its order: published before the numbers fall."""
    return _hash([[id_, sorted(pool[id_].items())] for id_ in sorted(pool)])


def panels_hash(panels: Iterable[list[str]]) -> str:
    """SHA-256 of a numbered list of panels, in its order."""
    return _hash(list(panels))


def why_not(plan: Plan, pool: Mapping[str, Person]) -> Refusal:
    """No panel meets the plan: which quota to relax, and to what."""
    if few := shortest(plan, pool):
        quota, there = few[0]
        return Refusal(
            "Het plan vraagt ten minste {least} keer “{what}”. In de lijst staan er {there}. "
            "Vraag er minder, of zoek nog mensen.",
            least=quota.least, what=quota.said, there=there,
        )  # fmt: skip
    wider = which_to_relax(plan, pool)
    if not wider:
        return Refusal("Geen enkele commissie past in dit plan, ook niet met één ruimere regel.")
    ways = Sentence("")
    for quota in wider:
        one = Sentence(
            "“{what}”: {least} tot {most}", {"what": quota.said, "least": quota.least, "most": quota.most}
        )
        ways = Sentence("{one}; {other}", {"one": ways, "other": one}) if ways.text else one
    return Refusal("Geen enkele commissie past in dit plan. Dit zou genoeg zijn, één van: {ways}.", ways=ways)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in first else ",")
    return iter([(reader.line_num, row) for row in reader if any(value.strip() for value in row)])


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
