"""The municipality's half of the path against a model: whatever is tried in whatever order, stages and cents agree."""

import asyncio
from contextlib import AbstractContextManager, AsyncExitStack
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deploy.database import open_database
from grants import ledger
from grants.application import Stage
from grants.decision import Kind, kind_for
from grants.errors import Refusal
from grants.steps.account import determine, recover, report
from grants.steps.announce import announce
from grants.steps.close_year import close_year
from grants.steps.decide import decide
from grants.steps.pay import PAYABLE, approve, name_account, prepare
from grants.steps.publish import publish
from grants.store import journal
from grants.store.applications import Application
from grants.store.ledger import Pot, entries_of
from grants.store.payments import Payment
from tests.conftest import FreshDatabase
from tests.factories import DECIDING, person
from tests.grants.steps.test_decide import advised

ASKED = (4_000_000, 3_500_000, 3_000_000, 2_000_000)
CEILING = 10_000_000
PLACE = st.integers(0, len(ASKED) - 1)
PART = st.sampled_from([0, 1, 50, 99, 100])
FITTING = st.sampled_from([50, 70, 0, 75, 1])
"""Parts that fit in the pot together; one in a hundred is small enough to be determined at once."""
AT_ONCE = range(1, 500_000)


class Model:
    """What the pot and the four applications must look like, kept beside the real thing in a few numbers."""

    def __init__(self) -> None:
        self.stage = [Stage.ALLOCATED] * len(ASKED)
        self.granted = [0] * len(ASKED)
        self.paid = [0] * len(ASKED)
        self.prepared = [0] * len(ASKED)
        self.back = [0] * len(ASKED)
        self.spent: list[int | None] = [None] * len(ASKED)
        self.final: list[int | None] = [None] * len(ASKED)
        self.closed = False

    @property
    def promised(self) -> int:
        """What still counts against the ceiling: the grant, or after determination what stays with the recipient."""
        return sum(
            granted if final is None else max(final, paid - back)
            for granted, final, paid, back in zip(self.granted, self.final, self.paid, self.back, strict=True)
        )


class Path(RuleBasedStateMachine):
    """Steps tried at random; each is done exactly when the model allows it."""

    fresh: AbstractContextManager[str]

    @initialize(ahead=st.sampled_from([3, 0, 1, 2, 3, 3]), parts=st.lists(FITTING, min_size=4, max_size=4))
    def begin(self, ahead: int, parts: list[int]) -> None:
        """Start somewhere along the path, so that its end is tried as often as its beginning."""
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.model = Model()
        self.url = self.fresh.__enter__()
        self.runner.run(self._open())
        if ahead >= 1:
            for place, part in enumerate(parts):
                self.decide(place, part)
        if ahead >= 2 and Stage.ALLOCATED not in self.model.stage:
            self.announce()
        if ahead >= 3:
            self.publish()

    async def _open(self) -> None:
        await self.stack.enter_async_context(open_database(self.url))
        self.applications, self.applicant, self.officer = await advised(*[(asked, 0) for asked in ASKED])
        self.finance = await person("Financien", "finance")

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self.stack.aclose())
            self.runner.close()
            self.fresh.__exit__(None, None, None)

    def attempt(self, step: Any, allowed: bool) -> bool:
        """Do the step; it must succeed exactly when it is allowed."""
        refused = None
        try:
            self.runner.run(step)
        except Refusal as refusal:
            refused = refusal
        assert (refused is None) == allowed, refused or "done though it was not allowed"
        return allowed

    @rule(place=PLACE, part=PART)
    def decide(self, place: int, part: int) -> None:
        cents = ASKED[place] * part // 100
        kind = kind_for(cents, ASKED[place], refused=Kind.REFUSED_CEILING)
        others = self.model.promised - self.model.granted[place]
        open_ = self.model.stage[place] in (Stage.ALLOCATED, Stage.DECIDED)
        step = decide(self.officer, self.applications[place].public_id, kind, cents, "Een reden.", DECIDING)
        if self.attempt(step, open_ and others + cents <= CEILING):
            self.model.stage[place], self.model.granted[place] = Stage.DECIDED, cents

    @rule(place=PLACE, paid=PART, part=PART)
    def settle(self, place: int, paid: int, part: int) -> None:
        """Pay, report and determine one after the other: what chance alone seldom lines up."""
        self.pay(place, paid)
        self.report(place, part)
        self.determine(place, part)
        self.recover(place, 100)

    @precondition(lambda self: Stage.PUBLISHED not in self.model.stage)
    @rule()
    def announce(self) -> None:
        ready = Stage.ALLOCATED not in self.model.stage
        if self.attempt(announce(self.officer, self.applications[0].round_id, DECIDING), ready):
            model = self.model
            for place, granted in enumerate(model.granted):
                if model.stage[place] is Stage.DECIDED:
                    model.stage[place] = Stage.ANNOUNCED
                    model.final[place] = granted if granted in AT_ONCE else None

    @precondition(lambda self: Stage.PUBLISHED not in self.model.stage)
    @rule()
    def publish(self) -> None:
        ready = not {Stage.ALLOCATED, Stage.DECIDED} & set(self.model.stage)
        if self.attempt(publish(self.officer, self.applications[0].round_id, DECIDING), ready):
            model = self.model
            for place, final in enumerate(model.final):
                if model.stage[place] is Stage.ANNOUNCED:
                    model.stage[place] = Stage.PUBLISHED if final is None else Stage.DETERMINED

    @rule(place=PLACE, part=PART)
    def pay(self, place: int, part: int) -> None:
        model = self.model
        final = model.final[place]
        left = (model.granted[place] if final is None else final) - model.paid[place]
        cents = left * part // 100
        payable = model.stage[place] in PAYABLE and 0 < cents <= left
        if self.attempt(self._pay(place, cents), payable):
            model.paid[place] += cents

    async def _pay(self, place: int, cents: int) -> None:
        public_id = self.applications[place].public_id
        if not await Payment.exists(application_id=self.applications[place].id):
            await name_account(self.applicant, public_id, "Stichting", "NL91ABNA0417164300", "key", DECIDING)
        payment = await prepare(self.officer, public_id, cents, DECIDING)
        await approve(self.finance, payment.public_id, DECIDING.date(), DECIDING)

    @rule(place=PLACE, part=PART)
    def report(self, place: int, part: int) -> None:
        stage, granted = self.model.stage[place], self.model.granted[place]
        spent = granted * part // 100
        already = self.model.spent[place] is not None
        same = self.model.spent[place] == spent
        step = report(self.applicant, self.applications[place].public_id, "Het ging goed.", spent, DECIDING)
        if self.attempt(step, same or (stage is Stage.PUBLISHED and granted > 0)) and not already:
            self.model.stage[place], self.model.spent[place] = Stage.ACCOUNTED, spent

    @rule(place=PLACE, part=PART)
    def determine(self, place: int, part: int) -> None:
        cents = self.model.granted[place] * part // 100
        step = determine(
            self.officer, self.applications[place].public_id, cents, "Minder gebruikt.", DECIDING
        )
        if self.attempt(step, self.model.stage[place] is Stage.ACCOUNTED):
            self.model.stage[place], self.model.final[place] = Stage.DETERMINED, cents

    @rule(place=PLACE, part=PART)
    def recover(self, place: int, part: int) -> None:
        model = self.model
        final = model.final[place]
        open_ = 0 if final is None else max(0, model.paid[place] - model.back[place] - final)
        cents = open_ * part // 100
        reference = f"{place}-{model.back[place]}"
        if self.attempt(
            recover(self.finance, self.applications[place].public_id, cents, reference, DECIDING), cents > 0
        ):
            model.back[place] += cents

    @rule()
    def close(self) -> None:
        ready = not {Stage.ALLOCATED, Stage.DECIDED} & set(self.model.stage)
        if self.attempt(close_year(self.officer, 2026, "B&W", DECIDING), ready):
            self.model.closed = True

    @invariant()
    def stages_agree(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self._stages_agree())

    async def _stages_agree(self) -> None:
        rows = await Application.all().order_by("id").values("stage")
        assert [row["stage"] for row in rows] == [stage.value for stage in self.model.stage]

    @invariant()
    def cents_agree(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self._cents_agree())

    async def _cents_agree(self) -> None:
        for pot in await Pot.all():
            assert ledger.recompute(await entries_of(pot.id)) == pot.balance
        pot = await Pot.get(year=2026)
        free = CEILING - self.model.promised
        assert pot.balance.free == (0 if self.model.closed else free)
        carried = await Pot.get_or_none(year=2027)
        assert (carried.ceiling_cents if carried else 0) == (free if self.model.closed else 0)
        assert await journal.broken_place() is None


@pytest.mark.timeout(400)
def test_path_in_any_order(fresh_database: FreshDatabase, engine: str) -> None:
    class Machine(Path):
        def __init__(self) -> None:
            super().__init__()
            self.fresh = fresh_database()

    examples = 8 if engine == "sqlite" else 3
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=examples, stateful_step_count=20, phases=[Phase.generate])
    )
