"""Draws pages of a PDF as pictures, for documents in which they cannot stay what they are."""

from PIL import Image, ImageChops

from services.ocr.hocr import Layout
from services.ocr.pdf.plans import PagePicture
from services.ocr.picture_coding import jpeg
from services.ocr.sources import PageSource

_REDUCED = 4  # times, to look for colour: a stroke a pixel wide still shows


def redraw(pages: PageSource, number: int) -> PagePicture:
    """Return a page as a picture with its own text; raises ``PageFailed``."""
    layer = pages.layer(number)
    own = Layout(layer.page.width, layer.page.height, layer.page.lines) if layer else None
    return PagePicture(jpeg(_without_needless_colour(pages.picture(number).image)), own)


def _without_needless_colour(image: Image.Image) -> Image.Image:
    if image.mode != "RGB":
        return image.convert("L")
    red, green, blue = image.reduce(_REDUCED).split()
    coloured = any(ImageChops.difference(red, other).getbbox() for other in (green, blue))
    return image if coloured else image.convert("L")
