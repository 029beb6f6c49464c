"""Judges a file by its content; the one door to pikepdf and Pillow.

Nothing is decoded: a PDF is opened and its pages are counted, of a picture only the headers are
read, so that a bomb costs no more than a letter.
"""

import hashlib
import logging
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pikepdf
from PIL import JpegImagePlugin, PngImagePlugin, TiffImagePlugin
from PIL.ImageFile import ImageFile

from services.intake.files import Judged, Limits, promises_another
from services.intake.refusals import FileRefused, Refusal

# both quote the damaged file they warn of, and what is in a file belongs into no log
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"PIL\.")

CHUNK_BYTES = 256 * 1024
# a faulty portal puts 21 bytes before the header of real files; readers look this far for it
JUNK_BYTES = 1024
_PDF = "application/pdf"
_MARKS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
# the plugins themselves: Image.open applies a limit of Pillow's own that is global to the process
_PICTURES: dict[str, type[ImageFile]] = {
    "image/jpeg": JpegImagePlugin.JpegImageFile,
    "image/png": PngImagePlugin.PngImageFile,
    "image/tiff": TiffImagePlugin.TiffImageFile,
}
_BROKEN_PICTURE = (OSError, SyntaxError, ValueError, LookupError, TypeError, OverflowError, struct.error)


def judge(stream: BinaryIO, name: str, limits: Limits) -> Judged:
    """Return the facts about a file; raises ``FileRefused``."""
    size_bytes, sha256 = _measured(stream, limits)
    media_type = _media_type(stream)
    if media_type == _PDF:
        _check_pdf(stream, limits)
    else:
        _check_picture(stream, media_type, limits)
    return Judged(stream, media_type, promises_another(name, media_type), size_bytes, sha256)


def _measured(stream: BinaryIO, limits: Limits) -> tuple[int, str]:
    digest, size_bytes = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size_bytes += len(chunk)
        if size_bytes > limits.size_bytes:
            raise FileRefused(Refusal.TOO_LARGE)
    if not size_bytes:
        raise FileRefused(Refusal.EMPTY)
    return size_bytes, digest.hexdigest()


def _media_type(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(JUNK_BYTES + 5)
    for mark, media_type in _MARKS:
        if head.startswith(mark):
            return media_type
    if b"%PDF-" in head:
        return _PDF
    raise FileRefused(Refusal.UNSUPPORTED)


def _check_pdf(stream: BinaryIO, limits: Limits) -> None:
    stream.seek(0)
    try:
        with pikepdf.open(stream, suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise FileRefused(Refusal.ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise FileRefused(Refusal.CORRUPT) from error
    if not pages:
        raise FileRefused(Refusal.CORRUPT)
    if pages > limits.pages:
        raise FileRefused(Refusal.TOO_MANY_PAGES)


def _check_picture(stream: BinaryIO, media_type: str, limits: Limits) -> None:
    stream.seek(0)
    with _broken_is_refused():
        picture = _PICTURES[media_type](stream)
        for number, (width, height) in enumerate(_page_sizes(picture), start=1):
            if width * height > limits.pixels:
                raise FileRefused(Refusal.TOO_MANY_PIXELS)
            if number > limits.pages:
                raise FileRefused(Refusal.TOO_MANY_PAGES)


def _page_sizes(picture: ImageFile) -> Iterator[tuple[int, int]]:
    yield picture.size
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        number = 1
        while _turned_to(picture, number):
            yield picture.size
            number += 1


def _turned_to(picture: ImageFile, number: int) -> bool:
    try:
        picture.seek(number)
    except EOFError:
        return False
    return True


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    try:
        yield
    except _BROKEN_PICTURE as error:
        raise FileRefused(Refusal.CORRUPT) from error
