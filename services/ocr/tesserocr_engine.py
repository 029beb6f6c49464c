"""Tesseract inside our own process; the one door to tesserocr.

One instance belongs to one process or thread. It saves the start of a program and the reading of
the model for each picture, which counts where a table has a hundred cells.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import tesserocr
from tesserocr import RIL

from services.ocr.engine import SURE_OF_ORIENTATION, Segmentation
from services.ocr.hocr import Box, Layout, Line, Word
from services.ocr.pages import PageFailed
from services.ocr.pixels import Pixels


class TesserocrEngine:
    """Tesseract in this process, the model loaded once."""

    name = f"tesseract {tesserocr.tesseract_version().split()[1]}"

    def __init__(self, *, languages: str, models: Path) -> None:
        self._models = str(models)
        self._api = tesserocr.PyTessBaseAPI(path=self._models, lang=languages)
        self._api.SetVariable("tessedit_do_invert", "0")
        # a typewriter's pitch is no news to this model, and looking for it costs 3 %
        self._api.SetVariable("textord_all_prop", "1")

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        """Read each picture."""
        self._api.SetPageSegMode(segmentation.value)
        return [self._read(picture, dpi) for picture in pictures]

    def _read(self, picture: Pixels, dpi: float) -> Layout:
        height, width = picture.shape
        self._api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        try:
            if not self._api.Recognize():
                raise PageFailed(reason="engine-failed")
            return Layout(width, height, tuple(_lines(self._api.GetIterator())))
        except RuntimeError as error:
            raise PageFailed(reason="engine-failed") from error
        finally:
            self._api.Clear()

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        """Ask the orientation model, loaded for this one question."""
        height, width = picture.shape
        with tesserocr.PyTessBaseAPI(path=self._models, lang="osd", psm=tesserocr.PSM.OSD_ONLY) as api:
            api.SetImageBytes(picture.tobytes(), width, height, 1, width)
            api.SetSourceResolution(round(dpi))
            found = api.DetectOrientationScript()
        if not found or found["orient_conf"] < SURE_OF_ORIENTATION:
            return 0
        return int(found["orient_deg"]) // 90 % 4


def _lines(found: tesserocr.PyResultIterator | None) -> Iterator[Line]:
    """Yield the lines with their words: making and parsing hOCR took five times as long, 40 ms a page (2026-11)."""
    while found is not None and not found.Empty(RIL.TEXTLINE):
        frame, slope, base = _frame(found)
        height = found.RowAttributes()["row_height"]
        words = tuple(word for word in _words(found) if word.text)
        if words:
            yield Line(words, frame, height or frame.height, slope, base)
        if not found.Next(RIL.WORD):
            return


def _frame(found: tesserocr.PyResultIterator) -> tuple[Box, float, float]:
    """Return a line's box, the slope of its base line and where that is at the left edge of the box."""
    box = Box(*found.BoundingBox(RIL.TEXTLINE))
    ends = found.Baseline(RIL.TEXTLINE)
    if ends is None or ends[1][0] <= ends[0][0]:  # no base line was fitted, or the line runs up or down
        return box, 0.0, box.bottom
    (left, top), (right, foot) = ends
    slope = (foot - top) / (right - left)
    return box, slope, top + slope * (box.left - left)


def _words(found: tesserocr.PyResultIterator) -> Iterator[Word]:
    """Yield the words of the line at which the iterator stands, and leave it at the last of them."""
    while True:
        text = unicodedata.normalize("NFC", "".join(found.GetUTF8Text(RIL.WORD).split()))
        yield Word(text, Box(*found.BoundingBox(RIL.WORD)), found.Confidence(RIL.WORD))
        if found.IsAtFinalElement(RIL.TEXTLINE, RIL.WORD):
            return
        found.Next(RIL.WORD)
