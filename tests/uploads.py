"""Files as people send them, good and bad: made here, so that each test knows what is in them."""

from __future__ import annotations

import secrets
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

from grants.store.files import Caught

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x86\x86A_OPUS" + bytes(range(200)) * 20
FILM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x86\x85V_VP8" + bytes(4000)
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(3000)
OGG_FILM = b"OggS\x00\x02" + bytes(20) + b"\x01\x2a\x80theora" + bytes(3000)
MP4 = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00M4A mp42isom" + bytes(3000)
MP4_FILM = (
    b"\x00\x00\x00\x1cftypmp42\x00\x00\x00\x00" + bytes(9000) + b"hdlr" + bytes(8) + b"vide" + bytes(99)
)
MP3 = b"\xff\xfb\x90\x44" + bytes(3000)
WAV = b"RIFF\x24\x0b\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + bytes(2900)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(300)
ZIP = b"PK\x03\x04\x14\x00" + bytes(300)
WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(300)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"\n  <!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00" + bytes(300)


def caught(name: str, media_type: str) -> Caught:
    """A file that was taken in, for tests that never look at its bytes."""
    return Caught(f"aa/{secrets.token_hex(16)}", name, media_type, 480_000, secrets.token_hex(32))


def picture(
    size: tuple[int, int] = (640, 480), form: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """A photo of noise."""
    made = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(made, form, **options)
    return made.getvalue()


def camera_picture() -> bytes:
    """A photo as a telephone makes it: lying on its side, with the place, the owner and a remark in it."""
    seen = Image.Exif()
    seen[0x0112] = 6
    seen[0x010F] = "GEHEIM merk"
    seen[0x8825] = {1: "N", 2: (52.0, 5.0, 1.0), 3: "E", 4: (4.0, 18.0, 2.0)}
    return picture((800, 600), exif=seen, comment=b"GEHEIM van Fatma", icc_profile=b"GEHEIM profiel" * 20)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some kB that is nearly a thousand million points large."""
    return _png(_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), b"")


def text_bomb() -> bytes:
    """A small PNG in which a remark of 200 MB is folded up."""
    remark = _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))
    return _png(_chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 1, 0, 0, 0, 0)), remark)


def _png(header: bytes, more: bytes) -> bytes:
    points = _chunk(b"IDAT", zlib.compress(bytes(16)))
    return b"\x89PNG\r\n\x1a\n" + header + more + points + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
