"""The types of files that are taken, told by their content: the one list that intake and OCR share."""

import struct
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from shared.packages import DOCX, ODT, office_type

PDF = "application/pdf"
TIFF, JPEG, PNG = "image/tiff", "image/jpeg", "image/png"
HEIC, WEBP, GIF = "image/heic", "image/webp", "image/gif"
OFFICE = (DOCX, ODT)
# a faulty portal puts 21 bytes before the header of real files; ISO 32000-1 Annex H has readers look this far for it
JUNK_BYTES = 1024
_HEADER = b"%PDF-"


@dataclass(frozen=True)
class Media:
    """A type of file: what people call it, and the extensions it goes by, the usual one first."""

    name: str
    extensions: tuple[str, ...]


TAKEN = {
    PDF: Media("PDF", (".pdf",)),
    TIFF: Media("TIFF", (".tif", ".tiff")),
    JPEG: Media("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif")),
    PNG: Media("PNG", (".png",)),
    HEIC: Media("HEIC", (".heic", ".heif")),
    WEBP: Media("WebP", (".webp",)),
    GIF: Media("GIF", (".gif",)),
    DOCX: Media("DOCX", (".docx",)),
    ODT: Media("ODT", (".odt",)),
}
PROMISES = {extension: media_type for media_type, media in TAKEN.items() for extension in media.extensions}
_MARKS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
# a file of the family is HEIC where its pictures are coded as HEVC: ISO/IEC 23008-12, annex B
_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}


def taken_names(conjunction: str) -> str:
    """Return what people call the types that are taken, with a word before the last: ``PDF, TIFF or ODT``."""
    *names, last = (media.name for media in TAKEN.values())
    return f"{', '.join(names)} {conjunction} {last}"


def promises_another(name: str, media_type: str) -> bool:
    """Return whether a file's name promises another type than its content has."""
    suffix = PurePath(name).suffix.lower()
    return bool(suffix) and PROMISES.get(suffix) != media_type


def media_type_of(file: BinaryIO) -> str | None:
    """Return the type of a file by its content, none where it is not taken.

    Raises ``PackageRefused`` for a text document that would unpack to more than it should.
    """
    file.seek(0)
    head = file.read(JUNK_BYTES + len(_HEADER))
    for mark, media_type in _MARKS:
        if head.startswith(mark):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if _HEVC_BRANDS & _brands(head):
        return HEIC
    if head.startswith(b"PK\x03\x04"):
        return office_type(file)
    return PDF if _HEADER in head else None


def _brands(head: bytes) -> set[bytes]:
    """Return the brands of a file of the ISO media family; the minor version between them is none."""
    if head[4:8] != b"ftyp":
        return set()
    (size,) = struct.unpack_from(">I", head)
    brands = head[8 : min(size, len(head))]
    return {brands[at : at + 4] for at in range(0, len(brands) - 3, 4) if at != 4}


def junk_bytes_of(head: bytes) -> int:
    """Return how many bytes stand before the header of a PDF."""
    return max(0, head.find(_HEADER))


def webp_size(head: bytes) -> tuple[int, int]:
    """Return the pixels across and down of a WebP by its first 30 bytes; the decoder makes room when it opens.

    Raises ``ValueError`` where they are not there.
    """
    form = head[12:16]
    if len(head) < 30:
        raise ValueError("a WebP has a longer header")
    if form == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no WebP has such a chunk first")
