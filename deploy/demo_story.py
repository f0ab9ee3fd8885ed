"""The story of the demonstration: who plays in it, on which days, and its diary, played in the order of time.

Every moment is simulated: it goes into the real steps as their `now`, so that journal, ledger and letters
tell one story in the right order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any
from zlib import crc32

from deploy.mail import server_says
from grants import calendar
from grants.access import Actor
from grants.steps.post import lease, note_failed, note_sent
from grants.store.consents import agree_to_mail
from grants.store.funds import Round
from grants.store.people import Person, RoleHeld

FOLDER = Path(__file__).parent / "demo_data"
POSTED_AFTER = timedelta(seconds=40)
FULL = server_says("552 5.2.2 Mailbox full")

Content = dict[str, Any]
Deed = Callable[[datetime], Awaitable[object]]
"""Something that happens at a moment, which it is told."""


@cache
def read(name: str) -> Content:
    """A file of `demo_data`, not to be changed; a paragraph is one line, however the file wraps it."""
    content: Content = _unwrapped(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
    return content


def _unwrapped(value: Any) -> Any:
    match value:
        case str():
            return "\n\n".join(" ".join(part.split()) for part in value.split("\n\n"))
        case list():
            return [_unwrapped(item) for item in value]
        case dict():
            return {key: _unwrapped(item) for key, item in value.items()}
    return value


def pick(seed: str, most: int) -> int:
    """A number from 0 up to, not including, `most`: the same for the same seed on every machine."""
    return crc32(seed.encode()) % most


def address(key: str) -> str:
    return f"{key}@voorbeeld.example"


@dataclass(frozen=True)
class Days:
    """The days of one year's round, counted from its first day (a Monday), beside today."""

    year: int
    first: date
    today: date

    def day(self, text: str, *, office: bool = False) -> date:
        """The day meant by "45" (after the first day) or "T-3" (before today).

        What an office does falls on the working day before it.
        """
        on = (
            self.today + timedelta(int(text[1:]))
            if text.startswith("T")
            else self.first + timedelta(int(text))
        )
        while office and calendar.extended(on) != on:
            on -= timedelta(days=1)
        return on

    def moment(self, text: str, *, office: bool = False) -> datetime:
        """A day and a time on the clock, as in "45 17:00", in UTC."""
        day, clock = text.split()
        return calendar.from_local(datetime.combine(self.day(day, office=office), time.fromisoformat(clock)))


@dataclass
class Plan:
    """One application: what was written in it and of it, and its ids once it has been begun."""

    words: Content
    days: Days
    public_id: str = ""
    id: int = 0

    @property
    def key(self) -> str:
        return str(self.words["key"])


@dataclass
class Story:
    """Everybody by key, the rounds that were opened by year, and what is still to happen."""

    field_key: str
    actors: dict[str, Actor] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    _diary: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def then(self, at: datetime, deed: Deed) -> None:
        """Write a deed in the diary, in any order; while the story is played, too."""
        heappush(self._diary, (at, next(self._order), deed))

    def round_of(self, plan: Plan) -> Round:
        return self.rounds[plan.days.year]

    async def play(self) -> None:
        """Let everything happen in the order of time; the post goes out at the end of each day."""
        while self._diary:
            at, _, deed = heappop(self._diary)
            await deed(at)
            if not self._diary or self._diary[0][0].date() != at.date():
                await self._post(at)

    async def _post(self, at: datetime) -> None:
        for row in await lease(at, limit=200):
            if row.email in self.unreachable:
                await note_failed(row, FULL, at, for_good=True)
            else:
                await note_sent(row, row.queued_at + POSTED_AFTER)

    async def meet(self, person: Content, at: datetime) -> None:
        """Make somebody known: the person and the roles for which no step exists, and the actor they are."""
        key, roles = person["key"], person.get("roles", [])
        made = await Person.create(
            public_id=token_hex(16), email=address(key), name=person["name"], created_at=at
        )
        await agree_to_mail(made.id, made.id, at)
        await RoleHeld.bulk_create([RoleHeld(person_id=made.id, role=role, since=at) for role in roles])
        held = {*roles, person["seat"]} if "seat" in person else set(roles)
        self.actors[key] = Actor(made.id, made.name, frozenset(held))
        if person.get("mailbox_full"):
            self.unreachable.add(address(key))
