"""A seat on the committee: who may judge and vote, and under which name they are known in public."""

from __future__ import annotations

from committee.access import CHAIR, MEMBER, ROLES, SECRETARY
from grants.errors import Refusal, Sentence

ROLE_WORDS: dict[str, Sentence] = {
    MEMBER: Sentence("Lid van de cliëntencommissie"),
    CHAIR: Sentence("Voorzitter van de cliëntencommissie"),
    SECRETARY: Sentence("Secretaris, zonder stem"),
}


def check_role(role: str) -> str:
    """The role, or a refusal that names the ones there are."""
    if role not in ROLES:
        raise Refusal("Kies een rol: lid, voorzitter of secretaris.", field="role")
    return role


def alias_for(place: int) -> str:
    """The public alias of a member who did not choose one."""
    return f"Lid {place}"
