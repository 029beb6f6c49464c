"""Draws pages of a PDF as pictures, for documents in which they cannot stay what they are."""

from functools import partial
from typing import Protocol, runtime_checkable

from PIL import Image, ImageChops

from services.ocr.hocr import Layout
from services.ocr.layout import Page
from services.ocr.pages import Picture
from services.ocr.pdf.plans import PagePicture, Redraw
from services.ocr.picture_coding import jpeg


@runtime_checkable
class TextPages(Protocol):
    """Pages that can be drawn and say what text they have."""

    def picture(self, number: int) -> Picture:
        """Return page ``number``, from 1; raises ``PageFailed``."""

    def text(self, number: int) -> Page:
        """Return its own text; raises ``PageFailed``."""


def redrawing(source: object) -> Redraw | None:
    """Return what draws the pages of a PDF; nothing for sources that are pictures already."""
    return partial(redraw, source) if isinstance(source, TextPages) else None


def redraw(pages: TextPages, number: int) -> PagePicture:
    """Return a page as a picture with its own text; raises ``PageFailed``."""
    own = pages.text(number)
    picture = jpeg(_without_needless_colour(pages.picture(number).image))
    return PagePicture(picture, Layout(own.width, own.height, own.lines))


def _without_needless_colour(image: Image.Image) -> Image.Image:
    if image.mode != "RGB":
        return image.convert("L")
    red, green, blue = image.split()
    coloured = any(ImageChops.difference(red, other).getbbox() for other in (green, blue))
    return image if coloured else red
