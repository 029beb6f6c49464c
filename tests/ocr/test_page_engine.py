"""Whatever a page's picture is, it is read or fails alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from services.ocr.engine import Engine, Segmentation
from services.ocr.hocr import Layout
from services.ocr.language.syllables import Bigrams
from services.ocr.page_engine import ReadingEngine
from services.ocr.pages import PageFailed, Picture
from services.ocr.pixels import Pixels, as_pixels
from services.ocr.recognise import EngineFacts

FACTS = EngineFacts("blind 1.0", "vie", {})


class BlindEngine:
    """Reads nothing, and remembers for which folders it was asked."""

    def __init__(self) -> None:
        self.folders: list[Path] = []

    def for_page(self, folder: Path) -> Engine:
        self.folders.append(folder)
        return self

    def read(
        self,
        pictures: Sequence[Pixels],
        *,
        dpi: float,  # the port's
        segmentation: Segmentation,  # the port's
    ) -> list[Layout]:
        return [Layout(picture.shape[1], picture.shape[0], ()) for picture in pictures]

    def quarters(self, picture: Pixels, *, dpi: float) -> int:  # the port's
        return 0


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (2, 300), (5000, 1)])
def test_a_picture_too_thin_to_be_read_fails_alone(mode: str, size: tuple[int, int], tmp_path: Path) -> None:
    engine = ReadingEngine(FACTS, BlindEngine().for_page, Bigrams([]))
    with pytest.raises(PageFailed) as failure:
        engine.recognise(Picture(as_pixels(Image.new(mode, size)), 200), tmp_path)
    assert failure.value.reason == "page-unreadable"


def test_each_page_has_an_engine_of_its_own(tmp_path: Path) -> None:
    blind = BlindEngine()
    engine = ReadingEngine(FACTS, blind.for_page, Bigrams([]))
    for name in ("one", "two"):
        read, dpi = engine.recognise(Picture(as_pixels(Image.effect_noise((300, 400), 90)), 200), tmp_path / name)
        assert (read.width, read.height, dpi) == (300, 400, 200)
    assert blind.folders == [tmp_path / "one", tmp_path / "two"]
