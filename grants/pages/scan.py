"""The scan of a paper application: added by the desk, read by the desk and by whoever's application it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response

from grants.entry import SCAN
from grants.errors import Problem, Refusal, Sentence
from grants.pages.application import is_public_id
from grants.pages.entry import DESK, entry_of, show_entry
from grants.steps.enter import add_scan
from grants.store.files import Caught, Files, catch
from grants.store.uploads import upload_of
from grants.web.download import download
from grants.web.forms import read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import redirect
from grants.web.session import actor_of

NOTHING = Sentence("Kies eerst een bestand. Druk dan op “Voeg de scan toe”.")


async def add(request: Request) -> Response:
    """Keep what was chosen; a file that is broken or disguised is told, and changes nothing."""
    entry = await entry_of(request)
    caught: list[Caught] = []
    problems: list[Problem] = []

    async def take(field: str, name: str, pieces: AsyncIterator[bytes]) -> None:
        if field != SCAN.field:
            return
        try:
            caught.append(await catch(request.app.state.files, name, pieces, SCAN))
        except Refusal as refusal:
            problems.extend(refusal.problems)

    form = await read_form(request, catch=take)
    for one in caught:
        problems += await _keep(request, entry.application.public_id, one)
    form.problems += problems
    if not caught and not form.problems:
        form.add(SCAN.field, NOTHING)
    if form.problems:
        return await show_entry(request, entry, form)
    return redirect(f"{DESK}/{entry.application.public_id}")


async def _keep(request: Request, public_id: str, caught: Caught) -> list[Problem]:
    """Keep one scan; the bytes go again where no row names them."""
    files: Files = request.app.state.files
    row, problems = None, []
    try:
        row = await add_scan(actor_of(request), public_id, caught, request.app.state.clock())
    except Refusal as refusal:
        problems = refusal.problems
    finally:
        if row is None or row.path != caught.path:
            await files.delete([caught.path])
    return problems


async def give(request: Request) -> Response:
    """One scan, as an attachment."""
    entry, file_id = await entry_of(request), request.path_params["file"]
    row = await upload_of(entry.application_id, file_id) if is_public_id(file_id) else None
    return await download(request, row if row and row.question == SCAN.field else None)


ROUTES: tuple[PageRoute, ...] = (
    page_route(f"{DESK}/{{id}}/scan", "entry.make", name="entry.scan", post=add),
    page_route(f"{DESK}/{{id}}/scan/{{file}}", "entry.make", name="entry.scan_file", get=give),
)
