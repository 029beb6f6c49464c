"""Reading hOCR: lines and words with their boxes in pixels, and confidences from 0 to 100."""

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from services.ocr.pages import PageFailed

_XHTML = "{http://www.w3.org/1999/xhtml}"
_CAPABILITIES = "ocr_page ocr_line ocrx_word"
_NOT_XML = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # XML 1.0, 2.2; a file's text may have any
_RAW = re.compile(r"; x_raw (\S+)")  # ours: what the engine read where we put it right
_ETH = str.maketrans("Ðð", "Đđ")
_LINE_CLASSES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The pixels across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The pixels down."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Where the middle of the box is, in pixels from the top of the page."""
        return (self.top + self.bottom) / 2

    def moved(self, right: float, down: float) -> "Box":
        """Return the box that far to the right and further down."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def scaled(self, factor: float) -> "Box":
        """Return the box in a picture so many times as large."""
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def holds(self, other: "Box") -> bool:
        """Say whether the middle of the other box lies inside this one."""
        across = (other.left + other.right) / 2
        return self.left <= across < self.right and self.top <= other.middle < self.bottom


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that contains all of them; there must be one at least."""
    lefts, tops, rights, bottoms = zip(*((b.left, b.top, b.right, b.bottom) for b in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of at least one character, in NFC; ``raw`` is what the engine read where we changed it."""

    text: str
    box: Box
    confidence: float
    raw: str | None = None

    @property
    def as_read(self) -> str:
        """What the engine read, Eth for Đ aside: of names nearer the truth than what the language makes of them."""
        return (self.raw or self.text).translate(_ETH)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its words, the height of its letters, and its base line at the left edge."""

    words: tuple[Word, ...]
    box: Box
    height: float
    slope: float
    base: float

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)

    def of(self, words: Sequence[Word]) -> "Line":
        """Return the part of the line that these words are."""
        box = around(word.box for word in words)
        return replace(self, words=tuple(words), box=box, base=self.base_at(box.left))

    def moved(self, right: float, down: float) -> "Line":
        """Return the line that far to the right and further down."""
        words = tuple(replace(word, box=word.box.moved(right, down)) for word in self.words)
        return replace(self, words=words, box=self.box.moved(right, down), base=self.base + down)

    def scaled(self, factor: float) -> "Line":
        """Return the line in a picture so many times as large."""
        words = tuple(replace(word, box=word.box.scaled(factor)) for word in self.words)
        height, base = factor * self.height, factor * self.base
        return replace(self, words=words, box=self.box.scaled(factor), height=height, base=base)

    def base_at(self, x: float) -> float:
        """Return where the base line is at ``x``, in pixels from the top of the page."""
        return self.base + self.slope * (x - self.box.left)


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where on a page."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def words(self) -> list[Word]:
        """All words, in the engine's order."""
        return [word for line in self.lines for word in line.words]

    @property
    def text(self) -> str:
        """One line a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """The mean confidence of the words, weighed by their length; 0 where there are none."""
        return mean_confidence(self.words)


def line_of(words: Sequence[Word]) -> Line:
    """Return level print as a line where only its words are known; there must be one at least."""
    box = around(word.box for word in words)
    return Line(tuple(words), box, statistics.median(word.box.height for word in words), 0, box.bottom)


def mean_confidence(words: Sequence[Word]) -> float:
    """Return the mean confidence of the words, weighed by their length; 0 where there are none."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def parse(hocr: bytes) -> Layout:
    """Read the hOCR of one page; raises ``PageFailed`` where it is none."""
    return parse_pages(hocr, 1)[0]


def parse_pages(hocr: bytes, count: int) -> list[Layout]:
    """Read the hOCR of so many pages; raises ``PageFailed`` where it holds others."""
    try:
        # our own engine's output, no stranger's: it declares no entities that could grow
        root = ET.fromstring(hocr)  # noqa: S314
        layouts = [_page(e) for e in root.iter(f"{_XHTML}div") if e.get("class") == "ocr_page"]
    except (ET.ParseError, ValueError, IndexError) as error:
        raise PageFailed(reason="layout-unreadable") from error
    if len(layouts) != count:
        raise PageFailed(reason="layout-unreadable")
    return layouts


def _page(page: ET.Element) -> Layout:
    box = _box(page)
    lines = [_line(e) for e in page.iter(f"{_XHTML}span") if e.get("class") in _LINE_CLASSES]
    return Layout(box.right, box.bottom, tuple(line for line in lines if line.words))


def written(layout: Layout, *, engine: str) -> bytes:
    """Return a page as hOCR that ``parse`` reads back, boxes rounded to pixels."""
    lines = "".join(_written_line(line) for line in layout.lines)
    page = f"<div class='ocr_page' title='{_bbox(Box(0, 0, layout.width, layout.height))}; ppageno 0'>\n{lines}</div>"
    told = {"ocr-system": escape(engine), "ocr-capabilities": _CAPABILITIES}
    meta = "".join(f"<meta name='{name}' content='{content}'/>" for name, content in told.items())
    head = f"<head><title></title><meta charset='utf-8'/>{meta}</head>"
    return f"<html xmlns='{_XHTML[1:-1]}'>{head}<body>\n{page}\n</body></html>\n".encode()


def _written_line(line: Line) -> str:
    foot = line.base - round(line.box.bottom)
    title = f"{_bbox(line.box)}; baseline {line.slope:.4f} {foot:.2f}; x_size {line.height:.2f}"
    words = " ".join(map(_written_word, line.words))
    return f"<span class='ocr_line' title='{title}'>{words}</span>\n"


def _written_word(word: Word) -> str:
    title = f"{_bbox(word.box)}; x_wconf {word.confidence:g}"
    if word.raw is not None:
        title += f"; x_raw {quote(writable(word.raw))}"
    return f"<span class='ocrx_word' title='{title}'>{escape(writable(word.text))}</span>"


def writable(text: str) -> str:
    """Return the text with a replacement character for each that neither XML nor UTF-8 can hold."""
    return _NOT_XML.sub("\ufffd", text)


def _bbox(box: Box) -> str:
    return f"bbox {box.left:.0f} {box.top:.0f} {box.right:.0f} {box.bottom:.0f}"


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
    raw = _RAW.search(element.get("title", ""))
    confidence = _numbers(element, "x_wconf")[0]
    return Word("".join(text.split()), _box(element), confidence, unquote(raw.group(1)) if raw else None)
