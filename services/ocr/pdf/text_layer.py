"""The text layer of a page: invisible words over the places where they are printed.

What PDF readers make of such text was measured (poppler, pdfium; the project's stack notes): words
stay level even on a skewed page, because a rotated text matrix loses words in poppler; every word
is stretched to its printed width and followed by a space; words that touch are cut short, because
they would be read as one.
"""

import unicodedata
from collections.abc import Iterator

from services.ocr.hocr import Layout, Line, Word
from services.ocr.pdf.font import ADVANCE, EM, Characters

FONT_NAME = "/HosoText"
_LEAST_GAP = 0.2  # of the line's height, between two words
_LEAST_WIDTH = 0.1  # of the line's height, for a word cut short


def text_layer(layout: Layout, *, width: float, height: float, characters: Characters) -> bytes:
    """Return the content that shows ``layout`` on an upright page of ``width`` × ``height`` points.

    The origin is the page's lower left corner as it is seen. Mode 3 text is neither filled nor
    stroked; the mode outlives ``ET``, so everything stands between ``q`` and ``Q``.
    """
    scale = _Scale(width / layout.width, height / layout.height, height)
    shown = [b for line in layout.lines for b in _line(line, scale, characters)]
    return b"\n".join([b"q BT 3 Tr", *shown, b"ET Q"]) if shown else b""


class _Scale:
    """From pixels of the recognised picture to points of the page."""

    def __init__(self, x: float, y: float, height: float) -> None:
        self.x = x
        self.y = y
        self._height = height

    def up(self, pixels_from_top: float) -> float:
        return self._height - pixels_from_top * self.y


def _line(line: Line, scale: _Scale, characters: Characters) -> Iterator[bytes]:
    size = line.height * scale.y
    if size <= 0:
        return
    yield f"{FONT_NAME} {size:.2f} Tf".encode()
    following = [word.box.left for word in line.words[1:]]
    for word, next_left in zip(line.words, [*following, None], strict=True):
        left, width = word.box.left, _shown_width(word, next_left, line)
        base = scale.up(line.base_at(left + width / 2))
        text = unicodedata.normalize("NFC", word.text)
        stretch = 100 * width * scale.x / (len(text) * size * ADVANCE / EM)
        codes = characters.encode(text + " ").hex()
        yield f"{stretch:.2f} Tz 1 0 0 1 {left * scale.x:.2f} {base:.2f} Tm <{codes}> Tj".encode()


def _shown_width(word: Word, next_left: float | None, line: Line) -> float:
    width = word.box.right - word.box.left
    if next_left is not None and next_left > word.box.left:  # else the engine read backwards
        width = min(width, next_left - word.box.left - _LEAST_GAP * line.height)
    return max(width, _LEAST_WIDTH * line.height)
