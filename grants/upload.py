"""Files and sound that people add to an answer: what is taken, what it is by its content, how large it may be.

Nothing is believed of what a browser says about a file: not its name, not its kind, not its size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from grants.errors import Refusal
from grants.text import clean

MEGABYTE = 1_000_000
PHOTO_BYTES = 15 * MEGABYTE
PAPER_BYTES = 10 * MEGABYTE
SOUND_BYTES_A_MINUTE = 2 * MEGABYTE
"""Enough for what telephones record; our own recording takes an eighth of it."""

MOST_FILES = 5
MOST_SOUNDS = 3
MOST_MINUTES = 10
HEAD = 4096
"""So many bytes from the begin tell what a file is."""

TAIL = 2048
MAX_NAME = 80
SPOKEN = ".spoken"
"""Behind the key of a question: where what was said aloud is kept. No key of a question holds a dot."""

_ID = re.compile(r"[0-9a-f]{32}")
_UNFIT = re.compile(r"[\x00-\x1f<>:\"/\\|?*\u2028\u2029]+")
_FILM = re.compile(rb"hdlr.{8}vide|V_(?:VP[89]|AV1|MPEG|THEORA)", re.DOTALL)
_FILM_CARRY = 16


class Unfit(Refusal):
    """A file that cannot be an answer: what it is, and what to do."""

    status = 422

    def __init__(self, text: str, name: str, wanted: Wanted, **values: Any) -> None:
        super().__init__(text, field=wanted.field, name=shown(name), **values)


class Family(StrEnum):
    """What a file is for a person."""

    PHOTO = "photo"
    PAPER = "paper"
    SOUND = "sound"


class Media(NamedTuple):
    """What a file is for a machine."""

    family: Family
    media_type: str
    extension: str


JPEG = Media(Family.PHOTO, "image/jpeg", "jpg")
PNG = Media(Family.PHOTO, "image/png", "png")
WEBP = Media(Family.PHOTO, "image/webp", "webp")
PDF = Media(Family.PAPER, "application/pdf", "pdf")
WEBM = Media(Family.SOUND, "audio/webm", "webm")
OGG = Media(Family.SOUND, "audio/ogg", "ogg")
MP4 = Media(Family.SOUND, "audio/mp4", "m4a")
MP3 = Media(Family.SOUND, "audio/mpeg", "mp3")
WAV = Media(Family.SOUND, "audio/wav", "wav")
KEPT = {media.media_type: media for media in (JPEG, PDF, WEBM, OGG, MP4, MP3, WAV)}
"""What is ever kept and served: every photo becomes a JPEG."""

_SOUND_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OGG_SOUNDS = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_MARKUP = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


@dataclass(frozen=True)
class Wanted:
    """What may be added to one question; `field` names the question's field in problems."""

    field: str
    families: tuple[Family, ...]
    most: int
    minutes: int = 0

    def bytes_of(self, family: Family) -> int:
        """How large one file may be."""
        sizes = {Family.PHOTO: PHOTO_BYTES, Family.PAPER: PAPER_BYTES}
        return sizes.get(family, self.minutes * SOUND_BYTES_A_MINUTE)

    @property
    def megabytes(self) -> dict[str, int]:
        """The same in MB, by family, to say beforehand."""
        return {family: self.bytes_of(family) // MEGABYTE for family in self.families}

    @property
    def accept(self) -> str:
        """What the browser's own list of files shows; an iPhone then makes a JPEG of its own kind of photo."""
        if Family.SOUND in self.families:
            return "audio/*"
        return ".jpg,.jpeg,.png,.webp,.pdf,image/jpeg,image/png,image/webp,application/pdf"


def files(field: str) -> Wanted:
    """Photos and papers, as answers to a question."""
    return Wanted(field, (Family.PHOTO, Family.PAPER), MOST_FILES)


def sound(field: str, minutes: int) -> Wanted:
    """What somebody says, beside or instead of a written answer."""
    return Wanted(field, (Family.SOUND,), MOST_SOUNDS, minutes)


def recognise(head: bytes, name: str, wanted: Wanted) -> Media:
    """What a file is, by the `HEAD` bytes it begins with; Refusal where that is not wanted here."""
    media = _known(head)
    if media is None:
        raise _unknown(head, name, wanted)
    if media.family not in wanted.families:
        if media.family is Family.SOUND:
            raise Unfit("“{name}” is geluid. Kies hier een foto of een PDF.", name, wanted)
        raise Unfit("“{name}” is geen geluid. Kies een opname van uw stem.", name, wanted)
    return media


def _known(head: bytes) -> Media | None:
    starts = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF, b"ID3": MP3}
    for start, media in starts.items():
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[:4] == b"OggS" and head[28:36].startswith(_OGG_SOUNDS):
        return OGG
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return WEBM
    if head[4:8] == b"ftyp" and head[8:12] in _SOUND_BRANDS:
        return MP4
    return MP3 if _is_mp3_frame(head) else None


def _is_mp3_frame(head: bytes) -> bool:
    """The mark of a frame of layer III, with a rate of bits and of samples that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C


def _unknown(head: bytes, name: str, wanted: Wanted) -> Refusal:
    """Why this is not taken, as far as it can be told, and what to do."""
    if not head:
        return Unfit("“{name}” is leeg. Kies een ander bestand.", name, wanted)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Unfit(
            "“{name}” is een foto in de vorm HEIC. Die kunnen wij niet lezen. Maak er een schermafdruk van.",
            name, wanted,
        )  # fmt: skip
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")):
        return Unfit(
            "“{name}” komt uit Word of is een zip-bestand. Bewaar het als PDF en kies dan die PDF.",
            name, wanted,
        )  # fmt: skip
    if head.lstrip().startswith(_MARKUP):
        return Unfit(
            "“{name}” is een webpagina of een tekening. Maak er een PDF of een schermafdruk van.",
            name, wanted,
        )  # fmt: skip
    if Family.SOUND in wanted.families:
        return Unfit("“{name}” kunnen wij niet afspelen. Kies geluid: MP3, M4A, OGG of WAV.", name, wanted)
    return Unfit("“{name}” kunnen wij niet lezen. Kies een foto (JPEG, PNG, WebP) of een PDF.", name, wanted)


def too_large(name: str, media: Media, wanted: Wanted) -> Refusal:
    """More bytes than a file of this family may have."""
    most = wanted.bytes_of(media.family) // MEGABYTE
    return Unfit(
        "“{name}” is te groot. Er is plaats voor {most} MB. Kies een kleiner bestand.",
        name,
        wanted,
        most=most,
    )


def too_many(wanted: Wanted) -> Refusal:
    """There is no room for another one."""
    return Refusal(
        "U kunt hier hoogstens {most} bestanden bewaren. Haal er eerst een weg.",
        field=wanted.field,
        most=wanted.most,
    )


def broken(name: str, wanted: Wanted) -> Refusal:
    """It begins well, and cannot be read to the end."""
    return Unfit(
        "“{name}” is beschadigd of niet helemaal binnengekomen. Probeer het nog een keer.", name, wanted
    )


def exploding(name: str, wanted: Wanted) -> Refusal:
    """Small on the wire, and far too large once it is opened."""
    return Unfit(
        "“{name}” heeft te veel beeldpunten. Maak er een schermafdruk van, of kies een kleinere foto.",
        name, wanted,
    )  # fmt: skip


class Flow:
    """Looks along while a file streams by: Refusal as soon as it is too large, a film, or ends too early."""

    def __init__(self, name: str, media: Media, wanted: Wanted) -> None:
        self.size = 0
        self._said = (name, media, wanted)
        self._most = wanted.bytes_of(media.family)
        self._carry = b""

    def pass_by(self, piece: bytes) -> None:
        """The next bytes."""
        name, media, wanted = self._said
        self.size += len(piece)
        if self.size > self._most:
            raise too_large(name, media, wanted)
        seen = self._carry + piece
        if media.family is Family.SOUND and _FILM.search(seen):
            raise Unfit("“{name}” is een film. Wij kunnen alleen uw stem bewaren.", name, wanted)
        self._carry = seen[-TAIL:] if media is PDF else seen[-_FILM_CARRY:]

    def end(self) -> None:
        """There are no more bytes."""
        name, media, wanted = self._said
        if media is PDF and b"%%EOF" not in self._carry:
            raise broken(name, wanted)


def shown(name: str) -> str:
    """The last part of a file's name as the browser gave it, safe to show and short."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return " ".join(_UNFIT.sub(" ", clean(last)).split())[:MAX_NAME].strip() or "bestand"


def display_name(name: str, media: Media) -> str:
    """The name under which a file is kept and given back: the person's own, with the ending that is true."""
    stem = shown(name)
    stem = stem.rpartition(".")[0] or stem
    return f"{stem[: MAX_NAME - len(media.extension) - 1].strip(' .') or 'bestand'}.{media.extension}"


def entries(value: Any) -> list[dict[str, Any]]:
    """The uploads that an answer names, as they are kept; what has another shape is left out."""
    given = value if isinstance(value, list) else []
    return [dict(entry) for entry in given if isinstance(entry, Mapping) and _is_entry(entry)]


def _is_entry(entry: Mapping[str, Any]) -> bool:
    id_, name, media_type, size = (entry.get(part) for part in ("id", "name", "media_type", "bytes"))
    return (
        isinstance(id_, str)
        and _ID.fullmatch(id_) is not None
        and isinstance(name, str)
        and isinstance(media_type, str)
        and media_type in KEPT
        and isinstance(size, int)
        and len(entry) == 4
    )


def names(answers: Mapping[str, Any]) -> set[str]:
    """The ids of all uploads that these answers name."""
    return {entry["id"] for answer in answers.values() for entry in entries(answer)}


def is_sound(entry: Mapping[str, Any]) -> bool:
    return KEPT[entry["media_type"]].family is Family.SOUND
