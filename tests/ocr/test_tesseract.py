"""The real engine reads, and each way it can fail becomes one of our errors."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pytesseract import pytesseract

from services.ocr.hocr import parse
from services.ocr.pages import PageFailed
from services.ocr.recognise import EngineInterrupted
from services.ocr.tesseract import EngineMissing, Tesseract
from services.ocr.version import version_of


@pytest.fixture(scope="module")
def engine() -> Tesseract:
    return Tesseract(languages="vie", page_timeout_seconds=30)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    image = Image.new("L", (700, 160), "white")
    ImageDraw.Draw(image).text((40, 50), "BIEN BAN 2026", fill="black", font=ImageFont.load_default(56))
    image.save(tmp_path / "page.pgm")
    return tmp_path / "page.pgm"


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in tesseract's place; the test writes what it does."""
    program = tmp_path / "tesseract"
    program.touch(mode=0o700)
    monkeypatch.setattr(pytesseract, "tesseract_cmd", str(program))
    return program


def test_text_and_layout_come_from_one_call(engine: Tesseract, page: Path) -> None:
    recognised = engine.recognise(page, dpi=200)
    assert recognised.text == "BIEN BAN 2026"
    layout = parse(recognised.hocr)
    assert [word.text for word in layout.words] == ["BIEN", "BAN", "2026"]
    assert (layout.width, layout.height) == (700, 160)
    assert 30 < layout.words[0].box.left < 60
    assert all(word.confidence > 80 for word in layout.words)


def test_a_blank_page_has_no_words(engine: Tesseract, tmp_path: Path) -> None:
    Image.new("L", (400, 400), "white").save(tmp_path / "blank.pgm")
    recognised = engine.recognise(tmp_path / "blank.pgm", dpi=200)
    assert recognised.text == ""
    assert parse(recognised.hocr).words == []


def test_a_page_that_takes_too_long_fails(page: Path) -> None:
    hasty = Tesseract(languages="vie", page_timeout_seconds=0.01)
    with pytest.raises(PageFailed) as failure:
        hasty.recognise(page, dpi=200)
    assert failure.value.reason == "page-timed-out"


@pytest.mark.parametrize("ending", ["exit 1", "kill -SEGV $$", "kill -KILL $$"])
def test_a_page_that_breaks_the_engine_fails(ending: str, engine: Tesseract, page: Path, stand_in: Path) -> None:
    stand_in.write_text(f"#!/bin/sh\n{ending}\n")
    with pytest.raises(PageFailed) as failure:
        engine.recognise(page, dpi=200)
    assert failure.value.reason == "engine-failed"


@pytest.mark.parametrize("ending", ["kill -TERM $$", "kill -INT $$"])
def test_a_page_is_not_to_blame_for_an_engine_stopped_from_outside(
    ending: str, engine: Tesseract, page: Path, stand_in: Path
) -> None:
    stand_in.write_text(f"#!/bin/sh\n{ending}\n")
    with pytest.raises(EngineInterrupted) as interruption:
        engine.recognise(page, dpi=200)
    assert interruption.value.retriable


def test_an_engine_that_cannot_be_started_is_no_fault_of_the_page(
    engine: Tesseract, page: Path, stand_in: Path
) -> None:
    stand_in.unlink()
    with pytest.raises(EngineInterrupted):
        engine.recognise(page, dpi=200)


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
    assert version_of(one).startswith("p1-")
