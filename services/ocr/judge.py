"""Judging a file before it is opened: what it is by its content, and whether it keeps the limits."""

from dataclasses import dataclass

from services.ocr.pages import PageFailed, UnfitPaper

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"
# a PDF may begin late: ISO 32000-1 Annex H asks readers to look through the first 1,024 bytes, and
# real files carry a data-URL prefix decoded as base64 there
HEAD_BYTES = 1024
_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)


def media_type_of(head: bytes) -> str:
    """Return the media type of a file that begins with ``head``; raises ``UnfitPaper``."""
    if not head:
        raise UnfitPaper(reason="empty")
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if b"%PDF-" in head:
        return PDF
    raise UnfitPaper(reason="unsupported-type")


@dataclass(frozen=True)
class Limits:
    """How much of a file we are willing to open."""

    pages: int
    pixels: int

    def check_count(self, count: int) -> None:
        """Return if a paper of ``count`` pages is fit to be digitised, else raise ``UnfitPaper``."""
        if count < 1:
            raise UnfitPaper(reason="no-pages")
        if count > self.pages:
            raise UnfitPaper(reason="too-many-pages")

    def check_picture(self, width: int, height: int) -> None:
        """Return if a picture may be decoded, else raise ``PageFailed``."""
        if width * height > self.pixels:
            raise PageFailed(reason="too-many-pixels")
