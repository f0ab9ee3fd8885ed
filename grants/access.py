"""Who may do what on the municipality's side: one table, and an answer that carries its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from grants.errors import Forbidden, Sentence

APPLICANT, OFFICER, FINANCE, AUDITOR = "applicant", "officer", "finance", "auditor"
OPERATOR = "operator"
"""The command line: whoever may log in to the machine. It never holds a person's role."""

COAPPLICANT, HELPER, REPRESENTATIVE = "coapplicant", "helper", "representative"
"""Those who write along on one application; see `companion`. Held there only, never by a person everywhere."""

PERSON = "person"
"""Somebody who signs in: a person, who does not act in any role yet."""

ROLES = (APPLICANT, OFFICER, FINANCE, AUDITOR)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with roles, nobody (a visitor), or the command line."""

    person_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    language: str = "nl"
    session_id: int | None = None

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    def role_for(self, act: Act) -> str:
        """The role in which this person does the act, for the journal."""
        held = [role for role in act.roles if role in self.roles]
        return held[0] if held else next(iter(sorted(self.roles)), "visitor")

    @classmethod
    def operator(cls) -> Actor:
        return cls(name="meebeslis", roles=frozenset({OPERATOR}))


ANYBODY = Actor()


class Answer(NamedTuple):
    """May this be done, and if not, why not."""

    allowed: bool
    why: Sentence = Sentence("")


@dataclass(frozen=True)
class Act:
    """One row of the table: who may do it; `public` lets visitors in; `own` asks that it is one's own."""

    roles: frozenset[str] = frozenset()
    public: bool = False
    own: bool = False


def by(*roles: str) -> Act:
    return Act(roles=frozenset(roles))


def own() -> Act:
    return Act(roles=frozenset({APPLICANT}), own=True)


PUBLIC = Act(public=True)
SIGNED_IN = Act(roles=frozenset({"*"}))

ACTS: dict[str, Act] = {
    "account.read": by(OFFICER, AUDITOR, FINANCE),
    "application.begin": SIGNED_IN,
    "application.list": SIGNED_IN,
    "application.own": own(),
    "application.share": own(),
    "application.write": own(),
    "decision.make": by(OFFICER, OPERATOR),
    "demo.read": PUBLIC,
    "desk.queue": by(OFFICER, FINANCE, AUDITOR),
    "desk.read": by(OFFICER, AUDITOR),
    "determination.make": by(OFFICER),
    "entry.make": by(OFFICER),
    "help.ask": PUBLIC,
    "help.finish": by(OFFICER),
    "invitation.use": PUBLIC,
    "journal.read": by(OFFICER, AUDITOR),
    "ledger.read": by(OFFICER, FINANCE, AUDITOR),
    "mail.task": by(OFFICER),
    "notice.answer": by(OFFICER),
    "notice.read": by(OFFICER, FINANCE, AUDITOR),
    "notice.send": SIGNED_IN,
    "message.write": by(OFFICER),
    "payment.approve": by(FINANCE),
    "payment.prepare": by(OFFICER, FINANCE),
    "payment.read": by(OFFICER, FINANCE, AUDITOR),
    "person.read": by(OFFICER),
    "person.write": by(OFFICER),
    "public.read": PUBLIC,
    "round.announce": by(OFFICER, OPERATOR),
    "role.grant": by(OPERATOR),
    "round.open": by(OFFICER, OPERATOR),
    "round.publish": by(OFFICER, OPERATOR),
    "screening.do": by(OFFICER),
    "session.own": SIGNED_IN,
    "sign_in": PUBLIC,
    "year.close": by(OFFICER, OPERATOR),
}


def may(acts: dict[str, Act], actor: Actor, act: str, *, owns: bool = True) -> Answer:
    """May `actor` do `act`? `owns` says whether the thing at hand is the actor's own.

    Unknown acts are a programming error: a KeyError that names the act.
    """
    rule = acts[act]
    if rule.public:
        return Answer(True)
    if not actor.signed_in and not actor.has(OPERATOR):
        return Answer(False, Sentence("Log eerst in. Daarna kunt u verder."))
    if rule.own:
        return Answer(True) if owns else Answer(False, Sentence("Dit is niet van u."))
    if "*" in rule.roles or actor.has(*rule.roles):
        return Answer(True)
    return Answer(
        False,
        Sentence("Dit hoort niet bij uw rol. Vraag het aan de gemeente als u denkt dat dit niet klopt."),
    )


def require(actor: Actor, act: str, acts: dict[str, Act] = ACTS, *, owns: bool = True) -> None:
    """Refuse with the table's reason unless `actor` may do `act`."""
    answer = may(acts, actor, act, owns=owns)
    if not answer.allowed:
        raise Forbidden(answer.why.text, **answer.why.values)
