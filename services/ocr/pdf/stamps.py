"""Where the visible stamps of signatures stand on the pages of a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Array, Dictionary, Object, Page, Pdf

from services.ocr.hocr import Box
from services.ocr.pages import POINTS_PER_INCH
from services.ocr.pdf.inspect import broken_is_unfit
from services.ocr.prepare import bounded_dpi

MOST_PARENTS = 20  # of a form's field


@dataclass(frozen=True)
class Stamp:
    """A visible stamp: its page, from 1, and its box in pixels of the page's picture."""

    page: int
    box: Box


def stamps_of(path: Path, *, password: str = "") -> dict[str, Stamp]:
    """Return the stamps by the full names of their fields; raises ``UnfitPaper``."""
    with broken_is_unfit(), Pdf.open(path, password=password, suppress_warnings=True) as pdf:
        found = ((number, page, widget) for number, page in enumerate(pdf.pages, start=1) for widget in _widgets(page))
        stamps = ((_name(widget), number, _box(page, widget)) for number, page, widget in found)
        return {name: Stamp(number, box) for name, number, box in stamps if box.width > 0 and box.height > 0}


def _widgets(page: Page) -> Iterator[Object]:
    annotations = page.obj.get("/Annots")
    for item in annotations if isinstance(annotations, Array) else ():
        if isinstance(item, Dictionary) and any(field.get("/FT") == "/Sig" for field in _up(item)) and "/Rect" in item:
            yield item


def _up(field: Object) -> Iterator[Object]:
    """Yield a field and those it is part of."""
    for _ in range(MOST_PARENTS):
        yield field
        parent = field.get("/Parent")
        if not isinstance(parent, Dictionary):
            return
        field = parent


def _name(widget: Object) -> str:
    parts = [str(field.T) for field in _up(widget) if "/T" in field]
    return ".".join(reversed(parts))


def _box(page: Page, widget: Object) -> Box:
    left, bottom, right, top = _corners(page.cropbox)
    across, down = right - left, top - bottom
    turn = int(page.rotation) // 90 % 4
    x0, y0, x1, y1 = _corners(widget.Rect)
    upright = (
        (x0 - left, top - y1, x1 - left, top - y0),
        (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        (right - x1, y0 - bottom, right - x0, y1 - bottom),
        (top - y1, right - x1, top - y0, right - x0),
    )[turn]
    scale = bounded_dpi(across / POINTS_PER_INCH, down / POINTS_PER_INCH) / POINTS_PER_INCH
    return Box(*(round(side * scale, 1) for side in upright))


def _corners(rectangle: Object) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in rectangle)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
