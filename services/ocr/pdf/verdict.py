"""Knows whether a written document is a PDF/A-2b, and which of its pages keep it from being one."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Object, Pdf, Stream
from pikepdf.pdfa import Finding, validate_written

from services.ocr.pdf.description import FLAVOUR
from services.ocr.pdf.jpeg2000 import fits
from services.ocr.pdf.streams import ObjectNumber, reached

_OBJECT = re.compile(r"obj (\d+) (\d+)")
_DEVICE_CMYK = "6.2.4.3-3"
_FONT_NOT_EMBEDDED = "6.2.11.4.1-1"
_FONTS = "6.2.11."
_COLOURS = "6.2.4."
# names of marked content and of layers: PDF/A-2 asks something of the list of layers only, which stays behind
_HARMLESS = frozenset({"pikepdf:schema-Properties", "pikepdf:optional-content"})
_JPEG2000 = "JPEG 2000"
# fonts with odd time stamps and the like: nothing that anybody could do something about
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Doubts:
    """Why a document may not be as wished, in our words, and the pages, from 1, where the reasons lie.

    ``valid`` says that it is a PDF/A all the same.
    """

    reasons: tuple[str, ...] = ()
    pages: frozenset[int] = frozenset()
    ink: bool = False
    fonts: bool = False
    valid: bool = True

    def __bool__(self) -> bool:
        return bool(self.reasons)

    @classmethod
    def of(cls, reason: str, pages: frozenset[int]) -> "Doubts":
        """Return one doubt about these pages; none where there are no pages."""
        return cls((reason,), pages) if pages else cls()

    def and_also(self, other: "Doubts") -> "Doubts":
        """Return both."""
        reasons = tuple(sorted({*self.reasons, *other.reasons}))
        ink, fonts = self.ink or other.ink, self.fonts or other.fonts
        return Doubts(reasons, self.pages | other.pages, ink, fonts, self.valid and other.valid)


def doubts_about(path: Path) -> Doubts:
    """Look at a document as it was written.

    The validator knows an allowed thing from all others: what it has no findings on is valid, what
    it has findings on may be.
    """
    findings = validate_written(path, FLAVOUR).findings
    if not findings:
        return Doubts()
    with pikepdf.open(path) as document:
        real = [finding for finding in findings if not _is_harmless(finding, document)]
        return Doubts(
            reasons=tuple(sorted({_reason(finding) for finding in real})),
            pages=frozenset(_pages_of(real, document)) if real else frozenset(),
            ink=any(_DEVICE_CMYK in finding.rule for finding in real),
            fonts=any(_FONTS in finding.rule for finding in real),
            valid=not real,
        )


def _reason(finding: Finding) -> str:
    if _FONT_NOT_EMBEDDED in finding.rule:
        return "font-not-embedded"
    if _FONTS in finding.rule:
        return "font-unfit"
    if _COLOURS in finding.rule or "colour" in finding.rule:
        return "colour-unfit"
    return "content-unfit"


def _is_harmless(finding: Finding, document: Pdf) -> bool:
    if finding.rule in _HARMLESS:
        return True
    number = _object_of(finding)
    if _JPEG2000 not in finding.message or number is None:
        return False
    picture = document.get_object(number)
    return isinstance(picture, Stream) and fits(picture.read_raw_bytes())


def _object_of(finding: Finding) -> ObjectNumber | None:
    found = _OBJECT.search(finding.where)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _pages_of(findings: Iterable[Finding], document: Pdf) -> set[int]:
    """Return the pages that lead to an object with a finding; all where one stands nowhere."""
    numbers = {_object_of(finding) for finding in findings}
    here = {index: numbers & _numbers_reached(page.obj) for index, page in enumerate(document.pages, start=1)}
    placed = set().union(*here.values())
    return {index for index, found in here.items() if found} if placed == numbers else set(here)


def _numbers_reached(page: Object) -> set[ObjectNumber]:
    seen: set[ObjectNumber] = set()
    for _ in reached(page, seen):
        pass
    return seen
