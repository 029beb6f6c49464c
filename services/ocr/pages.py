"""What the pages of a paper are to the rest of OCR, wherever they come from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from shared.errors import HosoError

POINTS_PER_INCH = 72
SECRET = "secret"  # noqa: S105  # no password: of an UnfitPaper: a printed mark of secrecy was found, nothing derived may be kept


class UnfitPaper(HosoError):
    """The file is nothing we can digitise, now or later."""

    reason = "unfit"


class PageFailed(HosoError):
    """One page cannot be digitised; the others can."""

    reason = "page-failed"


@dataclass(frozen=True)
class Picture:
    """A page as an upright picture, at the resolution at which it has its true size."""

    image: Image.Image
    dpi: float


class PageSource(Protocol):
    """The pages of one file; safe to use from several threads."""

    media_type: str
    count: int

    def picture(self, number: int) -> Picture:
        """Return page ``number``, from 1; raises ``PageFailed``."""

    def as_pdf(self, folder: Path) -> Path:
        """Return a PDF that shows the pages in their full quality and true size.

        It may be the file itself; one that is made lies in ``folder``. Raises ``UnfitPaper``.
        """
