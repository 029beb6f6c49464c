"""The steps of digitising a paper, done in this process."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic

from services.ocr.document_facts import document_facts
from services.ocr.extract import extract
from services.ocr.extract_marks import is_secret
from services.ocr.eye import eye_copy, eye_picture, eye_words
from services.ocr.facts import Checkpoint, PageFacts, Route
from services.ocr.fields import Field, Fields
from services.ocr.findings import checkpoint_of
from services.ocr.hocr import Layout, parse, written
from services.ocr.layer_quality import layer_verdict
from services.ocr.layer_reading import read_layer
from services.ocr.layout import Page, page_of
from services.ocr.page_engine import PageEngine
from services.ocr.pages import SECRET, Picture, UnfitPaper
from services.ocr.pdf.compose import compose
from services.ocr.pdf.plans import PagePlan
from services.ocr.pixels import grey_of
from services.ocr.reader import ReadPage
from services.ocr.recognise import EngineFacts
from services.ocr.redraw import redraw
from services.ocr.sources import PageSource
from services.ocr.steps import Composed, Examined, eye_file, layout_file, words_file
from services.ocr.version import version_of
from shared.events import Redo
from shared.object_store import DOCUMENT

_USUAL_DPI = 200.0
_FILES_KNOWN = 4


class LocalWorkshop:
    """Does the steps with one engine, one way to judge files and one to open them."""

    def __init__(
        self,
        *,
        examine: Callable[[Path, Path], Examined],
        open_pages: Callable[[Path], PageSource],
        engine: PageEngine,
    ) -> None:
        self._examine = examine
        # a paper's folder is its own: what a file is and how many pages it has is found out once, not for each page
        self._open_pages = lru_cache(_FILES_KNOWN)(open_pages)
        self._engine = engine

    @property
    def facts(self) -> EngineFacts:
        """Which engine reads, and with what."""
        return self._engine.facts

    def examine(self, original: Path, folder: Path) -> Examined:
        """Judge a file."""
        return self._examine(original, folder)

    def read(self, paper: Examined, number: int, folder: Path, redo: Redo | None = None) -> Checkpoint:
        """Read a page, by its own text where that may be used."""
        begin = monotonic()
        source = self._open_pages(paper.working)
        picture = source.picture(number)
        seen = eye_copy(picture)
        own, because = self._own_text(source, picture, number, folder) if redo is None else (None, "redo")
        if own:
            read, dpi = own, picture.dpi
        else:
            stamped = any(stamp.page == number for stamp in paper.signatures)
            print_only = source.picture(number, stamped=False) if stamped else picture
            read, dpi = self._engine.recognise(print_only, folder, redo)
        if is_secret(Page(number, read.width, read.height, dpi, read.lines, read.red)):
            raise UnfitPaper(reason=SECRET)
        layout_file(folder, number).write_bytes(written(read.layout, engine=because if own else self.facts.name))
        route = Route.TEXT_LAYER if own else Route.BLANK if read.blank else Route.RECOGNISED
        checkpoint = checkpoint_of(number, read, route, dpi=dpi, because=because, reason=picture.reason)
        eye_file(folder, number).write_bytes(eye_picture(seen, checkpoint.page))
        page = checkpoint.page.model_copy(update={"seconds": round(monotonic() - begin, 2)})
        return checkpoint.model_copy(update={"page": page})

    def _own_text(self, source: PageSource, picture: Picture, number: int, folder: Path) -> tuple[ReadPage | None, str]:
        """Return what a page's own text says where it may be used, and why it is used or not."""
        layer = source.layer(number)
        if layer is None:
            return None, "picture"
        grey = grey_of(picture.pixels)
        verdict = layer_verdict(layer, grey)
        if not verdict.usable:
            return None, verdict.reason or "no-text"
        return read_layer(layer.page, grey, self._engine.marks(picture, folder)), "own-text"

    def describe(self, pages: Sequence[PageFacts], folder: Path) -> Fields:
        """Read the fields, and leave the words of each page for the eye."""
        read = [(page, _layout(folder, page.number)) for page in pages if page.route is not Route.FAILED]
        fields = dict(extract([page_of(page.number, layout, page.dpi or _USUAL_DPI) for page, layout in read]))
        fields["page_count"] = Field(len(pages), str(len(pages)), 1, None, 1)
        for page, layout in read:
            words_file(folder, page.number).write_bytes(eye_words(page, layout, fields))
        return fields

    def compose(self, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path) -> Composed:
        """Make the document."""
        target = folder / DOCUMENT
        try:
            source = self._open_pages(paper.working)
            done = compose(
                source.as_pdf(folder),
                _Plans(pages, folder),
                target,
                facts=document_facts(fields, version_of(self.facts)),
                redraw=partial(redraw, source),
                input_bytes=paper.working.stat().st_size,
            )
        except UnfitPaper as error:
            return Composed(None, note=error.reason)
        return Composed(target, done.pdfa, ", ".join(done.reasons) or None)


class _Plans:
    """The plans of the pages, made from their layouts one by one."""

    def __init__(self, pages: Sequence[PageFacts], folder: Path) -> None:
        self._pages = pages
        self._folder = folder

    def __len__(self) -> int:
        return len(self._pages)

    def __getitem__(self, index: int) -> PagePlan:
        page = self._pages[index]
        if page.route is Route.FAILED:
            return PagePlan()
        layout = _layout(self._folder, page.number)
        if page.route is Route.TEXT_LAYER:
            return PagePlan(own_text=layout)
        return PagePlan(layout, page.rotation, page.skew_degrees, drop_text=True)


def _layout(folder: Path, number: int) -> Layout:
    return parse(layout_file(folder, number).read_bytes())
