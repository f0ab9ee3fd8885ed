"""The municipality's desk: what waits, what lapses first on top, and how the present round stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q
from tortoise.functions import Count, Sum

from grants import calendar
from grants.access import AUDITOR, OFFICER, Actor
from grants.application import Stage
from grants.fund import Windows
from grants.ledger import Balance
from grants.pages.layout import paging
from grants.pages.queue import MONEY, UNDER_WAY, Asked, Item, Waiting, What, round_items
from grants.pages.words import PHASES
from grants.round import Facts, phase
from grants.store.applications import Application
from grants.store.funds import Round
from grants.store.outbox import Task
from grants.web.guard import PageRoute, page_route
from grants.web.render import page
from grants.web.session import actor_of

_WINDOWS = ("opens_at", "closes_at", "ballot_opens_at", "ballot_closes_at", "decide_by")
_FACTS = ("opened_at", "advised_at", "decided_at", "announced_at", "published_at")
_POT = ("ceiling", "reserved", "committed", "paid", "carried")


class RoundFacts:
    """A round that is not closed, as the desk sees it: where it stands, and the pot of its year."""

    def __init__(self, row: dict[str, Any], now: datetime) -> None:
        windows = Windows(*(row[name] for name in _WINDOWS))
        self.row = row
        self.phase = phase(windows, Facts(*(row[name] for name in _FACTS)), now)
        self.balance = Balance(*(row[f"fund__pots__{name}_cents"] or 0 for name in _POT))


async def desk(request: Request) -> Response:
    """The queue of who asks: what is theirs to do, or with `?bij=anderen` what they wait for."""
    now, actor = request.app.state.clock(), actor_of(request)
    rounds = [RoundFacts(row, now) for row in await _rounds()]
    items = await _items(actor, rounds, now)
    ours = [item for item in items if _can_do(actor, item)]
    elsewhere = request.query_params.get("bij") == "anderen"
    shown = [item for item in items if item not in ours] if elsewhere else ours
    part = paging(request, len(shown))
    present = _present(rounds, now)
    context = {
        "items": shown[part.offset : part.offset + part.size],
        "paging": part,
        "elsewhere": elsewhere,
        "ours": len(ours),
        "theirs": len(items) - len(ours),
        "today": calendar.local(now).date(),
        "present": present,
        "asked": await _asked(present.row["id"]) if present else None,
        "phases": PHASES,
    }
    return page(request, "grants/desk/queue.html", context)


async def _items(actor: Actor, rounds: list[RoundFacts], now: datetime) -> list[Item]:
    """Everything that waits and concerns this person, what lapses first on top."""
    today = calendar.local(now).date()
    waiting = await _waiting()
    items = [item for one in waiting for item in one.items(today)]
    if actor.has(OFFICER, AUDITOR):
        in_stage = Counter((one.row["round_id"], one.row["stage"]) for one in waiting)
        for one in rounds:
            items += round_items(one.row, one.phase, in_stage, now)
        items += await _tasks()
    else:
        items = [item for item in items if item.what in MONEY]
    return sorted(items, key=lambda item: item.urgency)


def _can_do(actor: Actor, item: Item) -> bool:
    """Is it theirs to do? The auditor does nothing, and sees what the municipality has to do."""
    return bool(item.job.roles) if actor.has(AUDITOR) else actor.has(*item.job.roles)


async def _rounds() -> list[dict[str, Any]]:
    """The rounds that are not closed, each with the pot of its own year where there is one: one query."""
    pots = [f"fund__pots__{name}_cents" for name in _POT]
    rows = await Round.filter(closed_at=None).order_by("year").values(
        "id", "public_id", "year", "title", *_WINDOWS, *_FACTS, "fund__pots__year", *pots
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["fund__pots__year"] == row["year"]:
            found[row["id"]] = row
        else:
            found.setdefault(row["id"], row | dict.fromkeys(pots))
    return list(found.values())


def _present(rounds: list[RoundFacts], now: datetime) -> RoundFacts | None:
    """The round whose figures are shown: the last one that was opened and has begun, else the next."""
    opened = [one for one in rounds if one.row["opened_at"]]
    begun = [one for one in opened if one.row["opens_at"] <= now]
    return next(iter([*reversed(begun), *opened]), None)


async def _asked(round_id: int) -> dict[str, Any]:
    """How many applications the round has, and what they ask together, in cents."""
    sent_in = Application.filter(round_id=round_id, submitted_at__isnull=False).exclude(
        stage=Stage.WITHDRAWN.value
    )
    rows: list[dict[str, Any]] = await sent_in.annotate(count=Count("id"), cents=Sum("asked_cents")).values(
        "count", "cents"
    )
    return rows[0]


async def _waiting() -> list[Waiting]:
    """Every application about which something may have to be done: one query, whatever their number."""
    under_way = [stage.value for stage in (*UNDER_WAY, Stage.ACCOUNTED)]
    announced = [Stage.ANNOUNCED.value, Stage.PUBLISHED.value]
    rows = await Application.filter(
        Q(stage__in=under_way)
        | Q(stage__in=announced, decision__cents__gt=0, payments__id__isnull=True)
        | Q(payments__id__isnull=False, payments__paid_on__isnull=True)
    ).values(
        "id", "public_id", "number", "title", "stage", "round_id", "round__decide_by", "report__at",
        "completions__id", "completions__asked_at", "completions__answered_at", "completions__due_on",
        "decision__announced_at", "account__id",
        "payments__public_id", "payments__due_on", "payments__paid_on",
    )  # fmt: skip
    found: dict[int, Waiting] = {}
    for row in rows:
        one = found.setdefault(row["id"], Waiting(row))
        if row["completions__id"]:
            one.asked[row["completions__id"]] = Asked(
                row["completions__asked_at"], row["completions__answered_at"], row["completions__due_on"]
            )
        if row["payments__public_id"] and row["payments__paid_on"] is None:
            one.unpaid[row["payments__public_id"]] = row["payments__due_on"]
    return list(found.values())


async def _tasks() -> list[Item]:
    """The letters that could not be delivered, as one row that is as old as the oldest of them."""
    made_at = await Task.filter(done_at=None).order_by("made_at").values_list("made_at", flat=True)
    if not made_at:
        return []
    oldest_on = calendar.local(made_at[0]).date()  # type: ignore[arg-type]
    return [Item(What.REACH, oldest_on, "/gemeente/post", "", times=len(made_at))]


ROUTES: tuple[PageRoute, ...] = (page_route("/gemeente", "desk.queue", name="desk", get=desk),)
