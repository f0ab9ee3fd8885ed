"""The draw of a committee from files alone: whoever has the same files and the same numbers draws the same."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from committee.panel import NoPanel, Panels, Person, Plan, pick, reserves
from committee.pool import panels_hash, pool_hash, read_panels, read_plan, read_pool, why_not
from grants.errors import FileError

LABEL = "committee"


def draw(arguments: argparse.Namespace) -> int:
    """Print who is drawn, the reserves in their order, and how likely it was for everybody."""
    pool = read_pool(_text(arguments.pool))
    plan = read_plan(_text(arguments.plan), pool)
    if arguments.panels:
        drawn = _one_of(read_panels(_text(arguments.panels), pool, plan), arguments.seed)
    else:
        drawn = _any(plan, pool, arguments.seed)
    drawn |= {
        "reserves": reserves(drawn["panel"], list(pool), arguments.seed),
        "seed": arguments.seed,
        "pool_hash": pool_hash(pool),
    }
    if arguments.json:
        print(json.dumps(drawn, ensure_ascii=False))
        return 0
    print(f"Panel {drawn['number']} of {drawn['panels']}; pool {drawn['pool_hash']}")
    for id_ in drawn["panel"]:
        print(f"{id_:>12}  {' '.join(pool[id_].values())}")
    print(f"Reserves, in this order: {' '.join(drawn['reserves'])}")
    return 0


def _any(plan: Plan, pool: Mapping[str, Person], seed: str) -> dict[str, Any]:
    """One of all panels that meet the plan, each as likely; numbers count from 0."""
    try:
        panels = Panels(plan, pool)
    except NoPanel:
        raise why_not(plan, pool) from None
    number = pick(panels.count, seed, LABEL)
    return {
        "panel": panels.panel(number),
        "number": number,
        "panels": panels.count,
        "chances": {id_: str(chance) for id_, chance in panels.chances.items()},
    }


def _one_of(panels: list[list[str]], seed: str) -> dict[str, Any]:
    number = pick(len(panels), seed, LABEL)
    return {
        "panel": panels[number], "number": number, "panels": len(panels), "panels_hash": panels_hash(panels),
    }  # fmt: skip


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileError("Dit bestand is geen tekst in UTF-8.") from None
