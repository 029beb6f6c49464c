"""Pages of PDF files, rendered; the one door to pypdfium2.

PDFium is not thread-safe: one lock stands around every call. The file is opened for each page
anew, so that nothing PDFium keeps of a page outlives it and memory stays flat on long files.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw

from services.ocr.hocr import Box
from services.ocr.judge import PDF, Limits
from services.ocr.layer import Glyph, lines_of
from services.ocr.layout import Page
from services.ocr.pages import POINTS_PER_INCH, PageFailed, Picture, UnfitPaper
from services.ocr.prepare import bounded_dpi

LAYER_DPI = 200.0  # boxes of a text layer are given as if the page had been recognised

_lock = threading.Lock()


class PdfPages:
    """The pages of a PDF."""

    media_type = PDF

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        with _opened(path) as document:
            self.count = len(document)
        limits.check_count(self.count)

    def picture(self, number: int) -> Picture:
        """Render a page as a reader sees it, with its annotations and signature stamps."""
        try:
            with _opened(self._path) as document:
                return _rendered(document, number)
        except pypdfium2.PdfiumError as error:
            raise PageFailed(reason="page-unreadable") from error

    def text(self, number: int) -> Page:
        """Return what the file's own text layer says on a page, as lines with boxes in pixels."""
        try:
            with _opened(self._path) as document:
                return _layer(document[number - 1], number)
        except pypdfium2.PdfiumError as error:
            raise PageFailed(reason="page-unreadable") from error

    def as_pdf(self, folder: Path) -> Path:  # noqa: ARG002  # nothing has to be made
        """Return the file itself."""
        return self._path


def _rendered(document: pypdfium2.PdfDocument, number: int) -> Picture:
    page = document[number - 1]
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise PageFailed(reason="page-unreadable")
    dpi = bounded_dpi(width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    bitmap = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
    image = bitmap.to_pil()
    # RGB is copied, as Pillow keeps it otherwise; anything else shares a buffer that goes with the document
    return Picture(image if image.mode == "RGB" else image.convert("RGB"), dpi)


def _layer(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = size = _layer_size(page)
    text = page.get_textpage()
    glyphs = (_glyph(page, text, size, index) for index in range(text.count_chars()))
    return Page(number, width, height, LAYER_DPI, lines_of(glyphs))


def _layer_size(page: pypdfium2.PdfPage) -> tuple[int, int]:
    width, height = (round(points * LAYER_DPI / POINTS_PER_INCH) for points in page.get_size())
    return width, height


def _glyph(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, size: tuple[int, int], index: int) -> Glyph:
    letter = chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))
    left, bottom, right, top = text.get_charbox(index)
    if right <= left or top <= bottom:
        return Glyph(letter, None)
    xs, ys = zip(_on_page(page, size, left, top), _on_page(page, size, right, bottom), strict=True)
    return Glyph(letter, Box(min(xs), min(ys), max(xs), max(ys)))


def _on_page(page: pypdfium2.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    """Return where a point of the file lies on the page as a reader sees it: cropped and turned."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pypdfium2.raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    with _lock:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
            raise UnfitPaper(reason="encrypted" if locked else "corrupt") from error
        try:
            yield document
        finally:
            document.close()
