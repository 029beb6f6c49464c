"""The steps of digitising a paper, done in this process."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from services.ocr.compose import compose
from services.ocr.extract import extract
from services.ocr.eye import eye_picture, eye_words
from services.ocr.facts import Checkpoint, PageFacts, Route
from services.ocr.fields import Field, Fields
from services.ocr.findings import checkpoint_of
from services.ocr.hocr import Layout, parse, written
from services.ocr.layout import page_of
from services.ocr.page_engine import PageEngine
from services.ocr.pages import PageSource, UnfitPaper
from services.ocr.placement import Placed, as_scanned
from services.ocr.recognise import EngineFacts
from services.ocr.steps import Composed, Examined, eye_file, layout_file, words_file
from shared.events import Redo
from shared.object_store import DOCUMENT

_USUAL_DPI = 200.0


class LocalWorkshop:
    """Does the steps with one engine and one way to open files."""

    def __init__(self, *, open_pages: Callable[[Path], PageSource], engine: PageEngine) -> None:
        self._open_pages = open_pages
        self._engine = engine

    @property
    def facts(self) -> EngineFacts:
        """Which engine reads, and with what."""
        return self._engine.facts

    def examine(self, original: Path, folder: Path) -> Examined:  # noqa: ARG002
        """Judge a file."""
        source = self._open_pages(original)
        return Examined(original, source.media_type, source.count)

    def read(self, paper: Examined, number: int, folder: Path, redo: Redo | None = None) -> Checkpoint:  # noqa: ARG002
        """Read a page."""
        begin = monotonic()
        picture = self._open_pages(paper.working).picture(number)
        read, dpi = self._engine.recognise(picture, folder)
        layout_file(folder, number).write_bytes(written(read.layout, engine=self.facts.name))
        checkpoint = checkpoint_of(number, read, dpi=dpi, seconds=0)
        eye_file(folder, number).write_bytes(eye_picture(picture, checkpoint.page))
        page = checkpoint.page.model_copy(update={"seconds": round(monotonic() - begin, 2)})
        return checkpoint.model_copy(update={"page": page})

    def describe(self, pages: Sequence[PageFacts], folder: Path) -> Fields:
        """Read the fields, and leave the words of each page for the eye."""
        read = [(page, _layout(folder, page.number)) for page in pages if page.route is not Route.FAILED]
        fields = dict(extract([page_of(page.number, layout, page.dpi or _USUAL_DPI) for page, layout in read]))
        fields["page_count"] = Field(len(pages), str(len(pages)), 1, None, 1)
        for page, layout in read:
            words_file(folder, page.number).write_bytes(eye_words(page, layout, fields))
        return fields

    def compose(self, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path) -> Composed:  # noqa: ARG002
        """Make the document."""
        target = folder / DOCUMENT
        try:
            source = self._open_pages(paper.working)
            compose(source.as_pdf(folder), lambda number: _placed(pages[number - 1], folder), target)
        except UnfitPaper as error:
            return Composed(None, note=error.reason)
        return Composed(target)


def _layout(folder: Path, number: int) -> Layout:
    return parse(layout_file(folder, number).read_bytes())


def _placed(page: PageFacts, folder: Path) -> Placed | None:
    if page.route is Route.FAILED:
        return None
    return Placed(as_scanned(_layout(folder, page.number), page.skew_degrees), page.rotation)
