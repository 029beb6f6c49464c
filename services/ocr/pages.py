"""What the pages of a paper are to the rest of OCR, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import HosoError

if TYPE_CHECKING:  # a worker that leaves pictures to its children does without the libraries
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

POINTS_PER_INCH = 72
SECRET = "secret"  # noqa: S105  # no password: of an UnfitPaper: a printed mark of secrecy was found, nothing derived may be kept


class UnfitPaper(HosoError):
    """The file is nothing we can digitise, now or later."""

    reason = "unfit"


class PageFailed(HosoError):
    """One page cannot be digitised; the others can."""

    reason = "page-failed"


@dataclass
class Picture:
    """A page as an upright picture, grey or RGB, at the resolution at which it has its true size.

    ``reason`` says why a person should look at it, such as ``picture-truncated``.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    reason: str | None = None

    @property
    def image(self) -> Image.Image:
        """The same for those who write picture files."""
        from PIL import Image  # noqa: PLC0415  # see above

        return Image.fromarray(self.pixels)

    def forget(self) -> None:
        """Hold the pixels no longer: they are 12 MB, which nobody needs while the engine works."""
        self.pixels = self.pixels[:0].copy()
