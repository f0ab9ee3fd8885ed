"""What the walk over every page meets of talking: messages both ways, and ideas of the committee."""

from __future__ import annotations

from datetime import timedelta

from committee.steps.recuse import declare
from committee.steps.stretch import give_idea
from grants.steps.draft import save_answer
from grants.steps.stretch import choose, send_new_plan
from grants.steps.talk import write_to_applicant, write_to_municipality
from grants.stretch import Choice
from tests.committee.scene import Scene
from tests.factories import REVIEW


async def talk(made: Scene) -> None:
    """Messages on the first plan and the last; an idea that waits for the last, and one taken up for the second."""
    plan, changed, waiting = made.ids
    due_on = REVIEW.date() + timedelta(days=5)
    await write_to_municipality(made.applicant, plan, "Mag het in de tuin?\nHet regent vaak.", "a", REVIEW)
    await write_to_applicant(made.officer, plan, "Dat mag. Wanneer?", due_on, "b", REVIEW)
    await write_to_municipality(made.applicant, waiting, "Wij zijn met meer.", "c", REVIEW)
    for one in (changed, waiting):
        await declare(made.secretary, one, "none", REVIEW)
        await give_idea(made.secretary, one, ["plan", "budget"], "Vraag de buren erbij.", REVIEW)
    await choose(made.applicant, changed, Choice.ACCEPTED, "Ik wil dit zelf.", REVIEW)
    lines = [{"what": "Pannen", "wished": "4.000", "least": "2.500"}]
    await save_answer(made.applicant, changed, "budget", lines, REVIEW)
    await save_answer(made.applicant, changed, "plan", "Met de buren.", REVIEW)
    await send_new_plan(made.applicant, changed, REVIEW)
