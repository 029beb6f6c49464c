"""Five ways in which a printed page reaches the engine, from a sound scan to a worn copy and a snapshot.

How hard they are is set by the engine alone, never by hoso: bare tesseract's line error is about 3 % on
poor pages and 7 % on photographs, as on those that stack notes compare recipes with.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deploy.demo.printing.scanner import Scan, scanned

PRINT_DPI = 300
OFFICE_DPI, PHOTO_DPI, POOR_DPI = 200, 200, 200
SPECKS = (0.00003, 0.00009)  # of each size, a share of all places
MOST_SHADE, LEAST_LIGHT = 0.3, 0.4

Grey = NDArray[np.float32]


@dataclass(frozen=True)
class Scanned:
    """A page as it arrives: its picture, its true resolution, how strongly its JPEG is compressed."""

    image: Image.Image
    dpi: int
    quality: int


def clean(sheet: Image.Image, lot: random.Random) -> Scanned:
    """Return a page from a good scanner: straight, even, sharp."""
    del lot  # one is like the other
    return Scanned(scanned(sheet, Scan()), PRINT_DPI, 92)


def office(sheet: Image.Image, lot: random.Random) -> Scanned:
    """Return a page from a feeder: a little skewed, a little noisy, compressed for mail."""
    scan = Scan(
        skew_degrees=lot.choice((-1, 1)) * lot.uniform(0.2, 0.9),
        grain=lot.randint(6, 14),
        shade=lot.randint(0, 24),
        seed=lot.randrange(2**31),
    )
    return Scanned(scanned(_at(sheet, OFFICE_DPI), scan), OFFICE_DPI, 75)


def turned(sheet: Image.Image, lot: random.Random) -> Scanned:
    """Return a clean or an office page fed sideways or upside down."""
    page = lot.choice((clean, office))(sheet, lot)
    quarter = lot.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270))
    return Scanned(page.image.transpose(quarter), page.dpi, page.quality)


def photo(sheet: Image.Image, lot: random.Random) -> Scanned:
    """Return a snapshot: perspective, a page that bulges, shadow, blur, the sensor's noise, strong compression."""
    noise = np.random.default_rng(lot.randrange(2**31))
    seen = _bulging(np.asarray(_at(sheet, PHOTO_DPI), dtype=np.float32), lot)
    seen = cv2.GaussianBlur(seen, (0, 0), lot.uniform(0.85, 1.15)).astype(np.float32)
    seen *= _shadow(seen.shape[:2], lot)[:, :, np.newaxis]
    seen += cv2.GaussianBlur(noise.normal(0, 9, seen.shape).astype(np.float32), (0, 0), 0.7)
    return Scanned(Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)), PHOTO_DPI, 60)


def poor(sheet: Image.Image, lot: random.Random) -> Scanned:
    """Return a scan of a photocopy: faded, speckled, skewed, grey and coarse."""
    noise = np.random.default_rng(lot.randrange(2**31))
    skew = lot.choice((-1, 1)) * lot.uniform(1.0, 2.0)
    copy = Image.fromarray(_faded(np.asarray(sheet.convert("L"), dtype=np.float32), noise, lot)).convert("RGB")
    scan = Scan(skew_degrees=skew, shade=70, seed=lot.randrange(2**31))
    page = np.asarray(scanned(_at(copy, POOR_DPI), scan).convert("L"), dtype=np.float32)
    grey = page + cv2.GaussianBlur(noise.normal(0, 17, page.shape).astype(np.float32), (0, 0), 0.6)
    return Scanned(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)), POOR_DPI, 55)


CONDITIONS: Mapping[str, Callable[[Image.Image, random.Random], Scanned]] = {
    "clean": clean,
    "office": office,
    "photo": photo,
    "poor": poor,
    "turned": turned,
}


def _at(sheet: Image.Image, dpi: int) -> Image.Image:
    """Return a printed sheet as a sensor of this resolution samples it."""
    size = (round(sheet.width * dpi / PRINT_DPI), round(sheet.height * dpi / PRINT_DPI))
    return sheet.resize(size, Image.Resampling.BOX, reducing_gap=None)


def _bulging(sheet: Grey, lot: random.Random) -> Grey:
    """Look at the sheet from a corner, its middle lying a little higher than its edges."""
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    moved = corners + np.array([[lot.uniform(-0.014, 0.014) * width for _ in range(2)] for _ in range(4)], np.float32)
    lift = lot.uniform(2.0, 5.0)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    down += (lift * np.sin(np.pi * across / width)).astype(np.float32)
    paper = (245, 244, 240)
    curved = cv2.remap(sheet, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    seen = cv2.warpPerspective(curved, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return np.asarray(seen, dtype=np.float32)


def _shadow(shape: tuple[int, ...], lot: random.Random) -> Grey:
    """Return how much light falls where: a lamp on one side, the shadow of a hand or telephone across."""
    height, width = shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    down, across = down / height, across / width
    lamp_x, lamp_y = lot.uniform(0, 1), lot.uniform(0, 0.6)
    light = 1 - MOST_SHADE * np.hypot(across - lamp_x, down - lamp_y) / 1.25
    edge = across * lot.uniform(-0.8, 0.8) + down - lot.uniform(0.45, 0.75)
    light *= 1 - 0.12 / (1 + np.exp(-edge * 25))
    return np.asarray(np.clip(light, LEAST_LIGHT, 1), dtype=np.float32)


def _faded(sheet: Grey, noise: np.random.Generator, lot: random.Random) -> NDArray[np.uint8]:
    """Take toner away in patches, and drop specks of 0.1 to 0.2 mm of it everywhere."""
    coarse = noise.uniform(0.38, 0.8, (14, 10)).astype(np.float32)
    toner = cv2.resize(coarse, sheet.shape[::-1], interpolation=cv2.INTER_CUBIC)
    copy = 255 - (255 - sheet) * toner
    share = lot.uniform(*SPECKS)
    for pixels in (1, 2):
        specks = (noise.random(sheet.shape) < share / pixels).astype(np.uint8)
        copy[cv2.dilate(specks, np.ones((pixels, pixels), np.uint8)) > 0] = 70
    return np.asarray(np.clip(copy, 0, 255), dtype=np.uint8)
