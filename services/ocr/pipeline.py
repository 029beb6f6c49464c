"""The pipeline put together, in one process: the real engine and the real openers of files."""

from pathlib import Path

from services.ocr.facts import SignatureFacts
from services.ocr.images import ImagePages
from services.ocr.judge import Judgement, judge, told_type
from services.ocr.language.syllables import legal_bigrams
from services.ocr.limits import Limits
from services.ocr.office import to_pdf
from services.ocr.page_engine import PageEngine, ReadingEngine
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.recognise import EngineFacts
from services.ocr.settings import OcrSettings
from services.ocr.signatures import signatures_of
from services.ocr.sources import PageSource
from services.ocr.steps import Examined
from services.ocr.tesseract import Tesseract, installed_models
from services.ocr.tesserocr_engine import TesserocrEngine
from services.ocr.workshop import LocalWorkshop
from shared.media import PDF

_CONVERTING_SHARE = 0.8  # of the time a file may take: the rest is for judging it


def open_pages(path: Path, limits: Limits) -> PageSource:
    """Return the pages of a PDF or picture, by its content; raises ``UnfitPaper``."""
    media_type = told_type(path)
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
    limits = settings.limits
    return LocalWorkshop(
        examine=lambda path, folder: examine(path, folder, settings),
        open_pages=lambda path: open_pages(path, limits),
        engine=page_engine(settings),
    )


def examine(path: Path, folder: Path, settings: OcrSettings) -> Examined:
    """Judge a file, verify its signatures, and make what its pages are read from; raises ``UnfitPaper``."""
    judged = judge(path, settings.limits, folder=folder)
    signatures, reasons = _signatures(judged, settings)
    if not judged.to_convert:
        return Examined(judged.readable, judged.media_type, judged.pages, reasons, signatures)
    seconds = _CONVERTING_SHARE * settings.file_timeout_seconds
    converted = to_pdf(path, folder, media_type=judged.media_type, timeout_seconds=seconds)
    count = open_pages(converted, settings.limits).count
    return Examined(converted, judged.media_type, count, (*reasons, "converted"), signatures)


def _signatures(judged: Judgement, settings: OcrSettings) -> tuple[tuple[SignatureFacts, ...], tuple[str, ...]]:
    if not judged.signed:
        return (), judged.reasons
    try:
        found = signatures_of(judged.verifiable, trust_roots=settings.trust_roots, password=judged.password)
    except UnfitPaper:
        return (), (*judged.reasons, "signatures-unreadable")
    return found, judged.reasons
