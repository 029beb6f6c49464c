"""The pipeline put together, in one process: the real engine and the real openers of files."""

from pathlib import Path

from services.ocr.images import ImagePages
from services.ocr.judge import HEAD_BYTES, PDF, Limits, media_type_of
from services.ocr.language.syllables import legal_bigrams
from services.ocr.page_engine import PageEngine, ReadingEngine
from services.ocr.pages import PageSource
from services.ocr.pdfium import PdfPages
from services.ocr.recognise import EngineFacts
from services.ocr.settings import OcrSettings
from services.ocr.tesseract import Tesseract, installed_models
from services.ocr.tesserocr_engine import TesserocrEngine
from services.ocr.workshop import LocalWorkshop


def open_pages(path: Path, limits: Limits) -> PageSource:
    """Return the pages of a file, judged by its content; raises ``UnfitPaper``."""
    with path.open("rb") as file:
        media_type = media_type_of(file.read(HEAD_BYTES))
    return PdfPages(path, limits) if media_type == PDF else ImagePages(path, media_type, limits)


def page_engine(settings: OcrSettings) -> PageEngine:
    """Return the real engine: the one inside this process, or the installed program."""
    program = Tesseract(languages=settings.languages, page_timeout_seconds=settings.page_timeout_seconds)
    if settings.engine == "tesseract":
        return ReadingEngine(program.facts, program.for_page, legal_bigrams())
    inside = TesserocrEngine(languages=settings.languages, models=installed_models())
    facts = EngineFacts(inside.name, settings.languages, program.facts.models)
    return ReadingEngine(facts, lambda _: inside, legal_bigrams())


def local_workshop(settings: OcrSettings) -> LocalWorkshop:
    """Return a workshop in this process."""
    limits = Limits(pages=settings.pages_limit, pixels=settings.pixels_limit)
    return LocalWorkshop(open_pages=lambda path: open_pages(path, limits), engine=page_engine(settings))
