"""Money: whole euro cents inside, and amounts as people really write them. Nothing else reads or shows money.

How an amount is read: a point or comma with exactly three digits behind it parts thousands ("1.250" and
"1,250" are both 1250 euro, as nobody writes three decimals of a euro); with one or two digits it is the
decimal sign ("1.25" is 1,25 euro). Whatever could still be read in two ways is refused, never guessed.
"""

from __future__ import annotations

import re

from grants.errors import Refusal, Sentence

MAX_CENTS = 10_000_000_00
"""No amount in this service is larger than ten million euro."""

LABEL = Sentence("Bedrag")
"""What an amount is called that has no question of its own."""

_MAX_CHARS = 60
_CURRENCY = r"(?:€|euro'?s|euro|eur)"
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_NEGATIVE = re.compile(rf"{_CURRENCY}?\s?[-−–]\s?{_CURRENCY}?\s?[0-9]")
_BEFORE = re.compile(rf"^{_CURRENCY}\s?")
_AFTER = re.compile(rf"\s?{_CURRENCY}$")
_NO_CENTS = re.compile(r"\s?[.,]\s?(?:--?|–|—|=)?$")
_AMOUNT = re.compile(
    r"(?P<whole>(?!0)[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]+)"
    r"(?:(?P<point>[.,])(?P<cents>[0-9]+))?"
)


def parse(text: str, label: str | Sentence = LABEL, field: str = "") -> int:
    """The amount in `text` as integer cents, from 0 to `MAX_CENTS`.

    An empty text is refused: unknown is not zero. `label` is the question as the person sees it, and comes
    back in the sentence. Raises Refusal and nothing else, whatever the text holds.
    """
    text = text.strip()
    if not text:
        raise Refusal(
            "Vul bij “{label}” een bedrag in, bijvoorbeeld 1.250 of 1.250,50.", field=field, label=label
        )
    if len(text) > _MAX_CHARS:
        raise _unreadable(label, field)
    plain = _plain(text)
    if _NEGATIVE.match(plain):
        raise Refusal(
            "Het bedrag bij “{label}” mag niet onder de 0 zijn. Haal het minteken weg.",
            field=field,
            label=label,
        )
    bare = _NO_CENTS.sub("", _AFTER.sub("", _BEFORE.sub("", plain)))
    return _cents(bare, label, field)


def _plain(text: str) -> str:
    """Lower case, every kind of space one blank, every script's digits 0-9, every apostrophe the same."""
    spaced = " ".join(text.lower().translate(_QUOTES).split())
    return re.sub(r"\d", lambda digit: str(int(digit[0])), spaced)


def _cents(bare: str, label: str | Sentence, field: str) -> int:
    """Cents of an amount without currency, spaces around it, or the ",-" of whole euros."""
    found = _AMOUNT.fullmatch(bare)
    if found is None or (found["mark"] and found["mark"] == found["point"]):
        raise _unreadable(label, field)
    cents = found["cents"] or "0"
    if len(cents) > 2:
        raise Refusal(
            "Schrijf bij “{label}” hoogstens twee cijfers achter de komma, bijvoorbeeld 1.250,50.",
            field=field,
            label=label,
        )
    total = int(re.sub(r"[^0-9]", "", found["whole"])) * 100 + int(cents.ljust(2, "0"))
    if total > MAX_CENTS:
        raise Refusal(
            "Het bedrag bij “{label}” is te hoog. Het hoogste bedrag is {most:euro}.",
            field=field,
            label=label,
            most=MAX_CENTS,
        )
    return total


def _unreadable(label: str | Sentence, field: str) -> Refusal:
    return Refusal(
        "Wij kunnen het bedrag bij “{label}” niet lezen. Schrijf het in cijfers, zoals 1.250 of 1.250,50.",
        field=field,
        label=label,
    )


def show(cents: int, language: str = "nl", sign: str = "€\u00a0", *, decimals: bool = False) -> str:
    """`cents` as people read it: "€ 1.250,50" in Dutch, "€1,250.50" in English.

    Whole euros go without decimals ("€ 1.250"); with `decimals` every amount has two, for columns.
    The blank never breaks, so that a sign and its amount stay on one line.
    `sign` may be "" for a form field: what this shows, `parse` reads back to the same cents.
    """
    euros, rest = divmod(abs(cents), 100)
    digits = f"{euros:,}.{rest:02}" if rest or decimals else f"{euros:,}"
    minus = "-" if cents < 0 else ""
    if language == "en":
        return f"{minus}{sign.rstrip()}{digits}"
    return f"{sign}{minus}{digits.translate(str.maketrans('.,', ',.'))}"
