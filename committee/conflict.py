"""Conflict of interest: a member declares before a text opens, and stands aside where it is too close.

Law: Awb 2:4 (no bias; nobody with a personal interest takes part).
"""

from __future__ import annotations

from collections.abc import Collection

from grants.errors import Refusal, Sentence

GROUNDS: dict[str, Sentence] = {
    "own": Sentence("Het is mijn eigen aanvraag, of ik doe zelf mee"),
    "family": Sentence("Iemand uit mijn familie of een goede vriend vraagt aan"),
    "organisation": Sentence("Ik werk, woon of help bij deze organisatie"),
    "other": Sentence("Een andere reden waarom ik niet eerlijk kan kiezen"),
}
NONE = "none"


def check_ground(ground: str) -> str:
    """The ground of standing aside, "none" where there is nothing, or a refusal to go on without it."""
    if ground != NONE and ground not in GROUNDS:
        raise Refusal("Kies eerst of u deze aanvraag mag beoordelen. Daarna ziet u de tekst.", field="ground")
    return ground


def must_stand_aside(member_person_id: int, involved: Collection[int]) -> bool:
    """Did the member apply, write along or enter it? Then there is nothing to declare: they stand aside."""
    return member_person_id in involved
