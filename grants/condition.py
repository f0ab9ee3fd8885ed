"""When a question is asked: only after a certain answer to an earlier one, so that nobody reads what is not for them.

Law: Awb 4:2(2) (ask only what is needed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from grants.errors import FileError, Sentence
from grants.fundfile import Table

MAX_AMOUNT = 1_000_000


class Earlier(Protocol):
    """What must be known of a question to rest a condition on it."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def committee(self) -> bool: ...


@dataclass(frozen=True)
class Condition:
    """Asked only when `question` was answered with one of `choices`, or with a number in these bounds."""

    question: str
    choices: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Condition:
        return cls(**{**data, "choices": tuple(data["choices"])})

    def holds(self, answer: Any) -> bool:
        """Does this kept answer to `question` lead to asking? One that is not given never does."""
        if isinstance(answer, int):
            over = self.at_least is None or answer >= self.at_least
            return over and (self.at_most is None or answer <= self.at_most)
        given = answer if isinstance(answer, list) else [answer]
        return any(one in self.choices for one in given)

    def said(self, label: str) -> Sentence:
        """The condition in words; `label` is how the earlier question is put to the reader."""
        if self.choices:
            values = {"label": label, "choices": "; ".join(self.choices)}
            return Sentence("Wij vragen dit alleen als u bij “{label}” dit kiest: {choices}.", values)
        if self.at_least is None:
            values = {"label": label, "most": str(self.at_most)}
            return Sentence("Wij vragen dit alleen als u bij “{label}” {most} of minder invult.", values)
        if self.at_most is None:
            values = {"label": label, "least": str(self.at_least)}
            return Sentence("Wij vragen dit alleen als u bij “{label}” {least} of meer invult.", values)
        values = {"label": label, "least": str(self.at_least), "most": str(self.at_most)}
        return Sentence("Wij vragen dit alleen als u bij “{label}” {least} tot en met {most} invult.", values)


def read(table: Table, earlier: Sequence[Earlier], own_key: str, committee: bool) -> Condition:
    """The condition of the question `own_key`; `earlier` are the questions that stand before it in the file."""
    key = table.text("question", 40)
    found = next((question for question in earlier if question.key == key), None)
    if key == own_key:
        raise FileError(
            "Regel {line}: deze vraag hangt af van zichzelf. Noem een vraag die ervoor staat.",
            **table.at("question"),
        )
    if found is None:
        raise FileError(
            "Regel {line}: er staat geen vraag “{question}” vóór deze vraag. Noem een vraag die ervoor staat.",
            question=key,
            **table.at("question"),
        )
    if committee and not found.committee:
        raise FileError(
            "Regel {line}: de commissie leest het antwoord op “{question}” niet. "
            "Dan mag zij dat hier ook niet aan zien. Zet bij deze vraag committee = false.",
            question=key,
            **table.at("question"),
        )
    condition = Condition(key, *_bounds(table, found))
    table.done()
    return condition


def _bounds(table: Table, found: Earlier) -> tuple[tuple[str, ...], int | None, int | None]:
    """What the answer must be, in the terms of the kind of question it is an answer to."""
    match found.kind:
        case "choice" | "several":
            return _choices(table, found), None, None
        case "number":
            return (), *_numbers(table)
        case _:
            raise FileError(
                "Regel {line}: een vraag kan alleen afhangen van een keuze of een aantal. "
                "“{question}” is een vraag van de soort {kind}.",
                question=found.key,
                kind=found.kind,
                **table.at("question"),
            )


def _choices(table: Table, found: Earlier) -> tuple[str, ...]:
    choices = table.texts("is", 1, 20)
    for place, choice in enumerate(choices, 1):
        if choice not in found.choices:
            raise FileError(
                "Regel {line}: “{choice}” is geen antwoord op de vraag “{question}”.",
                choice=choice,
                question=found.key,
                **table.at(f"is.{place}"),
            )
    return choices


def _numbers(table: Table) -> tuple[int | None, int | None]:
    least = table.number("at_least", 0, MAX_AMOUNT) if table.has("at_least") else None
    most = table.number("at_most", least or 0, MAX_AMOUNT) if table.has("at_most") else None
    if least is None and most is None:
        raise FileError(
            "Regel {line}: schrijf bij “{where}” vanaf hoeveel (at_least) of tot hoeveel (at_most).",
            **table.at(),
        )
    return least, most
