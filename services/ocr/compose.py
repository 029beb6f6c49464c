"""Composing the document: the paper's pages as they are, with the text that was read on them.

The one door to pikepdf. The result is a derived copy beside the original, which nobody touches.
"""

from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from services.ocr.font import ADVANCE, ASCENT, DESCENT, Characters, glyphless_font
from services.ocr.hocr import Layout
from services.ocr.pages import UnfitPaper
from services.ocr.placement import Placed
from services.ocr.text_layer import FONT_NAME, text_layer

Layouts = Callable[[int], Placed | None]
_SYMBOLIC = 4  # of a font descriptor's flags: its characters are its own
_QUARTERS = 4


def compose(pages: Path, layouts: Layouts, target: Path) -> None:
    """Write the PDF ``pages`` to ``target``, upright, with a text layer on every page that has a layout.

    Pages are numbered from 1. The same input gives the same bytes; encryption is not carried
    over. Raises ``UnfitPaper`` for a file too damaged to be copied.
    """
    try:
        with Pdf.open(pages) as document:
            _add_text(document, layouts)
            document.save(target, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise UnfitPaper(reason="corrupt") from error


def _add_text(document: Pdf, layouts: Layouts) -> None:
    characters = Characters()
    font = document.make_indirect(Dictionary())
    for number, page in enumerate(document.pages, start=1):
        placed = layouts(number)
        if placed and placed.rotation:
            page.rotate(placed.rotation, relative=True)
        content = _content(page, placed.layout, characters) if placed else b""
        if content:
            page.add_resource(font, Name.Font, Name(FONT_NAME))
            page.contents_add(content, prepend=True)
    _fill_font(document, font, characters)


def _content(page: Page, layout: Layout, characters: Characters) -> bytes:
    left, bottom, right, top = _seen_box(page)
    turn = _quarter_turns(page)
    width, height = right - left, top - bottom
    if turn % 2:
        width, height = height, width
    layer = text_layer(layout, width=width, height=height, characters=characters)
    # from the page as it is seen to the page as it is stored
    matrix = (
        (1, 0, 0, 1, left, bottom),
        (0, 1, -1, 0, right, bottom),
        (-1, 0, 0, -1, right, top),
        (0, -1, 1, 0, left, top),
    )
    placed = " ".join(f"{n:.3f}" for n in matrix[turn])
    return b"q %b cm\n%b\nQ" % (placed.encode(), layer) if layer else b""


def _seen_box(page: Page) -> tuple[float, float, float, float]:
    """Return the part of the page that readers show: the crop box inside the media box."""
    media, crop = ([float(n) for n in box] for box in (page.mediabox, page.cropbox))
    boxes = [(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)) for x0, y0, x1, y1 in (media, crop)]
    (a, b, c, d), (e, f, g, h) = boxes
    seen = (max(a, e), max(b, f), min(c, g), min(d, h))
    return seen if seen[0] < seen[2] and seen[1] < seen[3] else boxes[0]


def _quarter_turns(page: Page) -> int:
    return int(page.rotation) // 90 % _QUARTERS


def _fill_font(document: Pdf, font: Dictionary, characters: Characters) -> None:
    """Describe the font once all characters are known."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.HosoText,
        Flags=_SYMBOLIC,
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=Stream(document, glyphless_font()),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.HosoText,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        DW=ADVANCE,
        CIDToGIDMap=Stream(document, characters.glyphs()),
    )
    font.Type = Name.Font
    font.Subtype = Name.Type0
    font.BaseFont = Name.HosoText
    font.Encoding = Name("/Identity-H")
    font.DescendantFonts = Array([document.make_indirect(descendant)])
    font.ToUnicode = Stream(document, characters.to_unicode())
