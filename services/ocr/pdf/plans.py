"""What a derived document is to show, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.ocr.hocr import Layout


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What is to become of a page.

    ``layout`` is shown as invisible text, its boxes in pixels of the upright and straight page; None
    where the page has nothing to say or keeps its own text. ``rotation`` are the quarter turns, in
    degrees clockwise, and ``skew_degrees`` the small turn counter-clockwise after them, that make
    the page as readers see it upright and straight. ``drop_text`` removes the invisible text it has.
    ``own_text`` is what a page that keeps its own text says: for when it must be shown in another way.
    """

    layout: Layout | None = None
    rotation: int = 0
    skew_degrees: float = 0.0
    drop_text: bool = False
    own_text: Layout | None = None

    @property
    def stays(self) -> bool:
        """Whether the page is shown as it is."""
        return self.layout is None and not self.rotation and not self.skew_degrees and not self.drop_text


class Plans(Protocol):
    """The plans of a document's pages: a list, or what makes them one by one, so that memory stays flat."""

    def __len__(self) -> int:
        """Return for how many pages there are plans."""

    def __getitem__(self, index: int, /) -> PagePlan:
        """Return the plan of a page, from 0; called once for each attempt at the document."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the document says of itself; dates are aware of their zone, and no clock is asked for those not given."""

    title: str
    producer: str
    created: datetime | None = None
    modified: datetime | None = None
    language: str = "vi"
    subject: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture: a JPEG file in grey or RGB of the page as readers see it, and the text on it."""

    jpeg: bytes
    layout: Layout | None = None


# draws page n of the source, from 1; raises PageFailed
Redraw = Callable[[int], PagePicture]


@dataclass(frozen=True, slots=True)
class Composed:
    """A document that was written.

    ``pdfa`` is "2b" where the document is known to be one. ``reasons`` say what is not as wished:
    why ``redrawn_pages`` are pictures now (``font-not-embedded``, ``font-unfit``, ``colour-unfit``,
    ``content-unfit``), what keeps the document from being a PDF/A, ``larger-than-input: 1.32``.
    """

    pdfa: str | None
    reasons: tuple[str, ...]
    size_bytes: int
    redrawn_pages: tuple[int, ...] = ()
