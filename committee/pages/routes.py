"""Every address of the committee, one table; each names the act it asks for."""

from __future__ import annotations

from committee.pages import docket, poll, review, seats
from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = (*docket.ROUTES, *review.ROUTES, *poll.ROUTES, *seats.ROUTES)
