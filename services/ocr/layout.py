"""Where things stand on an upright page: segments, rows of a region, running text with its words."""

import dataclasses
import itertools
import statistics
from collections.abc import Iterable, Iterator

from services.ocr.hocr import Box, Layout, Line, Word, line_of

GAP_IN_HEIGHTS = 1.6  # wider gaps separate what only happens to stand at one height
_CAP_HEIGHT_MM = 3.2
_MM_PER_INCH = 25.4


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """An upright page of a paper, its lines in reading order; ``red`` is what only the red ink says."""

    number: int
    width: float
    height: float
    dpi: float
    lines: tuple[Line, ...]
    red: tuple[Line, ...] = ()

    def pixels(self, millimetres: float) -> float:
        """Turn a length on paper into pixels."""
        return millimetres * self.dpi / _MM_PER_INCH


def page_of(number: int, layout: Layout, dpi: float) -> Page:
    """Return a page as an engine read it."""
    lines = tuple(line.of(line.words) for line in layout.lines if line.words)
    return Page(number, layout.width, layout.height, dpi, lines)


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """Words of one page in order, and the text they make; a place in the text leads back to its words."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)

    def within(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words that share a character with the text between two places."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                found.append(word)
            at += len(word.text) + 1
        return tuple(found)


def across(box: Box) -> float:
    """Return the middle of a box from left to right."""
    return (box.left + box.right) / 2


def run_of(page: Page, lines: Iterable[Line]) -> Run:
    """Return the words of some lines of a page as one run."""
    return Run(page.number, tuple(word for line in lines for word in line.words))


def capital_height(page: Page) -> float:
    """Return how high a capital of body text is; noise and seals have words of any height."""
    tall = [word.box.height for line in page.lines for word in line.words if len(word.text) > 1]
    return statistics.median(tall) if len(tall) > 20 else page.pixels(_CAP_HEIGHT_MM)


def segments(page: Page) -> tuple[Line, ...]:
    """Return the page's lines, cut at wide gaps."""
    widest = GAP_IN_HEIGHTS * capital_height(page)
    return tuple(part for line in page.lines for part in cut(line, widest))


def cut(line: Line, widest: float) -> Iterator[Line]:
    """Yield the parts of a line between gaps wider than this."""
    parts = [[line.words[0]]]
    for before, word in itertools.pairwise(line.words):
        if word.box.left - before.box.right > widest:
            parts.append([])
        parts[-1].append(word)
    return (line_of(tuple(part)) for part in parts)


def rows(parts: Iterable[Line]) -> tuple[Line, ...]:
    """Join the parts of lines that stand at one height, from top to bottom."""
    lines: list[Line] = []
    for part in sorted(parts, key=height_on_page):
        if lines and _beside(lines[-1], part):
            joined = sorted((*lines[-1].words, *part.words), key=lambda word: word.box.left)
            lines[-1] = line_of(tuple(joined))
        else:
            lines.append(part)
    return tuple(lines)


def height_on_page(line: Line) -> float:
    """Return where the middle of a line is; single words may have boxes that reach into other lines."""
    return statistics.median(word.box.middle for word in line.words)


def letter_height(line: Line) -> float:
    """Return how high the words of a line are, without the odd one out."""
    return statistics.median(word.box.height for word in line.words)


def _beside(line: Line, part: Line) -> bool:
    apart = abs(height_on_page(line) - height_on_page(part))
    return apart < 0.6 * min(letter_height(line), letter_height(part))


def inside(page: Page, box: Box) -> tuple[Line, ...]:
    """Return the rows of what lies in a region of the page; lines that reach out of it are cut."""
    cuts = (tuple(word for word in line.words if box.holds(word.box)) for line in page.lines)
    return rows(line_of(words) for words in cuts if words)


def text_span(page: Page) -> tuple[float, float]:
    """Return where the text block begins and ends from left to right, by its longest lines."""
    boxes = [line.box for line in segments(page)]
    if not boxes:
        return 0, page.width
    widest = max(box.width for box in boxes)
    long = [box for box in boxes if box.width > 0.8 * widest]
    return statistics.median(box.left for box in long), statistics.median(box.right for box in long)


def is_centred(page: Page, line: Line, tolerance: float = 0.06) -> bool:
    """Say whether a line stands in the middle of the text block, within a share of the page's width."""
    left, right = text_span(page)
    return abs(across(line.box) - (left + right) / 2) < tolerance * page.width
