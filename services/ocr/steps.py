"""The steps of digitising a paper, as a port: judge it, read a page, make the document.

Every step is given files and leaves files in the folder it is told; between the steps a paper may
move to another process or machine with its folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.ocr.facts import Checkpoint, PageFacts, SignatureFacts
from services.ocr.fields import Fields
from services.ocr.recognise import EngineFacts
from shared.events import Redo


@dataclass(frozen=True)
class Examined:
    """A paper that is fit to be read: the file to read its pages from, and what was found in it."""

    working: Path
    media_type: str
    count: int
    reasons: tuple[str, ...] = ()
    signatures: tuple[SignatureFacts, ...] = ()


@dataclass(frozen=True)
class Composed:
    """The document of a paper, and what could not be done to it as a code; none where it cannot be composed."""

    document: Path | None
    pdfa: str | None = None
    note: str | None = None


class Workshop(Protocol):
    """Does the steps; safe to use from several threads."""

    @property
    def facts(self) -> EngineFacts:
        """Which engine reads, and with what."""

    def examine(self, original: Path, folder: Path) -> Examined:
        """Judge a file before any work; raises ``UnfitPaper``."""

    def read(self, paper: Examined, number: int, folder: Path, redo: Redo | None = None) -> Checkpoint:
        """Read a page, from 1, and leave its layout and its picture for the eye in the folder.

        Raises ``PageFailed``, ``UnfitPaper`` where the page shows that the paper must not be
        digitised, and ``EngineInterrupted``.
        """

    def describe(self, pages: Sequence[PageFacts], folder: Path) -> Fields | None:
        """Return the fields, and leave the words of each page for the eye; nothing where that cannot be done.

        The layouts of all pages that did not fail lie in the folder, here and below.
        """

    def compose(self, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path) -> Composed:
        """Make the document in the folder; what goes wrong is told, not raised."""


def layout_file(folder: Path, number: int) -> Path:
    """Return where the layout of a page lies, as hOCR."""
    return folder / f"{number}.hocr"


def eye_file(folder: Path, number: int) -> Path:
    """Return where the picture of a page for the eye lies."""
    return folder / f"{number}.webp"


def words_file(folder: Path, number: int) -> Path:
    """Return where the words and fields of a page for the eye lie."""
    return folder / f"{number}.words.json"
