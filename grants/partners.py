"""Organisations that carry a plan together with whoever applies: who they are and what they do in it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from grants import lines
from grants.errors import Refusal, Sentence

MAX_PARTNERS = 20
MAX_NAME = 120
MAX_DOES = 300
PARTS = ("name", "kvk", "does")

_TOO_MANY = Sentence("U noemt te veel organisaties. Er is plaats voor {most}.")
_KVK = re.compile(r"[0-9]{8}")


@dataclass(frozen=True)
class Partner:
    """One organisation. Its number at the Chamber of Commerce (KvK) may be unknown: empty."""

    name: str
    kvk: str
    does: str


def is_kvk(text: str) -> bool:
    """Has this the shape of a number of the Chamber of Commerce?"""
    return bool(_KVK.fullmatch(text))


def check(field: str, rows: Any) -> list[dict[str, Any]]:
    """The partners as they are kept, without the empty rows; kept ones pass unchanged.

    A row is {"name", "kvk", "does"}. Raises Invalid with every problem, by its row: "partners.2.kvk".
    """
    found: list[Partner] = lines.read(
        field,
        rows,
        PARTS,
        MAX_PARTNERS,
        _TOO_MANY,
        lambda row, place: _partner(row, f"{field}.{place}", place),
    )
    return [asdict(partner) for partner in found]


def _partner(row: lines.Row, field: str, place: int) -> Partner:
    name = " ".join(row.get("name", "").split())
    if not 0 < len(name) <= MAX_NAME:
        raise Refusal(
            "Schrijf bij organisatie {place} de naam op. Gebruik hoogstens {most} tekens.",
            field=f"{field}.name",
            place=place,
            most=MAX_NAME,
        )
    return Partner(name, _kvk(row, name, f"{field}.kvk"), _does(row, name, f"{field}.does"))


def _kvk(row: lines.Row, name: str, field: str) -> str:
    kvk = re.sub(r"[ .]", "", row.get("kvk", ""))
    if kvk and not is_kvk(kvk):
        raise Refusal(
            "Het KvK-nummer van “{name}” heeft 8 cijfers. Weet u het niet? Laat het dan leeg.",
            field=field,
            name=name,
        )
    return kvk


def _does(row: lines.Row, name: str, field: str) -> str:
    does = " ".join(row.get("does", "").split())
    if not 0 < len(does) <= MAX_DOES:
        raise Refusal(
            "Schrijf kort op wat “{name}” doet in uw plan. Gebruik hoogstens {most} tekens.",
            field=field,
            name=name,
            most=MAX_DOES,
        )
    return does
