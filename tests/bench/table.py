"""One row of the table, and how the table is printed."""

from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, the figure, the goal, and whether it was met (None: it could not be measured)."""

    what: str
    figure: str
    goal: str
    met: bool | None


def show(rows: list[Row]) -> str:
    """The table in Markdown."""
    mark = {True: "yes", False: "**no**", None: "not measured"}
    lines = ["| what | measured | goal | met |", "| --- | --: | --: | --- |"]
    return "\n".join([*lines, *(f"| {r.what} | {r.figure} | {r.goal} | {mark[r.met]} |" for r in rows)])
