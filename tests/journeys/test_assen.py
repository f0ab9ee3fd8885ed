"""The main job on real input: Assen 2024, from an empty database to a closed year, by commands as in docs/assen.md.

A Dutch youth fund of EUR 100,000 with 14 projects and 84 ballots, really decided by Equal Shares.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.database import open_database
from grants.store.decisions import Advice
from tests.servers.smtp import SmtpServer

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
PABULIB = Path(os.environ.get("MEEBESLIS_PABULIB", ROOT.parent / "shared" / "data" / "pabulib"))
FILE = PABULIB / "Netherlands_Assen_2024.pb"
FUNDED = {"2", "3", "5", "6", "9", "11", "12", "13", "14"}


@pytest.mark.timeout(300)
@pytest.mark.skipif(not FILE.is_file(), reason=f"the real election is not at {FILE}")
async def test_assen_2024(empty_database_url: str, smtp: SmtpServer, tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "MEEBESLIS_DATABASE_URL": empty_database_url,
        "MEEBESLIS_SECRET_KEY": "secret",
        "MEEBESLIS_SMTP_URL": smtp.url,
    }

    def meebeslis(*words: str, code: int = 0) -> str:
        """Run a command; the last line that it prints."""
        ran = subprocess.run(
            [sys.executable, "-m", "deploy.cli", *words],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
        return (ran.stderr if code else ran.stdout).splitlines()[-1]

    meebeslis("migrate")
    assert meebeslis("fund", "load", "docs/examples/participatiefonds.toml") == "participatiefonds"
    imported = meebeslis(
        "import-pb",
        str(FILE),
        "--fund",
        "participatiefonds",
        "--year",
        "2024",
        "--mail-domain",
        "assen.example",
    )
    round_id = imported.split()[-1]
    outcome = json.loads(meebeslis("round", "count", round_id, "--rule", "equal-shares-add1", "--json"))
    assert {grant["id"] for grant in outcome["grants"]} == FUNDED
    assert sum(grant["cents"] for grant in outcome["grants"]) == 7_670_000
    assert outcome["left_cents"] == 2_330_000
    assert "al geteld" in meebeslis("round", "count", round_id, code=1)
    assert meebeslis("round", "decide", round_id).startswith("14 ")
    assert meebeslis("round", "announce", round_id).startswith("14 ")
    assert meebeslis("worker", "--once").startswith("14 ")
    assert meebeslis("worker", "--once").startswith("0 ")
    receivers = [str(mail.message["To"]) for mail in smtp.mails]
    assert len(receivers) == len(set(receivers)) == 14
    assert meebeslis("round", "publish", round_id).startswith("9 ")
    for decision in ("B&W 14 januari 2025", "B&W 28 januari 2025"):
        assert (
            meebeslis("year", "close", "2024", "--decision", decision) == "€\u00a023.300 carried over to 2025"
        )
    assert "geen fonds" in meebeslis("year", "close", "2024", "--decision", "B&W", "--fund", "ander", code=1)
    meebeslis("ledger", "check")
    meebeslis("journal", "verify")
    record = tmp_path / "telling.json"
    async with open_database(empty_database_url):
        record.write_text((await Advice.get()).record, encoding="utf-8")
    meebeslis("recount", str(record))
    meebeslis("certify", str(record))
    record.write_text(
        record.read_text(encoding="utf-8").replace('"cents":2100000', '"cents":2100001', 1), encoding="utf-8"
    )
    assert "hertelling" in meebeslis("recount", str(record), code=1)


@pytest.mark.skipif(not FILE.is_file(), reason=f"the real election is not at {FILE}")
def test_broken_line_imports_nothing(empty_database_url: str, tmp_path: Path) -> None:
    environ = {**os.environ, "MEEBESLIS_DATABASE_URL": empty_database_url, "MEEBESLIS_SECRET_KEY": "secret"}
    broken = tmp_path / "broken.pb"
    broken.write_text(
        FILE.read_text(encoding="utf-8").replace(
            "vote1249ea76-67f3-47e7-832c-664368d1fcd0;2,3,13", "vote1249;2,99"
        ),
        encoding="utf-8",
    )

    def meebeslis(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *words],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    meebeslis("migrate")
    meebeslis("fund", "load", "docs/examples/participatiefonds.toml")
    refused = meebeslis("import-pb", str(broken), "--fund", "participatiefonds", "--year", "2024")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "Regel 43: het project 99 bestaat niet.\n"
    assert "0 pots" in meebeslis("ledger", "check").stdout
