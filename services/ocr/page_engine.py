"""Reading pages as a port, and its fulfilment by an engine that is asked for anew for each page."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from services.ocr.engine import Engine
from services.ocr.hocr import Line
from services.ocr.language.syllables import Bigrams
from services.ocr.pages import PageFailed, Picture
from services.ocr.pixels import PixelsUnfit, calm_threads, grey_of
from services.ocr.prepare import pixels_of
from services.ocr.reader import AS_USUAL, PageReader, ReadPage
from services.ocr.reading import ReadingOptions
from services.ocr.recognise import EngineFacts
from services.ocr.red_print import has_red_print
from shared.events import Redo


class PageEngine(Protocol):
    """Reads pages; safe to use from several threads."""

    facts: EngineFacts

    def recognise(self, picture: Picture, folder: Path, redo: Redo | None = None) -> tuple[ReadPage, float]:
        """Return what stands on a page, and at how many dots an inch it was read.

        ``redo`` says how a person wants it read; ``folder`` takes temporary files. The picture is
        used up. Raises ``PageFailed`` when it cannot or takes too long, and ``EngineInterrupted``.
        """

    def marks(self, picture: Picture, folder: Path) -> tuple[Line, ...]:
        """Return what is printed in red or framed on an upright page at its resolution; raises as ``recognise``."""


class ReadingEngine:
    """Reads each page with an engine of its own, so that threads share none and each page has its time."""

    def __init__(self, facts: EngineFacts, engine_for_page: Callable[[Path], Engine], bigrams: Bigrams) -> None:
        calm_threads()
        self.facts = facts
        self._engine_for_page = engine_for_page
        self._bigrams = bigrams

    def recognise(self, picture: Picture, folder: Path, redo: Redo | None = None) -> tuple[ReadPage, float]:
        """Read a page."""
        reader = PageReader(self._engine_for_page(folder), self._bigrams)
        try:
            pixels, dpi = pixels_of(picture)
            picture.forget()
            if pixels.ndim == 3 and not has_red_print(pixels):
                pixels = grey_of(pixels)
            return reader.read(pixels, dpi=dpi, options=_options(redo)), dpi
        except PixelsUnfit as error:
            raise PageFailed(reason="page-unreadable") from error

    def marks(self, picture: Picture, folder: Path) -> tuple[Line, ...]:
        """Read the marks of a page."""
        reader = PageReader(self._engine_for_page(folder), self._bigrams)
        return reader.marks(picture.pixels, dpi=picture.dpi)


def _options(redo: Redo | None) -> ReadingOptions:
    if redo is None:
        return AS_USUAL
    return ReadingOptions(rotation=redo.rotation, segmentation=redo.segmentation, cleaning=redo.cleaning)
