"""Both engines keep the promises of the port, on the specimens."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.ocr.score import score
from services.ocr.engine import Engine, Segmentation
from services.ocr.language.syllables import legal_bigrams
from services.ocr.limits import Limits
from services.ocr.pipeline import open_pages
from services.ocr.pixels import Pixels, as_pixels, grey_of, quarter_turned, scaled
from services.ocr.prepare import pixels_of
from services.ocr.reader import PageReader
from services.ocr.tesseract import Tesseract, installed_models
from services.ocr.tesserocr_engine import TesserocrEngine

SPECIMENS = Path(__file__).parents[2] / "deploy" / "demo" / "specimens"


@pytest.fixture(scope="module", params=["tesseract", "tesserocr"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "tesseract":
        return Tesseract(languages="vie", page_timeout_seconds=120)
    return TesserocrEngine(languages="vie", models=installed_models())


@pytest.fixture(scope="module")
def specimen() -> Pixels:
    with Image.open(SPECIMENS / "giay-xac-nhan-215.png") as image:
        return as_pixels(image.convert("RGB"))


def test_several_pictures_are_read_in_their_order(engine: Engine, specimen: Pixels) -> None:
    head, middle = grey_of(specimen)[:400], grey_of(specimen)[700:1000]
    first, second = engine.read([head, middle], dpi=200, segmentation=Segmentation.PAGE)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in " ".join(word.text for word in first.words)
    assert second.words
    assert "CỘNG HÒA" not in second.text
    assert (first.width, first.height) == (specimen.shape[1], 400)
    assert all(0 <= word.confidence <= 100 for word in first.words)


def test_nothing_to_read_is_read_as_nothing(engine: Engine) -> None:
    assert engine.read([], dpi=200, segmentation=Segmentation.BLOCK) == []
    white = np.full((200, 300), 255, np.uint8)
    assert engine.read([white], dpi=200, segmentation=Segmentation.BLOCK)[0].words == []


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_orientation_is_told_as_the_turn_that_mends_it(engine: Engine, specimen: Pixels, quarters: int) -> None:
    page = quarter_turned(scaled(grey_of(specimen), 0.75), quarters)
    assert (engine.quarters(page, dpi=150) + quarters) % 4 == 0


def test_orientation_of_an_empty_page_is_left_alone(engine: Engine) -> None:
    assert engine.quarters(np.full((800, 600), 255, np.uint8), dpi=150) == 0


def test_a_turned_specimen_is_read_upright(engine: Engine, specimen: Pixels) -> None:
    read = PageReader(engine, legal_bigrams()).read(quarter_turned(specimen, 1), dpi=200)
    truth = (SPECIMENS / "giay-xac-nhan-215.gt.txt").read_text(encoding="utf-8")
    assert (read.quarters, read.attempts) == (3, 1)
    assert score(truth, read.text).line.rate < 0.005


def test_a_ruled_table_keeps_its_rows_and_columns(engine: Engine) -> None:
    pages = open_pages(SPECIMENS / "quyet-dinh-457.pdf", Limits(pages=9, pixels=100_000_000))
    pixels, dpi = pixels_of(pages.picture(3))
    read = PageReader(engine, legal_bigrams()).read(pixels, dpi=dpi)
    (found,) = read.tables
    rows = found.text.splitlines()
    assert [len(row.split("\t")) for row in rows] == [7] * 7
    assert all(re.fullmatch(r"000\d{9}", row.split("\t")[3]) for row in rows[1:])
