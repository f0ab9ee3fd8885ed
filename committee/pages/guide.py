"""What the committee's guides are called, and their templates, by role; the municipality's page shows them."""

from __future__ import annotations

from committee.access import CHAIR, MEMBER, SECRETARY
from grants.errors import Sentence

GUIDES: dict[str, tuple[Sentence, str]] = {
    CHAIR: (Sentence("Uitleg voor de voorzitter"), "committee/guide/chair.html"),
    SECRETARY: (Sentence("Uitleg voor de secretaris"), "committee/guide/secretary.html"),
    MEMBER: (Sentence("Uitleg voor leden van de commissie"), "committee/guide/member.html"),
}
