"""Finds print that stands apart in the head of a page, such as a mark of secrecy: framed or alone, even crooked.

The engine takes a frame for a picture: of twelve made marks in black frames it read four. And a lone
short word under the number it takes for noise now and then, though it reads it surely when cut out.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.hocr import Box
from services.ocr.pixels import Pixels, as_pixels, bordered, cut, scaled
from services.ocr.red_print import BORDER_PIXELS, LEAST_LETTERS, RedPrint, count_letters, letters_of

MM_PER_INCH = 25.4
HEAD_SHARE = 0.5  # of a page
WIDTH_MM, HEIGHT_MM = (10, 75), (5, 18)  # of the room in a frame
EDGE_MM = 0.6  # cut off at each side, lest a line of the frame be read as a letter
FILLED = 0.8  # of the least rectangle around it: the room in a frame has four straight sides
MOST_DEGREES = 15
LEAST_INK, MOST_INK = 0.03, 0.5  # an empty frame waits for a tick or a photograph
CONTRAST = 20  # ink is darker than the paper around it by so much
PAPER_MM = 4
LONE_SHARE = 0.5  # of the page's width: marks are stamped under the number, on the left
LONE_WIDTH_MM, LONE_HEIGHT_MM = (8, 60), (2, 9)  # of one level line in capitals
REACH_MM = (2, 0.6)  # what stands nearer, across and down, is one piece
ROOM_MM = 0.8  # left around a piece
COARSE = 0.5  # pieces are looked for in a picture of half the size

Rectangle = tuple[tuple[float, float], tuple[float, float], float]


def head_rows(page: Pixels) -> int:
    """Return how many rows of pixels the head of a page has."""
    rows: int = round(page.shape[0] * HEAD_SHARE)
    return rows


def find_framed_print(head: Pixels, *, dpi: float) -> Iterator[RedPrint]:
    """Yield what stands in frames of their own; the cells of a table share their lines with others."""
    ink = ink_of(head, dpi=dpi)
    for room in _rooms(ink, dpi=dpi):
        rectangle = _level_rectangle(room)
        inked = float((_cut_level(ink, rectangle, dpi=dpi) > 0).mean())
        if LEAST_INK <= inked <= MOST_INK:
            left, top, width, height = cv2.boundingRect(room)
            picture = bordered(_cut_level(head, rectangle, dpi=dpi), BORDER_PIXELS)
            yield RedPrint(picture, Box(left, top, left + width, top + height))


def find_lone_print(head: Pixels, *, dpi: float) -> Iterator[RedPrint]:
    """Yield what stands on the left of the head like one short line, with room on all sides."""
    head = head[:, : round(head.shape[1] * LONE_SHARE)]
    letters = letters_of(ink_of(scaled(head, COARSE), dpi=COARSE * dpi), dpi=COARSE * dpi)
    for piece in _pieces(letters, dpi=COARSE * dpi):
        rectangle = _level_rectangle(cv2.findNonZero(cut(letters, piece)))
        if _is_short_line(rectangle, dpi=COARSE * dpi):
            picture = _cut_level(head, _roomy(rectangle, piece, dpi=dpi), dpi=dpi)
            box = Box(*(side / COARSE for side in (piece.left, piece.top, piece.right, piece.bottom)))
            yield RedPrint(bordered(picture, BORDER_PIXELS), box)


def _pieces(letters: Pixels, *, dpi: float) -> Iterator[Box]:
    """Yield the boxes of letters that stand together, as wide as a short line; at the edge they may go on."""
    across, down = (round(reach / MM_PER_INCH * dpi) for reach in REACH_MM)
    near = cv2.dilate(letters, np.ones((2 * down + 1, 2 * across + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        box = Box(x + across, y + down, x + width - across, y + height - down)
        wide, high = (side / dpi * MM_PER_INCH for side in (box.width, box.height))
        fits = LONE_WIDTH_MM[0] <= wide <= LONE_WIDTH_MM[1] and high >= LONE_HEIGHT_MM[0]
        whole = x > 0 and y > 0 and x + width < letters.shape[1] and y + height < letters.shape[0]
        if whole and fits and count_letters(cut(letters, box)) >= LEAST_LETTERS:
            yield box


def _is_short_line(rectangle: Rectangle, *, dpi: float) -> bool:
    _, sides, degrees = rectangle
    wide, high = (side / dpi * MM_PER_INCH for side in sides)
    fits = LONE_WIDTH_MM[0] <= wide <= LONE_WIDTH_MM[1] and LONE_HEIGHT_MM[0] <= high <= LONE_HEIGHT_MM[1]
    return fits and abs(degrees) <= MOST_DEGREES


def _roomy(rectangle: Rectangle, piece: Box, *, dpi: float) -> Rectangle:
    """Return where a rectangle found in a piece of the coarse picture is on the page, with room around it."""
    (across, down), (width, height), degrees = rectangle
    room = 2 * (EDGE_MM + ROOM_MM) / MM_PER_INCH * dpi
    middle = ((piece.left + across) / COARSE, (piece.top + down) / COARSE)
    return middle, (width / COARSE + room, height / COARSE + room), degrees


def ink_of(grey: Pixels, *, dpi: float) -> Pixels:
    """Return a mask that is 255 where the page is darker than around."""
    side = 2 * round(PAPER_MM / MM_PER_INCH * dpi) + 1
    mean = cv2.ADAPTIVE_THRESH_MEAN_C
    return as_pixels(cv2.adaptiveThreshold(grey, 255, mean, cv2.THRESH_BINARY_INV, side, CONTRAST))


def _rooms(ink: Pixels, *, dpi: float) -> Iterator[NDArray[np.int32]]:
    """Yield the outlines of what lies within a frame that has one room only."""
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:  # then the tree is None, though its type does not say so
        return
    least = (WIDTH_MM[0] * HEIGHT_MM[0]) * (dpi / MM_PER_INCH) ** 2 / 4
    inner = [
        at for at, (_, _, _, parent) in enumerate(tree[0]) if parent >= 0 and cv2.contourArea(contours[at]) > least
    ]
    parents = [int(tree[0][at][3]) for at in inner]
    for at, parent in zip(inner, parents, strict=True):
        room = np.asarray(contours[at], dtype=np.int32)
        if parents.count(parent) == 1 and _is_room(room, dpi=dpi):
            yield room


def _is_room(room: NDArray[np.int32], *, dpi: float) -> bool:
    """Say whether an outline is a rectangle as wide and high as a line of large print needs, and nearly level."""
    _, (width, height), degrees = _level_rectangle(room)
    if not width * height or abs(degrees) > MOST_DEGREES:
        return False
    wide, high = (length / dpi * MM_PER_INCH for length in (width, height))
    fits = WIDTH_MM[0] <= wide <= WIDTH_MM[1] and HEIGHT_MM[0] <= high <= HEIGHT_MM[1]
    return fits and cv2.contourArea(room) >= FILLED * width * height


def _level_rectangle(room: cv2.typing.MatLike) -> Rectangle:
    """Return the least rectangle around an outline, its long side across: middle, size, and how it is turned."""
    (across, down), (width, height), degrees = cv2.minAreaRect(room)
    if width < height:
        width, height, degrees = height, width, degrees - 90
    return (across, down), (width, height), (degrees + 90) % 180 - 90


def _cut_level(picture: Pixels, rectangle: Rectangle, *, dpi: float) -> Pixels:
    """Return what is in a rectangle, level and without its edge."""
    (across, down), sides, degrees = rectangle
    width, height = (math.ceil(side - 2 * EDGE_MM / MM_PER_INCH * dpi) for side in sides)
    turn = cv2.getRotationMatrix2D((across, down), degrees, 1)
    turn[:, 2] += np.array((width / 2 - across, height / 2 - down))
    return as_pixels(
        cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    )
