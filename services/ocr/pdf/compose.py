"""Composing the document: the paper's pages as they are, upright and straight, with the text that was read on them.

The result is a PDF/A-2b beside the original, which nobody touches. It is looked at as it was
written; pages that keep it from being valid are shown as pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from services.ocr.pages import UnfitPaper
from services.ocr.pdf.description import FLAVOUR, describe
from services.ocr.pdf.forms import believe_looks, pages_with_bare_fields
from services.ocr.pdf.layers import pages_with_hidden_layers
from services.ocr.pdf.outline import outline_of
from services.ocr.pdf.placing import Placer
from services.ocr.pdf.plans import Composed, DocumentFacts, PagePlan, Plans, Redraw
from services.ocr.pdf.redrawing import Redrawn, redrawn
from services.ocr.pdf.resources import Tidied
from services.ocr.pdf.verdict import Doubts, doubts_about

_MOST_OF_INPUT = 1.1
_VERSION = "1.7"
# what pikepdf raises on damaged and hostile files; measured on the awkward samples and by changing bytes at random
DAMAGE = (
    pikepdf.PdfError, pikepdf.PasswordError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
_OF_CATALOGUE = frozenset({"/Type", "/Pages"})
_OF_TRAILER = frozenset({"/Root", "/Size"})


def compose(
    source: Path,
    pages: Plans,
    target: Path,
    *,
    facts: DocumentFacts,
    redraw: Redraw | None = None,
    input_bytes: int | None = None,
) -> Composed:
    """Write the PDF ``source`` to ``target``, each page as its plan says; a page without a plan stays as it is.

    The same input gives the same bytes. Annotations become part of the page; links, forms,
    actions, attached files and tags stay behind, the outline goes along. ``redraw`` draws pages
    that cannot be made valid. ``input_bytes`` is the size of what was handed in, where ``source``
    was made from it. Raises ``UnfitPaper`` for a file too damaged to be copied.
    """
    work = _Work(source, pages, target, facts, redraw)
    try:
        doubts, reasons = work.until_valid()
    except pikepdf.PasswordError as error:
        raise UnfitPaper(reason="encrypted") from error
    except DAMAGE as error:
        raise UnfitPaper(reason="corrupt") from error
    size_bytes, input_bytes = target.stat().st_size, input_bytes or source.stat().st_size
    if size_bytes > _MOST_OF_INPUT * input_bytes:
        reasons = (*reasons, f"larger-than-input: {size_bytes / input_bytes:.2f}")
    return Composed(FLAVOUR if doubts.valid else None, reasons, size_bytes, tuple(sorted(work.pictured)))


@dataclass(frozen=True, slots=True)
class _Step:
    """An attempt: whether ink is given a meaning, and the pages given text of ours or shown as pictures."""

    ink: bool = False
    retexted: frozenset[int] = frozenset()
    drawn: frozenset[int] = frozenset()

    def after(self, doubts: Doubts) -> "_Step":
        """Return the next attempt; this one where there is no other."""
        if doubts.ink and not self.ink:
            return replace(self, ink=True)
        if doubts.fonts and doubts.pages - self.retexted:
            return replace(self, retexted=self.retexted | doubts.pages)
        return replace(self, drawn=self.drawn | doubts.pages)


class _Work:
    """A document in the making."""

    def __init__(self, source: Path, pages: Plans, target: Path, facts: DocumentFacts, redraw: Redraw | None) -> None:
        self._source = source
        self._pages = pages
        self._target = target
        self._facts = facts
        self._redraw = redraw
        self.pictured: frozenset[int] = frozenset()

    def until_valid(self) -> tuple[Doubts, tuple[str, ...]]:
        """Write until nothing more can be done; return what is doubtful at the end, and that with what was mended."""
        step = _Step()
        mended: set[str] = set()
        while True:
            doubts = self._write(step)
            following = step.after(doubts)
            if following == step or (following.drawn and self._redraw is None):
                return doubts, tuple(sorted({*mended, *doubts.reasons}))
            if following.drawn != step.drawn:
                mended.update(doubts.reasons)
            step = following

    def _write(self, step: _Step) -> Doubts:
        pictures = self._target.with_suffix(".pictures")
        with redrawn(step.drawn, self._redraw, pictures) as shown, Pdf.open(self._source) as document:
            self.pictured = shown.numbers
            hidden = Doubts.of("hidden-layers", pages_with_hidden_layers(document) - shown.numbers)
            bare = Doubts.of("fields-without-look", pages_with_bare_fields(document) - shown.numbers)
            believe_looks(document)
            document.flatten_annotations("screen")
            broken = Doubts.of("content-unreadable", self._place(document, step, shown))
            _reduce(document)
            describe(document, self._facts)
            document.save(self._target, deterministic_id=True, force_version=_VERSION)
        return doubts_about(self._target).and_also(hidden).and_also(bare).and_also(broken)

    def _place(self, document: Pdf, step: _Step, shown: Redrawn) -> frozenset[int]:
        """Place the pages; return those that cannot be read, which are left empty."""
        placer, tidied = Placer(document), Tidied(document, ink=step.ink)
        unreadable = set()
        for number, page in enumerate(document.pages, start=1):
            plan = self._pages[number - 1] if number <= len(self._pages) else PagePlan()
            try:
                placer.place(page, shown.show(document, number, plan), retext=number in step.retexted)
                tidied.tidy(page.obj)
            except DAMAGE:
                unreadable.add(number)
                placer.clear(page)
        placer.finish()
        return frozenset(unreadable)


def _reduce(document: Pdf) -> None:
    """Leave the pages and their outline, nothing else."""
    pages = [page.obj for page in document.pages]
    if not pages:
        raise UnfitPaper(reason="corrupt")
    items = outline_of(document, {page.objgen: index for index, page in enumerate(pages)})
    for owner, kept in ((document.Root, _OF_CATALOGUE), (document.trailer, _OF_TRAILER)):
        for key in owner.keys() - kept:
            del owner[key]
    if items:
        with document.open_outline() as outline:
            outline.root.extend(items)
    _list_pages(document, pages)


def _list_pages(document: Pdf, pages: Sequence[Object]) -> None:
    """Make the tree of pages anew: a damaged one may miss branches that its pages know nothing of."""
    tree = document.make_indirect(Dictionary(Type=Name.Pages, Count=len(pages), Kids=Array(pages)))
    for page in pages:
        page.Type, page.Parent = Name.Page, tree
    document.Root.Pages = tree
