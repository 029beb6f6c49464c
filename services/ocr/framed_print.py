"""Finds print in a small black frame in the head of a page, such as a mark of secrecy, even a crooked one.

The engine takes such a frame for a picture: of twelve made marks in black frames it read four.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.hocr import Box
from services.ocr.pixels import Pixels, as_pixels, bordered
from services.ocr.red_print import BORDER_PIXELS, RedPrint

MM_PER_INCH = 25.4
HEAD_SHARE = 0.5
WIDTH_MM, HEIGHT_MM = (10, 75), (5, 18)  # of the room in a frame
EDGE_MM = 0.6  # cut off at each side, lest a line of the frame be read as a letter
FILLED = 0.8  # of the least rectangle around it: the room in a frame has four straight sides
MOST_DEGREES = 15
LEAST_INK, MOST_INK = 0.03, 0.5  # an empty frame waits for a tick or a photograph
CONTRAST = 20  # ink is darker than the paper around it by so much
PAPER_MM = 4

Rectangle = tuple[tuple[float, float], tuple[float, float], float]


def find_framed_print(grey: Pixels, *, dpi: float) -> Iterator[RedPrint]:
    """Yield what stands in frames of their own; the cells of a table share their lines with others."""
    head = grey[: round(grey.shape[0] * HEAD_SHARE)]
    ink = _ink(head, dpi=dpi)
    for room in _rooms(ink, dpi=dpi):
        rectangle = _level_rectangle(room)
        inked = float((_cut_level(ink, rectangle, dpi=dpi) > 0).mean())
        if LEAST_INK <= inked <= MOST_INK:
            left, top, width, height = cv2.boundingRect(room)
            picture = bordered(_cut_level(head, rectangle, dpi=dpi), BORDER_PIXELS)
            yield RedPrint(picture, Box(left, top, left + width, top + height))


def _ink(grey: Pixels, *, dpi: float) -> Pixels:
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


def _level_rectangle(room: NDArray[np.int32]) -> Rectangle:
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
