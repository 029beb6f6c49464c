"""Writes made letters as a PDF with nothing but their text, as a word processor exports it."""

import ctypes
import io
from collections.abc import Sequence

import pypdfium2
from pypdfium2 import raw

from deploy.demo.printing.fonts import FREE_SERIF
from services.ocr.hocr import Word
from services.ocr.layout import Page
from services.ocr.pages import POINTS_PER_INCH

_HEIGHT, _DESCENT = 0.9, 0.2  # of the size: what a recorded box is high, and how far it reaches under the base line


def layered(pages: Sequence[Page]) -> bytes:
    """Return a PDF that shows the recorded words of the pages where they were set; what a pen wrote is not text."""
    with pypdfium2.PdfDocument.new() as document:
        face = FREE_SERIF.path("regular").read_bytes()
        data = (ctypes.c_uint8 * len(face)).from_buffer_copy(face)
        font = raw.FPDFText_LoadFont(document, data, len(face), raw.FPDF_FONT_TRUETYPE, 1)
        for page in pages:
            _add_page(document, page, font)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _add_page(document: pypdfium2.PdfDocument, page: Page, font: raw.FPDF_FONT) -> None:
    points = POINTS_PER_INCH / page.dpi
    sheet = document.new_page(page.width * points, page.height * points)
    for line in page.lines:
        for word in line.words:
            if word.text.strip("#\u00a0"):
                _set(document, sheet, word, font, points=points)
    sheet.gen_content()
    sheet.close()


def _set(
    document: pypdfium2.PdfDocument, sheet: pypdfium2.PdfPage, word: Word, font: raw.FPDF_FONT, *, points: float
) -> None:
    size = word.box.height / _HEIGHT * points
    text = raw.FPDFPageObj_CreateTextObj(document, font, size)
    letters = [ord(letter) for letter in f"{word.text} \0"]  # no letter of Vietnamese needs two units
    raw.FPDFText_SetText(text, (ctypes.c_ushort * len(letters))(*letters))
    base = sheet.get_height() - (word.box.bottom * points - _DESCENT * size)
    raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, word.box.left * points, base)
    raw.FPDFPage_InsertObject(sheet, text)
