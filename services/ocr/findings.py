"""What the reading of a page comes to, as facts."""

from services.ocr.facts import CellFacts, Checkpoint, PageFacts, Route, TableFacts
from services.ocr.reader import ReadPage
from services.ocr.tables_reading import ReadCell, ReadTable

_CIRCLE, _QUARTER = 360, 90


def checkpoint_of(
    number: int, read: ReadPage, route: Route, *, dpi: float, because: str, reason: str | None = None
) -> Checkpoint:
    """Return what is kept of a page that was read, why it was read so, and what is wrong with it."""
    tables = tuple(_table(number, table) for table in read.tables)
    page = _page(number, read, route, dpi=dpi)
    told = {"because": because, "reason": reason}
    return Checkpoint(page=page.model_copy(update=told), text=read.text, tables=tables)


def _page(number: int, read: ReadPage, route: Route, *, dpi: float) -> PageFacts:
    words = len(read.layout.words)
    return PageFacts(
        number=number,
        route=route,
        dpi=round(dpi, 1),
        width=read.width,
        height=read.height,
        rotation=-read.quarters * _QUARTER % _CIRCLE,
        skew_degrees=read.skew_degrees,
        confidence=round(read.confidence, 1) if words else None,
        words=words,
    )


def _table(number: int, table: ReadTable) -> TableFacts:
    return TableFacts(page=number, box=table.box, cells=tuple(map(_cell, table.cells)))


def _cell(read: ReadCell) -> CellFacts:
    cell = read.cell
    return CellFacts(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=read.text,
        box=cell.box,
        confidence=round(read.confidence, 1) if read.lines else None,
    )
