"""The municipality's desk: what waits, what lapses first on top, and how the present round stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from starlette.requests import Request
from starlette.responses import Response

from grants import calendar
from grants.access import AUDITOR, OFFICER, Actor
from grants.fund import Windows
from grants.ledger import Balance
from grants.pages.filters import Filter, kinds, years
from grants.pages.incoming import LIST as INCOMING
from grants.pages.layout import paging
from grants.pages.queue import MONEY, Item, Waiting, What, round_items, talk_item, work_of
from grants.pages.words import PHASES
from grants.round import Facts, phase
from grants.store import desk as store
from grants.store.filters import kept_by
from grants.term import Asked
from grants.web.guard import PageRoute, page_route
from grants.web.render import page
from grants.web.session import actor_of

_WINDOWS = attrgetter("opens_at", "closes_at", "ballot_opens_at", "ballot_closes_at", "decide_by")
_FACTS = attrgetter("opened_at", "advised_at", "decided_at", "announced_at", "published_at")
_POT = attrgetter("ceiling_cents", "reserved_cents", "committed_cents", "paid_cents", "carried_cents")


class RoundFacts:
    """A round that is not closed, as the desk sees it: where it stands, and the pot of its year."""

    def __init__(self, row: store.OpenRound, now: datetime) -> None:
        self.row = row
        self.phase = phase(Windows(*_WINDOWS(row)), Facts(*_FACTS(row)), now)
        self.balance = Balance(*(cents or 0 for cents in _POT(row)))


async def desk(request: Request) -> Response:
    """The queue of who asks: what is theirs to do, or with `?bij=anderen` what they wait for, as filtered."""
    now, actor = request.app.state.clock(), actor_of(request)
    today, asked = calendar.local(now).date(), Filter.of(request.url.query)
    rounds = [RoundFacts(row, now) for row in await store.rounds()]
    items = await _items(actor, rounds, now)
    theirs_to_do = work_of(actor.roles)
    ours = [item for item in items if item.what in theirs_to_do]
    others = [item for item in items if item.what not in theirs_to_do]
    within = asked.within(others if asked.elsewhere else ours)
    shown = asked.of_kind(within)
    part = paging(request, len(shown))
    here = shown[part.offset : part.offset + part.size]
    context = {
        "by_day": [(day, list(items)) for day, items in groupby(here, attrgetter("due_on"))],
        "paging": part,
        "filter": asked,
        "kinds": kinds(asked, within),
        "years": years(asked, within),
        "kept": await kept_by(actor.person_id),
        "ours": len(ours),
        "theirs": len(others),
        "late": sum(item.due_on is not None and item.due_on < today for item in shown),
        "today": today,
        "present": _present(rounds, now),
        "phases": PHASES,
    }
    return page(request, "grants/desk/queue.html", context)


async def _items(actor: Actor, rounds: list[RoundFacts], now: datetime) -> list[Item]:
    """Everything that waits and concerns this person, what lapses first on top."""
    today = calendar.local(now).date()
    waiting = _gathered(await store.waiting())
    items = [item for one in waiting for item in one.items(today)]
    if actor.has(OFFICER, AUDITOR):
        in_stage = Counter((one.row.round_id, one.row.stage) for one in waiting)
        for one in rounds:
            items += round_items(one.row, one.phase, in_stage, now)
        items += [talk_item(row, today) for row in await store.messages()]
        items += await _people_to_reach()
    else:
        items = [item for item in [*items, *await _people_to_reach()] if item.what in MONEY]
    return sorted(items, key=lambda item: item.urgency)


def _gathered(rows: list[store.UnderWay]) -> list[Waiting]:
    """The applications among these rows, each with its completions and unpaid payments."""
    found: dict[int, Waiting] = {}
    for row in rows:
        one = found.setdefault(row.id, Waiting(row))
        if row.completion_id:
            one.asked[row.completion_id] = Asked(row.asked_at, row.answered_at, row.complete_by)
        if row.payment_id:
            one.unpaid[row.payment_id] = row.pay_by
    return list(found.values())


def _present(rounds: list[RoundFacts], now: datetime) -> RoundFacts | None:
    """The round whose figures are shown: the last one that was opened and has begun, else the next."""
    opened = [one for one in rounds if one.row.opened_at]
    begun = [one for one in opened if one.row.opens_at <= now]
    return next(iter([*reversed(begun), *opened]), None)


async def _people_to_reach() -> list[Item]:
    """Letters that could not be delivered, people who ask for help, official messages: one row for each kind."""
    found = await store.tasks()
    rows = []
    if found["tasks"]:
        since = calendar.local(found["oldest_at"]).date()
        rows.append(Item(What.REACH, since, "/gemeente/post", "", times=found["tasks"]))
    if found["asking"]:
        rows.append(Item(What.HELP, found["help_by"], "/gemeente/hulp", "", times=found["asking"]))
    if found["incoming"]:
        rows.append(Item(What.ANSWER, found["answer_by"], INCOMING, "", times=found["incoming"]))
    if found["accounts"]:
        rows.append(Item(What.NEW_ACCOUNT, found["account_by"], INCOMING, "", times=found["accounts"]))
    return rows


ROUTES: tuple[PageRoute, ...] = (page_route("/gemeente", "desk.queue", name="desk", get=desk),)
