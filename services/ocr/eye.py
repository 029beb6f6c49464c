"""What a person checks a page by: an upright, straight picture of it, and its words in that picture's pixels."""

import json
from io import BytesIO

from PIL import Image

from services.ocr.facts import PageFacts
from services.ocr.fields import Fields
from services.ocr.hocr import Box, Layout
from services.ocr.pages import Picture
from services.ocr.pixels import Pixels, quarter_turned, scaled, turned

EYE_WIDTH = 1240  # pixels: A4 at 150 dpi
_MOST_HEIGHT = 16_383  # of a WebP
_QUALITY = 60
_METHOD = 2  # 0.06 s and 160 kB a page; 4, the usual, saves 5 kB in 0.12 s
_QUARTER, _QUARTERS = 90, 4


def eye_copy(picture: Picture) -> Pixels:
    """Return a page as it lies in its file, small, but large enough whichever side turns out to be its width."""
    pixels = picture.pixels
    return scaled(pixels, min(1, EYE_WIDTH / min(pixels.shape[:2])))


def eye_picture(copy: Pixels, page: PageFacts) -> bytes:
    """Return the copy of a page as WebP, upright, straight and 1,240 pixels wide."""
    upright = quarter_turned(copy, -page.rotation // _QUARTER % _QUARTERS) if page.rotation else copy
    small = scaled(upright, eye_scale(upright.shape[1], upright.shape[0]))
    straight = turned(small, page.skew_degrees, finely=False) if page.skew_degrees else small
    content = BytesIO()
    Image.fromarray(straight).save(content, "WEBP", quality=_QUALITY, method=_METHOD)
    return content.getvalue()


def eye_scale(width: float, height: float) -> float:
    """Return by how much a page of so many pixels is scaled for the eye."""
    return min(EYE_WIDTH / width, _MOST_HEIGHT / height)


def eye_words(page: PageFacts, layout: Layout, fields: Fields) -> bytes:
    """Return the words and fields of a page as JSON, their boxes in pixels of its picture for the eye."""
    scale = eye_scale(layout.width, layout.height)
    words = [
        {"text": word.text, "box": _scaled(word.box, scale), "confidence": round(word.confidence, 1)}
        for word in layout.words
    ]
    found = [
        {"name": name, "box": _scaled(one.box, scale)}
        for name, one in fields.items()
        if one.page == page.number and one.box
    ]
    size = {"width": round(layout.width * scale), "height": round(layout.height * scale)}
    told = {"page": page.number, **size, "words": words, "fields": found}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _scaled(box: Box, scale: float) -> list[int]:
    return [round(edge * scale) for edge in (box.left, box.top, box.right, box.bottom)]
