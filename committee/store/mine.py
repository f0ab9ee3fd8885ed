"""The copy of everything about a person on the committee's side: their seats, and what they said and voted themselves.

What others said of a plan is theirs; the applicant reads the joint reasons with the decision.
"""

from __future__ import annotations

from committee.store.ballots import Box, Mark
from committee.store.conflicts import Declaration
from committee.store.members import Seat
from committee.store.reviews import JointReason, Review, Score
from grants.errors import Sentence
from grants.mine import Asker, Kept, Row, Source


async def _seats(asker: Asker) -> list[Row]:
    rows = Seat.filter(person_id=asker.person_id).order_by("id")
    return await rows.values("role", "alias", "since", "until")


async def _declarations(asker: Asker) -> list[Row]:
    rows = Declaration.filter(seat__person_id=asker.person_id).order_by("id")
    return await rows.values("aside", "ground", "at", application="application__number")


async def _reviews(asker: Asker) -> list[Row]:
    rows = Review.filter(seat__person_id=asker.person_id).order_by("id")
    return await rows.values(
        "objection", "changed_at", "done_at", "void_at", application="application__number"
    )


async def _scores(asker: Asker) -> list[Row]:
    rows = Score.filter(review__seat__person_id=asker.person_id).order_by("id")
    return await rows.values("criterion", "value", "sentence", application="review__application__number")


async def _joint_reasons(asker: Asker) -> list[Row]:
    rows = JointReason.filter(written_by__person_id=asker.person_id).order_by("id")
    return await rows.values("criterion", "text", "at", application="application__number")


async def _votes(asker: Asker) -> list[Row]:
    """One's own ballot that counts in each vote."""
    boxes = Box.filter(seat__person_id=asker.person_id).order_by("id").select_related("ballot", "poll__round")
    return [
        {
            "round": box.poll.round.title,
            "abstains": box.ballot.abstains,
            "applications": sorted(
                await Mark.filter(ballot_id=box.ballot_id).values_list("application__number", flat=True)
            ),
        }
        for box in await boxes
    ]


SOURCES: tuple[Source, ...] = (
    Source("seats", Sentence("Uw plaats in de commissie"), ("seat",), _seats),
    Source("declarations", Sentence("Of u mocht oordelen"), ("declaration",), _declarations),
    Source("reviews", Sentence("Uw oordelen"), ("review",), _reviews),
    Source("scores", Sentence("Wat u vond van elk punt"), ("score",), _scores),
    Source("joint_reasons", Sentence("Redenen die u opschreef"), ("joint_reason",), _joint_reasons),
    Source("votes", Sentence("Uw stem"), ("box", "ballot", "mark"), _votes),
)
LABELS: dict[str, Sentence] = {
    "abstains": Sentence("Blanco gestemd"),
    "alias": Sentence("Schuilnaam"),
    "applications": Sentence("Gestemd op"),
    "aside": Sentence("Doet niet mee"),
    "criterion": Sentence("Punt"),
    "ground": Sentence("De reden"),
    "objection": Sentence("Bezwaar tegen het plan"),
    "round": Sentence("Ronde"),
    "sentence": Sentence("Uw zin"),
    "value": Sentence("Plaats op de schaal"),
    "void_at": Sentence("Telt niet meer sinds"),
}
LEFT_OUT: dict[str, str] = {
    "poll": "about no person",
    "poll_item": "figures of plans in a vote; the public record of the count holds them",
}
KEPT = Kept(SOURCES, LABELS, LEFT_OUT)
