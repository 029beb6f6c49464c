"""Pages of PDF files, rendered, and the text they carry; the one door to pypdfium2.

PDFium is not thread-safe: one lock stands around every call. The file is opened for each page
anew, so that nothing PDFium keeps of a page outlives it and memory stays flat on long files.
"""

import ctypes
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pypdfium2
from pypdfium2 import raw

from services.ocr.hocr import Box
from services.ocr.layer import Glyph, TextLayer, hidden_share, lines_of
from services.ocr.layout import Page
from services.ocr.limits import Limits
from services.ocr.pages import POINTS_PER_INCH, PageFailed, Picture, UnfitPaper
from services.ocr.prepare import bounded_dpi
from shared.media import PDF

MOST_DEPTH = 8  # of forms in forms
MOST_LETTERS = 200_000  # a page set in the smallest print that can be read has some 20,000
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_FINE = 64  # PDFium tells places in whole pixels: it is asked for a page so many times as large

_lock = threading.Lock()


class PdfPages:
    """The pages of a PDF."""

    media_type = PDF

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        with _opened(path) as document:
            self.count = len(document)
        limits.check_count(self.count)

    def picture(self, number: int, *, stamped: bool = True) -> Picture:
        """Render a page as a reader sees it, its annotations too; stamps of signatures, if wanted, with all fields."""
        with self._page(number) as page:
            for picture, _ in _pictures(page):
                self._limits.check_picture(*_pixel_size(picture))
            return _rendered(page, fields=stamped)

    def layer(self, number: int) -> TextLayer:
        """Return what the file's own text layer says on a page; its boxes are pixels of the page's picture.

        What stands in form fields and in stamps of signatures comes last.
        """
        with self._page(number) as page:
            return _layer(_flat(page, number), number)

    def text(self, number: int) -> Page:
        """Return the lines of the page's own text."""
        return self.layer(number).page

    @contextmanager
    def _page(self, number: int) -> Iterator[pypdfium2.PdfPage]:
        try:
            with _opened(self._path) as document:
                yield document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise PageFailed(reason="page-unreadable") from error

    def as_pdf(self, folder: Path) -> Path:  # noqa: ARG002  # nothing has to be made
        """Return the file itself."""
        return self._path


def _rendered(page: pypdfium2.PdfPage, *, fields: bool) -> Picture:
    dpi = _dpi(page)
    bitmap = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True, may_draw_forms=fields)
    return Picture(np.array(bitmap.to_numpy()), dpi)  # a copy: the buffer goes with the document


def _dpi(page: pypdfium2.PdfPage) -> float:
    width, height = page.get_size()
    if not (math.isfinite(width * height) and width >= 1 and height >= 1):
        raise PageFailed(reason="page-unreadable")
    return bounded_dpi(width / POINTS_PER_INCH, height / POINTS_PER_INCH)


def _flat(page: pypdfium2.PdfPage, number: int) -> pypdfium2.PdfPage:
    """Return the page with its annotations drawn on it, as text extraction leaves those out; in memory only."""
    if not raw.FPDFPage_GetAnnotCount(page):
        return page
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    return page.pdf[number - 1]


def _layer(page: pypdfium2.PdfPage, number: int) -> TextLayer:
    dpi = _dpi(page)
    width, height = (points * dpi / POINTS_PER_INCH for points in page.get_size())
    glyphs = list(_glyphs(page.get_textpage(), _placing(page, width, height)))
    found = Page(number, math.ceil(width), math.ceil(height), dpi, lines_of(glyphs))
    return TextLayer(found, hidden_share(glyphs), _largest_picture(page))


def _glyphs(text: pypdfium2.PdfTextPage, placed: Callable[[float, float, float, float], Box | None]) -> Iterator[Glyph]:
    """Yield the characters of a page; the inner loop, so one set of variables serves all of them."""
    page, count = text.raw, text.count_chars()
    if count > MOST_LETTERS:
        raise PageFailed(reason="too-much-text")
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    into = [ctypes.byref(side) for side in (left, right, bottom, top)]
    begins, painted = True, True
    for index in range(count):
        letter = chr(raw.FPDFText_GetUnicode(page, index))
        if begins:
            painted = _painted(page, index)
        begins = letter.isspace()
        has_box = raw.FPDFText_GetCharBox(page, index, *into) and right.value > left.value and top.value > bottom.value
        box = placed(left.value, bottom.value, right.value, top.value) if has_box else None
        yield Glyph(letter, box, painted)


def _painted(page: object, index: int) -> bool:
    """Say whether a character is seen; what PDFium made up, a space or a line's end, belongs to no object."""
    piece = raw.FPDFText_GetTextObject(page, index)
    return not piece or raw.FPDFTextObj_GetTextRenderMode(piece) not in _UNPAINTED


def _placing(
    page: pypdfium2.PdfPage, width: float, height: float
) -> Callable[[float, float, float, float], Box | None]:
    """Return what takes boxes of the file to pixels of the page as a reader sees it: cropped and turned.

    What a reader does not see of a box is cut off; one off the page is none.
    """
    size = (round(width * _FINE), round(height * _FINE))
    across, down = page.get_size()
    (ox, oy), (ax, ay), (bx, by) = (_on_device(page, size, x, y) for x, y in ((0, 0), (across, 0), (0, down)))
    a, b = (ax - ox) / across / _FINE, (ay - oy) / across / _FINE
    c, d = (bx - ox) / down / _FINE, (by - oy) / down / _FINE
    e, f = ox / _FINE, oy / _FINE

    def placed(x0: float, y0: float, x1: float, y1: float) -> Box | None:
        u0, v0, u1, v1 = a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f
        left, right = max(0.0, min(u0, u1)), min(width, max(u0, u1))
        top, bottom = max(0.0, min(v0, v1)), min(height, max(v0, v1))
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    return placed


def _on_device(page: pypdfium2.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value


def _pictures(page: pypdfium2.PdfPage) -> Iterator[tuple[object, pypdfium2.PdfMatrix]]:
    """Yield the pictures on a page, each with the matrix that puts the unit square where it is."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _pictures_in(raw.FPDFPage_GetObject(page, index), pypdfium2.PdfMatrix(), MOST_DEPTH)


def _pictures_in(item: object, outer: pypdfium2.PdfMatrix, depth: int) -> Iterator[tuple[object, pypdfium2.PdfMatrix]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        yield item, _matrix(item).multiply(outer)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
        inner = _matrix(item).multiply(outer)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _pictures_in(raw.FPDFFormObj_GetObject(item, index), inner, depth - 1)


def _matrix(item: object) -> pypdfium2.PdfMatrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return pypdfium2.PdfMatrix.from_raw(matrix)


def _pixel_size(picture: object) -> tuple[int, int]:
    """Return what the header of a picture says; one that says nothing draws nothing."""
    width, height = ctypes.c_uint(1), ctypes.c_uint(1)
    raw.FPDFImageObj_GetImagePixelSize(picture, width, height)
    return max(1, width.value), max(1, height.value)


def _largest_picture(page: pypdfium2.PdfPage) -> float:
    """Return which share of the page its largest picture covers."""
    box = page.get_cropbox()
    return max((_share(matrix.on_rect(0, 0, 1, 1), box) for _, matrix in _pictures(page)), default=0.0)


def _share(rectangle: tuple[float, ...], of: tuple[float, ...]) -> float:
    left, bottom, right, top = of
    width = max(0.0, min(rectangle[2], right) - max(rectangle[0], left))
    height = max(0.0, min(rectangle[3], top) - max(rectangle[1], bottom))
    area = (right - left) * (top - bottom)
    return width * height / area if area > 0 else 0.0


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    with _lock:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise UnfitPaper(reason="encrypted" if locked else "corrupt") from error
        try:
            # without it PDFium leaves out form fields, the stamps of signatures among them; no script runs: our
            # pypdfium2 comes without an engine for them
            with suppress(pypdfium2.PdfiumError):
                document.init_forms()
            yield document
        finally:
            document.close()
