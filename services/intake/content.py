"""Judges a file by its content; the one door to pikepdf, Pillow and the HEIC decoder.

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

import pi_heif
import pikepdf
from PIL import GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin
from PIL.Image import DecompressionBombError
from PIL.ImageFile import ImageFile

from services.intake.files import Judged, Limits
from services.intake.refusals import FileRefused, Refusal
from shared.media import GIF, HEIC, JPEG, OFFICE, PDF, PNG, TIFF, WEBP, media_type_of, promises_another, webp_size
from shared.packages import PackageRefused

# both quote the damaged file they warn of, and what is in a file belongs into no log
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"PIL\.")

CHUNK_BYTES = 256 * 1024
# the plugins themselves: Image.open applies a limit of Pillow's own that is global to the process
_PICTURES: dict[str, type[ImageFile]] = {
    JPEG: JpegImagePlugin.JpegImageFile,
    PNG: PngImagePlugin.PngImageFile,
    TIFF: TiffImagePlugin.TiffImageFile,
    GIF: GifImagePlugin.GifImageFile,  # its size is known when its first picture is found, before that is decoded
}
_BROKEN_PICTURE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    OverflowError,
    RuntimeError,  # the HEIC decoder's
    struct.error,
)
_BROKEN_PACKAGE = {
    "encrypted": Refusal.ENCRYPTED,
    "archive-bomb": Refusal.TOO_LARGE,
}


def judge(stream: BinaryIO, name: str, limits: Limits) -> Judged:
    """Return the facts about a file; raises ``FileRefused``."""
    size_bytes, sha256 = _measured(stream, limits)
    media_type = _media_type(stream)
    if media_type == PDF:
        _check_pdf(stream, limits)
    elif media_type not in OFFICE:  # those were looked into when their type was told
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
    try:
        media_type = media_type_of(stream)
    except PackageRefused as error:
        raise FileRefused(_BROKEN_PACKAGE.get(error.reason, Refusal.CORRUPT)) from error
    if media_type is None:
        raise FileRefused(Refusal.UNSUPPORTED)
    return media_type


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
        for number, (width, height) in enumerate(_page_sizes(stream, media_type), start=1):
            if width * height > limits.pixels:
                raise FileRefused(Refusal.TOO_MANY_PIXELS)
            if number > limits.pages:
                raise FileRefused(Refusal.TOO_MANY_PAGES)


def _page_sizes(stream: BinaryIO, media_type: str) -> Iterator[tuple[int, int]]:
    """Yield the pixels across and down of each page; of pictures that move the first is the page."""
    if media_type == WEBP:
        yield webp_size(stream.read(30))
    elif media_type == HEIC:
        yield pi_heif.open_heif(stream).size
    else:
        picture = _PICTURES[media_type](stream)
        yield picture.size
        number = 1
        while isinstance(picture, TiffImagePlugin.TiffImageFile) and _turned_to(picture, number):
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
    except DecompressionBombError as error:  # the GIF plugin applies Pillow's limit, 179 million, all the same
        raise FileRefused(Refusal.TOO_MANY_PIXELS) from error
    except _BROKEN_PICTURE as error:
        raise FileRefused(Refusal.CORRUPT) from error
