"""Puts the lines of a page into the order in which a person reads them.

The engine joins what stands side by side. In official letters two things do, the letterhead
(Decree 30/2020, boxes 1 to 5b) and the recipients beside the signature (boxes 7 and 9): each
is read down its left column, then down its right one.
"""

import dataclasses
import itertools
import statistics
from collections.abc import Iterable, Iterator, Sequence

from services.ocr.hocr import Line, Word

GAP_IN_HEIGHTS = 1.6
LEADING_IN_HEIGHTS = 0.8  # from the foot of a line to the head of the next in the same block


def in_reading_order(lines: Iterable[Line]) -> list[Line]:
    """Return the same words in lines that no wide gap interrupts, two-column parts column by column."""
    pieces = [piece for line in lines for piece in split_at_gaps(line)]
    return list(_ordered(_rows(pieces)))


def split_at_gaps(line: Line) -> Iterator[Line]:
    """Yield the pieces of a line between gaps wider than 1.6 times the height of its words."""
    limit = GAP_IN_HEIGHTS * statistics.median(word.box.height for word in line.words)
    piece: list[Word] = []
    for word in line.words:
        if piece and word.box.left - piece[-1].box.right > limit:
            yield line.of(piece)
            piece = []
        piece.append(word)
    yield line.of(piece)


def _rows(pieces: Iterable[Line]) -> list[list[Line]]:
    """Group pieces that stand side by side, from the top of the page down."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.middle):
        if rows and _beside(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.left) for row in rows]


def _beside(first: Line, second: Line) -> bool:
    shared = min(first.box.bottom, second.box.bottom) - max(first.box.top, second.box.top)
    return shared > 0.5 * min(first.box.height, second.box.height)


@dataclasses.dataclass
class _Columns:
    """Rows that one vertical strip of white paper divides; the strip runs from ``start`` to ``end``."""

    left: list[Line]
    right: list[Line]
    start: float
    end: float

    @classmethod
    def of(cls, row: Sequence[Line]) -> "_Columns":
        """Divide a row of several pieces at its widest gap."""
        cut = max(range(1, len(row)), key=lambda cut: _gap(row, cut))
        return cls([*row[:cut]], [*row[cut:]], row[cut - 1].box.right, row[cut].box.left)

    def take(self, row: Sequence[Line]) -> bool:
        """Add the next row if the strip stays white and the row belongs here; say whether it did."""
        cuts = range(1, len(row)) if len(row) > 1 else [int(self._is_left(row[0]))]
        for cut in sorted(cuts, key=lambda cut: -_gap(row, cut)):
            start = max([self.start, *(piece.box.right for piece in row[:cut])])
            end = min([self.end, *(piece.box.left for piece in row[cut:])])
            if start < end and (cut != len(row) or _follows(self.left[-1], row[0])):
                self.start, self.end = start, end
                self.left += row[:cut]
                self.right += row[cut:]
                return True
        return False

    def _is_left(self, piece: Line) -> bool:
        return piece.box.left < self.start

    def leads(self, row: Sequence[Line]) -> bool:
        """Say whether the row above the columns is the head of the right one."""
        return len(row) == 1 and row[0].box.left > self.start and _follows(row[0], self.right[0])


def _gap(row: Sequence[Line], cut: int) -> float:
    return row[cut].box.left - row[cut - 1].box.right if 0 < cut < len(row) else 0


def _follows(above: Line, below: Line) -> bool:
    """Say whether two pieces are lines of one block."""
    return below.box.top - above.box.bottom < LEADING_IN_HEIGHTS * below.box.height


def _ordered(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Yield single rows as they are and two-column runs column by column."""
    waiting: list[Sequence[Line]] = []
    place = 0
    while place < len(rows):
        if len(rows[place]) == 1:
            waiting.append(rows[place])
            place += 1
            continue
        columns = _Columns.of(rows[place])
        while waiting and columns.leads(waiting[-1]):
            columns.right.insert(0, waiting.pop()[0])
        place += 1
        while place < len(rows) and columns.take(rows[place]):
            place += 1
        yield from itertools.chain(*waiting, columns.left, columns.right)
        waiting = []
    yield from itertools.chain(*waiting)
