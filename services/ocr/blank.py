"""Tells blank pages, backs with a seal shining through among them, from pages with something on them."""

import cv2
import numpy as np

from services.ocr.pixels import Pixels, as_pixels, grey_of, scaled
from services.ocr.red_print import red_ink

LEAST_CONTRAST = 90  # print is darker than its paper by more; what shines through from the back is not
MARGIN = 0.03  # shadows of the scanner's edge
SPECK_INCHES = 0.03
LEAST_INK_INCHES = 0.15  # all parts' longer sides added up: two small letters have more


def is_blank(picture: Pixels, *, dpi: float) -> bool:
    """Say whether the page has less on it than two small letters; red ink does not count."""
    return ink_inches(picture, dpi=dpi) < LEAST_INK_INCHES


def ink_inches(picture: Pixels, *, dpi: float) -> float:
    """Return the longer sides of all connected parts that are no specks, added up."""
    picture, dpi = scaled(picture, 0.5), dpi / 2
    height, width = picture.shape[:2]
    down, across = round(MARGIN * height), round(MARGIN * width)
    ink = _ink(picture[down : height - down, across : width - across])
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return float(sides[sides > SPECK_INCHES * dpi].sum() / dpi)


def _ink(picture: Pixels) -> Pixels:
    grey = grey_of(picture)
    limit = max(0, int(np.percentile(grey[::2, ::2], 60)) - LEAST_CONTRAST)
    ink = cv2.threshold(grey, limit, 255, cv2.THRESH_BINARY_INV)[1]
    if picture.ndim == 3:
        ink = cv2.subtract(ink, red_ink(picture))
    return as_pixels(ink)
