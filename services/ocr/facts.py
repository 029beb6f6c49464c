"""Facts about a paper and its pages: what NAME.json and a page's checkpoint say."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from services.ocr.fields import Field as FieldRead
from services.ocr.hocr import Box
from services.ocr.recognise import EngineFacts


class Route(StrEnum):
    """How a page came to its text."""

    RECOGNISED = "recognised"
    TEXT_LAYER = "text-layer"
    BLANK = "blank"
    FAILED = "failed"


class Verdict(StrEnum):
    """What became of a paper."""

    DIGITISED = "digitised"
    NEEDS_REVIEW = "needs-review"


class _Facts(BaseModel):
    # an error must not carry the text of a page into a log
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class PageFacts(_Facts):
    """One page: its size in pixels as recognised, its mean word confidence from 0 to 100, its cost.

    It was turned clockwise by ``rotation`` degrees to stand upright, then counter-clockwise by
    ``skew_degrees`` to lie straight; all boxes are pixels of that picture.
    """

    number: int
    route: Route
    dpi: float | None = None
    width: int | None = None
    height: int | None = None
    rotation: int = 0
    skew_degrees: float = 0
    confidence: float | None = None
    words: int = 0
    seconds: float = 0
    reason: str | None = Field(default=None, description="why the page failed, or what is wrong with it")
    because: str | None = Field(default=None, description="why the page went the way it did, as a code")


class CellFacts(_Facts):
    """A cell of a ruled table, counted from 0; its confidence goes from 0 to 100, none where it is empty."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    box: Box
    confidence: float | None


class TableFacts(_Facts):
    """A ruled table, its cells row by row."""

    page: int
    box: Box
    cells: tuple[CellFacts, ...]


class Checkpoint(_Facts):
    """What is kept of a finished page, beside its layout."""

    page: PageFacts
    text: str = ""
    tables: tuple[TableFacts, ...] = ()


class SignatureFacts(_Facts):
    """A digital signature or a document's time stamp in the original, and what holds of it.

    ``bottom_line`` alone says whether it holds: its bytes, its cryptography, what was changed later,
    and, where a trust store was given, its chain of certificates; without one ``trusted`` is none.
    ``kind`` is ``signature`` or ``time-stamp``; ``coverage`` is ``entire-file``, ``entire-revision``,
    ``contiguous-block-from-start`` or ``unclear``; ``later_changes`` is ``none``, ``lta-updates``,
    ``form-filling``, ``annotations`` or ``other``. ``stamped_at`` is what a time stamp inside the
    signature says, ``signed_at`` what the signer says. ``problem`` is a code: ``unreadable`` where it
    could not be verified, ``altered``, ``invalid``, ``changed-later``, ``untrusted``; ``weak-digest``
    stands beside a bottom line that holds. The box is in pixels of the page's picture as it lies in
    the file; there is none where nothing is to be seen.
    """

    field: str
    kind: str
    signer: str | None = None
    organisation: str | None = None
    signed_at: str | None = None
    stamped_at: str | None = None
    intact: bool = False
    valid: bool = False
    trusted: bool | None = None
    coverage: str | None = None
    later_changes: str | None = None
    bottom_line: bool = False
    problem: str | None = None
    page: int | None = None
    box: Box | None = None


class Source(_Facts):
    """The file as it was handed in; its name is known on the command line only."""

    name: str | None = None
    sha256: str
    media_type: str
    size_bytes: int


class Pipeline(_Facts):
    """What made the document."""

    version: str
    engine: str
    models: Mapping[str, str]
    languages: str

    @classmethod
    def of(cls, version: str, engine: EngineFacts) -> "Pipeline":
        """Return the pipeline of an engine."""
        return cls(version=version, engine=engine.name, models=engine.models, languages=engine.languages)


class PaperFacts(_Facts):
    """A digitised paper."""

    source: Source
    verdict: Verdict
    reasons: tuple[str, ...] = Field(default=(), description="what judging the file found, as codes")
    pages: tuple[PageFacts, ...]
    document_bytes: int = Field(description="0 where no document could be composed")
    tables: tuple[TableFacts, ...] = ()
    fields: Mapping[str, FieldRead] = {}
    needs_review: bool
    review_reasons: tuple[str, ...] = Field(default=(), description="why a person should look at the paper")
    review_fields: tuple[str, ...] = Field(default=(), description="which fields a person must look at, by name")
    signatures: tuple[SignatureFacts, ...] = ()
    pdfa: str | None = Field(default=None, description="part and level of PDF/A of the document, such as 2b")
    document_note: str | None = Field(default=None, description="what could not be done to the document, as a code")
    revision: int = Field(default=0, description="0 as first read; one more each time a page was read again")
    pipeline: Pipeline

    @property
    def failed(self) -> int:
        """How many pages failed."""
        return count_failed(self.pages)

    @property
    def words(self) -> int:
        """How many words were read."""
        return sum(page.words for page in self.pages)

    @property
    def confidence(self) -> float | None:
        """The mean confidence of all words."""
        if not self.words:
            return None
        return round(sum((page.confidence or 0) * page.words for page in self.pages) / self.words, 1)

    @property
    def seconds(self) -> float:
        """The work spent on the pages, all processes together."""
        return round(sum(page.seconds for page in self.pages), 2)


def failed_page(number: int, reason: str, *, seconds: float) -> PageFacts:
    """Return the facts of a page that failed."""
    return PageFacts(number=number, route=Route.FAILED, reason=reason, seconds=round(seconds, 2))


def count_failed(pages: Sequence[PageFacts]) -> int:
    """Return how many pages failed."""
    return sum(page.route is Route.FAILED for page in pages)


def review_reasons(
    pages: Sequence[PageFacts], *, least_confidence: float, doubtful: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return why a person should look at the document; nothing when nobody need."""
    reasons = []
    if count_failed(pages):
        reasons.append("pages-failed")
    if any(page.reason for page in pages if page.route is not Route.FAILED):
        reasons.append("pages-damaged")
    if any((page.confidence or 0) < least_confidence for page in pages if page.route is Route.RECOGNISED):
        reasons.append("low-confidence")
    if doubtful:
        reasons.append("fields-doubtful")
    return tuple(reasons)
