"""Letting several applications of a round through at once: those of which every check is good.

Law: Awb 4:5 (nothing goes on that is not complete), 3:2 (each was looked at with care, one by one).
"""

from __future__ import annotations

from collections import defaultdict

from starlette.requests import Request
from starlette.responses import Response

from grants import round as rules_of
from grants.access import OFFICER
from grants.application import Stage, check_not_own
from grants.errors import Sentence
from grants.pages.bulk import Row, do_each, done, posted, refused, shown
from grants.pages.rounds import round_of
from grants.screening import Verdict, check_admission
from grants.steps.screen import admit
from grants.store.applications import Application, ScreeningCheck
from grants.store.companions import who_wrote_along
from grants.store.funds import Round
from grants.web.forms import Form
from grants.web.guard import PageRoute, page_route
from grants.web.session import actor_of

ALL_GOOD = Sentence("Alle controles zijn in orde")
COMPLETING = Sentence("De aanvrager vult nog aan.")
ADVISED = Sentence("De commissie heeft al advies gegeven. Deze aanvraag kan niet meer mee.")


async def preview(request: Request) -> Response:
    """Which applications go to the committee, and which stay and why."""
    return await _show(request, await round_of(request), Form())


async def admit_all(request: Request) -> Response:
    """Let through each application that was shown; one that changed meanwhile says why it stays."""
    round_ = await round_of(request)
    form = await posted(request)
    actor, now = actor_of(request), request.app.state.clock()
    await do_each(form, await _rows(round_, actor.person_id), lambda key: admit(actor, key, now))
    return await _show(request, round_, form) if form.problems else done(request.url.path)


async def _show(request: Request, round_: Round, form: Form) -> Response:
    actor = actor_of(request)
    context = {"round": round_, "may": actor.has(OFFICER)}
    rows = await _rows(round_, actor.person_id)
    return shown(request, "grants/screening/admit_all.html", form, rows, context)


async def _rows(round_: Round, person_id: int | None) -> list[Row]:
    """What is still in screening, by number: three queries."""
    stages = [Stage.SUBMITTED.value, Stage.COMPLETING.value]
    found = await Application.filter(round_id=round_.id, stage__in=stages).order_by("number").values(
        "id", "public_id", "number", "title", "stage", "asked_cents", "person_id"
    )  # fmt: skip
    verdicts: dict[int, dict[str, Verdict]] = defaultdict(dict)
    of_round = ScreeningCheck.filter(application__round_id=round_.id, application__stage__in=stages)
    for key, check, verdict in await of_round.values_list("application_id", "check_key", "verdict"):
        verdicts[key][check] = Verdict(verdict)
    checks = rules_of.checks(round_.frozen) if found else ()
    labels = {check.key: check.label for check in checks}
    along = await who_wrote_along([row["id"] for row in found])
    return [
        Row(
            row["public_id"], row["number"], row["title"], f"/gemeente/aanvragen/{row['public_id']}",
            row["asked_cents"], ALL_GOOD,
            (ADVISED if round_.advised_at else None)
            or (COMPLETING if row["stage"] == Stage.COMPLETING else None)
            or refused(check_not_own, person_id, {row["person_id"]} | along[row["id"]])
            or refused(check_admission, list(labels.values()), {
                label: verdicts[row["id"]][key] for key, label in labels.items() if key in verdicts[row["id"]]
            }),
        )
        for row in found
    ]  # fmt: skip


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        "/gemeente/rondes/{id}/doorlaten", "desk.read", name="admit_all",
        get=preview, post=admit_all, post_act="screening.do",
    ),
)  # fmt: skip
