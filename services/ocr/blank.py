"""Tells blank pages, backs with a seal shining through among them, from pages with something on them."""

from collections.abc import Iterator

import cv2
import numpy as np

from services.ocr.pixels import Pixels, as_pixels, grey_of, scaled
from services.ocr.red_print import red_ink

LEAST_CONTRAST = 90  # print is darker than its paper by more; what shines through from the back is not
MARGIN = 0.03  # shadows of the scanner's edge
PAPER_PERCENTILE = 60
BANDS = 8
SPECK_INCHES = 0.03
LEAST_INK_INCHES = 0.15  # all parts' longer sides added up: two small letters have more


def is_blank(picture: Pixels, *, dpi: float) -> bool:
    """Say whether the page has less on it than two small letters; red ink does not count."""
    found = 0.0
    for inches in _ink_inches(picture, dpi=dpi):
        found += inches
        if found >= LEAST_INK_INCHES:
            return False
    return True


def _ink_inches(picture: Pixels, *, dpi: float) -> Iterator[float]:
    """Yield the longer sides of all connected parts that are no specks, added up, for each band of the page."""
    height, width = picture.shape[:2]
    down, across = round(MARGIN * height), round(MARGIN * width)
    inside = picture[down : height - down, across : width - across]
    sample = grey_of(inside[::4, ::4])
    limit = int(np.percentile(sample, PAPER_PERCENTILE)) - LEAST_CONTRAST
    if limit < 0:  # on paper as dark as that, what is printed is brighter
        yield LEAST_INK_INCHES if int(np.ptp(sample)) > LEAST_CONTRAST else 0.0
        return
    bands = np.array_split(inside, BANDS)
    for band in bands[BANDS // 4 :] + bands[: BANDS // 4]:  # where a page has writing at all, it has some here
        if min(band.shape[:2]) > 1:
            yield _band_inches(scaled(band, 0.5), limit, dpi=dpi / 2)


def _band_inches(picture: Pixels, limit: int, *, dpi: float) -> float:
    _, _, stats, _ = cv2.connectedComponentsWithStats(_ink(picture, limit), connectivity=8)
    sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return float(sides[sides > SPECK_INCHES * dpi].sum() / dpi)


def _ink(picture: Pixels, limit: int) -> Pixels:
    ink = cv2.threshold(grey_of(picture), limit, 255, cv2.THRESH_BINARY_INV)[1]
    if picture.ndim == 3:
        ink = cv2.subtract(ink, red_ink(picture))
    return as_pixels(ink)
