"""Draws pages of a PDF as pictures, for documents in which they cannot stay what they are."""

from typing import Protocol

from services.ocr.hocr import Layout
from services.ocr.layout import Page
from services.ocr.pages import Picture
from services.ocr.pdf.plans import PagePicture
from services.ocr.picture_coding import jpeg


class TextPages(Protocol):
    """Pages that can be drawn and say what text they have."""

    def picture(self, number: int) -> Picture:
        """Return page ``number``, from 1; raises ``PageFailed``."""

    def text(self, number: int) -> Page:
        """Return its own text; raises ``PageFailed``."""


def redraw(pages: TextPages, number: int) -> PagePicture:
    """Return a page as a picture with its own text; raises ``PageFailed``."""
    image = pages.picture(number).image
    red, green, blue = image.convert("RGB").split()
    is_grey = red.tobytes() == green.tobytes() == blue.tobytes()
    own = pages.text(number)
    return PagePicture(jpeg(red if is_grey else image.convert("RGB")), Layout(own.width, own.height, own.lines))
