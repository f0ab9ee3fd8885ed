"""What the two engines say when the database cannot do a thing now: one name for each driver's own words."""

from __future__ import annotations

from tortoise.exceptions import OperationalError


class Busy(OperationalError):
    """Somebody else holds what this needs, or the connection is gone; trying again soon is right.

    What stood in a transaction has been undone, unless the connection was lost while committing.
    """
