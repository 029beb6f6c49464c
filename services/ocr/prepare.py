"""Brings a page to the resolution at which it is recognised.

Measured on real letters (2026-11): 200 dpi reads as well as 300 and a quarter faster, and pictures
from chat programs (82 dpi) read at 1.3 % line error instead of 3.2 % when brought up to 200.
"""

import math

from services.ocr.cleaning import sharpened
from services.ocr.pages import Picture
from services.ocr.pixels import Pixels, scaled

RECOGNITION_DPI = 200
NEAR_ENOUGH = 0.02  # pictures without a resolution come out a pixel off: scaling them blurs for nothing
BLURRED_ABOVE = 1.5  # times a picture was enlarged
# A0 at 200 dpi; tesseract refuses more than 32,767 pixels a side
MOST_PIXELS, MOST_SIDE_PIXELS = 62_000_000, 32_000


def bounded_dpi(width_inches: float, height_inches: float) -> float:
    """Return the resolution to recognise a page at: 200 dpi, or less for an enormous page."""
    side, area = max(width_inches, height_inches), width_inches * height_inches
    return min(RECOGNITION_DPI, MOST_SIDE_PIXELS / side, math.sqrt(MOST_PIXELS / area))


def pixels_of(page: Picture) -> tuple[Pixels, float]:
    """Return the page's pixels, grey or RGB, at the resolution to read it at, and that resolution."""
    height, width = page.pixels.shape[:2]
    dpi = bounded_dpi(width / page.dpi, height / page.dpi)
    pixels, factor = page.pixels, dpi / page.dpi
    if abs(factor - 1) < NEAR_ENOUGH:
        return pixels, page.dpi
    pixels = scaled(pixels, factor)
    return (sharpened(pixels) if factor > BLURRED_ABOVE else pixels), dpi
