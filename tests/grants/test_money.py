from __future__ import annotations

import time
from string import Formatter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grants import money
from grants.errors import Refusal

CENTS = st.integers(0, money.MAX_CENTS)


def said(text: str) -> str:
    """The sentence with which this amount is refused; every mark in it has a value."""
    with pytest.raises(Refusal) as caught:
        money.parse(text, "Zaalhuur", "budget.1.wished")
    refusal = caught.value
    assert refusal.field == "budget.1.wished"
    assert {name for _, name, _, _ in Formatter().parse(refusal.said.text) if name} == set(
        refusal.said.values
    )
    return refusal.said.text


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1250", 125000),
        ("1.250", 125000),
        ("1,250", 125000),
        ("1 250", 125000),
        ("1'250", 125000),
        ("1’250", 125000),
        ("1\u00a0250", 125000),
        ("1\u202f250", 125000),
        ("EUR 1 250", 125000),
        ("eur1250", 125000),
        ("€ 1.250,-", 125000),
        ("€1.250,--", 125000),
        ("1.250,=", 125000),
        ("1250,–", 125000),
        ("1250.", 125000),
        ("1250 euro", 125000),
        ("1.250,- euro", 125000),
        ("1250 EURO'S", 125000),
        ("1250€", 125000),
        ("1250,50", 125050),
        ("1250.50", 125050),
        ("1250,5", 125050),
        ("1.250,50", 125050),
        ("1,250.50", 125050),
        ("1'250.50", 125050),
        ("1 250,50 €", 125050),
        ("1.250.000,05", 125000005),
        ("1.25", 125),
        ("0,05", 5),
        ("0", 0),
        ("007", 700),
        ("  12  ", 1200),
        ("\t12\n", 1200),
        ("١٢٥٠", 125000),
        ("\uff11\uff12\uff15\uff10", 125000),
        ("1250,50,-", 125050),
        ("10.000.000", money.MAX_CENTS),
    ],
)
def test_parse_when_written_in_any_local_notation(text: str, cents: int) -> None:
    assert money.parse(text) == cents


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_parse_when_empty_is_unknown_and_never_zero(text: str) -> None:
    assert said(text) == "Vul bij “{label}” een bedrag in, bijvoorbeeld 1.250 of 1.250,50."


@pytest.mark.parametrize("text", ["-5", "− 5", "€ -1.250", "-€ 1.250", "- EUR 5"])
def test_parse_when_below_zero(text: str) -> None:
    assert said(text) == "Het bedrag bij “{label}” mag niet onder de 0 zijn. Haal het minteken weg."


@pytest.mark.parametrize("text", ["0.250", "0,250", "1250,505", "1250.500", "1.250,505", "1,2345"])
def test_parse_when_more_than_two_decimals(text: str) -> None:
    assert (
        said(text) == "Schrijf bij “{label}” hoogstens twee cijfers achter de komma, bijvoorbeeld 1.250,50."
    )


@pytest.mark.parametrize("text", ["10.000.000,01", "99999999", "9" * 59])
def test_parse_when_above_ten_million(text: str) -> None:
    assert said(text) == "Het bedrag bij “{label}” is te hoog. Het hoogste bedrag is {most:euro}."


@pytest.mark.parametrize(
    "text",
    [
        *(
            "12 50",
            "1.250.5",
            "1,25,000",
            "1.250 000",
            "1,250,50",
            ",50",
            ".",
            ",-",
            "€",
            "euro",
            "1250 dollar",
        ),
        *(
            "1e5",
            "0x10",
            "½",
            "²",
            "①",
            "€ € 5",
            "1.250 à 1.500",
            "12k",
            "nan",
            "inf",
            "+5",
            "5-",
        ),
        *("1250 euro 50", "duizend", "\x00", "1\x002", "\ud800", "1_000", "1" * 61),
    ],
)
def test_parse_when_it_can_be_read_in_no_way_or_two_ways(text: str) -> None:
    assert said(text) == (
        "Wij kunnen het bedrag bij “{label}” niet lezen. Schrijf het in cijfers, zoals 1.250 of 1.250,50."
    )


@pytest.mark.parametrize("piece", ["1", " 1", "1.", "€", "-", "1'", "\u00a0", "euro"])
def test_parse_when_a_megabyte_is_refused_at_once(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    with pytest.raises(Refusal):
        money.parse(text)
    assert time.process_time() - began < 0.5


@given(st.text() | st.text(alphabet="0123456789.,' €-eurEUR\u00a0’=–½١", max_size=20))
@example("1" * 5000)
def test_parse_when_any_text_gives_cents_or_a_refusal(text: str) -> None:
    try:
        cents = money.parse(text)
    except Refusal:
        return
    assert 0 <= cents <= money.MAX_CENTS


@given(CENTS, st.sampled_from(["nl", "en"]), st.sampled_from(["€ ", "EUR ", ""]), st.booleans())
def test_parse_when_it_reads_what_show_wrote(cents: int, language: str, sign: str, decimals: bool) -> None:
    assert money.parse(money.show(cents, language, sign, decimals=decimals)) == cents


@given(CENTS)
def test_parse_when_grouped_by_spaces_or_apostrophes(cents: int) -> None:
    written = money.show(cents, "nl", "")
    assert money.parse(written.replace(".", " ")) == money.parse(written.replace(".", "'")) == cents


@pytest.mark.parametrize(
    ("cents", "dutch", "english"),
    [
        (125050, "€\u00a01.250,50", "€1,250.50"),
        (125000, "€\u00a01.250", "€1,250"),
        (5, "€\u00a00,05", "€0.05"),
        (0, "€\u00a00", "€0"),
        (100000000, "€\u00a01.000.000", "€1,000,000"),
        (-125050, "€\u00a0-1.250,50", "-€1,250.50"),
    ],
)
def test_show_when_dutch_or_english(cents: int, dutch: str, english: str) -> None:
    assert (money.show(cents), money.show(cents, "en")) == (dutch, english)


def test_show_when_decimals_are_wanted_in_a_column() -> None:
    assert [money.show(cents, decimals=True) for cents in (125000, 5)] == ["€\u00a01.250,00", "€\u00a00,05"]


def test_show_when_a_form_field_has_no_sign() -> None:
    assert (money.show(125050, "nl", ""), money.show(125050, "en", "")) == ("1.250,50", "1,250.50")
