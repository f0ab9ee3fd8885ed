"""A committee at work: a round with plans before it, and people who declare, judge, vote and count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from committee.conflict import NONE
from committee.framework import Criterion, read_framework
from committee.judgement import Judged
from committee.steps.recuse import declare
from committee.steps.review import save_review, write_reason
from committee.steps.vote import open_poll
from committee.store.ballots import Poll
from grants.access import Actor
from grants.store.applications import Application
from grants.store.funds import Round
from tests.factories import REVIEW, VOTING, member, opened_round, person, screened

SEED = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4"
TITLES = ("Samen eten", "Nachtwandeling", "Reparatiecafé", "Radio uit de wijk", "Muziek op zolder")


@dataclass
class Scene:
    """One round with its people. `ada` and `bo` are members; nobody has declared anything yet."""

    round: Round
    officer: Actor
    applicant: Actor
    ada: Actor
    bo: Actor
    chair: Actor
    secretary: Actor
    plans: list[Application] = field(default_factory=list)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return read_framework(self.round.frozen["committee"]).criteria

    @property
    def ids(self) -> list[str]:
        return [plan.public_id for plan in self.plans]

    def judged(self, value: int | None = 4, said: str = "Daarom") -> dict[str, Judged]:
        """The same word for everything, with a sentence of its own at each criterion."""
        return {criterion.key: Judged(value, f"{said} {criterion.key}.") for criterion in self.criteria}

    async def free(self, *actors: Actor, at: datetime = REVIEW) -> None:
        """Have these people declare to be free to judge every plan."""
        for actor in actors:
            for plan in self.plans:
                await declare(actor, plan.public_id, NONE, at)

    async def judge(
        self,
        actor: Actor,
        plan: Application,
        value: int | None = 4,
        said: str = "Daarom",
        *,
        done: bool = True,
    ) -> None:
        """Declare to be free and judge one plan."""
        await declare(actor, plan.public_id, NONE, REVIEW)
        await save_review(actor, plan.public_id, self.judged(value, said), "", REVIEW, done=done)

    async def judge_all(self, *actors: Actor, value: int = 4) -> None:
        for actor in actors:
            for plan in self.plans:
                await self.judge(actor, plan, value, f"{actor.name} vindt dit van {plan.title}:")

    async def reasons(self, *plans: Application) -> None:
        """The secretary writes every joint reason of these plans, of all of them when none are named."""
        for plan in plans or self.plans:
            await declare(self.secretary, plan.public_id, NONE, REVIEW)
            for criterion in self.criteria:
                await write_reason(
                    self.secretary, plan.public_id, criterion.key, "Wij zien hier iets in.", REVIEW
                )

    async def poll(self, at: datetime = VOTING) -> Poll:
        """Open the poll by the dice."""
        return await open_poll(self.chair, self.round.public_id, SEED, at)


async def scene(plans: int = 2) -> Scene:
    """A round under review with this many plans, all of one applicant."""
    round_ = await opened_round()
    officer = await person("Olga Ambtenaar", "officer")
    applicant = await person("Tom Aanvrager", "applicant")
    made = Scene(
        round_,
        officer,
        applicant,
        ada=await member(round_, "Ada Lid"),
        bo=await member(round_, "Bo Lid"),
        chair=await member(round_, "Chris Voorzitter", "chair"),
        secretary=await member(round_, "Sem Secretaris", "secretary"),
    )
    for title in TITLES[:plans]:
        made.plans.append(await screened(applicant, officer, round_, title))
    return made
