"""An application: its stages, and the one table of moves between them."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from grants.access import APPLICANT, OFFICER, OPERATOR, REPRESENTATIVE
from grants.errors import Refusal, Sentence


class Stage(StrEnum):
    """Where an application stands. The order is the path of the house."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPLETING = "completing"
    SCREENED = "screened"
    REVIEWED = "reviewed"
    ALLOCATED = "allocated"
    DECIDED = "decided"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    ACCOUNTED = "accounted"
    DETERMINED = "determined"
    WITHDRAWN = "withdrawn"


COMMITTEE = "committee"
"""Moves that the committee's own steps make, whoever of its seats acts."""


class Move(NamedTuple):
    """One allowed move: from, to, by whom, and the letter by which the applicant hears of it."""

    source: Stage
    target: Stage
    who: frozenset[str]
    letter: str | None


def _move(source: Stage, target: Stage, *who: str, letter: str | None = None) -> Move:
    return Move(source, target, frozenset(who), letter)


MOVES: tuple[Move, ...] = (
    _move(Stage.DRAFT, Stage.SUBMITTED, APPLICANT, REPRESENTATIVE, OFFICER, OPERATOR, letter="receipt"),
    _move(Stage.SUBMITTED, Stage.COMPLETING, OFFICER, letter="completion_request"),
    _move(Stage.COMPLETING, Stage.SUBMITTED, APPLICANT, REPRESENTATIVE, OFFICER, letter="completion_receipt"),
    _move(Stage.SUBMITTED, Stage.SCREENED, OFFICER, OPERATOR, letter="admitted"),
    _move(Stage.SUBMITTED, Stage.DECIDED, OFFICER),
    _move(Stage.COMPLETING, Stage.DECIDED, OFFICER),
    _move(Stage.SCREENED, Stage.REVIEWED, COMMITTEE),
    _move(Stage.REVIEWED, Stage.ALLOCATED, COMMITTEE),
    _move(Stage.ALLOCATED, Stage.DECIDED, OFFICER, OPERATOR),
    _move(Stage.DECIDED, Stage.ANNOUNCED, OFFICER, OPERATOR, letter="decision"),
    _move(Stage.ANNOUNCED, Stage.PUBLISHED, OFFICER, OPERATOR),
    _move(Stage.PUBLISHED, Stage.ACCOUNTED, APPLICANT, REPRESENTATIVE, letter="report_receipt"),
    _move(Stage.PUBLISHED, Stage.DETERMINED, OFFICER, OPERATOR),
    _move(Stage.ACCOUNTED, Stage.DETERMINED, OFFICER, letter="determination"),
    *(
        _move(stage, Stage.WITHDRAWN, APPLICANT, REPRESENTATIVE, letter="withdrawn")
        for stage in (Stage.SUBMITTED, Stage.COMPLETING, Stage.SCREENED, Stage.REVIEWED)
    ),
)

OPEN_TO_COMMITTEE = (Stage.SCREENED, Stage.REVIEWED, Stage.ALLOCATED)
WRITABLE = (Stage.DRAFT, Stage.COMPLETING)
WITHDRAWABLE = tuple(move.source for move in MOVES if move.target is Stage.WITHDRAWN)

STAGE_WORDS: dict[Stage, Sentence] = {
    Stage.DRAFT: Sentence("U bent nog bezig"),
    Stage.SUBMITTED: Sentence("Verstuurd"),
    Stage.COMPLETING: Sentence("Wacht op uw aanvulling"),
    Stage.SCREENED: Sentence("Bij de commissie"),
    Stage.REVIEWED: Sentence("Bij de commissie: stemmen"),
    Stage.ALLOCATED: Sentence("Advies is klaar"),
    Stage.DECIDED: Sentence("Besluit is genomen"),
    Stage.ANNOUNCED: Sentence("U heeft het besluit gekregen"),
    Stage.PUBLISHED: Sentence("Uitslag staat online"),
    Stage.ACCOUNTED: Sentence("U heeft verteld hoe het ging"),
    Stage.DETERMINED: Sentence("Helemaal klaar"),
    Stage.WITHDRAWN: Sentence("Ingetrokken"),
}


def check_move(source: Stage, target: Stage, role: str) -> Move:
    """The row of the table that allows this move in this role, or a refusal that says where it stands."""
    for move in MOVES:
        if move.source is source and move.target is target:
            if role in move.who:
                return move
            break
    raise Refusal(
        "Dit kan niet meer: de aanvraag staat nu op “{stage}”. Ververs de pagina om te zien hoe het ermee staat.",
        stage=STAGE_WORDS[source],
    )


def check_not_own(actor_id: int | None, involved: Collection[int]) -> None:
    """Refuse that somebody handles an application on which they are `involved`: their own, or one that they
    wrote along on (Awb 2:4).
    """
    if actor_id is not None and actor_id in involved:
        raise Refusal("Dit is uw eigen aanvraag, of u schreef mee. Een collega moet dit doen.")


def number(year: int, serial: int) -> str:
    """The number on the receipt: year and place in that year, as in 2026-014."""
    return f"{year}-{serial:03d}"
