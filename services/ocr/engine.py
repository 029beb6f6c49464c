"""The engine as a port: pictures in, lines of words out."""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from services.ocr.hocr import Layout
from services.ocr.pixels import Pixels

SURE_OF_ORIENTATION = 1.0  # below it the engine guesses


class Segmentation(Enum):
    """What the engine may expect in a picture; the values are tesseract's page segmentation modes."""

    PAGE = 3
    BLOCK = 6
    SPARSE = 11


class Engine(Protocol):
    """Reads grey pictures."""

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        """Read each picture, in one call for all of them.

        Raises ``PageFailed`` when it cannot or takes too long, and ``EngineInterrupted``.
        """

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        """Return by how many quarters to turn the page counter-clockwise to make it upright; 0 when unsure."""
