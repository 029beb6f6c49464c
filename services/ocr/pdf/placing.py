"""Places a page upright and straight, with its text beneath it."""

from dataclasses import replace

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from services.ocr.hocr import Layout
from services.ocr.pdf.font import Characters
from services.ocr.pdf.geometry import LEAST_SIDE, MOST_SIDE, Matrix, Placement, Rectangle, place
from services.ocr.pdf.hidden_text import drop_hidden_text
from services.ocr.pdf.plans import PagePlan
from services.ocr.pdf.streams import content_of, make_content
from services.ocr.pdf.text_font import fill_font
from services.ocr.pdf.text_layer import FONT_NAME, text_layer

_KEPT = frozenset({"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/Group", "/Rotate"})
_SHOWN = "/Page"
_A_UNIT = 1.0
_A4 = (0.0, 0.0, 595.28, 841.89)


class Placer:
    """Places the pages of one document, which share the font of their text layers."""

    def __init__(self, document: Pdf) -> None:
        self._document = document
        self._characters = Characters()
        self._font = document.make_indirect(Dictionary())

    def finish(self) -> None:
        """Describe the font, once all pages are placed."""
        fill_font(self._document, self._font, self._characters)

    def place(self, page: Page, plan: PagePlan, *, retext: bool = False) -> None:
        """Put a page in order as its plan says.

        With ``retext`` a page that has nothing but invisible text of its own is given ours in its
        place. Raises ``pikepdf.PdfError`` for content that cannot be read.
        """
        if plan.drop_text:
            drop_hidden_text(self._document, page.obj)
        elif retext and plan.own_text is not None and drop_hidden_text(self._document, page.obj):
            plan = replace(plan, layout=plan.own_text)
        box, unit = seen_box(page), _unit(page)
        turn = rotation_of(page) + plan.rotation
        placement = place(box, turn, skew_degrees=plan.skew_degrees, unit=unit)
        if plan.stays and _is_allowed(box) and unit == _A_UNIT:
            _keep(page, box)
        else:
            self._redo(page, plan, box, placement)

    def clear(self, page: Page) -> None:
        """Leave an empty page of the same size, as far as that is known."""
        _strip(page.obj, frozenset({"/Type", "/Parent", "/MediaBox"}))
        page.obj.Resources = Dictionary()
        if not isinstance(page.obj.get("/MediaBox"), Array) or not _is_allowed(seen_box(page)):
            page.obj.MediaBox = _array(_A4)

    def _redo(self, page: Page, plan: PagePlan, box: Rectangle, placement: Placement) -> None:
        resources = Dictionary(XObject=Dictionary({_SHOWN: self._form(page, box)}))
        text = self._text(plan.layout, placement) if plan.layout else b""
        if text:
            resources.Font = Dictionary({FONT_NAME: self._font})
        content = b"%bq %b cm %b Do Q" % (text, _numbers(placement.matrix), _SHOWN.encode())
        page.obj.Contents = make_content(self._document, content)
        page.obj.Resources = resources
        page.obj.MediaBox = _array((0, 0, placement.width, placement.height))
        _strip(page.obj, _KEPT - {"/Rotate", "/Group"})

    def _text(self, layout: Layout, placement: Placement) -> bytes:
        left, bottom, width, height = placement.upright
        layer = text_layer(layout, width=width, height=height, characters=self._characters)
        return b"q %b cm\n%b\nQ\n" % (_numbers((1, 0, 0, 1, left, bottom)), layer) if layer else b""

    def _form(self, page: Page, box: Rectangle) -> Stream:
        """Return what the page shows as a form."""
        form = make_content(self._document, content_of(page.obj.get("/Contents")))
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = _array(box)
        form.Resources = page.obj.get("/Resources", Dictionary())
        if isinstance(page.obj.get("/Group"), Dictionary):
            form.Group = page.obj.Group
        return form


def seen_box(page: Page) -> Rectangle:
    """Return the part of the page that readers show: the crop box inside the media box."""
    media, crop = ([float(n) for n in box] for box in (page.mediabox, page.cropbox))
    boxes = [(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)) for x0, y0, x1, y1 in (media, crop)]
    (a, b, c, d), (e, f, g, h) = boxes
    seen = (max(a, e), max(b, f), min(c, g), min(d, h))
    return seen if seen[0] < seen[2] and seen[1] < seen[3] else boxes[0]


def rotation_of(page: Page) -> int:
    """Return the degrees a reader turns the page clockwise: 0, 90, 180 or 270, whatever the file says."""
    return int(page.rotation) // 90 * 90 % 360


def _unit(page: Page) -> float:
    """Return the size of the page's unit, in points."""
    unit = page.obj.get("/UserUnit", _A_UNIT)
    return float(unit) if unit and float(unit) > 0 else _A_UNIT


def _is_allowed(box: Rectangle) -> bool:
    sides = (box[2] - box[0], box[3] - box[1])
    return min(sides) >= LEAST_SIDE and max(sides) <= MOST_SIDE


def _keep(page: Page, box: Rectangle) -> None:
    rotation = rotation_of(page)
    _strip(page.obj, _KEPT - {"/Rotate"})
    page.obj.MediaBox = _array(box)
    if rotation:
        page.obj.Rotate = rotation


def _strip(page: Object, kept: frozenset[str]) -> None:
    for key in page.keys() - kept:
        del page[key]


def _array(numbers: Rectangle) -> Array:
    return Array([round(number, 4) for number in numbers])


def _numbers(matrix: Matrix) -> bytes:
    return " ".join(f"{number:.6f}".rstrip("0").rstrip(".") for number in matrix).encode()
