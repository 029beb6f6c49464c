"""The pipeline put together: the use case with the real engine and the real openers of files."""

from pathlib import Path

from services.ocr.digitise import Digitiser, Observer, Rules
from services.ocr.images import ImagePages
from services.ocr.judge import told_type
from services.ocr.language.syllables import legal_bigrams
from services.ocr.limits import Limits
from services.ocr.office import to_pdf
from services.ocr.page_engine import PageEngine, ReadingEngine
from services.ocr.page_pool import PagePool
from services.ocr.pages import PageSource
from services.ocr.pdfium import PdfPages
from services.ocr.scratch import Scratch
from services.ocr.settings import OcrSettings
from services.ocr.tesseract import Tesseract
from shared.clock import Clock
from shared.media import OFFICE, PDF
from shared.object_store import ObjectStore

OFFICE_SECONDS = 120.0


def open_pages(path: Path, limits: Limits) -> PageSource:
    """Return the pages of a file, judged by its content; raises ``UnfitPaper``."""
    media_type = told_type(path)
    if media_type in OFFICE:
        path = to_pdf(path, path.parent, media_type=media_type, timeout_seconds=OFFICE_SECONDS)
        media_type = PDF
    return PdfPages(path, limits) if media_type == PDF else ImagePages(path, media_type, limits)


def page_engine(settings: OcrSettings) -> PageEngine:
    """Return the real engine."""
    tesseract = Tesseract(languages=settings.languages, page_timeout_seconds=settings.page_timeout_seconds)
    return ReadingEngine(tesseract.facts, tesseract.for_page, legal_bigrams())


def build_digitiser(
    settings: OcrSettings, store: ObjectStore, *, scratch: Scratch, clock: Clock, observer: Observer
) -> Digitiser:
    """Return the use case with the real engine."""
    limits = Limits(pages=settings.pages_limit, pixels=settings.pixels_limit)
    return Digitiser(
        store=store,
        open_pages=lambda path: open_pages(path, limits),
        engine=page_engine(settings),
        pool=PagePool(settings.page_threads),
        job_folder=scratch.job,
        clock=clock,
        rules=Rules(settings.failed_share_limit, settings.review_confidence, settings.demands),
        observer=observer,
    )
