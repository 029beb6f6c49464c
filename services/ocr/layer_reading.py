"""Makes of a page's own text what the engine makes of a picture: lines, and ruled tables cell by cell."""

from collections.abc import Iterator, Sequence

from services.ocr.hocr import Line, Word, line_of
from services.ocr.layer import CERTAIN
from services.ocr.layout import Page, rows
from services.ocr.pixels import Pixels
from services.ocr.reader import ReadPage
from services.ocr.ruled_tables import Cell, Grid, find_tables
from services.ocr.tables_reading import ReadCell, ReadTable


def read_layer(page: Page, grey: Pixels, marks: Sequence[Line] = ()) -> ReadPage:
    """Return a page of usable text as if it had been read; the picture is that of the page, at its resolution.

    ``marks`` are lines that were read in pictures on the page; those over text of its own are left out.
    """
    grids, _ = find_tables(grey, dpi=page.dpi)
    tables = [_table(grid, page.lines) for grid in grids]
    known = [word.box for line in page.lines for word in line.words]
    fresh = tuple(mark for mark in marks if not any(mark.box.holds(box) for box in known))
    parts = (*_parts(page.lines, tables), *fresh)
    return ReadPage(round(page.width), round(page.height), parts, confidence=CERTAIN, red=fresh)


def _table(grid: Grid, lines: Sequence[Line]) -> ReadTable:
    return ReadTable(grid.box, tuple(ReadCell(cell, _within(cell, lines)) for cell in grid.cells))


def _within(cell: Cell, lines: Sequence[Line]) -> tuple[Line, ...]:
    cuts = ([word for word in line.words if cell.box.holds(word.box)] for line in lines)
    return rows(line_of(words) for words in cuts if words)


def _parts(lines: Sequence[Line], tables: Sequence[ReadTable]) -> Iterator[Line | ReadTable]:
    """Yield the lines in the file's order, each table where the first of its words stood."""
    waiting = list(tables)
    for line in lines:
        met = [table for table in waiting if any(_holds(table, word) for word in line.words)]
        waiting = [table for table in waiting if table not in met]
        yield from met
        if rest := [word for word in line.words if not any(_holds(table, word) for table in tables)]:
            yield line_of(rest)
    yield from waiting


def _holds(table: ReadTable, word: Word) -> bool:
    return any(cell.cell.box.holds(word.box) for cell in table.cells)
