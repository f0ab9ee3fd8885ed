"""Every address of the committee, one table; each names the act it asks for."""

from __future__ import annotations

from committee.pages import ballot, counted, docket, files, poll, reasons, review, seats, stretch
from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = (
    *docket.ROUTES,
    *review.ROUTES,
    *files.ROUTES,
    *reasons.ROUTES,
    *stretch.ROUTES,
    *ballot.ROUTES,
    *poll.ROUTES,
    *seats.ROUTES,
    *counted.ROUTES,
)
