"""Pages and an engine in memory, each failing where it is told to."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pikepdf

from services.ocr.facts import PageFacts
from services.ocr.hocr import Box, Line, Word
from services.ocr.pages import PageFailed, Picture
from services.ocr.reader import ReadPage
from services.ocr.recognise import EngineFacts
from services.ocr.sources import PageSource
from services.ocr.steps import Examined
from services.ocr.workshop import LocalWorkshop
from shared.events import Redo


def read_page(*words: str, confidence: int = 90) -> ReadPage:
    """Return a page of one line with words side by side."""
    placed = tuple(Word(word, Box(10 + 20 * n, 40, 25 + 20 * n, 60), confidence) for n, word in enumerate(words))
    return ReadPage(100, 100, (Line(placed, Box(10, 40, 100, 60), 20, 0, 56),), confidence=confidence, attempts=1)


class FakePages:
    """A paper of blank pages; ``failing`` ones cannot be decoded."""

    media_type = "application/pdf"

    def __init__(self, count: int, *, failing: Mapping[int, str] | None = None) -> None:
        self.count = count
        self._failing = failing or {}
        self.decoded: list[int] = []

    def picture(self, number: int, *, stamped: bool = True) -> Picture:
        """Return a blank page whose width tells its number."""
        self.decoded.append(number)
        if number in self._failing:
            raise PageFailed(reason=self._failing[number])
        return Picture(np.full((100, 100 + number), 255, np.uint8), 200)

    def layer(self, number: int) -> None:
        """Return nothing."""

    def as_pdf(self, folder: Path) -> Path:
        """Return a PDF of blank pages."""
        target = folder / "pages.pdf"
        with pikepdf.new() as document:
            for _ in range(self.count):
                document.add_blank_page(page_size=(72, 72))
            document.save(target, deterministic_id=True)
        return target


class FakeEngine:
    """Reads "trang N" on page N; ``meet`` is called with N first and may raise, wait or move a clock."""

    facts = EngineFacts("fake 1.0", "vie", {"vie": "0" * 64})

    def __init__(self, meet: Callable[[int], None] = lambda _: None, *, confidence: int = 90) -> None:
        self._meet = meet
        self._confidence = confidence
        self.pages: dict[int, ReadPage] = {}
        self._lock = threading.Lock()
        self.read: list[int] = []

    def recognise(self, picture: Picture, folder: Path, redo: Redo | None = None) -> tuple[ReadPage, float]:  # no files
        """Read a page; one that is read again says otherwise."""
        number = picture.pixels.shape[1] - 100
        with self._lock:
            self.read.append(number)
        self._meet(number)
        words = ("trang", str(number)) if redo is None else ("lại", str(number), str(redo.rotation))
        return self.pages.get(number) or read_page(*words, confidence=self._confidence), picture.dpi

    def marks(self, picture: Picture, folder: Path) -> tuple[Line, ...]:
        """Return nothing."""
        return ()


def fake_workshop(open_pages: Callable[[Path], PageSource], engine: FakeEngine) -> LocalWorkshop:
    """Return a workshop in this process on fakes."""

    def examine(path: Path, folder: Path) -> Examined:
        source = open_pages(path)
        return Examined(path, source.media_type, source.count)

    return LocalWorkshop(examine=examine, open_pages=open_pages, engine=engine)


class Watcher:
    """An observer that remembers what it saw."""

    def __init__(self) -> None:
        self.left: list[int] = []
        self.done: list[PageFacts] = []

    def opened(self, pages: int) -> None:
        """Remember how many pages are left."""
        self.left.append(pages)

    def page_done(self, page: PageFacts) -> None:
        """Remember a page."""
        self.done.append(page)
