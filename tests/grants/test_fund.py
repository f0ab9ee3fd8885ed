from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.errors import FileError, NotFound, Problem, Sentence
from grants.fund import Fund, Windows, read_fund

EXAMPLE = (Path(__file__).parents[2] / "docs/examples/participatiefonds.toml").read_text(encoding="utf-8")


def no_problems(table: dict[str, Any]) -> list[Problem]:
    return []


def read(source: str = EXAMPLE) -> Fund:
    return read_fund(source, no_problems)


def changed(old: str, new: str) -> str:
    """The example with its first `old` replaced."""
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def refused(source: str) -> tuple[str, str, str]:
    """Sentence, path, and the source at the line with which this file is refused."""
    with pytest.raises(FileError) as caught:
        read(source)
    text, values = caught.value.said
    assert {name for _, name, _, _ in Formatter().parse(text) if name} <= set(values)
    return text.removeprefix("Regel {line}: "), values["where"], source.split("\n")[values["line"] - 1]


def test_read_fund_when_the_example_is_complete() -> None:
    fund = read()
    assert (fund.slug, fund.municipality) == ("participatiefonds", "Gemeente Vlietstad")
    assert [plan.year for plan in fund.rounds] == [2025, 2026, 2027]
    assert [question.key for question in fund.questions] == [
        *(
            "title",
            "plan",
            "together",
            "who",
            "people",
            "where",
            "spot",
            "joint",
            "partners",
            "when",
            "change",
        ),
        *("budget", "papers", "selling"),
    ]
    assert [question.key for question in fund.questions if not question.committee] == ["selling"]
    assert all(item.why for item in (*fund.questions, *fund.checks, *fund.regimes))
    assert (len(fund.checks), len(fund.committee["criteria"])) == (5, 4)


@pytest.mark.parametrize(
    "word", ["diagnos", "ziek", "gezond", "behandel", "medic", "psych", "bsn", "burgerservice"]
)
def test_read_fund_when_the_example_asks_nothing_about_health(word: str) -> None:
    fund = read()
    asked = [text for item in fund.questions for text in (item.label, item.help, *item.choices)]
    assert [text for text in (*asked, *(check.label for check in fund.checks)) if word in text.lower()] == []


def test_read_fund_when_times_are_those_of_the_clock_in_amsterdam() -> None:
    plan = read().round(2026)
    assert plan.ceiling_cents == 100_000_00
    assert plan.ceiling_published_on == date(2026, 6, 11)
    assert plan.windows == Windows(
        opens_at=datetime(2026, 9, 1, 7, tzinfo=UTC),
        closes_at=datetime(2026, 10, 16, 15, tzinfo=UTC),
        ballot_opens_at=datetime(2026, 11, 16, 8, tzinfo=UTC),
        ballot_closes_at=datetime(2026, 12, 4, 16, tzinfo=UTC),
        decide_by=date(2026, 12, 18),
    )


def test_read_fund_when_the_ballot_opening_is_left_out_opens_at_closing() -> None:
    windows = read(changed("ballot_opens = 2025-11-17T09:00:00\n", "")).round(2025).windows
    assert windows.ballot_opens_at == windows.closes_at


@pytest.mark.parametrize("ceiling", ['ceiling = "€ 100.000,-"', "ceiling_euro = 100_000"])
def test_read_fund_when_the_ceiling_is_written_as_text_or_number(ceiling: str) -> None:
    assert read(changed('ceiling = "100.000"', ceiling)).round(2025).ceiling_cents == 100_000_00


def test_read_fund_when_the_ceiling_is_not_yet_published() -> None:
    lines = [line for line in EXAMPLE.split("\n") if not line.startswith("ceiling_published_")]
    plan = read("\n".join(lines)).round(2025)
    assert (plan.ceiling_published_on, plan.ceiling_published_in) == (None, "")


@pytest.mark.parametrize(
    ("start", "where"),
    [
        ("Onder deze naam", "questions.1"),
        ("Daar is dit fonds", "checks.1"),
        ("Bij een klein bedrag", "regimes.1"),
    ],
)
def test_read_fund_when_a_why_is_missing(start: str, where: str) -> None:
    said = (
        "bij “{where}” staat niet waarom dit gevraagd wordt. "
        "Zet er een regel why bij, in woorden die een inwoner begrijpt."
    )
    header = f"[[{where[:-2]}]]"
    assert refused(changed(f'why = "{start}', f'wat = "{start}')) == (said, where, header)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("slug =", "town = 1\nslug =", "town"),
        ("max_chars = 80", "max_char = 80", "questions.1.max_char"),
        ("max_chars = 80", 'choices = ["a", "b"]', "questions.1.choices"),
        ("completion_weeks = 2", "completion_weeks = 2\nweeks = 2", "rounds.1.weeks"),
        ('ceiling = "100.000"', 'ceiling = "1"\nceiling_euro = 1', "rounds.1.ceiling_euro"),
        ("[[checks]]", '[[checks]]\nwet = "x"', "checks.1.wet"),
    ],
)
def test_read_fund_when_a_name_is_unknown(old: str, new: str, where: str) -> None:
    said, place, line = refused(changed(old, new))
    assert (said, place) == ("“{where}” kennen wij niet. Kijk of de naam klopt.", where)
    assert line in new.split("\n")


@pytest.mark.parametrize(
    ("start", "where", "header"),
    [
        ("legal_basis =", "legal_basis", None),
        ("to =", "objection.to", "[objection]"),
        ("ceiling_published_on =", "rounds.1.ceiling_published_on", "[[rounds]]"),
        ("opens =", "rounds.1.opens", "[[rounds]]"),
        ("label =", "questions.1.label", "[[questions]]"),
        ("report_weeks =", "regimes.2.report_weeks", "[[regimes]]"),
    ],
)
def test_read_fund_when_something_required_is_left_out(start: str, where: str, header: str | None) -> None:
    lines = EXAMPLE.split("\n")
    del lines[next(place for place, text in enumerate(lines) if text.startswith(start))]
    assert refused("\n".join(lines)) == ("“{where}” ontbreekt.", where, header or lines[0])


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('key = "plan"', 'key = "title"', "questions.2.key"),
        ('key = "in_town"', 'key = "own_experience"', "checks.2.key"),
    ],
)
def test_read_fund_when_a_key_is_used_twice(old: str, new: str, where: str) -> None:
    assert refused(changed(old, new)) == ("de naam “{key}” is al gebruikt.", where, new)


CHOOSE = "“{where}” kan dit niet zijn. Kies uit: {allowed}."
SLUG = "“{where}” mag alleen kleine letters, cijfers en streepjes hebben."


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ('kind = "long"', 'kind = "film"', "questions.2.kind", CHOOSE),
        ('why = "Onder deze naam', 'why = " " #', "questions.1.why", "“{where}” is leeg. Vul een tekst in."),
        ("max_chars = 80", "required = false", "questions.1.required", "deze vraag is altijd verplicht."),
        ('= "participatiefonds"', '= "a b"', "slug", SLUG),
    ],
)
def test_read_fund_when_one_value_is_wrong(old: str, new: str, where: str, said: str) -> None:
    text, place, line = refused(changed(old, new))
    assert (text, place, new in line) == (said, where, True)


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        ("closes", "2025-09-01T09:00:00"),
        ("ballot_opens", "2025-10-17T16:59:59"),
        ("ballot_closes", "2025-11-17T09:00:00"),
        ("decide_by", "2025-12-04"),
    ],
)
def test_read_fund_when_windows_are_out_of_order(key: str, moment: str) -> None:
    line = next(line for line in EXAMPLE.split("\n") if line.startswith(f"{key} = 2025"))
    said = "“{where}” ligt niet na “{earlier}”."
    assert refused(changed(line, f"{key} = {moment}")) == (said, f"rounds.1.{key}", f"{key} = {moment}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year = 2026", "year = 2025", "het jaar {year} staat er twee keer."),
        (
            "opens = 2026-09-01T09:00:00",
            "opens = 2025-10-17T16:00:00",
            "deze ronde is open terwijl de ronde van {year} ook open is.",
        ),
    ],
)
def test_read_fund_when_two_rounds_have_one_year_or_are_open_together(old: str, new: str, said: str) -> None:
    assert refused(changed(old, new)) == (said, f"rounds.2.{old.partition(' ')[0]}", new)


def test_read_fund_when_there_is_no_ceiling() -> None:
    said = "deze ronde heeft geen plafond. Zet er een regel ceiling_euro bij."
    assert refused(changed('ceiling = "100.000"\n', "")) == (said, "rounds.1", "[[rounds]]")


@pytest.mark.parametrize("ceiling", ["0", "veel", "-1", "20.000.000"])
def test_read_fund_when_the_ceiling_is_no_good_amount(ceiling: str) -> None:
    line = f'ceiling = "{ceiling}"'
    said = 'bij “{where}” hoort een bedrag boven de 0, zoals "100.000".'
    assert refused(changed('ceiling = "100.000"', line)) == (said, "rounds.1.ceiling", line)


GAP = "voor bedragen van {gap_from:euro} tot {gap_to:euro} is er geen regeling."
OVERLAP = "dit bedrag valt ook onder de regeling ervoor."
END = "voor bedragen vanaf {end:euro} is er geen regeling."


@pytest.mark.parametrize(
    ("old", "new", "said", "where"),
    [
        ("from_euro = 0", "from_euro = 1", GAP, "regimes.1.from_euro"),
        ("from_euro = 5000", "from_euro = 6000", GAP, "regimes.2.from_euro"),
        ("from_euro = 5000", "from_euro = 4000", OVERLAP, "regimes.2.from_euro"),
        ("to_euro = 5000", "# to_euro = 5000", OVERLAP, "regimes.2.from_euro"),
        ("from_euro = 5000", "from_euro = 5000\nto_euro = 100000", END, "regimes.2.to_euro"),
    ],
)
def test_read_fund_when_regimes_leave_a_gap_or_overlap(old: str, new: str, said: str, where: str) -> None:
    assert refused(changed(old, new))[:2] == (said, where)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('kind = "budget"', 'kind = "amount"', "questions"),
        ('kind = "number"', 'kind = "budget"', "questions.12"),
    ],
)
def test_read_fund_when_there_is_not_one_budget(old: str, new: str, where: str) -> None:
    assert refused(changed(old, new))[:2] == (
        "een formulier heeft precies één vraag van de soort budget.",
        where,
    )


def test_read_fund_when_no_question_names_the_initiative() -> None:
    said = "een formulier heeft een korte vraag “{title}”: zo heet het initiatief."
    assert refused(changed('key = "title"', 'key = "name"'))[:2] == (said, "questions")


def test_read_fund_when_a_text_is_too_long() -> None:
    assert refused(changed('"Participatiefonds Vlietstad"', f'"{"x" * 121}"'))[:2] == (
        "“{where}” is te lang. Gebruik hoogstens {most} tekens.",
        "name",
    )


def test_read_fund_when_the_committee_finds_a_problem_names_its_line() -> None:
    def one_problem(table: dict[str, Any]) -> list[Problem]:
        assert table["gate"]["threshold"] == 3
        return [Problem("criteria.2.weight", Sentence("Regel {line}: te zwaar ({weight}).", {"weight": 9}))]

    with pytest.raises(FileError) as caught:
        read_fund(EXAMPLE, one_problem)
    text, values = caught.value.said
    assert (text, values["weight"]) == ("Regel {line}: te zwaar ({weight}).", 9)
    assert EXAMPLE.split("\n")[values["line"] - 1] == "weight = 2"


def test_round_when_there_is_none_for_that_year() -> None:
    with pytest.raises(NotFound):
        read().round(2024)


@given(st.integers(0, 2**32))
def test_read_fund_when_lines_are_lost_doubled_or_swapped_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    lines = EXAMPLE.split("\n")
    for _ in range(chance.randint(1, 3)):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[place] = chance.choice(["", lines[other], lines[place][: chance.randrange(40)], "x = 1.5"])
    line = 1
    try:
        fund = read("\n".join(lines))
    except FileError as refusal:
        line = refusal.said.values["line"]
    else:
        assert sum(question.kind == "budget" for question in fund.questions) == 1
        assert all(item.why for item in (*fund.questions, *fund.checks))
    assert 1 <= line <= len(lines)
