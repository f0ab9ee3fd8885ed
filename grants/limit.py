"""How often something may be done: as often as people need, then a wait that says when it works again.

A limit counts one person, one address or one browser, and one purpose. It never asks from which connection
somebody comes: a shelter has one connection, and often one computer, for everybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from grants.errors import Refusal

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Often(Refusal):
    """Something was done more often than the limit lets: nothing was changed, and a moment later it will go."""

    status = 429


class Limit(NamedTuple):
    """`most` times at once; what was used comes back little by little, all of it in the time `within`."""

    purpose: str
    most: int
    within: timedelta

    def after(self, free_at: datetime, now: datetime) -> datetime:
        """When everything has come back, if it is done now too; `free_at` is when that was before.

        Raises Often with the first minute in which it works again.
        """
        then = max(free_at, now) + self.within // self.most
        if then - now > self.within:
            raise Often(
                "Dit gebeurde nu heel vaak. Vanaf {again:time} kan het weer. Bel ons als u niet kunt wachten.",
                again=_whole_minute(then - self.within).isoformat(),
            )
        return then


def _whole_minute(at: datetime) -> datetime:
    """This minute if it has just begun, else the next: what we say must be true."""
    begun = at.replace(second=0, microsecond=0)
    return begun if begun == at else begun + MINUTE


INVITE = Limit("invite", 20, DAY)
"""Invitations that one person sends; one address gets `INVITED` from them, and `INVITED_BY_ALL` from everybody."""

INVITED = Limit("invited", 5, DAY)
INVITED_BY_ALL = Limit("invited_by_all", 60, DAY)
"""So many that whoever helps a whole shelter can be asked by everybody in it on one day."""

MESSAGE = Limit("message", 60, HOUR)
UPLOAD = Limit("upload", 120, HOUR)
NOTICE = Limit("notice", 20, DAY)
"""Lawful forms of one person; who reaches this limit can still send a letter on paper."""

HELP = Limit("help", 60, HOUR)
"""Questions from one person, or from one browser where nobody is signed in: a shelter's has many users."""

HELP_OF_VISITORS = Limit("help_visitors", 300, HOUR)
"""Questions from everybody who is not signed in, together."""

SIGN_IN_MAIL = Limit("sign_in_mail", 5, timedelta(minutes=15))
"""Mails to one address asked for in one browser; all that never signed in with it get `SIGN_IN_MAILS`."""

SIGN_IN_MAILS = Limit("sign_in_mails", 20, timedelta(minutes=15))
PAPER_CODE = Limit("paper_code", 60, HOUR)
"""Codes from paper letters tried in one browser; the tries of one code are counted with the code."""
