"""Letters as values: which there are, and when to try again. A letter is a row before it is a mail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

LETTERS: dict[str, str] = {
    "admitted": "the application goes to the committee",
    "completion_receipt": "what was added has arrived",
    "completion_request": "exactly what is missing, until when, and what happens otherwise",
    "decision": "the outcome with reasons and the objection block",
    "determination": "the final amount",
    "deviation": "to the committee: the municipality deviates from its advice, and why",
    "payment": "money is on its way",
    "receipt": "number, time, copy of the answers, what happens next",
    "report_receipt": "the report has arrived",
    "sign_in": "link and code to sign in",
    "withdrawn": "the application has been withdrawn",
}
"""Every letter the service sends, and what it is for. A file in `templates/letters/` bears each name."""

RETRY = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each failed try; when these are used up a person takes over."""


@dataclass(frozen=True)
class Letter:
    """One letter to one person. `key` makes it unique: queueing the same key twice sends one mail."""

    kind: str
    key: str
    email: str
    language: str = "nl"
    person_id: int | None = None
    application_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in LETTERS:
            raise ValueError(f"no letter is called {self.kind!r}")


def message_id(key: str, email: str) -> str:
    """What stands before the @ in the Message-ID: the same for every try, so that a repeated mail is seen as one."""
    return hashlib.sha256(f"{key}\n{email.lower()}".encode()).hexdigest()[:40]


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure, or None when a person must take over."""
    return RETRY[attempts - 1] if attempts <= len(RETRY) else None
