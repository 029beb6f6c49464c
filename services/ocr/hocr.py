"""Reading hOCR: lines and words with their boxes in pixels, and confidences from 0 to 100."""

import re
import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from services.ocr.pages import PageFailed

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LINE_CLASSES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Word:
    """A word of at least one character, in NFC."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True)
class Line:
    """A printed line: its words, the height of its letters, and its base line at the left edge."""

    words: tuple[Word, ...]
    box: Box
    height: float
    slope: float
    base: float

    def base_at(self, x: float) -> float:
        """Return where the base line is at ``x``, in pixels from the top of the page."""
        return self.base + self.slope * (x - self.box.left)


@dataclass(frozen=True)
class Layout:
    """What stands where on a page."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def words(self) -> list[Word]:
        """All words, in the engine's order."""
        return [word for line in self.lines for word in line.words]


def parse(hocr: bytes) -> Layout:
    """Read the hOCR of one page; raises ``PageFailed`` where it is none."""
    try:
        # our own engine's output, no stranger's: it declares no entities that could grow
        root = ET.fromstring(hocr)  # noqa: S314
        page = next(e for e in root.iter(f"{_XHTML}div") if e.get("class") == "ocr_page")
        box = _box(page)
        found = [e for e in page.iter(f"{_XHTML}span") if e.get("class") in _LINE_CLASSES]
        lines = [_line(element) for element in found]
    except (ET.ParseError, StopIteration, ValueError, IndexError) as error:
        raise PageFailed(reason="layout-unreadable") from error
    return Layout(box.right, box.bottom, tuple(line for line in lines if line.words))


def _numbers(element: ET.Element, name: str) -> list[float]:
    """Return the numbers after a property's name in an element's title; none where it is absent."""
    found = re.search(rf"(?:^|;)\s*{name}\s+([^;]*)", element.get("title", ""))
    return [float(number) for number in found.group(1).split()] if found else []


def _box(element: ET.Element) -> Box:
    left, top, right, bottom = _numbers(element, "bbox")
    return Box(left, top, right, bottom)


def _line(element: ET.Element) -> Line:
    box = _box(element)
    # a line without them is one the engine did not fit: take it as level and standing on its box
    slope, offset = _numbers(element, "baseline") or (0, 0)
    (height,) = _numbers(element, "x_size") or (box.bottom - box.top,)
    spans = [e for e in element.iter(f"{_XHTML}span") if e.get("class") == "ocrx_word"]
    words = tuple(word for word in map(_word, spans) if word.text)
    return Line(words, box, height, slope, box.bottom + offset)


def _word(element: ET.Element) -> Word:
    text = unicodedata.normalize("NFC", "".join(element.itertext()))
    return Word("".join(text.split()), _box(element), _numbers(element, "x_wconf")[0])
