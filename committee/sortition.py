"""Drawing lots that anyone can draw again: the order of a list follows from public numbers and nothing else.

The shape is RFC 3797 (Eastlake 2004): hash the place, the seed and the place again, take the number modulo
what is left in the pool, strike it out, go on. With SHA-256 in place of the RFC's MD5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

LONGEST_LIST = 65_535  # the place is hashed as two bytes


def lot_order(
    ids: Iterable[str], seed: str, label: str = "", digest: Literal["sha256", "md5"] = "sha256"
) -> list[str]:
    """All ids in the order of the lot, first drawn first.

    `seed` is the text of the public numbers as RFC 3797 writes it ("9319./2.5.8.10.12./"); `label` names the
    use, so that one ceremony serves several draws. The ids are sorted as text first: the order in which
    they come in never matters. `md5` is there to draw the RFC's own example. ValueError names an id that
    occurs twice, or a list too long to number in two bytes.
    """
    pool = sorted(ids)
    for one, next_one in pairwise(pool):
        if one == next_one:
            raise ValueError(f"id {one!r} is in the lot twice")
    if len(pool) > LONGEST_LIST:
        raise ValueError(f"{len(pool)} ids do not fit in one lot, at most {LONGEST_LIST}")
    text = (f"{seed}{label}/" if label else seed).encode()
    drawn = []
    for turn in range(len(pool)):
        place = turn.to_bytes(2, "big")
        number = hashlib.new(digest, place + text + place, usedforsecurity=False).digest()
        drawn.append(pool.pop(int.from_bytes(number, "big") % len(pool)))
    return drawn
