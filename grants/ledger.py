"""The pot of a year as double-entry bookkeeping: pure rules, whole cents, nothing ever erased.

Law: Awb 4:22 (a ceiling per period), 4:25(2) (what passes the ceiling must be refused).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from grants.errors import Refusal


class Account(StrEnum):
    """Where money stands. A pot is the sum of free, reserved, owed, paid and next year's."""

    MUNICIPALITY = "municipality"
    PREVIOUS_YEAR = "previous_year"
    FREE = "free"
    RESERVED = "reserved"
    OWED = "owed"
    PAID = "paid"
    NEXT_YEAR = "next_year"


class Kind(StrEnum):
    """What an entry does to the pot."""

    CEILING = "ceiling"
    CARRY_OVER = "carry_over"
    RAISE = "raise"
    LOWER = "lower"
    RESERVE = "reserve"
    COMMIT = "commit"
    RELEASE = "release"
    PAY = "pay"
    RECOVER = "recover"
    CARRY_OUT = "carry_out"


POSTINGS: dict[Kind, tuple[Account, Account]] = {
    Kind.CEILING: (Account.MUNICIPALITY, Account.FREE),
    Kind.CARRY_OVER: (Account.PREVIOUS_YEAR, Account.FREE),
    Kind.RAISE: (Account.MUNICIPALITY, Account.FREE),
    Kind.LOWER: (Account.FREE, Account.MUNICIPALITY),
    Kind.RESERVE: (Account.FREE, Account.RESERVED),
    Kind.COMMIT: (Account.RESERVED, Account.OWED),
    Kind.RELEASE: (Account.OWED, Account.FREE),
    Kind.PAY: (Account.OWED, Account.PAID),
    Kind.RECOVER: (Account.PAID, Account.FREE),
    Kind.CARRY_OUT: (Account.FREE, Account.NEXT_YEAR),
}
"""Each kind moves its cents from the first account to the second; a reversal moves them back."""


class Entry(NamedTuple):
    """One line of the ledger as a value: `cents` > 0, from `source` to `target`."""

    kind: Kind
    source: Account
    target: Account
    cents: int


@dataclass(frozen=True)
class Balance:
    """What a pot holds, in cents. `committed` is owed and paid together; `free` is what may still be given."""

    ceiling: int = 0
    reserved: int = 0
    committed: int = 0
    paid: int = 0
    carried: int = 0

    @property
    def free(self) -> int:
        return self.ceiling - self.reserved - self.committed - self.carried


def entry(kind: Kind, cents: int, *, reverse: bool = False) -> Entry:
    """The line for `cents` of `kind`; a reversal is the same line the other way round."""
    if cents <= 0:
        raise ValueError(f"a ledger entry carries a positive amount, not {cents} cents")
    source, target = POSTINGS[kind]
    return Entry(kind, target, source, cents) if reverse else Entry(kind, source, target, cents)


def post(balance: Balance, line: Entry) -> Balance:
    """The balance after `line`, or a refusal that names the shortage."""
    after = _flow(_flow(balance, line.source, -line.cents), line.target, line.cents)
    if after.free < 0:
        raise Refusal(
            "Er is niet genoeg geld in de pot. Nodig: {needed:euro}. Vrij: {free:euro}.",
            needed=line.cents,
            free=max(balance.free, 0),
        )
    if min(after.ceiling, after.reserved, after.committed - after.paid, after.paid, after.carried) < 0:
        raise Refusal(
            "Dit bedrag ({cents:euro}) is hoger dan wat er open staat. Kijk de bedragen na.", cents=line.cents
        )
    return after


def _flow(balance: Balance, account: Account, cents: int) -> Balance:
    """Money that flows into (or with a minus out of) one account, seen in the pot's balance."""
    match account:
        case Account.MUNICIPALITY | Account.PREVIOUS_YEAR:
            return replace(balance, ceiling=balance.ceiling - cents)
        case Account.RESERVED:
            return replace(balance, reserved=balance.reserved + cents)
        case Account.OWED:
            return replace(balance, committed=balance.committed + cents)
        case Account.PAID:
            return replace(balance, committed=balance.committed + cents, paid=balance.paid + cents)
        case Account.NEXT_YEAR:
            return replace(balance, carried=balance.carried + cents)
        case Account.FREE:
            return balance


def recompute(lines: Iterable[Entry]) -> Balance:
    """The balance that these lines add up to; for `ledger check`, so nothing is refused on the way."""
    balance = Balance()
    for line in lines:
        balance = _flow(_flow(balance, line.source, -line.cents), line.target, line.cents)
    return balance


def first_overdraft(lines: Iterable[Entry]) -> int | None:
    """The place, from 1, of the first line after which the pot was overspent; None when it never was."""
    balance = Balance()
    for place, line in enumerate(lines, 1):
        balance = _flow(_flow(balance, line.source, -line.cents), line.target, line.cents)
        if min(balance.free, balance.reserved, balance.committed - balance.paid, balance.paid) < 0:
            return place
    return None
