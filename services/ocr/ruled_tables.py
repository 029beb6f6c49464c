"""Finds ruled tables on a straight page: their lines, and the cells between the lines."""

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np

from services.ocr.hocr import Box
from services.ocr.pixels import Pixels, as_pixels

INK_BELOW = 210  # a line thinner than a pixel is scanned no darker than this
LEAST_RULE_INCHES = 0.4  # 1 cm: longer than any letter's stroke
LEAST_CELL_INCHES = 0.08
LEAST_CELLS = 4
BAND_ROWS = 8
LEAST_CONTRAST = 32  # of a faded rule on white paper
BOW_PIXELS = 3
BREAK_INCHES = 0.1  # a thin line breaks where it was scanned badly
SAME_EDGE_INCHES = 0.06


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """A field between ruling lines; ``box`` is its inside."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """A table's outline, and its cells row by row."""

    box: Box
    cells: tuple[Cell, ...]


def find_tables(grey: Pixels, *, dpi: float) -> tuple[list[Grid], Pixels]:
    """Return the tables from the top of the page down, and a mask of their ruling lines."""
    rules = ruling_lines(grey, dpi=dpi)
    outlines, holes = _shapes(rules)
    grids = [grid for box in outlines if _is_large(box, dpi=dpi) and (grid := _grid(holes, box, dpi=dpi))]
    return sorted(grids, key=lambda grid: grid.box.top), rules


def ruling_lines(grey: Pixels, *, dpi: float) -> Pixels:
    """Return a mask that is 255 where lines longer than 1 cm run; none where they run one way only."""
    limit = max(INK_BELOW, int(np.median(grey[::8, ::8])) - LEAST_CONTRAST)
    ink = as_pixels(cv2.threshold(grey, limit, 255, cv2.THRESH_BINARY_INV)[1])
    length, gap = round(LEAST_RULE_INCHES * dpi), round(BREAK_INCHES * dpi)
    rules = np.zeros_like(grey)
    rows = _upright_runs(ink, length)
    columns = _upright_runs(np.ascontiguousarray(ink[rows].T), length)
    ink = ink[rows, columns]
    if not ink.size:
        return rules  # underlines are no table
    level = _runs(_thicker(ink, (1, BOW_PIXELS)), (length, 1), (gap, 1))
    upright = _runs(_thicker(ink, (BOW_PIXELS, 1)), (1, length), (1, gap))
    if cv2.countNonZero(level) and cv2.countNonZero(upright):
        rules[rows, columns] = cv2.dilate(level | upright, np.ones((3, 3), np.uint8))
    return rules


def _upright_runs(ink: Pixels, length: int) -> slice:
    """Return the rows between which ink may fill upright runs: none on most letters, told in 1 ms instead of 15."""
    rows = ink.shape[0] // BAND_ROWS * BAND_ROWS
    if not rows or not ink.shape[1]:
        return slice(0)
    filled = np.bitwise_and.reduce(ink[:rows].reshape(-1, BAND_ROWS, ink.shape[1]), axis=1)
    bands = max(1, length // BAND_ROWS - 1)  # so many are filled for certain, wherever a run begins
    runs = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((bands, 1), np.uint8))
    found = np.flatnonzero(runs.any(axis=1)) * BAND_ROWS
    return slice(max(0, int(found[0]) - length), int(found[-1]) + length) if found.size else slice(0)


def _thicker(ink: Pixels, reach: tuple[int, int]) -> Pixels:
    """Return ink that reaches further across (width, height): a rule that bows or leans moves over by pixels."""
    return as_pixels(cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, reach)))


def _runs(ink: Pixels, least: tuple[int, int], gap: tuple[int, int]) -> Pixels:
    """Return what fills ``least`` (width, height) without a break, with short breaks between such parts mended."""
    long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, least))
    mended = cv2.morphologyEx(long, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, gap))
    return as_pixels(mended)


def without_rules(grey: Pixels, rules: Pixels) -> Pixels:
    """Return the page with its ruling lines painted white."""
    return np.where(rules > 0, np.uint8(255), grey)


def _shapes(rules: Pixels) -> tuple[list[Box], list[Box]]:
    """Return the boxes of connected lines, and those of the white parts that lines enclose on all sides."""
    contours, tree = cv2.findContours(rules, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outlines: list[Box] = []
    holes: list[Box] = []
    for contour, (_, _, _, parent) in zip(contours, tree[0] if contours else (), strict=True):
        x, y, width, height = cv2.boundingRect(contour)
        if parent < 0:
            outlines.append(Box(x, y, x + width, y + height))
        else:  # a hole's contour runs on the lines around it
            holes.append(Box(x + 1, y + 1, x + width - 1, y + height - 1))
    return outlines, holes


def _is_large(outline: Box, *, dpi: float) -> bool:
    """Say whether connected lines may be a table."""
    least = LEAST_RULE_INCHES * dpi
    return outline.width > 2 * least and outline.height > least / 2


def _grid(holes: Sequence[Box], outline: Box, *, dpi: float) -> Grid | None:
    boxes = _cell_boxes(holes, outline, dpi=dpi)
    if len(boxes) < LEAST_CELLS:
        return None
    tolerance = SAME_EDGE_INCHES * dpi
    columns = _edges([edge for box in boxes for edge in (box.left, box.right)], 2 * tolerance)
    rows = _edges([edge for box in boxes for edge in (box.top, box.bottom)], 2 * tolerance)
    if len(columns) < 3 or len(rows) < 2:
        return None
    cells = [_cell(box, columns, rows) for box in boxes]
    return Grid(outline, tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def _cell_boxes(holes: Sequence[Box], outline: Box, *, dpi: float) -> list[Box]:
    """Return the holes in an outline that are large enough for a cell; none that holds another."""
    least = LEAST_CELL_INCHES * dpi
    inside = [box for box in holes if box.width > least and box.height > least and _surrounds(outline, box)]
    return [box for box in inside if not any(other is not box and box.holds(other) for other in inside)]


def _surrounds(outline: Box, box: Box) -> bool:
    across = outline.left <= box.left and box.right <= outline.right
    return across and outline.top <= box.top and box.bottom <= outline.bottom


def _edges(places: Sequence[float], tolerance: float) -> list[float]:
    """Return where lines run, each once: edges of neighbouring cells lie a line's width apart."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= tolerance:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [sum(group) / len(group) for group in groups]


def _cell(box: Box, columns: Sequence[float], rows: Sequence[float]) -> Cell:
    left, right = _nearest(columns, box.left), _nearest(columns, box.right)
    top, bottom = _nearest(rows, box.top), _nearest(rows, box.bottom)
    return Cell(top, left, max(1, bottom - top), max(1, right - left), box)


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - place))
