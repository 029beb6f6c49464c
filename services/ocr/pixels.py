"""Pictures as arrays of pixels."""

import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.hocr import Box

Pixels: TypeAlias = NDArray[np.uint8]  # grey: height by width; colour: height by width by 3, RGB
WHITE = 255
PixelsUnfit = cv2.error  # a picture that has no size left once it is scaled, for one


def calm_threads() -> None:
    """Keep each picture on the thread that works on it: pages are what runs side by side."""
    cv2.setNumThreads(1)


def grey_of(picture: Pixels) -> Pixels:
    """Return the red channel, in which red ink is as bright as paper; a grey picture is its own."""
    return picture if picture.ndim == 2 else as_pixels(cv2.extractChannel(picture, 0))


def cut(picture: Pixels, box: Box) -> Pixels:
    """Return the part of the picture inside the box."""
    top, left = max(0, math.floor(box.top)), max(0, math.floor(box.left))
    return picture[top : math.ceil(box.bottom), left : math.ceil(box.right)]


def bordered(picture: Pixels, width: int) -> Pixels:
    """Return a grey picture with a white border round it."""
    return as_pixels(cv2.copyMakeBorder(picture, width, width, width, width, cv2.BORDER_CONSTANT, value=WHITE))


def scaled(picture: Pixels, factor: float) -> Pixels:
    """Return the picture that many times as large, smoothly; a side that is there stays one pixel at least."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    if min(picture.shape[:2]) * factor <= 0.5:  # OpenCV refuses to leave nothing
        height, width = (max(1, round(side * factor)) for side in picture.shape[:2])
        return as_pixels(cv2.resize(picture, (width, height), interpolation=how))
    return as_pixels(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how))


def turned(picture: Pixels, degrees: float, *, rows: int | None = None, finely: bool = True) -> Pixels:
    """Return the picture turned counter-clockwise about its middle, its size kept, new corners white.

    Only so many ``rows`` of it from the top, where that is said; ``finely`` is for the engine's eyes.
    """
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    size, white = (width, rows or height), (WHITE, WHITE, WHITE)
    how = cv2.INTER_CUBIC if finely else cv2.INTER_LINEAR
    return as_pixels(cv2.warpAffine(picture, matrix, size, flags=how, borderValue=white))


def turned_box(box: Box, degrees: float, picture: Pixels) -> Box:
    """Return where the middle of a box comes to lie when its picture is turned, with the box as large as before."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    across, down = matrix @ ((box.left + box.right) / 2, box.middle, 1)
    return box.moved(float(across) - (box.left + box.right) / 2, float(down) - box.middle)


def quarter_turned(picture: Pixels, quarters: int) -> Pixels:
    """Return the picture turned counter-clockwise by quarters of a circle."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def as_pixels(array: object) -> Pixels:
    """Return what OpenCV gave as pixels, which its types do not say."""
    return np.asarray(array, dtype=np.uint8)
