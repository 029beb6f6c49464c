"""Pages drawn for tests: grey or RGB pixels at 200 dpi."""

import cv2
import numpy as np

from services.ocr.pixels import Pixels, as_pixels

DPI = 200
BLACK, RED, PAPER = (0, 0, 0), (220, 20, 40), 255
WORDS = "hoso reads the papers of citizens and keeps them safe"


def paper(width: int = 1654, height: int = 2339) -> Pixels:
    """Return an empty colour page."""
    return np.full((height, width, 3), PAPER, dtype=np.uint8)


def write(page: Pixels, text: str, left: int, foot: int, *, colour: tuple[int, int, int] = BLACK) -> None:
    """Write one line on the page."""
    cv2.putText(page, text, (left, foot), cv2.FONT_HERSHEY_COMPLEX, 1, colour, 2, cv2.LINE_AA)


def letter() -> Pixels:
    """Return a colour page of text."""
    page = paper()
    for foot in range(200, 2200, 60):
        write(page, WORDS, 150, foot)
    return page


def table(columns: list[int], rows: list[int], *, shade: int = 0) -> Pixels:
    """Return a grey page with ruling lines at these places."""
    page = np.full((1200, 1654), PAPER, dtype=np.uint8)
    for x in columns:
        cv2.line(page, (x, rows[0]), (x, rows[-1]), shade, 2)
    for y in rows:
        cv2.line(page, (columns[0], y), (columns[-1], y), shade, 2)
    return page


def turned_letters(page: Pixels, degrees: float) -> Pixels:
    """Return the page turned counter-clockwise, white where nothing is."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return as_pixels(cv2.warpAffine(page, matrix, (width, height), borderValue=(PAPER,) * 3))
