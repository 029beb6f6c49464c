"""What is said of papers: by the ledger, by the workers, and to them."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.events.codes import FieldAnswer
from shared.events.data import Data, LedgerData
from shared.topics import Lane


class PaperAccepted(LedgerData):
    """The original of a paper is safe in the object store."""

    paper_id: UUID
    component_code: str | None
    lane: Lane
    media_type: str
    name_mismatch: bool = Field(
        default=False,
        description="the file's name promised another type than its content",
    )
    size_bytes: int


class Redo(Data):
    """One page to be read again, otherwise; every other page stays as the base version has it."""

    base_version: str = Field(description="the version of the document whose other pages are kept")
    revision: int = Field(ge=1, description="1 for the first redo of a paper, then one more each")
    page: int = Field(ge=1)
    rotation: Literal[0, 90, 180, 270] | None = Field(
        default=None, description="degrees clockwise that make the page upright; found out where it is not given"
    )
    segmentation: Literal["page", "block", "sparse"] = Field(
        default="page", description="a page as usual, one block of text, or words here and there"
    )
    cleaning: Literal["auto", "none", "full"] = "auto"


class PaperWork(Data):
    """A paper, or what remains of it, to be digitised."""

    paper_id: UUID
    dossier_id: UUID
    lane: Lane
    media_type: str
    size_bytes: int
    slice: int = Field(default=0, description="0 as announced; then one more a remainder")
    redo: Redo | None = Field(default=None, description="one page only, to be read again")


class PaperDigitised(Data):
    """A version of a paper's document is in the object store; not the last word on the paper."""

    paper_id: UUID
    dossier_id: UUID
    version: str = Field(description="names the folder of the derived objects of this paper")
    pages: int
    pages_failed: int
    words: int
    confidence: float | None = Field(description="mean word confidence, 0 to 100")
    document_bytes: int
    seconds: float = Field(description="work spent on the pages, all processes together")
    needs_review: bool
    review_fields: tuple[str, ...] = Field(default=(), description="which fields a person must look at, by name")
    review_reasons: tuple[str, ...] = Field(default=(), description="why a person must look at the paper, as codes")
    revision: int = Field(default=0, description="0 as first read; one more each time a page was read again")
    signatures: int = Field(default=0, description="digital signatures in the original")
    pdfa: str | None = Field(default=None, description="PDF/A part and level of the document; none where it has none")
    engine: str


class FieldReviewed(Data):
    """What a person found at one field; never the value."""

    name: str
    answer: FieldAnswer


class PaperReviewed(LedgerData):
    """A person looked at what was read from a paper; the first reading stays as it was."""

    paper_id: UUID
    version: str = Field(description="the version of the document that was reviewed")
    fields: tuple[FieldReviewed, ...]


class PaperFailed(Data):
    """A paper cannot be digitised; its original stays where it is."""

    paper_id: UUID
    dossier_id: UUID
    reason: str
    attempts: int
