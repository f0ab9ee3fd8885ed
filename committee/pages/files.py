"""Files and sound of a plan, for a member who may read it: exactly those that the plan's own page shows."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from committee.pages.review import PATH, plan_of
from committee.pages.sight import case_of
from grants import upload
from grants.errors import NotFound
from grants.store.uploads import upload_of
from grants.web.download import download
from grants.web.guard import PageRoute, page_route
from grants.web.session import actor_of


async def give(request: Request) -> Response:
    """A file of the plan as it was sent in last. Who stands aside, or did not declare yet, finds nothing."""
    case = await case_of(actor_of(request), request.path_params["id"], "committee.read")
    shown = {question.key: answer for question, answer in await plan_of(case.application)}
    file_id = request.path_params["file"]
    if not case.declared or file_id not in upload.names(shown):
        raise NotFound("Dit bestand is er niet. Misschien is het weggehaald.")
    return await download(request, await upload_of(case.application.id, file_id))


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{PATH}/bestanden/{{file}}", "committee.read", name="case.file", get=give),
)
