"""Every address of the municipality's side, one table; each names the act it asks for."""

from __future__ import annotations

from grants.pages import (
    admit_all,
    announcement,
    answers,
    application,
    channels,
    decision,
    demo,
    desk,
    entry,
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
    paper,
    paper_code,
    patterns,
    pay_all,
    payment,
    post,
    progress,
    results,
    rounds,
    rules,
    screening,
    sending,
    sign_in,
    stretch,
)
from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = (
    *results.ROUTES,  # first, as they are looked up in order and asked for most
    *home.ROUTES,
    *paper_code.ROUTES,  # before the link of a mail, whose address its word would fit
    *sign_in.ROUTES,
    *channels.ROUTES,
    *paper.ROUTES,
    *application.ROUTES,
    *answers.ROUTES,
    *sending.ROUTES,
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
    *post.ROUTES,
    *entry.ROUTES,
    *help_desk.ROUTES,
    *guide.ROUTES,
)
DEMO_ROUTES: tuple[PageRoute, ...] = (*demo.ROUTES, *patterns.ROUTES)
"""Only there in demo mode, on this machine."""
