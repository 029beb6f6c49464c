"""Shows pages as pictures where what they are made of cannot be made valid."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pikepdf import Array, Dictionary, Object, Page, Pdf

from services.ocr.hocr import Layout
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.pdf.jpeg import frame_of
from services.ocr.pdf.picture_pdf import Encoded, PicturePage, write_picture_pdf
from services.ocr.pdf.placing import rotation_of, seen_box
from services.ocr.pdf.plans import PagePlan, Redraw
from services.ocr.pdf.streams import make_content

_MODES = {1: "L", 3: "RGB"}
_DPI = 200.0  # nothing depends on it: the pictures are given the size of the pages they stand for


class Redrawn:
    """Pictures that stand for pages of a document; they lie in a file until it is written."""

    def __init__(self, pictures: dict[int, Object], layouts: dict[int, Layout | None]) -> None:
        self._pictures = pictures
        self._layouts = layouts

    @property
    def numbers(self) -> frozenset[int]:
        """The pages that have a picture."""
        return frozenset(self._pictures)

    def show(self, document: Pdf, number: int, plan: PagePlan) -> PagePlan:
        """Let page ``number`` show its picture, where it has one; return the plan for it then."""
        if number not in self._pictures:
            return plan
        _show(document, document.pages[number - 1], self._pictures[number])
        if plan.layout is not None:
            return replace(plan, drop_text=False)
        return PagePlan(plan.own_text or self._layouts[number])


def _show(document: Pdf, page: Page, picture: Object) -> None:
    left, bottom, right, top = seen_box(page)
    width, height = right - left, top - bottom
    if rotation_of(page) % 180:
        width, height = height, width
    for key in ("/CropBox", "/Rotate", "/Group", "/Annots"):
        if key in page.obj:
            del page.obj[key]
    page.obj.MediaBox = Array([0, 0, round(width, 4), round(height, 4)])
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=document.copy_foreign(picture)))
    page.obj.Contents = make_content(document, f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Picture Do Q".encode())


@contextmanager
def redrawn(numbers: frozenset[int], redraw: Redraw | None, file: Path) -> Iterator[Redrawn]:
    """Draw pages as pictures into ``file``, which is deleted afterwards; those that cannot be drawn are left out."""
    if not numbers or redraw is None:
        yield Redrawn({}, {})
        return
    layouts: dict[int, Layout | None] = {}
    try:
        write_picture_pdf(file, _pictures(sorted(numbers), redraw, layouts))
        with Pdf.open(file) as drawn:
            pictures = (page.obj.Resources.XObject.Picture for page in drawn.pages)
            yield Redrawn(dict(zip(layouts, pictures, strict=True)), layouts)
    finally:
        file.unlink(missing_ok=True)


def _pictures(numbers: list[int], redraw: Redraw, layouts: dict[int, Layout | None]) -> Iterator[PicturePage]:
    for number in numbers:
        try:
            page = redraw(number)
        except (PageFailed, UnfitPaper):
            continue
        frame = frame_of(page.jpeg)
        assert frame is not None
        layouts[number] = page.layout
        yield PicturePage(Encoded.jpeg(page.jpeg, (frame.width, frame.height), _MODES[frame.components]), _DPI)
