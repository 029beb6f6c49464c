"""Finds print that stands on a page and is in nothing that was read there.

The engine takes for a picture what stands near a grey seal: the title over it, the name under it. And now and
then it leaves out a short last row of a list. Cut out, it reads them surely (2026-11: of 120 made letters 9
lacked such a line).
"""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from services.ocr.framed_print import MM_PER_INCH, ink_of
from services.ocr.hocr import Box
from services.ocr.pixels import Pixels, cut, scaled
from services.ocr.red_print import LEAST_LETTERS, count_letters, letters_of

WIDTH_MM, HEIGHT_MM = (5.5, 170), (1.8, 9)  # of one line, the shortest that says something
REACH_MM = (2, 0.3)  # what stands nearer, across and down, is one piece
EDGE_MM = 0.5  # the engine's boxes cut off marks
ROOM_MM = 0.8  # left around a piece
COARSE = 0.5  # pieces are looked for in a picture of half the size
CELL_PIXELS, INKED_CELL, LEAST_CELLS = 8, 20, 3  # of the coarse picture; a cell of print is darker than 255 by so much
MOST_PIECES = 12  # with more the page is written by hand, or a picture


def find_unread_print(grey: Pixels, read: Iterable[Box], *, dpi: float) -> list[Box]:
    """Return where print stands on a straight page that is in no box of what was read; nothing where it is all over."""
    coarse_dpi = COARSE * dpi
    ink = ink_of(scaled(grey, COARSE), dpi=coarse_dpi)
    edge = EDGE_MM / MM_PER_INCH * dpi
    for box in read:
        whole = Box(box.left - edge, box.top - edge, box.right + edge, box.bottom + edge)
        cut(ink, whole.scaled(COARSE))[:] = 0
    bands = ((top, letters_of(ink[top:bottom], dpi=coarse_dpi)) for top, bottom in _bands(ink))
    found = [box.moved(0, top) for top, letters in bands for box in _pieces(letters, dpi=coarse_dpi)]
    return [with_room(box.scaled(1 / COARSE), dpi=dpi) for box in found] if len(found) <= MOST_PIECES else []


def _bands(ink: Pixels) -> Iterator[tuple[int, int]]:
    """Yield from where to where, down the page, anything as wide as a short line may stand: to look there is cheap."""
    cells = scaled(ink, 1 / CELL_PIXELS) > INKED_CELL
    runs = cv2.erode(cells.astype(np.uint8), np.ones((1, LEAST_CELLS), np.uint8))
    rows = cv2.dilate(runs.max(axis=1, keepdims=True), np.ones((3, 1), np.uint8)).ravel()
    edges = np.flatnonzero(np.diff(rows, prepend=0, append=0)) * CELL_PIXELS
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _pieces(ink: Pixels, *, dpi: float) -> Iterator[Box]:
    """Yield the boxes of letters that stand together, as wide and high as a line."""
    across, down = (round(reach / MM_PER_INCH * dpi) for reach in REACH_MM)
    near = cv2.dilate(ink, np.ones((2 * down + 1, 2 * across + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        box = Box(x + across, y + down, x + width - across, y + height - down)
        wide, high = (side / dpi * MM_PER_INCH for side in (box.width, box.height))
        fits = WIDTH_MM[0] <= wide <= WIDTH_MM[1] and HEIGHT_MM[0] <= high <= HEIGHT_MM[1]
        if fits and count_letters(cut(ink, box)) >= LEAST_LETTERS:
            yield box


def with_room(box: Box, *, dpi: float) -> Box:
    """Return a box with the room around it that a line needs to be read by itself."""
    room = ROOM_MM / MM_PER_INCH * dpi
    return Box(max(0, box.left - room), max(0, box.top - room), box.right + room, box.bottom + room)
