"""PDFs made for tests, and what two independent readers see in one."""

import datetime as dt
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray

from services.ocr.hocr import Box, Layout, Line, Word
from services.ocr.pdf.plans import DocumentFacts

LETTER = (612, 792)
DAY = dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
FACTS = DocumentFacts("Quyết định <số> 7 & phụ lục", "hoso 1", created=DAY, modified=DAY, subject="Trợ cấp")
PAGE_PIXELS = (1700, 2200)

Shares = tuple[float, float, float, float]  # left, top, right, bottom as shares of the page as it is seen


def line(*words: str, top: float = 100, left: float = 100, size: float = 40, gap: float = 20) -> Line:
    """Return a line of words, each as wide as it is long, with a gap between them."""
    placed, at = [], left
    for word in words:
        width = len(word) * size / 2
        placed.append(Word(word, Box(at, top, at + width, top + size), 90))
        at += width + gap
    return Line(tuple(placed), Box(left, top, at, top + size), size, 0, top + size * 0.8)


def layout(*lines: Line, size: tuple[float, float] = PAGE_PIXELS) -> Layout:
    """Return what stands on a page of so many pixels."""
    return Layout(*size, lines)


def write(
    path: Path,
    content: bytes = b"",
    *,
    boxes: Sequence[Sequence[float]] = ((0, 0, *LETTER),),
    resources: pikepdf.Dictionary | None = None,
    **page_keys: object,
) -> Path:
    """Write a PDF with one page for each media box, a grey square in its lower left corner."""
    with pikepdf.new() as pdf:
        for box in boxes:
            page = pdf.add_blank_page(page_size=LETTER)
            page.MediaBox = pikepdf.Array(list(box))
            page.Resources = resources or pikepdf.Dictionary()
            page.contents_add(b"0.5 g %g %g 50 50 re f\n%b" % (box[0], box[1], content))
            for name, value in page_keys.items():
                page[f"/{name}"] = value
        pdf.save(path, deterministic_id=True)
    return path


def write_picture(path: Path, picture: bytes, *, side: float = 300, **entries: object) -> Path:
    """Write a PDF with one page that shows one picture, its stream as given."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(side, side))
        entries = {key: pdf.make_indirect(v) if isinstance(v, pikepdf.Stream) else v for key, v in entries.items()}
        image = pikepdf.Stream(pdf, picture, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, **entries)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=pdf.make_indirect(image)))
        page.contents_add(f"q {side} 0 0 {side} 0 0 cm /Im Do Q".encode())
        pdf.save(path, deterministic_id=True)
    return path


def found(pdf: Path, word: str, number: int = 1) -> Shares:
    """Return where PDFium finds a word."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number - 1]
        text = page.get_textpage()
        place = text.search(word).get_next()
        assert place is not None, f"{word} is not found"
        index, count = place
        boxes = [text.get_charbox(index + n, loose=True) for n in range(count)]
        left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
        bottom, top = min(b[1] for b in boxes), max(b[3] for b in boxes)
        return _as_seen(page, (left, bottom, right, top))


def _as_seen(page: pypdfium2.PdfPage, box: Shares) -> Shares:
    x0, y0, x1, y1 = page.get_bbox()
    corners = [((x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)) for x, y in (box[:2], box[2:])]
    (a, b), (c, d) = (_turned(page.get_rotation(), x, y) for x, y in corners)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _turned(rotation: int, x: float, y: float) -> tuple[float, float]:
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]


def text_of(pdf: Path, number: int = 1) -> str:
    """Return the text PDFium finds on a page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[number - 1].get_textpage().get_text_range())


def poppler_words(pdf: Path) -> list[list[tuple[str, Shares]]]:
    """Return the words poppler finds, page by page, and where."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)
    root = ET.fromstring(re.sub(r"[\x00-\x08\x0b-\x1f]", "", done.stdout))  # noqa: S314  # poppler's own output
    pages = (element for element in root.iter() if element.tag.endswith("}page"))
    return [[_poppler_word(word, page) for word in page if word.tag.endswith("}word")] for page in pages]


def _poppler_word(word: ET.Element, page: ET.Element) -> tuple[str, Shares]:
    width, height = float(page.attrib["width"]), float(page.attrib["height"])
    left, top, right, bottom = (float(word.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))
    return word.text or "", (left / width, top / height, right / width, bottom / height)


def seen(pdf: Path, number: int = 1, *, dpi: float = 72, forms: bool = False) -> NDArray[np.uint8]:
    """Return a page as PDFium shows it, as RGB pixels; stamps of signatures belong to the forms."""
    with pypdfium2.PdfDocument(pdf) as document:
        if forms:
            document.init_forms()
        bitmap = document[number - 1].render(scale=dpi / 72, rev_byteorder=True, may_draw_forms=forms)
        return np.array(bitmap.to_pil().convert("RGB"))


def difference(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Return by how much two pictures differ on average, 0 to 255."""
    assert before.shape == after.shape
    return float(np.abs(before.astype(np.int16) - after.astype(np.int16)).mean())


def qpdf_complaints(*files: Path) -> dict[str, str]:
    """Return what `qpdf --check` says of those files it is not content with."""
    return {file.name: said for file in files if (said := _qpdf_said(file))}


def _qpdf_said(file: Path) -> str:
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    return done.stderr + done.stdout if done.returncode else ""
