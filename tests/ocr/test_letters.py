"""The real letters are read within the errors that were measured once."""

from pathlib import Path

import pytest

from bench.ocr.letters import letters, measure, reader
from bench.ocr.score import Score
from services.ocr.tesseract import installed_models
from services.ocr.tesserocr_engine import TesserocrEngine


@pytest.mark.scans
def test_letters_are_read_within_the_goals(scans_folder: Path) -> None:
    assert len(list(letters(scans_folder / "letters"))) == 12
    engine = TesserocrEngine(languages="vie", models=installed_models())
    total: Score | None = None
    for _, errors, _ in measure(reader("hoso", engine)):
        total = errors if total is None else total + errors
    assert total is not None
    assert total.line.rate <= 0.011
    assert total.character.rate <= 0.03
