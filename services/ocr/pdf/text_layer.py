"""The text layer of a page: invisible words over the places where they are printed.

What PDF readers make of such text was measured (poppler, pdfium; the project's stack notes): words
stay level even on a skewed page, because a rotated text matrix loses words in poppler; every word
is stretched to its printed width and followed by a space; words that touch are cut short, because
they would be read as one.
"""

import statistics
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from services.ocr.hocr import Layout, Line, Word
from services.ocr.pdf.font import ADVANCE, DESCENT, EM, Characters

FONT_NAME = "/HosoText"
_HIGHEST = 0.35  # of a word's height, where its base line may cross it
_ROUNDED = 0.51  # pixels: hOCR has whole ones
_DESCENDING = frozenset("gjpqyQ\u0323")  # and the dot below a letter
_LEAST_GAP = 0.2  # of the line's height, between two words
_LEAST_WIDTH = 0.1  # of the line's height, for a word cut short


def text_layer(layout: Layout, *, width: float, height: float, characters: Characters) -> bytes:
    """Return the content that shows ``layout`` on an upright page of ``width`` × ``height`` points.

    The origin is the page's lower left corner as it is seen. Mode 3 text is neither filled nor
    stroked; the mode outlives ``ET``, so everything stands between ``q`` and ``Q``.
    """
    scale = _Scale(width / layout.width, height / layout.height, height)
    pen = _Pen()
    shown = [part for line in layout.lines for part in _line(line, scale, pen, characters)]
    return b"\n".join([b"q BT 3 Tr", *shown, b"ET Q"]) if shown else b""


class _Scale:
    """From pixels of the recognised picture to points of the page."""

    def __init__(self, x: float, y: float, height: float) -> None:
        self.x = x
        self.y = y
        self._height = height

    def up(self, pixels_from_top: float) -> float:
        return self._height - pixels_from_top * self.y


class _Pen:
    """Where the last word began, in hundredths of points: steps from there take less room than places."""

    def __init__(self) -> None:
        self._x = self._y = 0

    def step_to(self, x: float, y: float) -> str:
        """Return the move to the next word."""
        right, up = round(x * 100), round(y * 100)
        step = f"{_short((right - self._x) / 100)} {_short((up - self._y) / 100)} Td"
        self._x, self._y = right, up
        return step


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _line(line: Line, scale: _Scale, pen: _Pen, characters: Characters) -> Iterator[bytes]:
    size = line.height * scale.y
    if size <= 0:
        return
    yield f"{FONT_NAME} {size:.2f} Tf".encode()
    line = _on_its_base(line)
    following = [word.box.left for word in line.words[1:]]
    for word, next_left in zip(line.words, [*following, None], strict=True):
        left, width = word.box.left, _shown_width(word, next_left, line)
        base = scale.up(_base(word, line, at=left + width / 2))
        text = unicodedata.normalize("NFC", word.text)
        stretch = 100 * width * scale.x / (len(text) * size * ADVANCE / EM)
        codes = characters.encode(text + " ").hex()
        yield f"{stretch:.1f} Tz {pen.step_to(left * scale.x, base)} <{codes}> Tj".encode()


def _on_its_base(line: Line) -> Line:
    """Return a line that only says where its words end with a base line that puts text into their boxes."""
    if line.slope or line.base < line.box.bottom - _ROUNDED:
        return line
    standing = [word.box.bottom for word in line.words if not _reaches_down(word.text)]
    foot = statistics.median(standing) if standing else line.box.bottom
    return replace(line, base=foot + line.height * DESCENT / EM)


def _reaches_down(text: str) -> bool:
    return not text.isalnum() or any(letter in _DESCENDING for letter in unicodedata.normalize("NFD", text))


def _base(word: Word, line: Line, *, at: float) -> float:
    """Return where a word stands: on the line, unless that misses it; boxes often reach into the next line."""
    base = line.base_at(at)
    too_high = base < word.box.top + _HIGHEST * word.box.height and any(map(str.isalnum, word.text))
    return word.box.bottom if too_high or base > word.box.bottom + line.height else base


def _shown_width(word: Word, next_left: float | None, line: Line) -> float:
    width = word.box.right - word.box.left
    if next_left is not None and next_left > word.box.left:  # else the engine read backwards
        width = min(width, next_left - word.box.left - _LEAST_GAP * line.height)
    return max(width, _LEAST_WIDTH * line.height)
