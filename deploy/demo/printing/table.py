"""Ruled tables: cells wrap in their columns, rows are as high as their fullest cell."""

from collections.abc import Sequence

from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import Style
from deploy.demo.printing.typeset import LEADING, Align, Block, Word, words_of

PADDING_MM = 1.6

Cell = list[list[Word]]


def table(
    document: Document,
    *,
    widths_mm: Sequence[float],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    centred: Sequence[int] = (),
    size_pt: float = 12,
) -> None:
    """Print a ruled table at the left margin; its lines join the truth cell by cell."""
    everywhere = range(len(widths_mm))
    table_row(document, widths_mm, header, style=Style("bold", size_pt), centred=everywhere)
    for row in rows:
        table_row(document, widths_mm, row, style=Style(size_pt=size_pt), centred=centred)


def table_row(
    document: Document,
    widths_mm: Sequence[float],
    texts: Sequence[str],
    *,
    style: Style,
    centred: Sequence[int],
) -> None:
    """Print one row with its frame."""
    sheet, x = document.sheet, document.left
    cells: list[Cell] = [
        sheet.broken(words_of(text, style), width=width - 2 * PADDING_MM)
        for text, width in zip(texts, widths_mm, strict=True)
    ]
    step = sheet.mm(style.size_pt) * LEADING
    height = max(map(len, cells)) * step + 2 * PADDING_MM
    for index, (cell, width) in enumerate(zip(cells, widths_mm, strict=True)):
        box = (x, document.y, x + width, document.y + height)
        cell_in(document, cell, box=box, step=step, align="centre" if index in centred else "left")
        x += width
    document.y += height


def cell_in(
    document: Document,
    cell: Cell,
    *,
    box: tuple[float, float, float, float],
    step: float,
    align: Align,
) -> None:
    """Print one cell's lines, centred from top to bottom, and its four rules."""
    left, top, right, bottom = box
    sheet = document.sheet
    for a, b, c, d in (
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ):
        sheet.rule(a, b, c, d)
    y = top + (bottom - top - len(cell) * step) / 2
    for line in cell:
        if line:
            x, width = left + PADDING_MM, right - left - 2 * PADDING_MM
            sheet.set_line(line, x=x, y=y, width=width, align=align, block=Block.BODY)
        y += step
