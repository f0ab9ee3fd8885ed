from __future__ import annotations

import tomllib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.errors import FileError
from grants.fundfile import Table, check_keys, find_lines, line_of, read_toml

SOURCE = '''# een fonds
name = "Fonds"
about = """
key = "dit is tekst"
[[questions]]
"""
[contact]
phone = '1'
"quoted" = 1
[[questions]]
  key = "a"
[[questions]]
key = "b"
inline = { why = 1 }
[[questions.parts]]
size = 1
[[questions.parts]]
size = 2
[ committee.gate ]
quorum = "2/3"
[[committee.criteria]]
dotted.key = 1
'''


def fault(table: Table, read: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(FileError) as caught:
        read(table)
    return caught.value.said.text, caught.value.said.values


def test_find_lines_when_tables_lists_and_long_texts_stand_in_the_file() -> None:
    assert find_lines(SOURCE) == {
        "name": 2,
        "about": 3,
        "contact": 7,
        "contact.phone": 8,
        "questions.1": 10,
        "questions.1.key": 11,
        "questions.2": 12,
        "questions.2.key": 13,
        "questions.2.inline": 14,
        "questions.2.parts.1": 15,
        "questions.2.parts.1.size": 16,
        "questions.2.parts.2": 17,
        "questions.2.parts.2.size": 18,
        "committee.gate": 19,
        "committee.gate.quorum": 20,
        "committee.criteria.1": 21,
        "committee.criteria.1.dotted.key": 22,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [("questions.2.inline.why", 14), ("contact.email", 7), ("questions.9", 1), ("slug", 1), ("", 1)],
)
def test_line_of_when_not_found_is_that_of_the_nearest_table(path: str, line: int) -> None:
    assert line_of(path, find_lines(SOURCE)) == line


def test_line_of_when_there_is_no_source() -> None:
    assert line_of("gate.quorum", {}) == 0


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\na = 2\n", 2),
        ("a = 1\n[a]\n", 2),
        ('a = 1\nb = "x', 2),
        ("a = 2026-02-31", 1),
        ("a = " + "[" * 5000, 1),
        ("a = 1\nb = " + "9" * 5000, 2),
        ("\x00", 1),
    ],
)
def test_read_toml_when_it_is_not_toml_names_the_line(source: str, line: int) -> None:
    with pytest.raises(FileError) as caught:
        read_toml(source)
    assert caught.value.said.text == "Regel {line}: dit is geen geldig TOML-bestand ({reason})."
    assert caught.value.said.values["line"] == line


def test_read_toml_when_it_is_too_large() -> None:
    with pytest.raises(FileError, match="te groot"):
        read_toml("# " + "x" * 1_000_000)


def test_read_toml_when_saved_with_a_byte_order_mark_or_windows_line_ends() -> None:
    table = read_toml("\ufeffa = 1\r\nb = 'x'\r\n")
    assert (table.number("a", 0, 9), table.text("b")) == (1, "x")


@pytest.mark.parametrize(
    ("toml", "text"),
    [
        ("", "Regel {line}: “{where}” ontbreekt."),
        ("a = 1", "Regel {line}: bij “{where}” hoort een tekst tussen aanhalingstekens."),
        ('a = "  "', "Regel {line}: “{where}” is leeg. Vul een tekst in."),
        ('a = "12345678901"', "Regel {line}: “{where}” is te lang. Gebruik hoogstens {most} tekens."),
        ('a = "x\\u0000"', "Regel {line}: in “{where}” staat een teken dat niet kan."),
    ],
)
def test_text_when_wrong(toml: str, text: str) -> None:
    assert fault(read_toml(f"\n{toml}"), lambda table: table.text("a", 10))[0] == text


@pytest.mark.parametrize("toml", ["a = true", "a = 1.0", "a = '1'", "a = 0", "a = 11"])
def test_number_when_wrong(toml: str) -> None:
    said, values = fault(read_toml(f"\n{toml}"), lambda table: table.number("a", 1, 10))
    assert said == "Regel {line}: bij “{where}” hoort een heel getal van {least} tot en met {most}."
    assert values == {"where": "a", "line": 2, "least": 1, "most": 10}


@pytest.mark.parametrize(
    "toml", ["a = []", "a = ['x']", "a = ['x', 'y', 'z', 'w']", "a = 'x'", "a = {b = 1}"]
)
def test_texts_when_no_list_or_of_another_length(toml: str) -> None:
    assert fault(read_toml(toml), lambda table: table.texts("a", 2, 3))[0] == (
        "Regel {line}: bij “{where}” hoort een lijst van {fewest} tot {most} teksten."
    )


def test_texts_when_one_is_wrong_names_its_place() -> None:
    said, values = fault(read_toml("\na = ['x', 3]"), lambda table: table.texts("a", 2, 3))
    assert said == "Regel {line}: bij “{where}” hoort een tekst tussen aanhalingstekens."
    assert values == {"where": "a.2", "line": 2}
    assert "twee keer" in fault(read_toml("a = ['x', 'x ']"), lambda table: table.texts("a", 2, 3))[0]


@pytest.mark.parametrize(
    ("toml", "value"), [("a = 1", Fraction(1)), ("a = '2/3'", Fraction(2, 3)), ("a = '4'", Fraction(4))]
)
def test_fraction_when_exact(toml: str, value: Fraction) -> None:
    assert read_toml(toml).fraction("a", Fraction(4)) == value


@pytest.mark.parametrize(
    "toml", ["a = 0", "a = 5", "a = 0.5", "a = '1/0'", "a = '-1/2'", "a = '0/2'", "a = true"]
)
def test_fraction_when_wrong(toml: str) -> None:
    assert fault(read_toml(toml), lambda table: table.fraction("a", Fraction(4)))[1]["most"] == "4"


@pytest.mark.parametrize(
    "toml",
    ["a = 2026-10-16", "a = 2026-10-16T17:00:00Z", "a = '2026-10-16'", "a = 2027-03-28T02:30:00", "a = 1"],
)
def test_moment_when_not_a_time_on_the_clock_of_amsterdam(toml: str) -> None:
    assert fault(read_toml(toml), lambda table: table.moment("a"))[1] == {"where": "a", "line": 1}


def test_day_when_wrong() -> None:
    assert "hoort een dag" in fault(read_toml("a = 2026-10-16T17:00:00"), lambda table: table.day("a"))[0]
    assert "kijk het jaar" in fault(read_toml("a = 1926-10-16"), lambda table: table.day("a"))[0]
    assert "kijk het jaar" in fault(read_toml("a = 9999-12-31T23:59:59"), lambda table: table.moment("a"))[0]


def test_yes_and_one_of_when_wrong() -> None:
    assert "true of false" in fault(read_toml("a = 1"), lambda table: table.yes("a", default=False))[0]
    assert fault(read_toml("a = []"), lambda table: table.one_of("a", ("x", "y")))[1]["allowed"] == "x, y"


def test_table_and_tables_when_wrong() -> None:
    assert "tabel te zijn" in fault(read_toml("a = 1"), lambda table: table.table("a"))[0]
    for toml in ("a = 1", "a = []", "a = [1]", "[a]", "[[a]]\n" * 61):
        assert "horen 1 tot {most} tabellen" in fault(read_toml(toml), lambda table: table.tables("a"))[0]


def test_key_when_other_letters_or_used_twice() -> None:
    assert "kleine letter" in fault(read_toml("key = 'A-b'"), lambda table: table.key())[0]
    tables = read_toml("[[q]]\nkey = 'a'\n[[q]]\nkey = 'a'").tables("q")
    with pytest.raises(FileError) as caught:
        check_keys(tables, ["a", "a"])
    assert caught.value.said.values == {"where": "q.2.key", "line": 4, "key": "a"}


def test_done_when_a_name_is_unknown() -> None:
    table = read_toml("a = 1\nb = 2\ncc = 3")
    table.number("a", 0, 9)
    table.number("b", 0, 9)
    assert fault(table, Table.done) == (
        "Regel {line}: “{where}” kennen wij niet. Kijk of de naam klopt.",
        {"where": "cc", "line": 3},
    )


@given(st.text(alphabet="ab[]\"'=.\n #{}1,", max_size=60))
def test_find_lines_when_any_toml_every_table_and_key_lies_within_the_file(source: str) -> None:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return
    assert all(1 <= line <= source.count("\n") + 1 for line in find_lines(source).values())
