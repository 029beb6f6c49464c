"""Sets lines of text on a sheet, in millimetres, and remembers each line for the truth file."""

import collections
import enum
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from deploy.demo.printing.fonts import FREE_SERIF, TONER, Ink, Style, Typeface, load

MM_PER_INCH = 25.4
PT_PER_INCH = 72
LEADING = 1.2
ASCENT = 0.86

Align = Literal["left", "centre", "justify"]
Word = list[tuple[str, Style]]
MARK = re.compile(r"(\*\*|__|\{\{|\}\})")


class Block(enum.IntEnum):
    """Where a line belongs; a truth file lists the blocks of a page in this order."""

    LEFT = 0
    RIGHT = 1
    BODY = 2
    RECIPIENTS = 3
    SIGNATURE = 4


def styled_chunks(text: str, style: Style) -> Iterator[tuple[str, Style]]:
    """Split `**bold**`, `__italic__` and `{{filled in}}` into chunks of one style."""
    bold = italic = penned = False
    for piece in MARK.split(text):
        if MARK.fullmatch(piece):
            bold, italic = bold ^ (piece == "**"), italic ^ (piece == "__")
            penned = piece == "{{" if piece in ("{{", "}}") else penned
        elif piece:
            chosen = style.bold() if bold else style
            chosen = chosen.italic() if italic else chosen
            yield piece, chosen.penned() if penned else chosen


def words_of(text: str, style: Style) -> list[Word]:
    """Split marked text at its spaces; a word may hold several styles."""
    words: list[Word] = [[]]
    for chunk, chosen in styled_chunks(text, style):
        for index, piece in enumerate(chunk.split(" ")):
            if index and words[-1]:
                words.append([])
            if piece:
                words[-1].append((piece, chosen))
    return [word for word in words if word]


def plain(words: Iterable[Word]) -> str:
    """Answer what a person reads in these words."""
    return " ".join("".join(piece for piece, _ in word) for word in words)


class Sheet:
    """One side of paper: its picture and the lines printed on it."""

    def __init__(self, *, width_mm: float, height_mm: float, dpi: int, typeface: Typeface = FREE_SERIF) -> None:
        self.width_mm, self.height_mm, self.dpi, self.typeface = width_mm, height_mm, dpi, typeface
        self.image = Image.new("RGB", (self.px(width_mm), self.px(height_mm)), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.lines: dict[Block, list[str]] = collections.defaultdict(list)

    def px(self, mm: float) -> int:
        """Turn millimetres into pixels."""
        return round(mm * self.dpi / MM_PER_INCH)

    def mm(self, size_pt: float) -> float:
        """Turn points into millimetres."""
        return size_pt * MM_PER_INCH / PT_PER_INCH

    def width(self, word: Word) -> float:
        """Measure a word in millimetres."""
        return sum(self._length(piece, style) for piece, style in word)

    def _length(self, text: str, style: Style) -> float:
        return self._font(style).getlength(text) * MM_PER_INCH / self.dpi

    def _font(self, style: Style) -> ImageFont.FreeTypeFont:
        return load(style.face, style.size_pt * self.dpi / PT_PER_INCH, self.typeface)

    def line_width(self, words: list[Word]) -> float:
        """Measure words set with their natural spaces."""
        return sum(map(self.width, words)) + sum(self._space(word) for word in words[:-1])

    def _space(self, word: Word) -> float:
        return self._length(" ", word[-1][1])

    def broken(self, words: list[Word], *, width: float, indent: float = 0) -> list[list[Word]]:
        """Break words into lines that fit the width; the first one is shorter by the indent."""
        lines: list[list[Word]] = [[]]
        for word in words:
            room = width - (indent if len(lines) == 1 else 0)
            if lines[-1] and self.line_width([*lines[-1], word]) > room:
                lines.append([])
            lines[-1].append(word)
        return lines

    def set_line(self, words: list[Word], *, x: float, y: float, width: float, align: Align, block: Block) -> None:
        """Print one line whose top is y between x and x + width, and remember it."""
        slack = width - self.line_width(words)
        stretch = slack / (len(words) - 1) if align == "justify" and len(words) > 1 else 0
        x += slack / 2 if align == "centre" else 0
        baseline = y + ASCENT * self.mm(max(style.size_pt for word in words for _, style in word))
        for word in words:
            self._set_word(word, x, baseline)
            x += self.width(word) + self._space(word) + stretch
        self.lines[block].append(plain(words))

    def _set_word(self, word: Word, x: float, baseline: float) -> None:
        for piece, style in word:
            at = (x * self.dpi / MM_PER_INCH, baseline * self.dpi / MM_PER_INCH)
            self.pen.text(at, piece, style.ink, font=self._font(style), anchor="ls")
            x += self._length(piece, style)

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        weight_mm: float = 0.2,
        ink: Ink = TONER,
    ) -> None:
        """Draw a straight line between two points."""
        ends = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self.pen.line(ends, ink, max(1, self.px(weight_mm)))

    def truth(self) -> str:
        """Answer the page's lines, block by block, one printed line a line."""
        return "\n".join(line for block in Block for line in self.lines[block])
