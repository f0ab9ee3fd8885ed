"""Writing along: who beside the applicant may do what with one application.

Law: Awb 2:1 (help, and being represented), 2:4 (whoever wrote along never handles or judges it).
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum, StrEnum

from grants.access import APPLICANT, COAPPLICANT, HELPER, OFFICER, REPRESENTATIVE
from grants.errors import Forbidden, Problem, Sentence

VALID = timedelta(days=14)
"""How long an invitation can be accepted: somebody may read their mail once a week."""

MAX_COMPANIONS = 10
"""Invited or writing along at the same time, on one application."""

MAX_NAME = 120
_LINK = re.compile(r"[/@]|www\.|\w\.\w{2,}")
"""What a mail program would make a link of: these names go to somebody whom we do not know."""


class Part(StrEnum):
    """In what role a person stands to one application; also the role in the journal."""

    APPLICANT = APPLICANT
    COAPPLICANT = COAPPLICANT
    HELPER = HELPER
    REPRESENTATIVE = REPRESENTATIVE
    DESK = OFFICER


class Right(Enum):
    """What can be done with an application of one's own or of somebody whom one helps."""

    READ = "the form, what was sent and how it stands"
    WRITE = "answering, and talking with the municipality"
    OUTCOME = "the decision and the money"
    SEND = "what the applicant says by law: sending in, completing, withdrawing, accounting"
    SPEAK = "turning to us in the applicant's own name: objecting, complaining, saying that we are too late"
    OWN = "throwing away, the bank account, and who writes along"


RIGHTS: dict[Part, frozenset[Right]] = {
    Part.APPLICANT: frozenset(Right),
    Part.REPRESENTATIVE: frozenset(Right) - {Right.OWN},
    Part.COAPPLICANT: frozenset({Right.READ, Right.WRITE, Right.OUTCOME}),
    Part.HELPER: frozenset({Right.READ, Right.WRITE}),
    Part.DESK: frozenset({Right.READ, Right.WRITE, Right.SEND}),
}

INVITED = (Part.HELPER, Part.COAPPLICANT, Part.REPRESENTATIVE)
"""Whom an applicant can ask, from the one who may do least to the one who may do most."""

PART_WORDS: dict[Part, Sentence] = {
    Part.APPLICANT: Sentence("Aanvrager"),
    Part.HELPER: Sentence("Helper"),
    Part.COAPPLICANT: Sentence("Mede-aanvrager"),
    Part.REPRESENTATIVE: Sentence("Gemachtigde"),
    Part.DESK: Sentence("De gemeente, namens de aanvrager"),
}

_NOT_YOURS: dict[Right, Sentence] = {
    Right.READ: Sentence("Alleen de aanvrager kan dit zien."),
    Right.WRITE: Sentence("Alleen de aanvrager kan hier iets veranderen."),
    Right.OUTCOME: Sentence("U schrijft mee als helper. Alleen de aanvrager kan dit zien."),
    Right.SEND: Sentence("Alleen de aanvrager kan dit doen. Zeg het als u klaar bent met schrijven."),
    Right.SPEAK: Sentence("Alleen de aanvrager kan dit doen."),
    Right.OWN: Sentence("Alleen de aanvrager kan dit doen."),
}


def check_may(part: Part, right: Right) -> None:
    """Refuse with the reason unless somebody in this part has this right."""
    if right not in RIGHTS[part]:
        raise Forbidden(_NOT_YOURS[right].text)


def check_invitation(role: str, name: str, from_name: str, *, authorised: bool) -> list[Problem]:
    """What is wrong with what an applicant wrote to invite somebody; empty when nothing is.

    Nobody becomes a representative unless the applicant says in so many words that they are authorised.
    """
    problems: list[Problem] = []
    if role not in set(INVITED):
        problems.append(Problem("role", Sentence("Kies wat deze persoon mag doen.")))
    for field, text, said in (
        ("name", name, Sentence("Vul in hoe deze persoon heet.")),
        ("from_name", from_name, Sentence("Vul uw eigen naam in. Dan weet de ander van wie de mail komt.")),
    ):
        if not text.strip():
            problems.append(Problem(field, said))
        elif len(text) > MAX_NAME:
            too_long = Sentence("De naam is te lang. Gebruik hoogstens {max} tekens.", {"max": MAX_NAME})
            problems.append(Problem(field, too_long))
        elif _LINK.search(text):
            problems.append(
                Problem(field, Sentence("Schrijf hier alleen een naam, zonder adres of website."))
            )
    if role == Part.REPRESENTATIVE and not authorised:
        problems.append(
            Problem(
                "authorised",
                Sentence("Zet een vinkje als deze persoon namens u mag handelen. Of kies iets anders."),
            )
        )
    return problems
