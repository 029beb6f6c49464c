"""Whatever a picture shows, it is read, or fails alone."""

import numpy as np
import pytest

from services.ocr.engine import Engine
from services.ocr.language.syllables import legal_bigrams
from services.ocr.pixels import Pixels, PixelsUnfit
from services.ocr.reader import PageReader
from services.ocr.reading import ReadingOptions
from services.ocr.tesseract import installed_models
from services.ocr.tesserocr_engine import TesserocrEngine

DPI = 200
SHAPES = [(3, 3), (3, 30_000), (30_000, 3), (60, 400), (400, 60)]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return TesserocrEngine(languages="vie", models=installed_models())


def read(engine: Engine, picture: Pixels) -> str:
    return PageReader(engine, legal_bigrams()).read(picture, dpi=DPI, options=ReadingOptions(cleaning="full")).text


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (30_000, 2)])
def test_a_picture_too_thin_for_a_letter_fails(engine: Engine, shape: tuple[int, int]) -> None:
    with pytest.raises(PixelsUnfit):
        read(engine, np.full(shape, 255, np.uint8))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_one_shade_all_over_reads_as_nothing(engine: Engine, shape: tuple[int, int], shade: int) -> None:
    assert read(engine, np.full(shape, shade, np.uint8)) == ""
    assert read(engine, np.full((*shape, 3), shade, np.uint8)) == ""


@pytest.mark.parametrize("shape", [*SHAPES, (900, 700)])
def test_noise_alone_reads_as_next_to_nothing(engine: Engine, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert len(read(engine, noise)) < 40


def test_an_enormous_picture_is_read(engine: Engine) -> None:
    picture = np.full((7_800, 7_800), 255, np.uint8)
    picture[100:140, 100:400] = 0
    page = PageReader(engine, legal_bigrams()).read(picture, dpi=DPI)
    assert (page.width, page.height) == (7_800, 7_800)
