import io
import json
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.election import Election
from committee.pabulib import read_pb
from grants.errors import FileError
from tests.committee.elections import PABULIB, needs_pabulib

WHOLE = """META
key;value
description;Buurtbudget
num_projects;3
num_votes;4
budget;1000,50
vote_type;approval
comment;"#1: een ""aanhaling""; met een puntkomma"
PROJECTS
project_id;cost;name
p1;600;Koor
10;400.5;"Tuin; aan het water"
p2;250.00;
VOTES
voter_id;vote;age
v1;p1,10;33
v2;;
v3;10, p1;
v4;p2;
"""
LINES = WHOLE.split("\n")


def changed(line: int, text: str) -> str:
    """The file with one line (counted from 1) replaced."""
    return "\n".join([*LINES[: line - 1], text, *LINES[line:]])


def refusal(text: str | bytes) -> FileError:
    with pytest.raises(FileError) as refused:
        read_pb(text)
    return refused.value


def points(vote_type: str, *votes: str) -> Election:
    """Three projects, and these rows of votes and points."""
    projects = "project_id;cost\na;1\nb;1\nc;1"
    ballots = "\n".join(f"v{number};{vote}" for number, vote in enumerate(votes))
    meta = f"key;value\nbudget;9\nnum_projects;3\nnum_votes;{len(votes)}\nvote_type;{vote_type}"
    return read_pb(f"META\n{meta}\nPROJECTS\n{projects}\nVOTES\nvoter_id;vote;points\n{ballots}\n")


def test_read_pb_reads_amounts_names_and_merged_ballots() -> None:
    election = read_pb(WHOLE)
    assert election.budget_cents == 1000_50
    assert [(a.id, a.name, a.ask_cents, a.least_cents) for a in election.applications] == [
        ("10", "Tuin; aan het water", 400_50, 400_50),
        ("p1", "Koor", 600_00, 600_00),
        ("p2", "p2", 250_00, 250_00),
    ]
    assert (election.ballots, election.counts, election.voters) == (((0, 1), (2,)), (2, 1), 4)
    assert election.meta["comment"] == '#1: een "aanhaling"; met een puntkomma'
    assert election.scores is None


@pytest.mark.parametrize(
    "source",
    [
        WHOLE.encode(),
        "\ufeff" + WHOLE,
        WHOLE.encode("utf-8-sig"),
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("PROJECTS", "\nprojects"),
    ],
)
def test_read_pb_takes_text_bytes_and_any_line_ends(source) -> None:
    assert read_pb(source) == read_pb(WHOLE)


def test_read_pb_takes_an_open_file() -> None:
    assert read_pb(io.BytesIO(WHOLE.encode())) == read_pb(WHOLE)


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (4, "num_projects;drie", "{value} is geen heel aantal."),
        (4, "num_projects;3;3", "hier staan {found} vakken"),
        (6, "budget;veel", "{found} is geen bedrag"),
        (6, "budget;0", "{found} is geen bedrag"),
        (6, "budget;-5", "{found} is geen bedrag"),
        (6, "budget;1e6", "{found} is geen bedrag"),
        (7, "vote_type;raad maar", "de stemvorm {value} kennen wij niet"),
        (8, 'comment;"niet dicht', "de aanhalingstekens kloppen niet"),
        (10, "project_id;name;x", "de kolom {name} ontbreekt"),
        (10, "project_id;cost;cost", "de kolom {name} staat er twee keer"),
        (11, "p1;zeshonderd;Koor", "{found} is geen bedrag"),
        (11, "p1;600.123;Koor", "{found} is geen bedrag"),
        (11, "p1;0;Koor", "{found} is geen bedrag"),
        (11, "p1;600", "hier staan {found} vakken"),
        (11, ";600;Koor", "{id} kan geen nummer van een project zijn"),
        (14, "META", "hier hoort {title} te komen"),
        (15, "kiezer;vote;age", "de kolom {name} ontbreekt"),
        (16, "v1;p1,p9;33", "het project {id} bestaat niet"),
        (16, "v1;p1,,10;33", "het project {id} bestaat niet"),
        (16, "v1;p1,p1;33", "een project staat twee keer in deze stem"),
        (16, "v1;p1,10", "hier staan {found} vakken"),
        (17, ";p1;", "de kiezer {id} staat er twee keer of is leeg"),
        (18, 'v3;"p1" 10;', "de aanhalingstekens kloppen niet"),
        (18, "v3;\0;", "hier staat een teken dat geen tekst is"),
    ],
)
def test_read_pb_refuses_a_broken_line_by_its_number(line, text, said) -> None:
    refused = refusal(changed(line, text))
    assert said in refused.said.text
    assert refused.said.values["line"] == line
    assert refused.said.text.startswith("Regel {line}: ")


@pytest.mark.parametrize(
    ("first", "text", "said"),
    [
        (4, "budget;5", {"line": 6, "key": "budget"}),
        (11, "10;600;Koor", {"line": 12, "id": "10"}),
        (16, "v2;p1;", {"line": 17, "id": "v2"}),
    ],
)
def test_read_pb_names_the_line_of_the_second_of_two(first, text, said) -> None:
    assert refusal(changed(first, text)).said.values == said


@pytest.mark.parametrize(
    ("text", "said", "values"),
    [
        ("", "Het deel {title} ontbreekt.", {"title": "META"}),
        ("\n".join(LINES[:8]), "Het deel {title} ontbreekt.", {"title": "PROJECTS"}),
        ("\n".join(LINES[:13]), "Het deel {title} ontbreekt.", {"title": "VOTES"}),
        ("\n".join(LINES[:14]), "Regel {line}: de kolom {name} ontbreekt.", {"line": 14, "name": "voter_id"}),
        ("x\n" + WHOLE, "Regel {line}: het bestand begint niet met META.", {"line": 1}),
        (WHOLE.replace("budget;1000,50\n", ""), "In het deel META ontbreekt {key}.", {"key": "budget"}),
    ],
)
def test_read_pb_names_the_part_that_is_missing(text, said, values) -> None:
    assert (refusal(text).said.text, refusal(text).said.values) == (said, values)


@pytest.mark.parametrize(
    ("key", "text", "said", "found"), [("num_projects", "4", 4, 3), ("num_votes", "3", 3, 4)]
)
def test_read_pb_refuses_numbers_that_disagree(key, text, said, found) -> None:
    wrong = "\n".join(f"{key};{text}" if line.startswith(key) else line for line in LINES)
    assert refusal(wrong).said.values == {"key": key, "said": said, "found": found}


def test_read_pb_refuses_a_second_part_of_votes() -> None:
    assert refusal(WHOLE + "VOTES\nvoter_id;vote;age\n").said.values["line"] == 20


def test_read_pb_names_the_line_that_is_no_utf_8() -> None:
    assert refusal(WHOLE.encode().replace(b"Koor", b"K\xf3\xf3r")).said.values == {"line": 11}


def test_choose_1_takes_one_project() -> None:
    text = WHOLE.replace("approval", "choose-1")
    assert "meer dan één project" in refusal(text).said.text


def test_points_become_support_and_scores() -> None:
    election = points("cumulative", "a,b;3,2", "b;5", ";")
    assert (election.ballots, election.counts, election.voters) == (((0, 1), (1,)), (1, 1), 3)
    zero, two, three, five = (Fraction(score) for score in (0, 2, 3, 5))
    assert election.scores == (((zero, 2), (three, 1)), ((zero, 1), (two, 1), (five, 1)), ((zero, 3),))


def test_a_ranking_becomes_support_and_scores() -> None:
    election = points("ordinal", "c,a;", "a;")
    assert election.ballots == ((0,), (0, 2))
    assert election.scores is not None
    assert [[(int(score), n) for score, n in tally] for tally in election.scores] == [
        [(2, 1), (3, 1)],
        [(0, 2)],
        [(0, 1), (3, 1)],
    ]


@pytest.mark.parametrize("vote", ["a,b;3", "a;x", "a;", "a,b;1,2,3"])
def test_points_that_do_not_fit_the_vote_are_refused(vote) -> None:
    with pytest.raises(FileError) as refused:
        points("scoring", "c;1", vote)
    assert refused.value.said.values == {"line": 15}


@given(st.integers(0, len(WHOLE.encode()) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(at, damage, gone) -> None:
    data = WHOLE.encode()
    with suppress(FileError):
        read_pb(data[:at] + damage + data[at + gone :])


@needs_pabulib
def test_read_pb_reads_all_real_elections_with_the_votes_they_list() -> None:
    files = sorted(PABULIB.glob("*.pb"))
    assert files
    for file in files:
        with file.open("rb") as opened:
            election = read_pb(opened)
        text = file.read_text("utf-8-sig")
        assert (len(election.applications), election.voters) == _numbers(text), file.name
        assert election.votes == [_listed(text, id_) for id_ in election.ids], file.name


def _numbers(text: str) -> tuple[int, int]:
    keys = dict(line.split(";", 1) for line in text.splitlines()[:20] if ";" in line)
    return int(keys["num_projects"]), int(keys["num_votes"])


def _listed(text: str, id_: str) -> int:
    """What the file itself says in the column `votes` of a project."""
    lines = text.splitlines()
    at = lines.index("PROJECTS") + 1
    column = lines[at].split(";").index("votes")
    row = next(line for line in lines[at + 1 :] if line.startswith(f"{id_};"))
    return int(row.split(";")[column])


@needs_pabulib
def test_the_real_elections_have_expected_results_beside_them() -> None:
    expected = json.loads((PABULIB.parent / "pabulib-expected.json").read_text())
    assert {file.name for file in PABULIB.glob("*.pb")} == expected.keys() - {"_meta"}
