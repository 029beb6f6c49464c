"""What children do: the steps of digitising a paper, with the settings that come along.

The fork server imports this module before it forks, so what is loaded here is loaded once for all
children; nobody else imports it.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from services.ocr.facts import Checkpoint, PageFacts
from services.ocr.fields import Fields
from services.ocr.language.syllables import legal_bigrams
from services.ocr.pipeline import local_workshop
from services.ocr.recognise import EngineFacts
from services.ocr.settings import OcrSettings
from services.ocr.steps import Composed, Examined
from services.ocr.workshop import LocalWorkshop
from shared.events import Redo

legal_bigrams()


@functools.cache
def _workshop(settings: str) -> LocalWorkshop:
    return local_workshop(OcrSettings.model_validate_json(settings))


def facts(settings: str) -> EngineFacts:
    """Return which engine reads, and with what."""
    return _workshop(settings).facts


def examine(settings: str, original: Path, folder: Path) -> Examined:
    """Judge a file."""
    return _workshop(settings).examine(original, folder)


def read(settings: str, paper: Examined, number: int, folder: Path, redo: Redo | None) -> Checkpoint:
    """Read a page."""
    return _workshop(settings).read(paper, number, folder, redo)


def describe(settings: str, pages: Sequence[PageFacts], folder: Path) -> Fields:
    """Read the fields."""
    return _workshop(settings).describe(pages, folder)


def compose(settings: str, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path) -> Composed:
    """Make the document."""
    return _workshop(settings).compose(paper, pages, fields, folder)
