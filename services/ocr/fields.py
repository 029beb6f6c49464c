"""What a clerk would record of a paper: each value with its place and how far to trust it."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from services.ocr.hocr import Box, Word, around


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """Another document that a paper names, with its date where one is given (ISO)."""

    symbol: str
    date: str | None = None


Value = str | int | tuple[str, ...] | tuple[Reference, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A value in its normal form, what was read for it, and where.

    No value with a box means: something stands there that must be asked for, such as a number
    written by hand. The confidence is a probability, 0 to 1.
    """

    value: Value | None
    raw: str
    page: int
    box: Box | None
    confidence: float


Fields = Mapping[str, Field]

# Every field there is, in the order in which a person checks them.
NAMES = (
    "doc_type", "number", "symbol", "date", "place", "issuer", "issuer_parent", "subject", "urgency", "secrecy",
    "recipients", "copied_to", "signer_name", "signer_title", "signing_mode", "deadlines", "references",
    "arrival_number", "arrival_date", "page_count",
)  # fmt: skip


def field(value: Value | None, words: Sequence[Word], *, page: int, confidence: float) -> Field:
    """Return a field read from these words of a page."""
    raw = " ".join(word.as_read for word in words)
    box = around(word.box for word in words) if words else None
    return Field(value, raw, page, box, round(confidence, 3))


def unreadable(words: Sequence[Word], page: int) -> Field:
    """Return a field whose place is known and whose value must be asked for."""
    return field(None, words, page=page, confidence=0)


def known(fields: Iterable[tuple[str, Field | None]]) -> dict[str, Field]:
    """Return the fields that were found."""
    return {name: found for name, found in fields if found is not None}
