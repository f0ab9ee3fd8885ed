"""One runner in a race: a process of its own that calls steps at an agreed moment, all at once.

`python -m tests.racer URL START decide ID[,ID…] CENTS | adopt ROUND | close YEAR`
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from deploy.database import open_database
from grants.access import Actor
from grants.decision import Kind
from grants.errors import Refusal
from grants.steps.close_year import close_year
from grants.steps.decide import adopt_all, decide
from tests.factories import DECIDING

OPERATOR = Actor.operator()


def runs(what: str, arguments: list[str]) -> list[Callable[[], Awaitable[object]]]:
    match what, arguments:
        case "decide", [ids, cents]:
            return [
                lambda id_=id_: decide(OPERATOR, id_, Kind.PARTLY, int(cents), "Een wedloop.", DECIDING)
                for id_ in ids.split(",")
            ]
        case "adopt", [round_id]:
            return [lambda: adopt_all(OPERATOR, int(round_id), DECIDING)] * 2
        case "close", [year]:
            return [lambda: close_year(OPERATOR, int(year), "B&W 1 februari", DECIDING)] * 4
    raise SystemExit(2)


async def outcome(run: Callable[[], Awaitable[object]]) -> str:
    try:
        await run()
    except Refusal:
        return "refused"
    return "done"


async def main(url: str, start: float, what: str, arguments: list[str]) -> None:
    async with open_database(url):
        await asyncio.sleep(max(0.0, start - time.time()))
        print(*await asyncio.gather(*map(outcome, runs(what, arguments))))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4:]))
