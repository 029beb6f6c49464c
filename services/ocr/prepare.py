"""Preparing a page for the engine; deskewing and cleaning will find their room here.

Measured on real letters (2026-11): 200 dpi reads as well as 300 and a quarter faster, and pictures
from chat programs (82 dpi) read at 1.3 % line error instead of 3.2 % when brought up to 200.
"""

import math

from PIL import Image

from services.ocr.pages import Picture

RECOGNITION_DPI = 200
# A0 at 200 dpi; tesseract refuses more than 32,767 pixels a side
MOST_PIXELS, MOST_SIDE_PIXELS = 62_000_000, 32_000


def bounded_dpi(width_inches: float, height_inches: float) -> float:
    """Return the resolution to recognise a page at: 200 dpi, or less for an enormous page."""
    side, area = max(width_inches, height_inches), width_inches * height_inches
    return min(RECOGNITION_DPI, MOST_SIDE_PIXELS / side, math.sqrt(MOST_PIXELS / area))


def prepare(page: Picture) -> Picture:
    """Return the page in grey, without its red seals, at the resolution to recognise it at."""
    dpi = bounded_dpi(page.image.width / page.dpi, page.image.height / page.dpi)
    grey = _red_channel(page.image)
    size = (_scaled(grey.width, dpi / page.dpi), _scaled(grey.height, dpi / page.dpi))
    if size == grey.size:
        return Picture(grey, page.dpi)
    return Picture(grey.resize(size, Image.Resampling.BICUBIC), dpi)


def _scaled(pixels: int, factor: float) -> int:
    return max(1, round(pixels * factor))


def _red_channel(image: Image.Image) -> Image.Image:
    """Return the channel in which red ink is as bright as paper: a seal over a name disappears."""
    return image.getchannel("R") if image.mode == "RGB" else image.convert("L")
