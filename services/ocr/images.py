"""Pages of picture files, decoded upright; the one door to Pillow's file formats and to the HEIC decoder.

A TIFF has as many pages as pictures. Of a GIF or WebP that moves, and of a HEIC with several
pictures, the first or primary one is the page: nobody files papers that way.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pi_heif
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, Picture, UnfitPaper
from services.ocr.pdf.picture_pdf import PicturePage, write_picture_pdf
from services.ocr.picture_coding import coded_page, drawn_page
from services.ocr.pixels import as_pixels
from services.ocr.prepare import RECOGNITION_DPI
from shared.media import GIF, HEIC, JPEG, PNG, TIFF, WEBP, webp_size

pi_heif.options.DECODE_THREADS = 1  # pages are what runs side by side
_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", WEBP: "WEBP", GIF: "GIF"}
# what Pillow raises on broken files; measured on the awkward samples and by fuzzing in the tests
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    RuntimeError,  # the HEIC decoder's
    struct.error,
    zlib.error,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# screens and cameras write 72 or 96 whatever the picture is; a scanner writes more
_LEAST_TRUE_DPI, _MOST_TRUE_DPI = 100, 2400
_LEAST_DPI, _MOST_DPI = 72, 600
_A4_LONG_SIDE_INCHES = 11.69
_JPEG_ENDS = b"\xff\xd9" * 8
_MISSING = 128  # what libjpeg makes of data that are not there
_LEAST_DECODED = 0.5


class ImagePages:
    """The pages of a picture file."""

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self.media_type = media_type
        self._path = path
        self._limits = limits
        try:
            self.count, self.only_first = self._counted()
        except PageFailed as error:
            raise UnfitPaper(reason="corrupt" if error.reason == "page-unreadable" else error.reason) from error
        limits.check_count(self.count)

    def _counted(self) -> tuple[int, bool]:
        """Return the number of pages, and whether there are pictures that are none."""
        if self.media_type == HEIC:
            with _broken_fails():
                heif = pi_heif.open_heif(self._path)
                self._limits.check_picture(*heif.size)
                return 1, len(heif) > 1
        with self._opened() as image:
            if self.media_type == TIFF:
                return _count(image, self._limits.pages), False
            self._limits.check_picture(*image.size)
            return 1, bool(getattr(image, "is_animated", False)) and self.media_type in (GIF, WEBP)

    @contextmanager
    def _opened(self) -> Iterator[Image.Image]:
        with _broken_fails():
            if self.media_type == HEIC:
                yield self._from_heif()
                return
            if self.media_type == WEBP:
                with self._path.open("rb") as file:
                    self._limits.check_picture(*webp_size(file.read(30)))
            with Image.open(self._path, formats=[_FORMATS[self.media_type]]) as image:
                yield image

    def _from_heif(self) -> Image.Image:
        """Decode a HEIC: its own turns are done by the decoder, those of its EXIF repeat them (ISO/IEC 23008-12)."""
        heif = pi_heif.open_heif(self._path)
        self._limits.check_picture(*heif.size)
        image: Image.Image = heif.to_pillow()
        image.info.pop("exif", None)
        image.info.pop("xmp", None)
        return image

    @contextmanager
    def _at(self, number: int) -> Iterator[Image.Image]:
        """Open page ``number``; nothing of it is decoded yet and its size keeps the limits."""
        with self._opened() as image:
            if number > 1:
                image.seek(number - 1)
            self._limits.check_picture(image.width, image.height)
            yield image

    def picture(self, number: int, *, stamped: bool = True) -> Picture:  # noqa: ARG002  # the protocol's
        """Decode a page, turned as its file says, without transparency, in grey or RGB.

        What is there of a JPEG that ends early is given with the reason ``picture-truncated``, where
        that is at least half.
        """
        try:
            with self._at(number) as image:
                return _decoded(image)
        except PageFailed as error:
            if self.media_type != JPEG or error.reason != "page-unreadable":
                raise
            return self._truncated()

    def _truncated(self) -> Picture:
        with _broken_fails(), Image.open(BytesIO(self._path.read_bytes() + _JPEG_ENDS), formats=["JPEG"]) as image:
            self._limits.check_picture(image.width, image.height)
            dpi = true_dpi(image)
            dpi *= _draft(image, dpi) if isinstance(image, JpegImageFile) else 1
            plain = _plain(image)
            rows = _decoded_rows(plain)
            if rows < _LEAST_DECODED * plain.height:
                raise PageFailed(reason="picture-truncated")
            plain.paste("white", (0, rows, plain.width, plain.height))
            plain.info["exif"] = image.info.get("exif", b"")
            return Picture(as_pixels(ImageOps.exif_transpose(plain)), dpi, "picture-truncated")

    def layer(self, number: int) -> None:  # the protocol's
        """Return nothing: a picture has no text."""

    def as_pdf(self, folder: Path) -> Path:
        """Make a PDF of the pictures, each as good as it was and at its true size."""
        target = folder / "pictures.pdf"
        write_picture_pdf(target, (self._page(number) for number in range(1, self.count + 1)))
        return target

    def _page(self, number: int) -> PicturePage:
        try:
            with self._at(number) as image:
                return coded_page(image, self._path, dpi=true_dpi(image), plain=_plain)
        except PageFailed as error:
            return self._rest_of_page(error)

    def _rest_of_page(self, error: PageFailed) -> PicturePage:
        """Show what is there of a JPEG that ends early, as ``picture`` does; nothing of any other broken page."""
        try:
            if self.media_type == JPEG and error.reason == "page-unreadable":
                picture = self._truncated()
                return drawn_page(picture.image, picture.dpi)
        except PageFailed:
            pass
        return PicturePage(None, RECOGNITION_DPI)


@contextmanager
def _broken_fails() -> Iterator[None]:
    try:
        yield
    except _BOMBS as error:
        raise PageFailed(reason="too-many-pixels") from error
    except _BROKEN as error:
        raise PageFailed(reason="page-unreadable") from error


def _decoded(image: Image.Image) -> Picture:
    dpi = true_dpi(image)
    if isinstance(image, JpegImageFile):
        dpi *= _draft(image, dpi)
    return Picture(as_pixels(_plain(ImageOps.exif_transpose(image))), dpi)


def _decoded_rows(image: Image.Image) -> int:
    """Return how many rows from the top there are before those that the decoder had no data for."""
    filled = image.convert("L").point(lambda value: 255 * (value != _MISSING)).getbbox()
    return filled[3] if filled else 0


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
