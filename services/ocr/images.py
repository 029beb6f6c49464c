"""Pages of picture files (JPEG, PNG, TIFF), decoded upright; the one door to Pillow's file formats."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from services.ocr.judge import JPEG, PNG, TIFF, Limits
from services.ocr.pages import PageFailed, Picture, UnfitPaper
from services.ocr.pdf.picture_pdf import PicturePage, write_picture_pdf
from services.ocr.picture_coding import coded_page
from services.ocr.prepare import RECOGNITION_DPI

_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF"}
# what Pillow raises on broken files; measured on the awkward samples and by fuzzing in the tests
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, IndexError, struct.error, zlib.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# screens and cameras write 72 or 96 whatever the picture is; a scanner writes more
_LEAST_TRUE_DPI, _MOST_TRUE_DPI = 100, 2400
_LEAST_DPI, _MOST_DPI = 72, 600
_A4_LONG_SIDE_INCHES = 11.69


class ImagePages:
    """The pages of a picture file: one, or many in a TIFF."""

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self.media_type = media_type
        self._path = path
        self._limits = limits
        try:
            with self._opened() as image:
                self.count = _count(image, limits.pages) if media_type == TIFF else 1
        except PageFailed as error:
            raise UnfitPaper(reason="corrupt" if error.reason == "page-unreadable" else error.reason) from error
        limits.check_count(self.count)

    @contextmanager
    def _opened(self) -> Iterator[Image.Image]:
        try:
            with Image.open(self._path, formats=[_FORMATS[self.media_type]]) as image:
                yield image
        except _BOMBS as error:
            raise PageFailed(reason="too-many-pixels") from error
        except _BROKEN as error:
            raise PageFailed(reason="page-unreadable") from error

    @contextmanager
    def _at(self, number: int) -> Iterator[Image.Image]:
        """Open page ``number``; nothing of it is decoded yet and its size keeps the limits."""
        with self._opened() as image:
            if number > 1:
                image.seek(number - 1)
            self._limits.check_picture(image.width, image.height)
            yield image

    def picture(self, number: int) -> Picture:
        """Decode a page, turned as its file says, without transparency, in grey or RGB."""
        with self._at(number) as image:
            dpi = true_dpi(image)
            if isinstance(image, JpegImageFile):
                dpi *= _draft(image, dpi)
            return Picture(_plain(ImageOps.exif_transpose(image)), dpi)

    def as_pdf(self, folder: Path) -> Path:
        """Make a PDF of the pictures, each as good as it was and at its true size."""
        target = folder / "pictures.pdf"
        write_picture_pdf(target, (self._page(number) for number in range(1, self.count + 1)))
        return target

    def _page(self, number: int) -> PicturePage:
        try:
            with self._at(number) as image:
                return coded_page(image, self._path, dpi=true_dpi(image), plain=_plain)
        except PageFailed:
            return PicturePage(None, RECOGNITION_DPI)


def _count(image: Image.Image, most: int) -> int:
    """Count the pages of a TIFF one by one, because a broken or hostile chain may never end."""
    count = 1
    while count <= most:
        try:
            image.seek(count)
        except EOFError:
            break
        count += 1
    return count


def true_dpi(image: Image.Image) -> float:
    """Return the resolution a picture's file states, or one that makes it about A4."""
    stated = image.info.get("dpi", (0, 0))[0]
    if _LEAST_TRUE_DPI <= stated <= _MOST_TRUE_DPI:
        return float(stated)
    guess = max(image.size) / _A4_LONG_SIDE_INCHES
    return min(_MOST_DPI, max(_LEAST_DPI, guess))


def _draft(image: JpegImageFile, dpi: float) -> float:
    """Let the decoder shrink a JPEG that is finer than we need; return by how much it does."""
    width = image.width
    factor = RECOGNITION_DPI / dpi
    image.draft(image.mode, (round(width * factor), round(image.height * factor)))
    return image.width / width


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in grey or RGB, transparent parts white as paper."""
    if image.mode in ("1", "L", "RGB"):
        return image if image.mode != "1" else image.convert("L")
    if image.has_transparency_data:
        opaque = image.convert("RGBA")
        paper = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(paper, opaque).convert("RGB")
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return 16 bits of grey as 8; Pillow's own conversion cuts everything above 255 to white."""
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
