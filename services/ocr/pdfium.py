"""Pages of PDF files, rendered; the one door to pypdfium2.

PDFium is not thread-safe: one lock stands around every call. The file is opened for each page
anew, so that nothing PDFium keeps of a page outlives it and memory stays flat on long files.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw

from services.ocr.judge import PDF, Limits
from services.ocr.pages import POINTS_PER_INCH, PageFailed, Picture, UnfitPaper
from services.ocr.prepare import bounded_dpi

_lock = threading.Lock()


class PdfPages:
    """The pages of a PDF."""

    media_type = PDF

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        with _opened(path) as document:
            self.count = len(document)
        limits.check_count(self.count)

    def picture(self, number: int) -> Picture:
        """Render a page as a reader sees it, with its annotations and signature stamps."""
        try:
            with _opened(self._path) as document:
                return _rendered(document, number)
        except pypdfium2.PdfiumError as error:
            raise PageFailed(reason="page-unreadable") from error

    def as_pdf(self, folder: Path) -> Path:  # noqa: ARG002  # nothing has to be made
        """Return the file itself."""
        return self._path


def _rendered(document: pypdfium2.PdfDocument, number: int) -> Picture:
    page = document[number - 1]
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise PageFailed(reason="page-unreadable")
    dpi = bounded_dpi(width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    bitmap = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
    image = bitmap.to_pil()
    # RGB is copied, as Pillow keeps it otherwise; anything else shares a buffer that goes with the document
    return Picture(image if image.mode == "RGB" else image.convert("RGB"), dpi)


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    with _lock:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
            raise UnfitPaper(reason="encrypted" if locked else "corrupt") from error
        try:
            yield document
        finally:
            document.close()
