"""What stages, roles and events are called on the municipality's own pages."""

from __future__ import annotations

from typing import NamedTuple

from grants.access import (
    APPLICANT,
    AUDITOR,
    COAPPLICANT,
    FINANCE,
    HELPER,
    OFFICER,
    OPERATOR,
    PERSON,
    REPRESENTATIVE,
)
from grants.application import Stage
from grants.decision import Kind
from grants.errors import Sentence
from grants.round import Phase


class Mark(NamedTuple):
    """A word with the colour of its badge."""

    said: Sentence
    tone: str = "neutral"


STAGES: dict[Stage, Mark] = {
    Stage.DRAFT: Mark(Sentence("Nog niet verstuurd")),
    Stage.SUBMITTED: Mark(Sentence("Te controleren"), "warning"),
    Stage.COMPLETING: Mark(Sentence("Wacht op aanvulling")),
    Stage.SCREENED: Mark(Sentence("Bij de commissie"), "info"),
    Stage.REVIEWED: Mark(Sentence("In de stemming"), "info"),
    Stage.ALLOCATED: Mark(Sentence("Advies is er"), "warning"),
    Stage.DECIDED: Mark(Sentence("Besluit getekend"), "info"),
    Stage.ANNOUNCED: Mark(Sentence("Besluit verstuurd"), "info"),
    Stage.PUBLISHED: Mark(Sentence("Gepubliceerd"), "success"),
    Stage.ACCOUNTED: Mark(Sentence("Verslag is er"), "warning"),
    Stage.DETERMINED: Mark(Sentence("Vastgesteld"), "success"),
    Stage.WITHDRAWN: Mark(Sentence("Ingetrokken")),
}

KIND_TONES: dict[Kind, str] = {
    Kind.GRANTED: "success",
    Kind.PARTLY: "success",
    Kind.REFUSED_CEILING: "warning",
    Kind.REFUSED_OTHER: "neutral",
    Kind.NOT_HANDLED: "neutral",
}

PHASES: dict[Phase, Mark] = {
    Phase.UPCOMING: Mark(Sentence("Nog niet begonnen")),
    Phase.OPEN: Mark(Sentence("Open voor aanvragen"), "success"),
    Phase.REVIEW: Mark(Sentence("Commissie beoordeelt"), "info"),
    Phase.VOTING: Mark(Sentence("Commissie stemt"), "info"),
    Phase.COUNTING: Mark(Sentence("Wacht op de telling"), "info"),
    Phase.COUNTED: Mark(Sentence("Advies is er"), "warning"),
    Phase.DECIDED: Mark(Sentence("Besluiten getekend"), "warning"),
    Phase.ANNOUNCED: Mark(Sentence("Besluiten verstuurd"), "warning"),
    Phase.PUBLISHED: Mark(Sentence("Gepubliceerd"), "success"),
    Phase.CLOSED: Mark(Sentence("Jaar gesloten")),
}

ROLES: dict[str, Sentence] = {
    APPLICANT: Sentence("aanvrager"),
    OFFICER: Sentence("medewerker gemeente"),
    FINANCE: Sentence("financiën"),
    AUDITOR: Sentence("controleur"),
    HELPER: Sentence("helper"),
    COAPPLICANT: Sentence("mede-aanvrager"),
    REPRESENTATIVE: Sentence("gemachtigde"),
    OPERATOR: Sentence("beheerder"),
    PERSON: Sentence("iemand zonder naam"),
    "member": Sentence("lid van de commissie"),
    "chair": Sentence("voorzitter van de commissie"),
    "secretary": Sentence("secretaris van de commissie"),
    "visitor": Sentence("bezoeker"),
}

EVENTS: dict[str, Sentence] = {
    "account.named": Sentence("Rekening ingevuld"),
    "account.seen": Sentence("Rekeningnummer bekeken"),
    "address.changed": Sentence("Postadres veranderd"),
    "answer.written": Sentence("Antwoord geschreven, na iemand anders"),
    "application.accounted": Sentence("Verslag gekregen"),
    "application.allocated": Sentence("Advies van de commissie gekregen"),
    "application.announced": Sentence("Besluit verstuurd"),
    "application.completing": Sentence("Om aanvulling gevraagd"),
    "application.decided": Sentence("Besluit getekend"),
    "application.determined": Sentence("Bedrag vastgesteld"),
    "application.published": Sentence("Uitslag gepubliceerd"),
    "application.reviewed": Sentence("Naar de stemming"),
    "application.screened": Sentence("Doorgelaten naar de commissie"),
    "application.submitted": Sentence("Aanvraag verstuurd"),
    "application.withdrawn": Sentence("Aanvraag ingetrokken"),
    "committee.declared_free": Sentence("Lid kan vrij oordelen"),
    "committee.gave_idea": Sentence("Idee van de commissie gegeven"),
    "committee.left": Sentence("Lid vertrok"),
    "committee.poll_opened": Sentence("Stemming geopend"),
    "committee.reviewed": Sentence("Oordeel ingeleverd"),
    "committee.seated": Sentence("Lid benoemd"),
    "committee.stood_aside": Sentence("Lid doet niet mee"),
    "committee.voted": Sentence("Stembriefje ingeleverd"),
    "companion.accepted": Sentence("Schrijft voortaan mee"),
    "companion.ended": Sentence("Schrijft niet meer mee, zegt de aanvrager"),
    "companion.invited": Sentence("Gevraagd om mee te schrijven"),
    "companion.left": Sentence("Stopte met meeschrijven"),
    "consent.changed": Sentence("Andere keuze hoe iemand van ons hoort"),
    "decision.changed": Sentence("Besluit opnieuw getekend"),
    "determination.made": Sentence("Bedrag meteen vastgesteld, zonder verslag"),
    "draft.deleted": Sentence("Concept weggegooid"),
    "entry.confirmed": Sentence("Aanvrager bevestigde de invoer"),
    "entry.made": Sentence("Aanvraag ingevoerd voor iemand"),
    "entry.scanned": Sentence("Scan van papier toegevoegd"),
    "fund.loaded": Sentence("Fondsbestand geladen"),
    "host.named": Sentence("Organisatie genoemd die het geld krijgt"),
    "host.none": Sentence("Iemand uit de groep krijgt het geld"),
    "mail.task_done": Sentence("Taak afgemaakt"),
    "message.read": Sentence("Bericht gelezen"),
    "message.written": Sentence("Bericht geschreven"),
    "notice.answered": Sentence("Officieel bericht beantwoord"),
    "notice.checked": Sentence("Nieuwe rekening nagekeken"),
    "notice.longer": Sentence("Meer tijd genomen voor een officieel bericht"),
    "notice.seen": Sentence("Nieuw rekeningnummer bekeken"),
    "notice.sent": Sentence("Officieel bericht gekregen"),
    "notice.withdrawn": Sentence("Officieel bericht ingetrokken"),
    "paper_code.made": Sentence("Code op papier gemaakt"),
    "payment.cancelled": Sentence("Betaling teruggenomen"),
    "payment.made": Sentence("Betaling gedaan"),
    "payment.prepared": Sentence("Betaling klaargezet"),
    "payment.recovered": Sentence("Geld teruggekomen"),
    "person.copied": Sentence("Kopie van eigen gegevens gehaald"),
    "person.signed_in": Sentence("Ingelogd"),
    "round.advised": Sentence("Advies over de ronde gekregen"),
    "round.announced": Sentence("Besluiten van de ronde verstuurd"),
    "round.opened": Sentence("Ronde geopend"),
    "round.published": Sentence("Ronde gepubliceerd"),
    "stretch.accepted": Sentence("Idee van de commissie overgenomen"),
    "stretch.changed": Sentence("Idee van de commissie anders overgenomen"),
    "stretch.declined": Sentence("Idee van de commissie niet overgenomen"),
    "stretch.sent": Sentence("Nieuw plan verstuurd"),
    "year.closed": Sentence("Jaar gesloten"),
}


def event_words(act: str) -> Sentence:
    """What a journal act is called; an act without a word of its own goes by its name."""
    return EVENTS.get(act, Sentence("{act}", {"act": act}))


def role_words(role: str) -> Sentence:
    return ROLES.get(role, Sentence("{role}", {"role": role}))
