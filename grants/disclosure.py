"""What a person had better not write in an answer: numbers that are theirs alone, ways to reach them, their health.

Others read the answers, and nobody needs these to judge a plan (AVG 5 and 9). Only rules of our own look at the
text, it goes nowhere else, and what they find is told to the writer: it never stops anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from grants.errors import Sentence

Span = tuple[int, int]


class Kind(StrEnum):
    """What was found."""

    BSN = "bsn"
    IBAN = "iban"
    MAIL = "mail"
    PHONE = "phone"
    HEALTH = "health"


REASONS: dict[Kind, Sentence] = {
    Kind.BSN: Sentence("“{found}” lijkt een burgerservicenummer. Dat hebben wij niet nodig."),
    Kind.IBAN: Sentence("“{found}” lijkt een rekeningnummer. Daar vragen wij pas om als u geld krijgt."),
    Kind.MAIL: Sentence("“{found}” lijkt een mailadres. Anderen lezen dit ook."),
    Kind.PHONE: Sentence("“{found}” lijkt een telefoonnummer. Anderen lezen dit ook."),
    Kind.HEALTH: Sentence("“{found}” zegt iets over iemands gezondheid. Dat hoeft niemand te weten."),
}


class Finding(NamedTuple):
    """One thing in a text that had better not be there, as it is written there."""

    kind: Kind
    text: str

    @property
    def reason(self) -> Sentence:
        return Sentence(REASONS[self.kind].text, {"found": self.text})


IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
"""How many signs an account number has, by country: those people here may have an account in."""

_IBAN = re.compile(r"(?<![^\W_])(?=([A-Za-z]{2}[0-9]{2}(?:[ .\-\u00a0]?[A-Za-z0-9]){11,27}))")
_MAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_SEPARATOR = r"[ .\-\u00a0]?"
_PHONE = re.compile(
    r"(?<![\w.,+\-€])(?:"
    rf"(?:\+|00)[1-9][0-9]{{0,2}}{_SEPARATOR}(?:\(0\){_SEPARATOR})?(?:[0-9]{_SEPARATOR}){{7,10}}[0-9]"
    rf"|06{_SEPARATOR}(?:[0-9]{_SEPARATOR}){{7}}[0-9]"
    rf"|(?!\(?0[89]0[069])\(?0[1-57-9][0-9]\)?[ .\-/]{{0,3}}(?:[0-9]{_SEPARATOR}){{6}}[0-9]"
    rf"|(?!\(?0[89]0[069])\(?0[1-57-9][0-9]{{2}}\)?[ .\-/]{{0,3}}(?:[0-9]{_SEPARATOR}){{5}}[0-9]"
    r")(?![\w]|[.,\-][0-9])"
)
_BSN = re.compile(
    r"(?<![\w.,+\-])(?<!€ )(?<!€)[0-9]{9}(?![\w]|[.,\-][0-9])"
    r"|(?<![\w.,+\-])(?<!€ )(?<!€)[0-9]{3}([ .\-])[0-9]{3}\1[0-9]{3}(?![\w]|[.,\-][0-9])"
    r"|(?<![\w.,+\-])(?<!€ )(?<!€)[0-9]{4}([ .\-])[0-9]{2}\2[0-9]{3}(?![\w]|[.,\-][0-9])"
)
_MONEY_AFTER = re.compile(r"\s?(?:euro|eur|,-)", re.IGNORECASE)

_ILLNESSES = (
    "adhd autis(?:me|tisch\\w*|m|tic) ptss ptsd hiv aids alzheimer dementie dementia kanker cancer diabetes epilepsie "
    "epilepsy parkinson anorexia boulimia? bulimia borderline(?:r|stoornis)? burn-?out depressie(?:f|ve|s)? "
    "depression psychose(?:s|n)? psychotisch\\w* psychosis psychotic schizofre(?:nie|en|ne) schizophreni(?:a|c) "
    "bipolai?r[e]? manische? \\w*stoornis(?:sen)? \\w*syndroom \\w*syndrome suïcid\\w+ suicid\\w+ zelfmoord\\w* "
    "verslaving(?:en)? verslaafde?n? alcoholist\\w* alcoholi(?:sme|sm|c) addict(?:ed|ion|s)? "
    "diagnoses? gediagnosticeerd diagnos(?:is|ed) zwakbegaafd\\w* (?:anxiety|eating|personality|mood)\\sdisorder"
)
_MEDICINES = (
    "medicatie medication methadone? oxazepam diazepam temazepam lorazepam valium haldol haloperidol olanzapine "
    "zyprexa quetiapine seroquel risperidone? clozapine aripiprazole? abilify prozac fluoxetine sertraline zoloft "
    "(?:es)?citalopram paroxetine seroxat venlafaxine efexor mirtazapine amitriptyline ritalin methylfenidaat "
    "methylphenidate concerta valproaat depakine lithium(?!\\W+(?:accu|batter))(?!-) suboxone buprenorfine "
    "buprenorphine naltrexone? insuline? antidepress\\w+ antipsychotic\\w* slaappil(?:len)?"
)
_HEALTH = re.compile(
    rf"(?<![\w\-])(?:{'|'.join(f'{_ILLNESSES} {_MEDICINES}'.split())})(?![\w])", re.IGNORECASE
)


def find(text: str) -> tuple[Finding, ...]:
    """What in this text had better not be there, in its order; each thing once."""
    found: list[tuple[Span, Finding]] = []
    for kind, spans in (
        (Kind.IBAN, _ibans(text)),
        (Kind.MAIL, (match.span() for match in _MAIL.finditer(text))),
        (Kind.PHONE, _phones(text)),
        (Kind.BSN, _bsns(text)),
        (Kind.HEALTH, (match.span() for match in _HEALTH.finditer(text))),
    ):
        for begin, end in spans:
            if not any(begin < taken[1] and taken[0] < end for taken, _ in found):
                found.append(((begin, end), Finding(kind, text[begin:end])))
    return tuple(dict.fromkeys(finding for _, finding in sorted(found)))


def find_in(answer: Any) -> tuple[Finding, ...]:
    """The same for a kept answer: in its text, or in what was written on the lines of a table."""
    return tuple(dict.fromkeys(finding for text in _texts(answer) for finding in find(text)))


WRITTEN = ("what", "name", "does")
"""What is written freely on a line of a table. The rest are amounts and numbers of organisations."""


def _texts(answer: Any) -> Iterable[str]:
    if isinstance(answer, str):
        return [answer]
    lines = answer if isinstance(answer, list) else []
    return [line[part] for line in lines if isinstance(line, Mapping) for part in WRITTEN if part in line]


def _ibans(text: str) -> Iterator[Span]:
    """Account numbers: as many signs as their country has, and check digits that hold (ISO 13616, mod 97)."""
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[1][:2].upper())
        signs = [place for place in range(*match.span(1)) if text[place].isalnum()]
        if length is None or len(signs) < length:
            continue
        end = signs[length - 1] + 1
        if not text[end : end + 1].isalnum() and _holds(text[match.start() : end]):
            yield match.start(), end


def _holds(written: str) -> bool:
    signs = "".join(sign for sign in written.upper() if sign.isalnum())
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        if not re.match(r"[0-9]{2}[.\- ][0-9]{2}[.\- ](?:19|20)[0-9]{2}", match[0]):
            yield match.span()


def _bsns(text: str) -> Iterator[Span]:
    """Numbers of nine digits that pass the test of eleven, unless they are money."""
    for match in _BSN.finditer(text):
        digits = [int(digit) for digit in match[0] if digit.isdigit()]
        weighed = sum(
            digit * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)
        )
        if any(digits) and weighed % 11 == 0 and not _MONEY_AFTER.match(text, match.end()):
            yield match.span()
