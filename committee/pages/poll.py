"""To be written."""

from __future__ import annotations

from grants.web.guard import PageRoute

ROUTES: tuple[PageRoute, ...] = ()
