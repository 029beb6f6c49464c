"""What children do: the steps of digitising a paper, with the settings that come along.

The fork server imports this module before it forks, so what is loaded here is loaded once for all
children; nobody else imports it.
"""

import gc
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
gc.freeze()  # a collection in a child would write to, and so copy, all that it shares with the others


_made: dict[str, LocalWorkshop] = {}


def _workshop(settings: OcrSettings) -> LocalWorkshop:
    key = settings.model_dump_json()
    if key not in _made:
        _made[key] = local_workshop(settings)
    return _made[key]


def facts(settings: OcrSettings) -> EngineFacts:
    """Return which engine reads, and with what."""
    return _workshop(settings).facts


def examine(settings: OcrSettings, original: Path, folder: Path) -> Examined:
    """Judge a file."""
    return _workshop(settings).examine(original, folder)


def read(settings: OcrSettings, paper: Examined, number: int, folder: Path, redo: Redo | None) -> Checkpoint:
    """Read a page."""
    return _workshop(settings).read(paper, number, folder, redo)


def describe(settings: OcrSettings, pages: Sequence[PageFacts], folder: Path) -> Fields:
    """Read the fields."""
    return _workshop(settings).describe(pages, folder)


def compose(
    settings: OcrSettings, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path
) -> Composed:
    """Make the document."""
    return _workshop(settings).compose(paper, pages, fields, folder)
