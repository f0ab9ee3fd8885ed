"""Photos are drawn anew: upright, not larger than a reader needs, and without all that a camera writes along.

A telephone writes where and when a photo was made and by which device. A new picture of the same points has
none of it, nor anything that was hidden behind the picture in the same file.
"""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image, ImageOps

from grants.upload import JPEG, PNG, WEBP, Media, Wanted, broken, exploding

LONGEST_SIDE = 2000
MOST_POINTS = 50_000_000
"""In memory a point takes three or four bytes; telephones make photos of up to 50 million."""

QUALITY = 82
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}


def redraw(data: bytes, name: str, media: Media, wanted: Wanted) -> bytes:
    """The photo as a new JPEG. Refusal where it is broken, or would take more memory than we give it.

    Takes up to some seconds and 200 MB: call it in a thread, and not often at once.
    """
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[media]]) as photo:
            if photo.width * photo.height > MOST_POINTS:
                raise exploding(name, wanted)
            return _drawn(photo)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise exploding(name, wanted) from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        LookupError,
        ArithmeticError,
        TypeError,
        struct.error,
    ):
        # What Pillow says of a file that is not what it begins as; a fault of ours is none of these.
        raise broken(name, wanted) from None


def _drawn(photo: Image.Image) -> bytes:
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(photo).convert("RGBA")
    fresh = Image.new("RGB", upright.size, "white")
    fresh.paste(upright, mask=upright)
    made = BytesIO()
    fresh.save(made, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return made.getvalue()
