"""The real engine reads, and each way it can fail becomes one of our errors."""

from collections import deque
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pytesseract import pytesseract

from services.ocr.engine import Segmentation
from services.ocr.hocr import Layout
from services.ocr.pages import PageFailed
from services.ocr.pixels import WHITE, Pixels, as_pixels
from services.ocr.recognise import EngineInterrupted
from services.ocr.tesseract import EngineMissing, Tesseract
from services.ocr.version import version_of


@pytest.fixture(scope="module")
def engine() -> Tesseract:
    return Tesseract(languages="vie", page_timeout_seconds=30)


@pytest.fixture
def page() -> Pixels:
    image = Image.new("L", (700, 160), "white")
    ImageDraw.Draw(image).text((40, 50), "BIEN BAN 2026", fill="black", font=ImageFont.load_default(56))
    return as_pixels(image)


def read(engine: Tesseract, page: Pixels) -> Layout:
    (layout,) = engine.read([page], dpi=200, segmentation=Segmentation.PAGE)
    return layout


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in tesseract's place; the test writes what it does."""
    program = tmp_path / "tesseract"
    program.touch(mode=0o700)
    monkeypatch.setattr(pytesseract, "tesseract_cmd", str(program))
    return program


def test_words_come_with_their_places(engine: Tesseract, page: Pixels) -> None:
    layout = read(engine, page)
    assert [word.text for word in layout.words] == ["BIEN", "BAN", "2026"]
    assert (layout.width, layout.height) == (700, 160)
    assert 30 < layout.words[0].box.left < 60
    assert all(word.confidence > 80 for word in layout.words)


def test_a_blank_page_has_no_words(engine: Tesseract) -> None:
    assert read(engine, np.full((400, 400), WHITE, np.uint8)).words == []


def test_all_that_is_asked_for_a_page_shares_the_time_of_one_and_leaves_nothing(
    engine: Tesseract, page: Pixels, tmp_path: Path
) -> None:
    hurried = Tesseract(languages="vie", page_timeout_seconds=3).for_page(tmp_path)
    assert read(hurried, page).words
    with pytest.raises(PageFailed) as failure:
        deque((read(hurried, page) for _ in range(100)), maxlen=0)
    assert failure.value.reason == "page-timed-out"
    assert list(tmp_path.iterdir()) == []
    assert read(engine, page).words


def test_a_page_that_takes_too_long_fails(page: Pixels) -> None:
    hasty = Tesseract(languages="vie", page_timeout_seconds=0.01)
    with pytest.raises(PageFailed) as failure:
        read(hasty, page)
    assert failure.value.reason == "page-timed-out"


@pytest.mark.parametrize("ending", ["exit 1", "kill -SEGV $$", "kill -KILL $$"])
def test_a_page_that_breaks_the_engine_fails(ending: str, engine: Tesseract, page: Pixels, stand_in: Path) -> None:
    stand_in.write_text(f"#!/bin/sh\n{ending}\n")
    with pytest.raises(PageFailed) as failure:
        read(engine, page)
    assert failure.value.reason == "engine-failed"


@pytest.mark.parametrize("ending", ["kill -TERM $$", "kill -INT $$"])
def test_a_page_is_not_to_blame_for_an_engine_stopped_from_outside(
    ending: str, engine: Tesseract, page: Pixels, stand_in: Path
) -> None:
    stand_in.write_text(f"#!/bin/sh\n{ending}\n")
    with pytest.raises(EngineInterrupted) as interruption:
        read(engine, page)
    assert interruption.value.retriable


def test_an_engine_that_cannot_be_started_is_no_fault_of_the_page(
    engine: Tesseract, page: Pixels, stand_in: Path
) -> None:
    stand_in.unlink()
    with pytest.raises(EngineInterrupted):
        read(engine, page)


def test_a_missing_model_or_program_is_found_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineMissing, match="xxx"):
        Tesseract(languages="vie+xxx", page_timeout_seconds=1)
    monkeypatch.setattr(pytesseract, "tesseract_cmd", "no-such-tesseract")
    with pytest.raises(EngineMissing):
        Tesseract(languages="vie", page_timeout_seconds=1)


def test_the_version_names_engine_models_and_languages(engine: Tesseract) -> None:
    one, two = (Tesseract(languages=languages, page_timeout_seconds=1).facts for languages in ("vie", "vie+eng"))
    assert one == engine.facts
    assert one.name.startswith("tesseract ")
    assert len(one.models["vie"]) == 64
    assert version_of(one) != version_of(two)
    assert version_of(one).startswith("p4-")
