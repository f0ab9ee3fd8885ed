"""The house holds: imports go down the staircase, and every file stands on a step of it."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = {"store", "steps", "web", "pages"}
RULES: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
STAIRCASE, MUNICIPALITY, NOUNS = RULES["contracts"]


def modules_on_the_staircase() -> set[str]:
    steps = "|".join(STAIRCASE["layers"]).replace(":", "|").split("|")
    return {step.strip(" ()") for step in steps}


def modules_at_the_root(package: str) -> Iterator[str]:
    for path in (ROOT / package).iterdir():
        if path.suffix == ".py" and path.name != "__init__.py":
            yield f"{package}.{path.stem}"


def test_the_import_contracts_hold() -> None:
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    checked = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_every_noun_stands_on_the_staircase_and_is_kept_pure() -> None:
    """A file in no layer would pass the contracts unseen: both lists in pyproject.toml name every noun."""
    nouns = {*modules_at_the_root("grants"), *modules_at_the_root("committee")}
    rooms = {"deploy", *(f"{package}.{room}" for package in ("grants", "committee") for room in ROOMS)}
    assert modules_on_the_staircase() - rooms == nouns
    assert set(NOUNS["source_modules"]) == nouns


def test_there_are_no_other_rooms() -> None:
    folders = {
        path.relative_to(ROOT / package).as_posix()
        for package in ("grants", "committee")
        for path in (ROOT / package).rglob("*")
        if path.is_dir() and path.name != "__pycache__"
    }
    assert folders <= ROOMS | {"store/migrations"}


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    files = [path for package in ("grants", "committee", "deploy") for path in (ROOT / package).rglob("*.py")]
    drawers = {"utils", "helpers", "common", "base", "manager", "service"}
    assert {path.stem for path in files} & drawers == set()


def test_the_municipality_knows_neither_committee_nor_deployment() -> None:
    assert MUNICIPALITY["source_modules"] == ["grants"]
    assert MUNICIPALITY["forbidden_modules"] == ["committee", "deploy"]
