"""Finds by how much a page lies crooked, from the sharpness of its lines' shadow."""

import cv2
import numpy as np

from services.ocr.pixels import Pixels, as_pixels, scaled

COPY_PIXELS = 900  # the longer side of the copy that is measured
MOST_DEGREES = 6.0
COARSE_DEGREES = 0.5
LEAST_CONTRAST = 60


def skew_degrees(grey: Pixels) -> float:
    """Return the degrees to turn the page counter-clockwise to make its lines level, to 0.05.

    Of all angles the right one throws the lines' ink on the fewest rows (projection profile).
    """
    ink = _ink(scaled(grey, COPY_PIXELS / max(grey.shape)))
    if not ink.any():
        return 0.0
    small = scaled(ink, 0.5)  # enough to begin with, at a quarter of the cost
    steps = round(MOST_DEGREES / COARSE_DEGREES)
    angles = (COARSE_DEGREES * step for step in range(-steps, steps + 1))
    best = max(angles, key=lambda angle: _sharpness(small, angle))
    best = _refined(small, best, 0.25)
    best = _refined(ink, best, 0.1)
    return round(_refined(ink, best, 0.05), 2) + 0.0  # no minus before a zero


def _refined(ink: Pixels, degrees: float, step: float) -> float:
    """Return the best angle within two steps of one."""
    return max((degrees + step * turn for turn in (0, -2, -1, 1, 2)), key=lambda angle: _sharpness(ink, angle))


def _ink(grey: Pixels) -> Pixels:
    """Return how dark each pixel is against the paper round it, faint ones left out."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((7, 7), np.uint8)), 21)
    ink = cv2.subtract(paper, grey)
    return as_pixels(cv2.threshold(ink, LEAST_CONTRAST, 255, cv2.THRESH_TOZERO)[1])


def _sharpness(ink: Pixels, degrees: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    profile = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(profile)).sum())
