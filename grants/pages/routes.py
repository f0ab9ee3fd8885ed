"""Every address of the municipality's side, one table; each names the act it asks for."""

from __future__ import annotations

from grants.pages import (
    admit_all,
    announcement,
    answers,
    application,
    decision,
    demo,
    desk,
    files,
    filters,
    guide,
    help_desk,
    home,
    ledger,
    mail,
    messages,
    money,
    open_data,
    outcome,
    patterns,
    pay_all,
    payment,
    progress,
    results,
    rounds,
    rules,
    screening,
    sign_in,
    stretch,
)
from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = (
    *results.ROUTES,  # first, as they are looked up in order and asked for most
    *home.ROUTES,
    *sign_in.ROUTES,
    *application.ROUTES,
    *answers.ROUTES,
    *files.ROUTES,
    *progress.ROUTES,
    *messages.ROUTES,
    *stretch.ROUTES,
    *outcome.ROUTES,
    *open_data.ROUTES,
    *desk.ROUTES,
    *filters.ROUTES,
    *rounds.ROUTES,
    *rules.ROUTES,
    *screening.ROUTES,
    *admit_all.ROUTES,
    *decision.ROUTES,
    *announcement.ROUTES,
    *pay_all.ROUTES,  # before the page of one payment, whose address its words would fit
    *payment.ROUTES,
    *money.ROUTES,
    *ledger.ROUTES,
    *mail.ROUTES,
    *help_desk.ROUTES,
    *guide.ROUTES,
)
DEMO_ROUTES: tuple[PageRoute, ...] = (*demo.ROUTES, *patterns.ROUTES)
"""Only there in demo mode, on this machine."""
