"""Tesseract inside our own process; the one door to tesserocr.

One instance belongs to one process or thread. It saves the start of a program and the reading of
the model for each picture, which counts where a table has a hundred cells.
"""

from collections.abc import Sequence
from pathlib import Path

import tesserocr

from services.ocr.engine import SURE_OF_ORIENTATION, Segmentation
from services.ocr.hocr import Layout, parse
from services.ocr.pages import PageFailed
from services.ocr.pixels import Pixels

_XHTML = '<html xmlns="http://www.w3.org/1999/xhtml">%s</html>'


class TesserocrEngine:
    """Tesseract in this process, the model loaded once."""

    name = f"tesseract {tesserocr.tesseract_version().split()[1]}"

    def __init__(self, *, languages: str, models: Path) -> None:
        self._models = str(models)
        self._api = tesserocr.PyTessBaseAPI(path=self._models, lang=languages)
        self._api.SetVariable("tessedit_do_invert", "0")

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        """Read each picture."""
        self._api.SetPageSegMode(segmentation.value)
        return [self._read(picture, dpi) for picture in pictures]

    def _read(self, picture: Pixels, dpi: float) -> Layout:
        height, width = picture.shape
        self._api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        try:
            page = self._api.GetHOCRText(0)
        except RuntimeError as error:
            raise PageFailed(reason="engine-failed") from error
        finally:
            self._api.Clear()
        return parse((_XHTML % page).encode())

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
