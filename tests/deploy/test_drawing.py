import json
from pathlib import Path
from typing import Any

import pytest

from deploy import cli

PEOPLE = [f"{n:02},{('client', 'carer')[n % 2]},{'nes'[n % 3]}" for n in range(20)]
PLAN = """
seats = 4
[[quotas]]
feature = "role"
value = "client"
least = 2
most = 2
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    pool, plan = tmp_path / "pool.csv", tmp_path / "plan.toml"
    pool.write_text("\n".join(["id,role,district", *PEOPLE]))
    plan.write_text(PLAN)
    return str(pool), str(plan)


def drawn(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert cli.main(["draw", *words, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_same_numbers_draw_the_same_panel_and_everybody_is_in_it_or_in_reserve(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    pool, plan = files
    found = drawn(capsys, pool, "--plan", plan, "--seed", "4711./")
    assert drawn(capsys, pool, "--plan", plan, "--seed", "4711./") == found
    assert drawn(capsys, pool, "--plan", plan, "--seed", "4712./")["panel"] != found["panel"]
    assert len(found["panel"]) == 4
    assert sorted([*found["panel"], *found["reserves"]]) == [f"{n:02}" for n in range(20)]
    assert (found["panels"], set(found["chances"].values())) == (45 * 45, {"1/5"})
    assert cli.main(["draw", pool, "--plan", plan, "--seed", "4711./"]) == 0
    assert f"Panel {found['number']} of 2025" in capsys.readouterr().out


def test_one_of_a_list_that_another_tool_made(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool, plan = files
    panels = tmp_path / "panels.csv"
    panels.write_text("00,02,01,03\n04,06,05,07\n")
    seen = {
        tuple(drawn(capsys, pool, "--plan", plan, "--seed", str(seed), "--panels", str(panels))["panel"])
        for seed in range(20)
    }
    assert seen == {("00", "01", "02", "03"), ("04", "05", "06", "07")}


def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool, plan = files
    Path(plan).write_text(PLAN.replace("= 2", "= 4").replace("carer", "x") + "[[quotas]]\n"
                          'feature = "role"\nvalue = "carer"\nleast = 1\n')  # fmt: skip
    assert cli.main(["draw", pool, "--plan", plan, "--seed", "1"]) == 1
    assert "Dit zou genoeg zijn" in capsys.readouterr().err
    Path(pool).write_bytes(b"id\n\xff\n")
    assert cli.main(["draw", pool, "--plan", plan, "--seed", "1"]) == 1
    assert "geen tekst in UTF-8" in capsys.readouterr().err
