"""Counting, against what pabutools 1.2.3 needed for the same elections (CPU seconds, from its own record)."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from committee.allocation import ADD1, EQUAL_SHARES, LEAST, count
from committee.ballot import Ballot
from committee.election import Application, Election, election
from committee.pabulib import read_pb
from tests.bench.table import Row

ROOT = Path(__file__).parents[2]
PABULIB = Path(os.environ.get("MEEBESLIS_PABULIB", ROOT.parent / "shared" / "data" / "pabulib"))
LODZ, ASSEN = PABULIB / "Poland_Lodz_2020.pb", PABULIB / "Netherlands_Assen_2024.pb"
LODZ_SECONDS, ASSEN_SECONDS = 28.5, 2.1


def measure() -> list[Row]:
    """Lodz and Assen where the files are, and a committee of 25 members with 80 applications."""
    rows = [_committee()]
    if not LODZ.is_file():
        return [*rows, Row("Lodz 2020 and Assen 2024", "no files", f"{PABULIB}", None)]
    return [*_lodz(), _assen(), *rows]


def _lodz() -> list[Row]:
    vote = read_pb(LODZ.read_bytes())
    rule = LODZ_SECONDS / _cpu(lambda: count(_fresh(vote), EQUAL_SHARES, "lex"))
    whole = json.loads(_alone(str(LODZ)))
    return [
        Row("Lodz 2020 `equal-shares`, the rule, against pabutools", f"{rule:.0f}x", ">= 500x", rule >= 500),
        Row(
            "the same, reading the file included",
            f"{LODZ_SECONDS / whole['cpu']:.0f}x",
            ">= 50x",
            LODZ_SECONDS / whole["cpu"] >= 50,
        ),
        Row("peak memory of that process", f"{whole['mb']:.0f} MB", "< 300 MB", whole["mb"] < 300),
    ]


def _assen() -> Row:
    vote = read_pb(ASSEN.read_bytes())
    seconds = _cpu(lambda: count(_fresh(vote), ADD1, "lex"), times=15)
    figure = f"{seconds * 1000:.1f} ms ({ASSEN_SECONDS / seconds:.0f}x pabutools)"
    return Row("Assen 2024 `equal-shares-add1`", figure, "<= 5 ms", seconds <= 0.005)


def _committee() -> Row:
    votes = [_random_committee(seed) for seed in range(9)]
    seconds = median(_cpu(lambda vote=vote: count(_fresh(vote), LEAST), times=5) for vote in votes)
    return Row(
        "25 members, 80 applications, R2 with trace", f"{seconds * 1000:.1f} ms", "<= 10 ms", seconds <= 0.01
    )


def _fresh(vote: Election) -> Election:
    """The same vote without what an earlier count worked out and kept on it."""
    return Election(**{name: getattr(vote, name) for name in vote.__dataclass_fields__})


def _random_committee(seed: int) -> Election:
    dice = random.Random(seed)
    asks = [dice.randrange(60_000, 1_800_000) for _ in range(80)]
    applications = [
        Application(f"{n:03d}", "", ask, ask * dice.randrange(30, 101) // 100) for n, ask in enumerate(asks)
    ]
    ballots = [
        Ballot(frozenset(f"{n:03d}" for n in dice.sample(range(80), dice.randrange(5, 30))))
        for _ in range(25)
    ]
    return election(10_000_000, applications, ballots, seed="1.2.3./")


def _cpu(call: Callable[[], object], times: int = 7) -> float:
    """The median of the CPU seconds of some calls."""
    found = []
    for _ in range(times):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return median(found)


def _alone(path: str) -> str:
    """Read and count in a process of its own, for its memory."""
    return subprocess.run(
        [sys.executable, "-m", "tests.bench.counting", path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


if __name__ == "__main__":
    start = time.process_time()
    with Path(sys.argv[1]).open("rb") as file:
        count(read_pb(file), EQUAL_SHARES, "lex")
    used = time.process_time() - start
    print(json.dumps({"cpu": used, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
