"""The copy of everything about a person on the municipality's side: which tables, and what they are called.

What somebody did for the municipality stands in the journal, in which every act is a row.
"""

from __future__ import annotations

from grants.errors import Sentence
from grants.mine import Kept, Source
from grants.store import mine_rows as rows
from grants.store import mine_talk as talk
from grants.store.mine_labels import LABELS

SOURCES: tuple[Source, ...] = (
    Source("person", Sentence("Wie u bent"), ("person",), rows.person),
    Source("consents", Sentence("Hoe wij u mogen schrijven"), ("consent",), rows.consents),
    Source("applications", Sentence("Uw aanvragen"), ("application",), rows.applications),
    Source("initiatives", Sentence("Wie er aanvraagt"), ("initiative",), rows.initiatives),
    Source("answers", Sentence("Uw antwoorden"), ("answer",), rows.answers),
    Source("submissions", Sentence("Wat u verstuurde"), ("submission",), rows.submissions),
    Source("files", Sentence("Uw bestanden"), ("upload",), rows.uploads),
    Source("companions", Sentence("Samen schrijven"), ("companion",), rows.companions),
    Source("entries", Sentence("Wat wij voor u opschreven"), ("entry",), rows.entries),
    Source("checks", Sentence("Wat de gemeente controleerde"), ("screening_check",), rows.checks),
    Source("completions", Sentence("Wat wij u vroegen"), ("completion",), rows.completions),
    Source("advice", Sentence("Het advies van de commissie"), ("proposal",), rows.proposals),
    Source("decisions", Sentence("De besluiten"), ("decision",), rows.decisions),
    Source("messages", Sentence("Berichten over uw aanvraag"), ("message",), talk.messages),
    Source("messages_read", Sentence("Tot waar is gelezen"), ("message_read",), talk.messages_read),
    Source("ideas", Sentence("Ideeën van de commissie"), ("stretch",), talk.stretches),
    Source("accounts", Sentence("Uw rekening"), ("payout_account",), rows.accounts),
    Source("account_changes", Sentence("Een andere rekening"), ("account_change",), rows.account_changes),
    Source("payments", Sentence("Wat wij betalen"), ("payment",), rows.payments),
    Source("ledger", Sentence("Het geld in de boeken"), ("ledger_entry",), rows.ledger),
    Source("reports", Sentence("Hoe het ging"), ("report",), rows.reports),
    Source(
        "determinations", Sentence("Het bedrag dat u mag houden"), ("determination",), rows.determinations
    ),
    Source("notices", Sentence("Wat u ons officieel stuurde"), ("notice",), rows.notices),
    Source("letters", Sentence("Onze brieven aan u"), ("letter",), rows.letters),
    Source("tasks", Sentence("Brieven die niet aankwamen"), ("task",), rows.tasks),
    Source("help", Sentence("Wat u niet begreep"), ("help_request",), rows.help_asked),
    Source("looks", Sentence("Wie keek er in uw aanvraag?"), ("look",), rows.looks),
    Source("looked", Sentence("Wanneer u zelf in aanvragen keek"), ("look",), rows.looked),
    Source("roles", Sentence("Wat u bij ons doet"), ("role_held",), rows.roles),
    Source("filters", Sentence("Uw bewaarde keuzes"), ("saved_filter",), rows.filters),
    Source("addresses", Sentence("Nieuwe e-mailadressen"), ("address_change",), rows.addresses),
    Source("sign_ins", Sentence("Links om in te loggen"), ("sign_in",), rows.sign_ins),
    Source("paper_codes", Sentence("Codes op papier"), ("paper_code",), rows.paper_codes),
    Source("sessions", Sentence("Waar u inlogde"), ("session",), rows.sessions),
    Source("journal", Sentence("Wat er gebeurde"), ("journal_entry",), rows.journal),
)

LEFT_OUT: dict[str, str] = {
    "advice": "one public record of a whole round; what is about a person's plan stands in the proposal",
    "fund": "about no person",
    "journal_head": "about no person",
    "limit_used": "holds fingerprints, from which nobody can be found",
    "notice_count": "about no person",
    "pot": "about no person",
    "publication": "public, and without people",
    "round": "about no person",
}

KEPT = Kept(SOURCES, LABELS, LEFT_OUT)
