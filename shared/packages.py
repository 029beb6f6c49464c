"""Text documents of word processors: what a zip holds, and whether it may be unpacked.

Nothing is unpacked but the few bytes that say what it is, and what is a zip itself.
"""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

from shared.errors import HosoError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
MOST_DIRECTORY_BYTES = 1024 * 1024  # a letter has some twenty entries of 80 bytes
MOST_ENTRIES = 5_000
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_RATIO = 200  # large tables in XML pack 60 to 1; the best that Deflate can do is 1,032
SMALL_BYTES = 1024 * 1024  # entries up to this may pack as well as they like
MOST_INNER_BYTES = 64 * 1024 * 1024
MOST_DEPTH = 2  # a sheet inside a letter, and nothing packed inside that
_END_BYTES = 22
_ENDS = re.compile(rb"(?=PK\x05\x06.{8}(.{4}))", re.DOTALL)  # each with the size of the directory it closes
_MOST_COMMENT_BYTES = 65_535
_READ_BYTES = 1024 * 1024
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MAIN_PART = (DOCX + ".main+xml").encode()
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)


class PackageRefused(HosoError):
    """A document is damaged, locked, or would unpack to more than it should."""

    reason = "corrupt"


def office_type(file: BinaryIO) -> str | None:
    """Return whether a zip is a DOCX or an ODT, none where it is another; raises ``PackageRefused``."""
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as package:
            media_type = _type_of(package)
            if media_type is not None:
                _check(package, depth=1)
            if media_type == ODT:
                _check_manifest(package)
    except _BROKEN as error:
        raise PackageRefused(reason="corrupt") from error
    return media_type


def _check_directory(file: BinaryIO) -> None:
    """Hold the directory to its limit by what the zip's end says, before it is read.

    Which of several ends counts, readers do not agree on: none may say too much.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _MOST_COMMENT_BYTES))
    sizes = (int.from_bytes(said, "little") for said in _ENDS.findall(file.read()))
    if max(sizes, default=0) > MOST_DIRECTORY_BYTES:
        raise PackageRefused(reason="archive-bomb")


def _type_of(package: zipfile.ZipFile) -> str | None:
    names = set(package.namelist())
    if "mimetype" in names and first_bytes(package, "mimetype").strip() == ODT.encode():
        return ODT
    if "[Content_Types].xml" in names and _MAIN_PART in first_bytes(package, "[Content_Types].xml"):
        return DOCX
    return None


def first_bytes(package: zipfile.ZipFile, name: str) -> bytes:
    """Return what an entry begins with, a megabyte at most."""
    with package.open(name) as entry:
        return entry.read(_READ_BYTES)


def _check(package: zipfile.ZipFile, *, depth: int) -> None:
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_UNPACKED_BYTES or any(map(_swells, entries)):
        raise PackageRefused(reason="archive-bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise PackageRefused(reason="encrypted")
    if any(entry.compress_type not in _PACKED for entry in entries):
        raise PackageRefused(reason="corrupt")
    for entry in entries:
        _check_packed_inside(package, entry, depth=depth)


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size)


def _check_packed_inside(package: zipfile.ZipFile, entry: zipfile.ZipInfo, *, depth: int) -> None:
    with package.open(entry) as opened:
        if opened.read(4) != b"PK\x03\x04":
            return
        if depth >= MOST_DEPTH or entry.file_size > MOST_INNER_BYTES:
            raise PackageRefused(reason="archive-bomb")
        inner = BytesIO(b"PK\x03\x04" + opened.read())
    _check_directory(inner)
    with zipfile.ZipFile(inner) as packed:
        _check(packed, depth=depth + 1)


def _check_manifest(package: zipfile.ZipFile) -> None:
    """Refuse an ODT whose parts are encrypted: its zip does not say so, its manifest does."""
    if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in first_bytes(
        package, "META-INF/manifest.xml"
    ):
        raise PackageRefused(reason="encrypted")
