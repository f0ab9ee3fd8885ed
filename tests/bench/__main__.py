"""`./test bench`: measure everything once and print the table as it stands in the README."""

import sys
from collections.abc import Callable

from tests.bench import counting, pages, starting
from tests.bench.table import Row, show

PARTS: dict[str, Callable[[], list[Row]]] = {
    "counting": counting.measure,
    "pages": pages.measure,
    "starting": starting.measure,
}


def main() -> int:
    """Measure the parts named on the command line, or all; exit 1 when a goal is missed."""
    chosen = sys.argv[1:] or list(PARTS)
    rows = [row for name in chosen for row in PARTS[name]()]
    print(show(rows))
    missed = [row for row in rows if row.met is False]
    print(f"{len(rows) - len(missed)} of {len(rows)} goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
