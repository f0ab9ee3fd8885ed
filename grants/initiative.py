"""Who applies: an organisation, an informal group or one person, and what may ever be said of them in public.

Law: Woo 3.3a(1) (subsidies to others than natural persons) and 5.1(1)(d): in this fund a name tells
that somebody is a client, so persons and informal groups are never named.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from grants.errors import Problem, Sentence

MAX_NAME = 120
_KVK = re.compile(r"[0-9]{8}")


class Kind(StrEnum):
    """The legal shape of who applies."""

    ORGANISATION = "organisation"
    GROUP = "group"
    PERSON = "person"


KIND_WORDS: dict[Kind, Sentence] = {
    Kind.ORGANISATION: Sentence("Een stichting, vereniging of andere organisatie"),
    Kind.GROUP: Sentence("Een groep mensen zonder stichting of vereniging"),
    Kind.PERSON: Sentence("Ik vraag aan als één persoon"),
}

PUBLIC_WORDS: dict[Kind, Sentence] = {
    Kind.GROUP: Sentence("Een groep bewoners"),
    Kind.PERSON: Sentence("Een inwoner"),
}


def public_name(kind: Kind, name: str) -> Sentence:
    """The name under which a result is published: an organisation's own, never a person's or a group's."""
    return Sentence("{name}", {"name": name}) if kind is Kind.ORGANISATION else PUBLIC_WORDS[kind]


class Host(NamedTuple):
    """The organisation that receives the money for a group without a legal form of its own."""

    name: str
    kvk: str
    contact: str


def check_host(host: Host, *, agreed: bool) -> list[Problem]:
    """What is wrong with what somebody wrote about a fiscal host; `agreed`: the host itself said yes."""
    problems: list[Problem] = []
    for field, text, said in (
        ("host_name", host.name, Sentence("Vul de naam in van de organisatie die het geld krijgt.")),
        ("host_contact", host.contact, Sentence("Vul in wie wij daar kunnen bellen of mailen.")),
    ):
        if not text.strip():
            problems.append(Problem(field, said))
        elif len(text) > MAX_NAME:
            too_long = Sentence("Dit is te lang. Gebruik hoogstens {max} tekens.", {"max": MAX_NAME})
            problems.append(Problem(field, too_long))
    if not _KVK.fullmatch(host.kvk):
        said = Sentence("Een KvK-nummer heeft 8 cijfers. Vraag het aan de organisatie.")
        problems.append(Problem("host_kvk", said))
    if not agreed:
        said = Sentence("Vraag eerst of de organisatie dit wil doen. Zet daarna een vinkje.")
        problems.append(Problem("host_agreed", said))
    return problems


def check_initiative(kind: str, name: str, kvk: str) -> list[Problem]:
    """What is wrong with what somebody wrote about who applies; empty when nothing is."""
    problems: list[Problem] = []
    if kind not in set(Kind):
        problems.append(Problem("kind", Sentence("Kies wie er aanvraagt.")))
    if not name.strip():
        problems.append(Problem("name", Sentence("Vul de naam in van wie aanvraagt.")))
    elif len(name) > MAX_NAME:
        problems.append(
            Problem(
                "name", Sentence("De naam is te lang. Gebruik hoogstens {max} tekens.", {"max": MAX_NAME})
            )
        )
    if kvk and not _KVK.fullmatch(kvk):
        problems.append(
            Problem(
                "kvk",
                Sentence(
                    "Een KvK-nummer heeft 8 cijfers. Kijk het na, of laat het leeg als u het niet weet."
                ),
            )
        )
    return problems
