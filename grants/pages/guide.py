"""A short guide for each role: the few things that people in it do, in their order."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants.access import APPLICANT, AUDITOR, FINANCE, OFFICER
from grants.errors import NotFound, Sentence
from grants.web.guard import PageRoute, page_route
from grants.web.render import page
from grants.web.session import actor_of

Guides = dict[str, tuple[Sentence, str]]
"""By role: what the guide is called, and its template."""

GUIDES: Guides = {
    OFFICER: (Sentence("Uitleg voor medewerkers"), "grants/guide/officer.html"),
    FINANCE: (Sentence("Uitleg voor financiën"), "grants/guide/finance.html"),
    AUDITOR: (Sentence("Uitleg voor controleurs"), "grants/guide/auditor.html"),
    APPLICANT: (Sentence("Uitleg voor aanvragers"), "grants/guide/applicant.html"),
}


async def own_guide(request: Request) -> Response:
    """The guide for the role of who asks; visitors see what an applicant does."""
    guides: Guides = request.app.state.guides
    held = (role for role in guides if actor_of(request).has(role))
    return _guide(request, guides, next(held, APPLICANT))


async def guide(request: Request) -> Response:
    """The guide for one role. Everybody may read all of them."""
    guides: Guides = request.app.state.guides
    role = request.path_params["role"]
    if role not in guides:
        raise NotFound("Deze uitleg is er niet.")
    return _guide(request, guides, role)


def _guide(request: Request, guides: Guides, role: str) -> Response:
    name, template = guides[role]
    context = {
        "name": name,
        "mine": role == APPLICANT or actor_of(request).has(role),
        "others": [(f"/uitleg/{other}", said) for other, (said, _) in guides.items() if other != role],
    }
    return page(request, template, context)


ROUTES: tuple[PageRoute, ...] = (
    page_route("/uitleg", "public.read", name="own_guide", get=own_guide),
    page_route("/uitleg/{role}", "public.read", name="guide", get=guide),
)
