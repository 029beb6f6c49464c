"""What the pages of a paper are to the rest of OCR, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import HosoError

if TYPE_CHECKING:  # a worker that leaves pictures to its children does without the library
    from PIL import Image

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
    """A page as an upright picture, at the resolution at which it has its true size.

    ``reason`` says why a person should look at it, such as ``picture-truncated``.
    """

    image: Image.Image
    dpi: float
    reason: str | None = None
