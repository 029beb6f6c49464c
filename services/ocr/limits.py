"""How much of a file we are willing to open."""

from dataclasses import dataclass

from services.ocr.pages import PageFailed, UnfitPaper


@dataclass(frozen=True)
class Limits:
    """How much of a file we are willing to open, and the passwords to try on one that is locked."""

    pages: int
    pixels: int
    passwords: tuple[str, ...] = ()

    def check_count(self, count: int) -> None:
        """Return if a paper of ``count`` pages is fit to be digitised, else raise ``UnfitPaper``."""
        if count < 1:
            raise UnfitPaper(reason="no-pages")
        if count > self.pages:
            raise UnfitPaper(reason="too-many-pages")

    def check_picture(self, width: int, height: int) -> None:
        """Return if a picture may be decoded, else raise ``PageFailed``."""
        if width < 1 or height < 1:
            raise PageFailed(reason="page-unreadable")
        if width * height > self.pixels:
            raise PageFailed(reason="too-many-pixels")
