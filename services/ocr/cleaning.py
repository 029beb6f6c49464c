"""Removes noise and uneven light for recognition, where there is any to remove.

Measured on made pages (2026-11, line error): photographed 22 % as they are, 0.6 % cleaned; noisy
3.5 % and 1.4 %; clean pages read no better for it, so they are left alone.
"""

import dataclasses

import cv2
import numpy as np

from services.ocr.pixels import Pixels, as_pixels, scaled
from services.ocr.specks import is_specked, without_specks

UNEVEN_BELOW = 225  # the darkest paper of an evenly lit page is brighter
NOISY_ABOVE = 1.8  # grey levels; sound scans have 0 to 1.5, photographs from 2
DARKEST_PAPER_PERCENTILE = 2


@dataclasses.dataclass(frozen=True)
class Flaws:
    """What is wrong with a page's picture."""

    noisy: bool
    uneven: bool
    specked: bool = False

    def others(self) -> "Flaws":
        """Return what to clean in a second attempt: everything, or nothing if that was done already."""
        both = self.noisy and self.uneven
        return Flaws(noisy=not both, uneven=not both, specked=not both and self.specked)


def flaws(grey: Pixels, *, dpi: float) -> Flaws:
    """Measure a page."""
    return Flaws(
        specked=is_specked(grey, dpi=dpi),
        noisy=noise(grey) > NOISY_ABOVE,
        uneven=float(np.percentile(_paper(scaled(grey, 0.125), 3, 11), DARKEST_PAPER_PERCENTILE)) < UNEVEN_BELOW,
    )


def cleaned(grey: Pixels, found: Flaws, *, dpi: float) -> Pixels:
    """Return the page without these flaws, unchanged where it has none."""
    if found.specked:
        grey = without_specks(grey, dpi=dpi)
    elif found.noisy:
        grey = as_pixels(cv2.bilateralFilter(grey, 5, 40, 40))
    if found.uneven:
        paper = cv2.resize(background(grey), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
        grey = as_pixels(cv2.divide(grey, paper, scale=255))
    return grey


def noise(grey: Pixels) -> float:
    """Return how far, on average, the paper in the middle of the page strays from its surroundings."""
    height, width = grey.shape
    middle = grey[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
    strays = cv2.absdiff(middle, cv2.medianBlur(middle, 5))
    return float(strays[middle >= np.median(middle)].mean())


def background(grey: Pixels) -> Pixels:
    """Return the bare paper at a quarter of the scale: what is brightest near each place, smoothed."""
    return _paper(scaled(grey, 0.25), 7, 21)


def _paper(grey: Pixels, near: int, round_about: int) -> Pixels:
    brightest = cv2.dilate(grey, np.ones((near, near), np.uint8))
    return as_pixels(cv2.medianBlur(brightest, round_about))


def sharpened(grey: Pixels) -> Pixels:
    """Return the picture with the blur of enlarging it taken back."""
    return as_pixels(cv2.addWeighted(grey, 1.6, cv2.GaussianBlur(grey, (0, 0), 1.0), -0.6, 0))
