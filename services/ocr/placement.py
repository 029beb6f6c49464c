"""Leads from the straightened picture, in which words were read, back to the page as it was scanned."""

import math
from dataclasses import dataclass, replace

from services.ocr.hocr import Box, Layout, Line, Word


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands where on a page once it is turned clockwise by ``rotation`` degrees: 0, 90, 180 or 270."""

    layout: Layout
    rotation: int = 0


def as_scanned(layout: Layout, skew_degrees: float) -> Layout:
    """Return where the words stand before the page was turned counter-clockwise about its middle."""
    if not skew_degrees:
        return layout
    back = _Turn(layout.width / 2, layout.height / 2, math.radians(skew_degrees))
    return replace(layout, lines=tuple(back.line(line) for line in layout.lines))


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn clockwise about a point; y counts downwards."""

    x: float
    y: float
    radians: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        right, down = x - self.x, y - self.y
        cosine, sine = math.cos(self.radians), math.sin(self.radians)
        return self.x + cosine * right - sine * down, self.y + sine * right + cosine * down

    def box(self, box: Box) -> Box:
        """Return the box about its turned middle, level and of its old size, as viewers mark words."""
        x, y = self.point((box.left + box.right) / 2, box.middle)
        across, down = box.width / 2, box.height / 2
        return Box(x - across, y - down, x + across, y + down)

    def word(self, word: Word) -> Word:
        return replace(word, box=self.box(word.box))

    def line(self, line: Line) -> Line:
        slope = math.tan(math.atan(line.slope) + self.radians)
        x, y = self.point(line.box.left, line.base)
        box = self.box(line.box)
        words = tuple(self.word(word) for word in line.words)
        return replace(line, words=words, box=box, slope=slope, base=y + slope * (box.left - x))
