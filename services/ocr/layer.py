"""Makes lines of the characters of a PDF's own text, so that both routes to the text end in the same nouns."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.ocr.hocr import Box, Line, Word, around, line_of, writable
from services.ocr.layout import Page

CERTAIN = 100.0
_BREAKS = frozenset("\r\n\x02\ufffe")  # PDFium answers U+0002 or U+FFFE for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box in pixels of the upright page; none where it takes no room.

    What is not ``painted`` is there to be found only: rendering mode 3 or 7.
    """

    text: str
    box: Box | None
    painted: bool = True


@dataclass(frozen=True)
class TextLayer:
    """A page's own text, and how much it has to do with what is seen.

    ``hidden`` is the share of its letters that are not painted, ``pictures`` the share of the page that
    its largest picture takes.
    """

    page: Page
    hidden: float
    pictures: float


def hidden_share(glyphs: Sequence[Glyph]) -> float:
    """Return which share of the letters is not painted."""
    letters = [glyph.painted for glyph in glyphs if not glyph.text.isspace()]
    return letters.count(False) / len(letters) if letters else 0.0


def lines_of(glyphs: Iterable[Glyph]) -> tuple[Line, ...]:
    """Return the lines of a page's characters, in the order of the file."""
    return tuple(line_of(words) for line in _lines(glyphs) if (words := tuple(_words(line))))


def _lines(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    line: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text in "\x02\ufffe":
            line.append(Glyph("-", glyph.box))
        if glyph.text in _BREAKS or _leaps(line, glyph):
            yield line
            line = []
        if glyph.text not in _BREAKS:
            line.append(glyph)
    yield line


def _leaps(line: Sequence[Glyph], glyph: Glyph) -> bool:
    """Say whether a character stands on another line than the one before it, though no break says so."""
    last = next((other.box for other in reversed(line) if other.box), None)
    if last is None or glyph.box is None:
        return False
    reach = max(last.height, last.width)  # of text that runs down the page, thin letters are low
    return glyph.box.top > last.bottom + reach or glyph.box.bottom < last.top - reach


def _words(line: Sequence[Glyph]) -> Iterator[Word]:
    word: list[Glyph] = []
    for glyph in (*line, Glyph(" ", None)):
        if not glyph.text.isspace():
            word.append(glyph)
            continue
        boxes = [other.box for other in word if other.box]
        text = unicodedata.normalize("NFC", writable(_paired("".join(other.text for other in word))))
        if text and boxes:
            yield Word(text, around(boxes), CERTAIN)
        word = []


def _paired(text: str) -> str:
    """Join the halves of a character beyond U+FFFF, which PDFium answers one by one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
