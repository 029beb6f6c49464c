"""Puts the lines of a page into the order in which a person reads them.

The engine joins what stands side by side. In official letters two things do, the letterhead
(Decree 30/2020, boxes 1 to 5b) and the recipients beside the signature (boxes 7 and 9): each
is read down its left column, then down its right one.
"""

import dataclasses
import itertools
import statistics
from collections.abc import Iterable, Iterator, Sequence

from services.ocr.hocr import Line

GAP_IN_HEIGHTS = 1.6
LEAST_GAPS, ODD_GAP_IN_HEIGHTS, ODD_GAP_IN_GAPS = 5, 1.2, 4  # justified lines have wide gaps, all of them
LEADING_IN_HEIGHTS = 1.2  # from the foot of a line to the head of the next in the same block


def in_reading_order(lines: Iterable[Line]) -> list[Line]:
    """Return the same words in lines that no wide gap interrupts, two-column parts column by column."""
    pieces = [piece for line in lines for piece in split_at_gaps(line)]
    return list(_ordered(_rows(pieces)))


def split_at_gaps(line: Line) -> Iterator[Line]:
    """Yield the pieces of a line between gaps that are wider than its words are high, or than its other gaps."""
    height = statistics.median(word.box.height for word in line.words)
    gaps = [after.box.left - before.box.right for before, after in itertools.pairwise(line.words)]
    odd = _odd_gap(gaps, height)
    cuts = [place for place, gap in enumerate(gaps, 1) if gap > GAP_IN_HEIGHTS * height or place == odd]
    for start, end in itertools.pairwise((0, *cuts, len(line.words))):
        yield line.of(line.words[start:end])


def _odd_gap(gaps: Sequence[float], height: float) -> int | None:
    """Return before which word a gap stands out in a long line, if one does; that behind a list's number may."""
    inner = gaps[1:-1]
    if len(gaps) < LEAST_GAPS or max(inner) < ODD_GAP_IN_HEIGHTS * height:
        return None
    return gaps.index(max(inner), 1) + 1 if max(inner) > ODD_GAP_IN_GAPS * statistics.median(gaps) else None


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


def _column(pieces: Sequence[Line]) -> Iterator[Line]:
    """Yield what stands on one side of a strip: three people who sign side by side make columns there again."""
    return _ordered(_rows(pieces))


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
        yield from itertools.chain(*waiting, _column(columns.left), _column(columns.right))
        waiting = []
    yield from itertools.chain(*waiting)
