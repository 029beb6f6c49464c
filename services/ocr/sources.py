"""Where the pages of a paper come from, as a port: a PDF or a picture file."""

from pathlib import Path
from typing import Protocol

from services.ocr.layer import TextLayer
from services.ocr.pages import Picture


class PageSource(Protocol):
    """The pages of one file; safe to use from several threads."""

    media_type: str
    count: int

    def picture(self, number: int, *, stamped: bool = True) -> Picture:
        """Return page ``number``, from 1, as it is seen; without the stamps of digital signatures if not ``stamped``.

        Raises ``PageFailed``.
        """

    def layer(self, number: int) -> TextLayer | None:
        """Return the text that the file itself has on page ``number``; nothing where it can have none."""

    def as_pdf(self, folder: Path) -> Path:
        """Return a PDF that shows the pages in their full quality and true size.

        It may be the file itself; one that is made lies in ``folder``. Raises ``UnfitPaper``.
        """
