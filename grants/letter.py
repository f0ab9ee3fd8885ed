"""Letters as values: which there are, and when to try again. A letter is a row before it is a mail."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from grants.errors import Sentence

LETTERS: dict[str, str] = {
    "admitted": "the application goes to the committee",
    "completion_receipt": "what was added has arrived",
    "completion_request": "exactly what is missing, until when, and what happens otherwise",
    "contact_changed": "we now write otherwise, or a code was made: told where we wrote before",
    "decision": "the outcome with reasons and the objection block",
    "determination": "the final amount",
    "deviation": "to the committee: the municipality deviates from its advice, and why",
    "invitation": "to somebody who is asked to write along: who asks, what they may do, link to accept",
    "new_address": "link to prove another mail address",
    "notice_answer": "what was decided or done on an official message, and where to go with it next",
    "notice_longer": "the answer to an official message takes longer: until when, and why",
    "notice_receipt": "number, time, copy of an official message, and until when it is answered",
    "notice_withdrawn": "an official message was taken back",
    "message": "something was written about the application; what it says stays on the page",
    "payment": "money is on its way",
    "receipt": "number, time, copy of the answers, what happens next",
    "report_receipt": "the report has arrived",
    "sign_in": "link and code to sign in",
    "stretch": "the committee has an idea for the plan; nothing need be done",
    "stretch_answer": "what was answered to that idea has arrived",
    "withdrawn": "the application has been withdrawn",
}
"""Every letter the service sends, and what it is for. A file in `templates/letters/` bears each name."""

MAIL, POST, HELPER = "mail", "post", "helper"
"""By which a letter goes: the person's own mail address, paper, or the mail address of a helper."""

MESSAGES: dict[str, Sentence] = {
    "application": Sentence("Berichten over uw aanvraag"),
    "decision": Sentence("Besluiten"),
    "money": Sentence("Berichten over het geld"),
}
"""The kinds of message to which people agree one by one (Awb 2:8 and further)."""

_MESSAGE_OF: dict[str, str | None] = {
    "contact_changed": None,
    "decision": "decision",
    "determination": "decision",
    "deviation": None,
    "invitation": None,
    "new_address": None,
    "notice_answer": "decision",
    "notice_longer": "decision",
    "payment": "money",
    "report_receipt": "money",
    "sign_in": None,
}

RETRY = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each failed try; when these are used up a person takes over."""


@dataclass(frozen=True)
class Letter:
    """One letter to one person. `key` makes it unique: queueing the same key twice sends one mail.

    `email` is the person's own address, None where they have none. Without `person_id` it goes to that address.
    """

    kind: str
    key: str
    email: str | None
    language: str = "nl"
    person_id: int | None = None
    application_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in LETTERS:
            raise ValueError(f"no letter is called {self.kind!r}")


class Agreed(NamedTuple):
    """One channel to which somebody agreed for one kind of message; `email`: the helper's."""

    message: str
    channel: str
    email: str | None = None


class Way(NamedTuple):
    """One way by which a letter goes. On paper there is no address, and `why` tells the officer the reason."""

    channel: str
    email: str | None = None
    why: Sentence = Sentence("")


NO_ADDRESS = Sentence("Deze persoon heeft geen e-mailadres. De brief gaat op papier.")
NOT_AGREED = Sentence("Deze persoon wil deze brieven niet per mail. De brief gaat op papier.")
WANTS_PAPER = Sentence("Deze persoon wil deze brieven op papier.")


def message_of(kind: str) -> str | None:
    """The kind of message that a letter is; None for what needs no consent (signing in, our own advisers)."""
    return _MESSAGE_OF.get(kind, "application")


def ways(letter: Letter, agreed: Collection[Agreed]) -> tuple[Way, ...]:
    """How this letter goes: by every channel its receiver agreed to, and on paper when there is none."""
    message = message_of(letter.kind)
    if letter.email and (message is None or letter.person_id is None):
        return (Way(MAIL, letter.email),)
    here = [one for one in agreed if one.message == message]
    found = [Way(HELPER, one.email) for one in here if one.channel == HELPER]
    if letter.email and any(one.channel == MAIL for one in here):
        found.insert(0, Way(MAIL, letter.email))
    if any(one.channel == POST for one in here):
        found.append(Way(POST, why=WANTS_PAPER))
    return tuple(found) or (Way(POST, why=NOT_AGREED if letter.email else NO_ADDRESS),)


def message_id(key: str, email: str) -> str:
    """What stands before the @ in the Message-ID: the same for every try, so that a repeated mail is seen as one."""
    return hashlib.sha256(f"{key}\n{email.lower()}".encode()).hexdigest()[:40]


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure, or None when a person must take over."""
    return RETRY[attempts - 1] if attempts <= len(RETRY) else None
