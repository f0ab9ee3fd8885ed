"""What had better not stand in an answer is found as people write it, and what may stand there is left alone."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants import calendar, disclosure, money
from grants.disclosure import Kind

DEMO = Path(__file__).parents[2] / "deploy" / "demo_data"


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.kind.value, finding.text) for finding in disclosure.find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("Mijn nummer is 111222333.", Kind.BSN, "111222333"),
        ("bsn: 111.222.333", Kind.BSN, "111.222.333"),
        ("(1112 22 333)", Kind.BSN, "1112 22 333"),
        ("Maak het over op NL91 ABNA 0417 1643 00 graag", Kind.IBAN, "NL91 ABNA 0417 1643 00"),
        ("nl91abna0417164300", Kind.IBAN, "nl91abna0417164300"),
        ("nr12 NL91ABNA0417164300", Kind.IBAN, "NL91ABNA0417164300"),
        ("BE68 5390 0754 7034 is van mij", Kind.IBAN, "BE68 5390 0754 7034"),
        ("Bel 06-12345678!", Kind.PHONE, "06-12345678"),
        ("Bel 06 12 34 56 78.", Kind.PHONE, "06 12 34 56 78"),
        ("020 123 45 67 na vijven", Kind.PHONE, "020 123 45 67"),
        ("(0182) 12 34 56", Kind.PHONE, "(0182) 12 34 56"),
        ("+31 (0)6 1234 5678", Kind.PHONE, "+31 (0)6 1234 5678"),
        ("0032475123456", Kind.PHONE, "0032475123456"),
        ("Mail fatma.b+plan@voorbeeld.example.", Kind.MAIL, "fatma.b+plan@voorbeeld.example"),
        ("Ik kreeg een Depressie.", Kind.HEALTH, "Depressie"),
        ("haar angststoornis", Kind.HEALTH, "angststoornis"),
        ("ADHD en zo", Kind.HEALTH, "ADHD"),
        ("Wie quetiapine slikt, slaapt.", Kind.HEALTH, "quetiapine"),
        ("diagnosed last year", Kind.HEALTH, "diagnosed"),
        ("an eating disorder", Kind.HEALTH, "eating disorder"),
    ],
)
def test_find_when_it_stands_there(text: str, kind: Kind, part: str) -> None:
    assert found(text) == [(kind.value, part)]
    assert disclosure.find(text)[0].reason.values == {"found": part}


@pytest.mark.parametrize(
    "text",
    [
        *("111222334", "KvK 12345678", "€ 111222333", "111222333 euro", "1112223330", "000000000"),
        *("NL92ABNA0417164300", "XX91ABNA0417164300", "NL91ABNA04171643001"),
        *("1.250,50", "EUR 1 250", "2026-001", "1234 AB"),
        *("06-05-2027 12.30 uur", "01-02-2027 10 uur", "0900-1234 14", "0800 8020", "14 020"),
        *("twitter @fatma", "lithium-accu", "een lithium accu", "wij pakken de ms niet", "Kankerspruit7"),
        *("Psychiatrie, opvang en verslavingszorg", "depressiegolf-achtig", "wij zijn manischijn"),
    ],
)
def test_find_when_it_only_looks_like_it(text: str) -> None:
    assert found(text) == []


def test_find_when_there_is_more_keeps_the_order_and_tells_each_once() -> None:
    text = "Autisme, 06-12345678, NL91ABNA0417164300, autisme en 06-12345678"
    assert found(text) == [
        *(("health", "Autisme"), ("phone", "06-12345678"), ("iban", "NL91ABNA0417164300")),
        ("health", "autisme"),
    ]


def test_find_in_when_the_answer_is_a_table_reads_what_was_written() -> None:
    assert disclosure.find_in([{"name": "De Pan", "kvk": "11122233", "does": "Bel 06-12345678"}]) == (
        (Kind.PHONE, "06-12345678"),
    )
    assert disclosure.find_in([{"what": "Cursus ADHD", "wished_cents": 111222333}])[0].text == "ADHD"
    for nothing in (None, 111222333, [], ["111222333"], [{"id": "x" * 32, "bytes": 111222333}]):
        assert disclosure.find_in(nothing) == ()


def told(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from told(one)


@pytest.mark.parametrize("name", ["this_year", "last_year"])
def test_find_when_people_tell_of_their_plan_finds_nothing(name: str) -> None:
    texts = list(told(tomllib.loads((DEMO / f"{name}.toml").read_text(encoding="utf-8"))))
    assert len(texts) > 100
    assert [finding for text in texts for finding in disclosure.find(text)] == []


@given(st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_find_when_any_nine_digits_follows_the_test_of_eleven(digits: list[int]) -> None:
    rest = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    body = "".join(map(str, digits))
    passing = {last for last in range(10) if last == rest and any((*digits, last))}
    for last in range(10):
        hit = ("bsn", f"{body}{last}") in found(f"x {body}{last} y")
        assert hit is (last in passing)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 10**10 - 1))
def test_find_when_any_account_has_good_check_digits(bank: str, number: int) -> None:
    account = f"{bank}{number:010}"
    digits = int("".join(str(int(sign, 36)) for sign in f"{account}NL00"))
    good = 98 - digits % 97
    assert found(f"NL{good:02}{account}") == [("iban", f"NL{good:02}{account}")]
    assert all(kind != "iban" for kind, _ in found(f"NL{(good + 1) % 100:02}{account}"))


@given(st.integers(0, money.MAX_CENTS), st.sampled_from(["nl", "en"]), st.booleans())
def test_find_when_any_amount_is_left_alone(cents: int, language: str, decimals: bool) -> None:
    for sign in ("", "€\u00a0"):
        assert found(f"Zaal: {money.show(cents, language, sign, decimals=decimals)}, tafels.") == []
    assert found(f"Zaal: {cents // 100} euro") == []


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 23))
def test_find_when_any_day_is_left_alone(day: date, hour: int) -> None:
    for written in (
        day.isoformat(),
        f"{day:%d-%m-%Y} {hour:02}.00",
        f"{day:%d %m %Y} {hour}",
        calendar.show(day),
    ):
        assert found(written) == []


@given(st.text(max_size=300))
def test_find_when_any_text_finds_what_stands_there(text: str) -> None:
    assert all(finding.text in text for finding in disclosure.find(text))


@pytest.mark.parametrize("sign", ["a", "1", "1 ", "0", "-", "a.", "@", "NL91", "06"])
def test_find_when_the_text_is_long_is_quick(sign: str) -> None:
    started = time.process_time()
    disclosure.find(sign * (10_000 // len(sign)))
    assert time.process_time() - started < 1
