"""Finds red print on a page: marks of urgency, arrival stamps; not seals, which are round.

The red channel, in which a page is recognised, makes red ink as bright as paper. So what is printed
in red is cut out of the colour picture, freed of its frame and turned level (urgency marks are
often stamped at an angle) to be recognised on its own.
"""

import dataclasses
import math
from collections.abc import Iterator

import cv2
import numpy as np

from services.ocr.hocr import Box
from services.ocr.pixels import Pixels, as_pixels, bordered, cut, scaled

LEAST_REDNESS = 50  # red above both green and blue; faded seals stay below
LETTER_INCHES = 0.5  # at most; frames and rings are larger
WORD_INCHES, WORD_INK = 2.0, 0.2  # letters that touch make one part as wide as a word, but no frame has so much ink
SPECK_PIXELS = 4
LEAST_LETTERS = 3
WORD_GAP_INCHES = 0.12
FLAT = 1.8  # print is wider than high by this; a seal is not
BORDER_PIXELS = 12


@dataclasses.dataclass(frozen=True)
class RedPrint:
    """One piece of red print, black on white and level, and where it stands on the page."""

    picture: Pixels
    box: Box


def has_red_print(rgb: Pixels) -> bool:
    """Say cheaply whether there may be any."""
    return bool(red_ink(np.ascontiguousarray(rgb[::4, ::4])).any())


def find_red_print(rgb: Pixels, *, dpi: float) -> Iterator[RedPrint]:
    """Yield the pieces of red print on a colour page."""
    rough = letters_of(red_ink(scaled(rgb, 0.5)), dpi=dpi / 2)
    for small in _groups(rough, dpi=dpi / 2):
        box = Box(2 * small.left, 2 * small.top, 2 * small.right, 2 * small.bottom)
        letters = _fine_letters(cut(rgb, box), cut(rough, small))
        if count_letters(letters) >= LEAST_LETTERS and (picture := _level(letters)) is not None:
            yield RedPrint(picture, box)


def _fine_letters(rgb: Pixels, rough: Pixels) -> Pixels:
    """Return the red ink of the full picture where the letters found in its half-size copy are."""
    height, width = rgb.shape[:2]
    near = cv2.dilate(cv2.resize(rough, (width, height)), np.ones((3, 3), np.uint8))
    return as_pixels(cv2.bitwise_and(red_ink(rgb), near))


def red_ink(rgb: Pixels) -> Pixels:
    """Return a mask that is 255 where the page is clearly red."""
    red, green, blue = cv2.split(rgb)
    redness = cv2.subtract(red, cv2.max(green, blue))
    return as_pixels(cv2.threshold(redness, LEAST_REDNESS, 255, cv2.THRESH_BINARY)[1])


def letters_of(red: Pixels, *, dpi: float) -> Pixels:
    """Return the mask with only those connected parts that may be letters, their marks, or letters that touch."""
    if not cv2.countNonZero(red):
        return red
    _, labels, stats, _ = cv2.connectedComponentsWithStats(red, connectivity=8)
    width, height, area = (stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    longest, shortest = np.maximum(width, height), np.minimum(width, height)
    word = (longest <= WORD_INCHES * dpi) & (area >= WORD_INK * width * height)
    fits = (shortest <= LETTER_INCHES * dpi) & ((longest <= LETTER_INCHES * dpi) | word) & (area >= SPECK_PIXELS)
    fits[0] = False
    return as_pixels(fits[labels]) * np.uint8(255)


def _groups(letters: Pixels, *, dpi: float) -> list[Box]:
    """Return the boxes of letters that stand together."""
    reach = round(WORD_GAP_INCHES * dpi)
    near = cv2.dilate(letters, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:].tolist()]
    return [box for box in boxes if max(box.width, box.height) > 3 * reach]


def count_letters(letters: Pixels) -> int:
    """Count the letters: the parts that are no mere specks, and each as many as it is longer than wide."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(letters, connectivity=8)
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    heights = sizes[:, 1]
    parts = sizes[heights > heights.max(initial=0) / 2]
    return int((parts.max(axis=1) / parts.min(axis=1)).round().sum()) if len(parts) else 0


def _level(letters: Pixels) -> Pixels | None:
    """Return the letters black on white and level; nothing where they form no lines."""
    points = cv2.findNonZero(letters)
    (across, down), (width, height), angle = cv2.minAreaRect(points)
    if width < height:
        width, height, angle = height, width, angle - 90
    angle = (angle + 90) % 180 - 90  # OpenCV 5 counts from -90 to 0, earlier ones from 0 to 90: never upside down
    if width < FLAT * height:
        return None
    size = (math.ceil(width), math.ceil(height))
    turn = cv2.getRotationMatrix2D((across, down), angle, 1)
    turn[:, 2] += np.array((size[0] / 2 - across, size[1] / 2 - down))
    flat = cv2.warpAffine(letters, turn, size, flags=cv2.INTER_LINEAR)
    return bordered(as_pixels(cv2.bitwise_not(flat)), BORDER_PIXELS)
