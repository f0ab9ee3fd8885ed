"""Every address of the municipality's side, one table; each names the act it asks for."""

from __future__ import annotations

from grants.pages import (
    announcement,
    answers,
    application,
    decision,
    demo,
    desk,
    home,
    ledger,
    mail,
    money,
    open_data,
    outcome,
    payment,
    progress,
    results,
    rounds,
    rules,
    screening,
    sign_in,
)
from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = (
    *results.ROUTES,  # first, as they are looked up in order and asked for most
    *home.ROUTES,
    *sign_in.ROUTES,
    *application.ROUTES,
    *answers.ROUTES,
    *progress.ROUTES,
    *outcome.ROUTES,
    *open_data.ROUTES,
    *desk.ROUTES,
    *rounds.ROUTES,
    *rules.ROUTES,
    *screening.ROUTES,
    *decision.ROUTES,
    *announcement.ROUTES,
    *payment.ROUTES,
    *money.ROUTES,
    *ledger.ROUTES,
    *mail.ROUTES,
)
DEMO_ROUTES: tuple[PageRoute, ...] = demo.ROUTES
"""Only there in demo mode, on this machine."""
