"""Paying what was granted: an account that is checked, instalments, two people for every payment."""

from __future__ import annotations

import re

from grants.errors import Refusal, Sentence

NO_ACCOUNT = Sentence("Er is nog geen rekeningnummer. De aanvrager moet dat eerst invullen.")

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def read_iban(text: str) -> str:
    """An IBAN without spaces, in capitals; refused when its check digits do not agree (ISO 13616, mod 97)."""
    iban = re.sub(r"[\s.\-]", "", text[:64]).upper()
    if not _SHAPE.fullmatch(iban) or int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 != 1:
        raise Refusal(
            "Dit rekeningnummer klopt niet. Kijk op uw bankpas of in uw bank-app. "
            "Het begint met NL en heeft 18 tekens.",
            field="iban",
        )
    return iban


def masked(last4: str) -> str:
    """How an account is shown: its last four characters only."""
    return f"•••• {last4}"


def instalments(cents: int, parts: int) -> list[int]:
    """`cents` in `parts` payments of whole cents, the first ones a cent larger where it does not divide."""
    if cents <= 0 or parts <= 0:
        raise ValueError(f"cannot pay {cents} cents in {parts} parts")
    base, rest = divmod(cents, parts)
    return [base + (1 if place < rest else 0) for place in range(parts) if base or place < rest]


def next_part(granted: int, parts: int, number: int, left: int) -> int:
    """What payment `number` (from 1) of a grant in `parts` would be, in cents; never more than is `left` to pay."""
    planned = instalments(granted, parts)
    return min(planned[number - 1], left) if number <= len(planned) else left


def check_four_eyes(prepared_by: int | None, approved_by: int | None) -> None:
    """Two different people: one prepares, another records that it was paid."""
    if prepared_by is None or approved_by is None or prepared_by == approved_by:
        raise Refusal("Iemand anders moet deze betaling afronden. Zo kijken er altijd twee mensen mee.")


def check_spent(spent_cents: int, granted_cents: int) -> int:
    """What goes back to the pot, in cents, when `spent_cents` of `granted_cents` was used."""
    if not 0 <= spent_cents <= granted_cents:
        raise Refusal(
            "Vul een bedrag in tussen {none:euro} en {granted:euro}. Meer dan er is toegekend kan niet.",
            field="cents",
            none=0,
            granted=granted_cents,
        )
    return granted_cents - spent_cents
